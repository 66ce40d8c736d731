/*
 * A message that the socket would not take (send buffer and backlog full) comes back to the application at once, as an error
 * of the send call would: a report with reason send-buffer-full.
 */
import type { Component, Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { REASON, REJECTED_BY } from '../order/words.ts'
import type { Hop } from './hop.ts'
import type { Messages } from './messages.ts'
import { addRefusal } from './refusal.ts'
import type { Reports } from './reports.ts'

export class SocketRefusals implements Component {
  readonly name = 'socket refusals'
  private readonly simulation: Simulation
  private readonly messages: Messages
  private readonly reports: Reports
  private hop: Hop | undefined
  private passed = 0

  constructor(simulation: Simulation, messages: Messages, reports: Reports) {
    this.simulation = simulation
    this.messages = messages
    this.reports = reports
  }

  /** Takes report rows. */
  connect(hop: Hop): void {
    this.hop = hop
  }

  /** The only event: a message row. */
  onEvent(_kind: number, message: number): void {
    const { simulation, hop } = this
    if (hop === undefined) throw new Error('socket refusals are not connected')
    this.passed++
    const report = addRefusal(
      this.reports,
      this.messages,
      message,
      REJECTED_BY.of.session,
      REASON.of['send-buffer-full'],
      simulation.nowNs
    )
    simulation.at(simulation.nowNs, hop.phase, hop.target, hop.kind, report)
  }

  count(): StageCount {
    return { stage: this.name, entered: this.passed, left: this.passed, rejected: 0, dropped: 0, held: 0 }
  }
}
