/*
 * Traffic and refusals: messages handed to the socket by type; rejects by who refused, reason and attempt index; rho (throttle playbook sections 2
 * and 9: "reject rate by reason code + attempt index"). A reject rate is rejects over attempts handed to the socket at that
 * index. What the desk itself refused was never sent and is counted apart. Reason classes are never merged (section 10).
 */
import { code } from '../kernel/code.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { ATTEMPT_OUTCOME, CANCEL_OUTCOME, MESSAGE_TYPE, REASON, REJECTED_BY } from '../order/words.ts'
import { addSample, addSum, namesUnder, type Pool, samplesOf, sumOf } from './pool.ts'
import { type Distribution, distribution, type Figure, figure } from './quantile.ts'

/** Orders (new and replace) and cancels are refused for different reasons at different rates: kept apart. */
const CLASS = code('orders', 'cancels')
const SENT = 'messages.sent/'
const SENT_AT = 'attempts.sent/'
const REJECTED = 'attempts.rejected/'
const TIMEOUT = 'attempts.timeout/'
const RHO = 'rho'

export interface RejectRow {
  readonly messages: 'orders' | 'cancels'
  readonly rejectedBy: string
  readonly reason: string
  /** 0 for the first attempt. */
  readonly retryIndex: number
  readonly count: number
  /** Over the messages of this class sent at this index; null for what was refused before it was sent. */
  readonly rate: Figure
}

export interface MessageFigures {
  readonly sent: { readonly new: number; readonly replace: number; readonly cancel: number; readonly total: number }
  readonly rejects: readonly RejectRow[]
  /** Rejects of sent orders (new and replace) over sent orders, and of sent cancels over sent cancels. */
  readonly orderRejectRate: Figure
  readonly cancelRejectRate: Figure
  /** By reason, both classes and all attempts together. */
  readonly rejectsByReason: Readonly<Record<string, number>>
  readonly timeoutCount: number
  /** rho = message rate over the capacity the desk believes in, at the telemetry samples (throttle playbook section 2). */
  readonly rho: Distribution
}

export function collectMessages(ledger: Ledger, pool: Pool): void {
  const { attempts, cancels, telemetry } = ledger
  for (let row = 0; row < attempts.count; row++) {
    const retry = attempts.col.retryIndex[row]
    const sent = Number.isFinite(attempts.col.dispatchNs[row])
    if (sent) {
      addSum(pool, SENT + MESSAGE_TYPE.names[attempts.col.messageType[row]], 1)
      addSum(pool, `${SENT_AT}orders/${retry}`, 1)
    }
    const outcome = attempts.col.outcome[row]
    if (outcome === ATTEMPT_OUTCOME.of.timeout) addSum(pool, `${TIMEOUT}orders`, 1)
    if (outcome === ATTEMPT_OUTCOME.of.rejected) {
      addReject(pool, 'orders', attempts.col.rejectedBy[row], attempts.col.reason[row], retry, sent)
    }
  }
  for (let row = 0; row < cancels.count; row++) {
    const retry = cancels.col.retryIndex[row]
    const sent = Number.isFinite(cancels.col.sendNs[row])
    if (sent) {
      addSum(pool, `${SENT}cancel`, 1)
      addSum(pool, `${SENT_AT}cancels/${retry}`, 1)
    }
    const outcome = cancels.col.outcome[row]
    if (outcome === CANCEL_OUTCOME.of.rejected || outcome === CANCEL_OUTCOME.of['too-late']) {
      addReject(pool, 'cancels', cancels.col.rejectedBy[row], cancels.col.reason[row], retry, sent)
    }
  }
  for (let row = 0; row < telemetry.count; row++)
    if (Number.isFinite(telemetry.col.rho[row])) addSample(pool, RHO, telemetry.col.rho[row])
}

function addReject(pool: Pool, messages: string, by: number, reason: number, retryIndex: number, sent: boolean): void {
  addSum(
    pool,
    `${REJECTED}${messages}/${REJECTED_BY.names[by]}/${REASON.names[reason]}/${retryIndex}/${sent ? 'sent' : 'unsent'}`,
    1
  )
}

export function messageFigures(pool: Pool): MessageFigures {
  const rejects: RejectRow[] = []
  const byReason: Record<string, number> = {}
  const sentRejects = { orders: 0, cancels: 0 }
  for (const name of namesUnder(pool.sums, REJECTED)) {
    const [messages, rejectedBy, reason, retry, sent] = name.split('/') as ['orders' | 'cancels', string, string, string, string]
    const count = sumOf(pool, REJECTED + name)
    const rate = sent === 'sent' ? figure(count / sumOf(pool, `${SENT_AT}${messages}/${retry}`)) : null
    rejects.push({ messages, rejectedBy, reason, retryIndex: Number(retry), count, rate })
    byReason[reason] = (byReason[reason] ?? 0) + count
    if (sent === 'sent') sentRejects[messages] += count
  }
  rejects.sort((a, b) => CLASS.of[a.messages] - CLASS.of[b.messages] || a.retryIndex - b.retryIndex || b.count - a.count)
  const sent = { new: sumOf(pool, `${SENT}new`), replace: sumOf(pool, `${SENT}replace`), cancel: sumOf(pool, `${SENT}cancel`) }
  return {
    sent: { ...sent, total: sent.new + sent.replace + sent.cancel },
    rejects,
    orderRejectRate: figure(sentRejects.orders / (sent.new + sent.replace)),
    cancelRejectRate: figure(sentRejects.cancels / sent.cancel),
    rejectsByReason: byReason,
    timeoutCount: sumOf(pool, `${TIMEOUT}orders`),
    rho: distribution(samplesOf(pool, RHO))
  }
}
