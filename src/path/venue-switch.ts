/* Sends a message to the path of its venue: no delay, no state but a count. */
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'

export class VenueSwitch implements Component {
  readonly name = 'venue switch'
  private readonly simulation: Simulation
  private readonly messages: Messages
  private hops: readonly Hop[] = []
  private passed = 0

  constructor(simulation: Simulation, messages: Messages) {
    this.simulation = simulation
    this.messages = messages
  }

  /** One hop per venue, by venue number. */
  connect(hops: readonly Hop[]): void {
    this.hops = hops
  }

  /** The only event: a message row. */
  onEvent(_kind: number, message: number): void {
    this.passed++
    const hop = this.hops[this.messages.venue.values[message]]
    this.simulation.at(this.simulation.nowNs, hop.phase, hop.target, hop.kind, message)
  }

  count(): StageCount {
    return { stage: this.name, entered: this.passed, left: this.passed, rejected: 0, dropped: 0, held: 0 }
  }
}
