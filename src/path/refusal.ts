/* How a stage refuses a message, and how it draws its luck: shared by the gate and the gateway, so that both speak alike. */
import { keyedUniform } from '../kernel/random.ts'
import { MESSAGE_TYPE, REPORT_TYPE } from '../order/words.ts'
import type { Messages } from './messages.ts'
import type { Reports } from './reports.ts'

const REFUSAL_OF: readonly number[] = (() => {
  const of: number[] = []
  of[MESSAGE_TYPE.of.new] = REPORT_TYPE.of.rejected
  of[MESSAGE_TYPE.of.replace] = REPORT_TYPE.of['replace-rejected']
  of[MESSAGE_TYPE.of.cancel] = REPORT_TYPE.of['cancel-rejected']
  return of
})()

/** Report row of a refusal. `leavesLots` is 0 for a new order, -1 (not known here) for a replace or cancel: the order stays as it was. */
export function addRefusal(
  reports: Reports,
  messages: Messages,
  message: number,
  rejectedBy: number,
  reason: number,
  madeNs: number
): number {
  const type = messages.type.values[message]
  return reports.add({
    type: REFUSAL_OF[type],
    message,
    child: messages.child.values[message],
    luckKey: messages.luckKey.values[message],
    clientOrderId: messages.clientOrderId.values[message],
    session: messages.session.values[message],
    lots: messages.lots.values[message],
    priceTicks: messages.priceTicks.values[message],
    leavesLots: type === MESSAGE_TYPE.of.new ? 0 : -1,
    rejectedBy,
    reason,
    fillRow: -1,
    madeNs
  })
}

/**
 * The uniform number of a message at one stage, by what the message is (luck of its order, type, retry, price), not by its row: the same luck in every
 * arm. Two replaces of one child to one price share it.
 */
export function messageUniform(seed: number, draw: number, messages: Messages, message: number): number {
  const attempt = messages.retryIndex.values[message] * 4 + messages.type.values[message]
  return keyedUniform(seed, draw, messages.luckKey.values[message], attempt, messages.priceTicks.values[message])
}
