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
const TIMEOUTS = 'attempts.timeoutCount'
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
  const rejects = new Map<number, number>()
  const tally = (table: typeof attempts | typeof cancels, messages: 'orders' | 'cancels', sentNs: Float64Array): void => {
    const { retryIndex, outcome, rejectedBy, reason } = table.col
    const sentAt: number[] = []
    for (let row = 0; row < table.count; row++) {
      const sent = Number.isFinite(sentNs[row])
      if (sent) sentAt[retryIndex[row]] = (sentAt[retryIndex[row]] ?? 0) + 1
      if (!isReject(messages, outcome[row])) continue
      const key = rejectKey(CLASS.of[messages], rejectedBy[row], reason[row], retryIndex[row], sent)
      rejects.set(key, (rejects.get(key) ?? 0) + 1)
    }
    for (const [retry, count] of sentAt.entries()) if (count !== undefined) addSum(pool, `${SENT_AT}${messages}/${retry}`, count)
  }
  tally(attempts, 'orders', attempts.col.dispatchNs)
  tally(cancels, 'cancels', cancels.col.sendNs)
  for (const [key, count] of rejects) addSum(pool, REJECTED + rejectName(key), count)
  const byType = new Float64Array(MESSAGE_TYPE.names.length)
  let timeouts = 0
  for (let row = 0; row < attempts.count; row++) {
    if (Number.isFinite(attempts.col.dispatchNs[row])) byType[attempts.col.messageType[row]]++
    if (attempts.col.outcome[row] === ATTEMPT_OUTCOME.of.timeout) timeouts++
  }
  for (let row = 0; row < cancels.count; row++) if (Number.isFinite(cancels.col.sendNs[row])) byType[MESSAGE_TYPE.of.cancel]++
  for (const [type, count] of byType.entries()) addSum(pool, SENT + MESSAGE_TYPE.names[type], count)
  addSum(pool, TIMEOUTS, timeouts)
  const { rho } = telemetry.col
  for (let row = 0; row < telemetry.count; row++) if (Number.isFinite(rho[row])) addSample(pool, RHO, rho[row])
}

/** A cancel that came too late is a reject of the engine. */
function isReject(messages: 'orders' | 'cancels', outcome: number): boolean {
  if (messages === 'orders') return outcome === ATTEMPT_OUTCOME.of.rejected
  return outcome === CANCEL_OUTCOME.of.rejected || outcome === CANCEL_OUTCOME.of['too-late']
}

/** Packed so that a run's rejects are counted by a number and named once; 64 codes each, any retry index. */
function rejectKey(messages: number, rejectedBy: number, reason: number, retryIndex: number, sent: boolean): number {
  return (((retryIndex * 64 + reason) * 64 + rejectedBy) * 2 + messages) * 2 + (sent ? 1 : 0)
}

function rejectName(key: number): string {
  const sent = key % 2 === 1 ? 'sent' : 'unsent'
  const messages = CLASS.names[Math.floor(key / 2) % 2]
  const rejectedBy = REJECTED_BY.names[Math.floor(key / 4) % 64]
  const reason = REASON.names[Math.floor(key / 256) % 64]
  return `${messages}/${rejectedBy}/${reason}/${Math.floor(key / 16384)}/${sent}`
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
    timeoutCount: sumOf(pool, TIMEOUTS),
    rho: distribution(samplesOf(pool, RHO))
  }
}
