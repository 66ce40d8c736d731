import { describe, expect, it } from 'vitest'
import { type Component, Simulation, type Source } from '../../src/kernel/simulation.ts'

class Recorder implements Component {
  readonly name = 'recorder'
  readonly log: string[]
  onServed: ((kind: number, subject: number) => void) | undefined

  constructor(log: string[]) {
    this.log = log
  }

  onEvent(kind: number, subject: number): void {
    this.log.push(`event ${kind}/${subject}`)
    this.onServed?.(kind, subject)
  }
}

function rowsAt(times: readonly number[], name: string, log: string[]): Source {
  let next = 0
  return {
    nextNs: () => times[next] ?? Number.POSITIVE_INFINITY,
    step: () => {
      log.push(`${name} ${times[next++]}`)
    }
  }
}

const LIMITS = { endNs: 1000, eventCountMax: 100 }

describe('the simulation loop', () => {
  it('puts a recorded row before every event of its instant, and sources in order of registration', () => {
    const log: string[] = []
    const simulation = new Simulation()
    const target = simulation.register(new Recorder(log))
    simulation.addSource(rowsAt([5, 10], 'first', log))
    simulation.addSource(rowsAt([10], 'second', log))
    simulation.at(10, 0, target, 1, 0)
    simulation.at(7, 9, target, 2, 0)
    expect(simulation.run(LIMITS)).toBe(5)
    expect(log).toEqual(['first 5', 'event 2/0', 'first 10', 'second 10', 'event 1/0'])
  })

  it('serves events at the end instant and none after it', () => {
    const log: string[] = []
    const simulation = new Simulation()
    const target = simulation.register(new Recorder(log))
    simulation.at(1000, 0, target, 1, 0)
    simulation.at(1001, 0, target, 2, 0)
    simulation.run(LIMITS)
    expect(log).toEqual(['event 1/0'])
    expect(simulation.pendingCount).toBe(1)
  })

  it('stops a loop that feeds itself at the event limit', () => {
    const simulation = new Simulation()
    const recorder = new Recorder([])
    const target = simulation.register(recorder)
    recorder.onServed = () => simulation.at(simulation.nowNs, 0, target, 0, 0)
    simulation.at(0, 0, target, 0, 0)
    expect(() => simulation.run(LIMITS)).toThrow(/more than 100 events by 0 ns/)
  })

  it('refuses an event in the past, and one between two nanoseconds', () => {
    const simulation = new Simulation()
    const recorder = new Recorder([])
    const target = simulation.register(recorder)
    recorder.onServed = () => simulation.at(4, 0, target, 0, 0)
    simulation.at(5, 0, target, 0, 0)
    expect(() => simulation.run(LIMITS)).toThrow(/recorder was sent an event for 4 at 5/)
    expect(() => new Simulation().at(0.5, 0, 0, 0, 0)).toThrow(/event for 0.5/)
  })
})
