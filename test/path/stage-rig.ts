import type { Component } from '../../src/kernel/simulation.ts'
import { Simulation } from '../../src/kernel/simulation.ts'
import { MESSAGE_TYPE, REASON, REPORT_TYPE } from '../../src/order/words.ts'
import type { Hop } from '../../src/path/hop.ts'
import { Messages } from '../../src/path/messages.ts'
import { Reports } from '../../src/path/reports.ts'

/** A component that notes what reaches it and when. */
export class Sink implements Component {
  readonly name = 'sink'
  readonly seen: { kind: number; subject: number; atNs: number }[] = []
  private readonly simulation: Simulation
  readonly target: number

  constructor(simulation: Simulation) {
    this.simulation = simulation
    this.target = simulation.register(this)
  }

  hop(kind = 0, phase = 1): Hop {
    return { target: this.target, kind, phase }
  }

  onEvent(kind: number, subject: number): void {
    this.seen.push({ kind, subject, atNs: this.simulation.nowNs })
  }

  get times(): number[] {
    return this.seen.map(({ atNs }) => atNs)
  }
}

export interface MessageFields {
  type: 'new' | 'replace' | 'cancel'
  session: number
  child: number
  retryIndex: number
  priceTicks: number
  lots: number
}

/** A simulation with message and report tables, and short ways to fill and read them. */
export class Rig {
  readonly simulation = new Simulation()
  readonly messages = new Messages()
  readonly reports = new Reports()

  message(fields: Partial<MessageFields> = {}): number {
    const row = this.messages.count
    return this.messages.add({
      session: fields.session ?? 0,
      venue: 0,
      parent: 0,
      child: fields.child ?? row,
      ledgerRow: -1,
      retryIndex: fields.retryIndex ?? 0,
      side: 1,
      priceTicks: fields.priceTicks ?? 100,
      lots: fields.lots ?? 1,
      timeInForce: 0,
      postOnly: false,
      clientOrderId: row,
      bytes: 100,
      type: MESSAGE_TYPE.of[fields.type ?? 'new']
    })
  }

  report(type: keyof typeof REPORT_TYPE.of, child: number, leavesLots = 0, session = 0): number {
    return this.reports.add({
      type: REPORT_TYPE.of[type],
      message: -1,
      child,
      clientOrderId: -1,
      session,
      lots: 0,
      priceTicks: 0,
      leavesLots,
      rejectedBy: 0,
      reason: 0,
      fillRow: -1,
      madeNs: 0
    })
  }

  /** Schedules an event, as a stage before would. */
  send(atNs: number, target: number, kind: number, subject: number): void {
    this.simulation.at(atNs, 1, target, kind, subject)
  }

  run(endNs = Number.MAX_SAFE_INTEGER): void {
    this.simulation.run({ endNs, eventCountMax: 10_000_000 })
  }

  /** "type:reason" of the reports that a sink has seen. */
  refusals(sink: Sink): string[] {
    return sink.seen.map(({ subject }) => {
      const type = REPORT_TYPE.names[this.reports.type.values[subject]]
      return `${type}:${REASON.names[this.reports.reason.values[subject]]}`
    })
  }
}
