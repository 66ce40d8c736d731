/*
 * The venue's throttle by itself: messages in at given instants, what became of each out. Drives the gateway, whose server takes no time
 * here, so that holding, logout and logging on again are those of a run; an engine answers at once, so that nothing is in flight for
 * longer than an instant, and orders have no age. For study, and to hold the model to recordings.
 */
import { code } from '../kernel/code.ts'
import { Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { REASON, REJECTED_BY, REPORT_TYPE } from '../order/words.ts'
import { ClampSchedule } from './clamp.ts'
import { GATEWAY, Gateway } from './gateway.ts'
import { Messages } from './messages.ts'
import type { ThrottleOptions } from './options.ts'
import { PHASE } from './phases.ts'
import { Reports } from './reports.ts'

/** Messages in order of time; `type` is a MESSAGE_TYPE, `session` a number below 256. */
export interface MessageArrivals {
  readonly count: number
  readonly tNs: ArrayLike<number>
  readonly session: ArrayLike<number>
  readonly type: ArrayLike<number>
}

/** What became of a message: passed at once; passed later; refused; refused, and its session closed; still held. */
export const THROTTLE_OUTCOME = code('pass', 'queue', 'reject', 'disconnect', 'held')

/** By row of the arrivals. */
export interface ThrottleRecord {
  /** THROTTLE_OUTCOME. */
  readonly outcome: Uint8Array
  /** When it was let through; NaN when it was not. */
  readonly releaseNs: Float64Array
  /** REASON of a refusal, else none. */
  readonly reason: Uint8Array
  readonly counts: readonly StageCount[]
}

/** Errors: InputError for a throttle that cannot be. */
export function driveThrottle(throttle: ThrottleOptions, arrivals: MessageArrivals, seed: number): ThrottleRecord {
  const { count, tNs, session, type } = arrivals
  const simulation = new Simulation()
  const messages = new Messages()
  const reports = new Reports()
  const options = {
    service: { law: 'constant', valueNs: 0 },
    backgroundLoad: 0,
    queueCountMax: Math.max(1, count),
    throttle
  } as const
  const outcome = new Uint8Array(count).fill(THROTTLE_OUTCOME.of.held)
  const releaseNs = new Float64Array(count).fill(Number.NaN)
  const reason = new Uint8Array(count)
  const gateway = new Gateway(simulation, messages, reports, options, new ClampSchedule([]), seed)
  const target = simulation.register(gateway)
  const engine = simulation.register({
    name: 'engine',
    onEvent: (_kind, row) => {
      if (gateway.seesAnswers) answer(row)
      releaseNs[row] = simulation.nowNs
      outcome[row] = simulation.nowNs > tNs[row] ? THROTTLE_OUTCOME.of.queue : THROTTLE_OUTCOME.of.pass
    }
  })
  const closed = simulation.register({ name: 'sessions', onEvent: () => undefined })
  const answers = simulation.register({
    name: 'answers',
    onEvent: (_kind, report) => {
      const row = reports.message.values[report]
      if (row < 0 || reports.type.values[report] === REPORT_TYPE.of.accepted) return
      reason[row] = reports.reason.values[report]
      if (outcome[row] !== THROTTLE_OUTCOME.of.disconnect) outcome[row] = THROTTLE_OUTCOME.of.reject
      if (gateway.seesAnswers) simulation.at(simulation.nowNs, PHASE.downstream, target, GATEWAY.down, report)
    }
  })
  // The engine answers at once.
  const answer = (row: number): void => {
    const report = reports.add({
      type: REPORT_TYPE.of.accepted,
      message: row,
      child: row,
      clientOrderId: row,
      session: session[row],
      lots: 1,
      priceTicks: 0,
      leavesLots: 1,
      rejectedBy: REJECTED_BY.of.none,
      reason: REASON.of.none,
      fillRow: -1,
      madeNs: simulation.nowNs
    })
    simulation.at(simulation.nowNs, PHASE.downstream, target, GATEWAY.down, report)
  }
  gateway.logoutListener = (row) => {
    outcome[row] = THROTTLE_OUTCOME.of.disconnect
  }
  gateway.connect({
    self: target,
    engine: { target: engine, kind: 0, phase: PHASE.engine },
    disconnect: { target: closed, kind: 0, phase: PHASE.engine },
    acks: { target: answers, kind: 0, phase: PHASE.downstream },
    down: { target: closed, kind: 0, phase: PHASE.hostData },
    logout: { target: closed, kind: 0, phase: PHASE.downstream }
  })
  let row = 0
  simulation.addSource({
    nextNs: () => (row < count ? tNs[row] : Number.POSITIVE_INFINITY),
    step: () => {
      messages.add({
        type: type[row],
        session: session[row],
        venue: 0,
        parent: 0,
        child: row,
        ledgerRow: -1,
        retryIndex: 0,
        side: 1,
        priceTicks: 0,
        lots: 1,
        timeInForce: 0,
        postOnly: false,
        clientOrderId: row,
        bytes: 0
      })
      simulation.at(tNs[row], PHASE.upstream, target, GATEWAY.up, row)
      row++
    }
  })
  simulation.run({ endNs: Number.MAX_SAFE_INTEGER, eventCountMax: Number.MAX_SAFE_INTEGER })
  return { outcome, releaseNs, reason, counts: [gateway.count()] }
}
