/*
 * What a policy has asked for its working orders, cancels and replaces, so that it neither asks twice for the same nor repeats at once what was
 * refused: the view that made it ask is still the same then.
 */
import type { IntentBuffer, WorkingOrder } from './view.ts'

export class Requests {
  /** Cancels under way at the end of the last call, or so far in this one. */
  pendingCancelCount = 0
  /** By child: when a cancel or replace was last asked for. */
  private readonly askedNs = new Map<number, number>()

  cancel(order: WorkingOrder, essential: boolean, nowNs: number, out: IntentBuffer): void {
    this.pendingCancelCount++
    this.askedNs.set(order.childId, nowNs)
    out.cancel(order.childId, essential)
  }

  replace(order: WorkingOrder, limitTicks: number, lots: number, nowNs: number, out: IntentBuffer): void {
    this.askedNs.set(order.childId, nowNs)
    out.replace(order.childId, limitTicks, lots)
  }

  /** Nothing is asked for now, and not before a pause. */
  wait(order: WorkingOrder, nowNs: number): void {
    this.askedNs.set(order.childId, nowNs)
  }

  /** An ask that was refused or rejected is not repeated before a pause; a replace that went out clears it. */
  isBlocked(order: WorkingOrder, nowNs: number, pauseNs: number): boolean {
    const askedNs = this.askedNs.get(order.childId)
    return askedNs !== undefined && order.sentNs < askedNs && nowNs < askedNs + pauseNs
  }

  /** True when fewer cancels are under way than at the end of the last call. */
  hasAnswer(orders: readonly WorkingOrder[]): boolean {
    let count = 0
    for (const order of orders) if (order.state === 'pending-cancel') count++
    return count < this.pendingCancelCount
  }

  /** Children that are gone need no memory. */
  forget(orders: readonly WorkingOrder[]): void {
    for (const childId of this.askedNs.keys()) {
      let isThere = false
      for (const order of orders) if (order.childId === childId) isThere = true
      if (!isThere) this.askedNs.delete(childId)
    }
  }
}
