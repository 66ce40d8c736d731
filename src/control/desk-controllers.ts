/*
 * The controllers of a desk: one transport and one fault controller for its host, and for the path to each venue one throttle and one cancel
 * controller, which read that path alone (both playbooks warn of figures pooled over venues). What the host's ask for holds on every path.
 */
import { combine, type Directives } from '../order/directives.ts'
import { type Controllers, createControllers, type Levels, type Transition } from './controllers.ts'
import type { ControlOptions } from './options.ts'
import type { Reading } from './reading.ts'

/** A move of a controller; `venue` is NaN for those of the host. */
export interface DeskTransition extends Transition {
  readonly venue: number
}

const NONE: readonly DeskTransition[] = []

export class DeskControllers {
  private readonly host: Controllers
  private readonly venues: readonly Controllers[]
  private readonly asked: Directives[]

  constructor(options: ControlOptions, venueCount: number) {
    const off = { enabled: false }
    const hostOnly = { throttle: { ...options.throttle, ...off }, cancel: { ...options.cancel, ...off } }
    const pathOnly = { transport: { ...options.transport, ...off }, fault: { ...options.fault, ...off } }
    this.host = createControllers({ ...options, ...hostOnly })
    this.venues = Array.from({ length: venueCount }, (_, venue) =>
      createControllers({ ...options, ...pathOnly, throttle: venueControl(options, venue).throttle })
    )
    this.asked = this.venues.map((controllers) => combine(this.host.directives(), controllers.directives()))
  }

  /** Readings by venue: their host figures are the same. Transitions: of the host, then venue by venue. */
  step(readings: readonly Reading[]): readonly DeskTransition[] {
    let moves: DeskTransition[] | null = null
    for (const move of this.host.step(readings[0])) {
      moves ??= []
      moves.push({ ...move, venue: Number.NaN })
    }
    for (let venue = 0; venue < this.venues.length; venue++) {
      for (const move of this.venues[venue].step(readings[venue])) {
        moves ??= []
        moves.push({ ...move, venue })
      }
    }
    if (moves === null) return NONE
    this.venues.forEach((controllers, venue) => {
      this.asked[venue] = combine(this.host.directives(), controllers.directives())
    })
    return moves
  }

  /** What is asked for on the path to a venue; the same object until a transition. */
  directives(venue: number): Directives {
    return this.asked[venue]
  }

  /** What is asked for on the host itself. */
  hostDirectives(): Directives {
    return this.host.directives()
  }

  /** What the controllers of a path ask for by themselves. */
  pathDirectives(venue: number): Directives {
    return this.venues[venue].directives()
  }

  levels(venue: number): Readonly<Levels> {
    const { transport, fault } = this.host.levels()
    const { throttle, cancel } = this.venues[venue].levels()
    return { transport, fault, throttle, cancel }
  }
}

/** What of the options is of the path to one venue. */
export function venueControl(
  options: ControlOptions,
  venue: number
): Pick<ControlOptions, 'capacityMessagesPerSecond' | 'throttle'> {
  return options.venues?.[venue] ?? options
}
