/*
 * The simulation loop. Components own their state and meet only through scheduled events; recorded rows never enter
 * the heap but come from *sources*, which a source keeps in time order itself. Guarantees: time never goes back; a source
 * row at t comes before every event at t (the venue sees market data first); sources of equal time go in order of
 * registration; events in the queue's total order. Stops with an error, never silently, at the event limit.
 */
import { assert, InvariantError } from './assert.ts'
import { EventQueue } from './event-queue.ts'

/** One actor. `kind` and `subject` mean what the component says they mean. */
export interface Component {
  readonly name: string
  onEvent(kind: number, subject: number): void
}

/** A cursor over recorded rows. `nextNs` is Infinity at the end; `step` consumes the row at `nextNs`. */
export interface Source {
  nextNs(): number
  step(): void
}

export interface SimulationLimits {
  /** No event later than this is served. */
  readonly endNs: number
  /** More events than this stop the run with an InvariantError. */
  readonly eventCountMax: number
}

export class Simulation {
  nowNs = 0
  eventCount = 0
  private readonly queue = new EventQueue()
  private readonly components: Component[] = []
  private readonly sources: Source[] = []

  /** Gives the component its target number. At most 256. */
  register(component: Component): number {
    assert(this.components.length < 256, 'at most 256 components')
    return this.components.push(component) - 1
  }

  addSource(source: Source): void {
    this.sources.push(source)
  }

  /** Schedules an event. `timeNs` is an integer not before now. */
  at(timeNs: number, phase: number, target: number, kind: number, subject: number): void {
    if (!(timeNs >= this.nowNs) || !Number.isSafeInteger(timeNs)) {
      throw new InvariantError(
        `${this.components[target]?.name ?? target} was sent an event for ${timeNs} at ${this.nowNs} (kind ${kind})`
      )
    }
    this.queue.push(timeNs, phase, target, kind, subject)
  }

  /** Serves rows and events up to and including `endNs`; gives the number of events served. */
  run(limits: SimulationLimits): number {
    const { queue, components, sources } = this
    const sourceCount = sources.length
    for (;;) {
      let source = -1
      let sourceNs = Number.POSITIVE_INFINITY
      for (let i = 0; i < sourceCount; i++) {
        const nextNs = sources[i].nextNs()
        if (nextNs < sourceNs) {
          sourceNs = nextNs
          source = i
        }
      }
      const eventNs = queue.peekNs()
      const timeNs = sourceNs <= eventNs ? sourceNs : eventNs
      if (timeNs > limits.endNs) break
      assert(timeNs >= this.nowNs, 'time never goes back')
      this.nowNs = timeNs
      if (this.eventCount++ >= limits.eventCountMax) {
        throw new InvariantError(`more than ${limits.eventCountMax} events by ${timeNs} ns: a loop that feeds itself?`)
      }
      if (sourceNs <= eventNs) {
        sources[source].step()
        continue
      }
      const slot = queue.pop()
      components[queue.target[slot]].onEvent(queue.kind[slot], queue.subject[slot])
    }
    return this.eventCount
  }

  /** Events still waiting. */
  get pendingCount(): number {
    return this.queue.count
  }

  /** Name of the component that holds a target number, for messages. */
  nameOf(target: number): string {
    return this.components[target].name
  }
}
