/*
 * A desk for tests of policies: keeps the policy's children exactly, answers only when the test says so, and checks at every
 * call that the parent cannot be overfilled.
 */
import { expect } from 'vitest'
import { type Directives, NEUTRAL } from '../../src/order/directives.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import type { HostTouch, IntentBuffer, Policy, PolicyView, WorkingOrder, WorkingState } from '../../src/policy/view.ts'

type Open = { -readonly [key in keyof WorkingOrder]: WorkingOrder[key] }

export class FakeDesk {
  nowNs = 0
  touch: HostTouch = { bidTicks: 100, bidLots: 500, askTicks: 102, askLots: 500 }
  directives: Directives = NEUTRAL
  /** As the feed tells it. */
  tradedLots = 0
  filledLots = 0
  replaceLotsMax = Number.POSITIVE_INFINITY
  readonly orders: Open[] = []
  /** What the last call asked for, one line each; and everything so far. */
  asked: string[] = []
  readonly placed: { tactic: string; limitTicks: number; lots: number; slice: number; scheduledNs: number; nowNs: number }[] = []
  /** At each child: what had traded then and at the first call from the parent's start on, and what was filled or working with it. */
  readonly outAt: { lookedAtLots: number; tradedLots: number; outLots: number }[] = []
  private lookedAtLots = Number.NaN
  wakeNs = Number.NaN
  readonly parent: ParentOrder
  private readonly policy: Policy
  private nextId = 0

  constructor(parent: ParentOrder, policy: Policy) {
    this.parent = parent
    this.policy = policy
  }

  get workingLots(): number {
    return this.orders.reduce((sum, order) => sum + order.openLots, 0)
  }

  /** Asks the policy; gives its intents as text: "passive 10@100", "cancel 0", "cancel! 0" (essential), "replace 0 10@101". */
  call(cause: PolicyView['cause'], nowNs = this.nowNs): string[] {
    this.nowNs = nowNs
    this.asked = []
    this.wakeNs = Number.NaN
    if (nowNs >= this.parent.startNs && Number.isNaN(this.lookedAtLots)) this.lookedAtLots = this.tradedLots
    const view: PolicyView = {
      nowNs,
      parent: this.parent,
      filledLots: this.filledLots,
      workingLots: this.workingLots,
      venues: [
        {
          touch: this.touch,
          tradedLots: this.tradedLots,
          directives: this.directives,
          replaceLotsMax: this.replaceLotsMax
        }
      ],
      orders: this.orders.map((order) => ({ ...order })),
      cause
    }
    this.policy.decide(view, this.buffer())
    expect(this.filledLots + this.workingLots).toBeLessThanOrEqual(this.parent.quantityLots)
    return this.asked
  }

  wake(nowNs = this.wakeNs): string[] {
    return this.call('wake', nowNs)
  }

  /** Moves the touch, sizes kept unless given. */
  move(nowNs: number, bidTicks: number, askTicks: number, bidLots = this.touch.bidLots, askLots = this.touch.askLots): string[] {
    this.touch = { bidTicks, bidLots, askTicks, askLots }
    return this.call('touch', nowNs)
  }

  /** The venue took it: pending-new or pending-replace becomes live. */
  ack(childId: number, nowNs = this.nowNs): string[] {
    this.find(childId).state = 'live'
    return this.call('report', nowNs)
  }

  fill(childId: number, lots: number, nowNs = this.nowNs): string[] {
    const order = this.find(childId)
    order.openLots -= lots
    this.filledLots += lots
    if (order.openLots === 0) this.remove(childId)
    return this.call('report', nowNs)
  }

  /** Gone without more fills: cancelled, rejected or expired. */
  gone(childId: number, nowNs = this.nowNs): string[] {
    this.remove(childId)
    return this.call('report', nowNs)
  }

  /** A cancel or replace that was refused: live again. */
  refuse(childId: number, nowNs = this.nowNs): string[] {
    return this.ack(childId, nowNs)
  }

  state(childId: number): WorkingState {
    return this.find(childId).state
  }

  private buffer(): IntentBuffer {
    return {
      place: (intent) => {
        expect(intent.lots).toBeGreaterThan(0)
        this.asked.push(`${intent.tactic} ${intent.lots}@${intent.limitTicks}`)
        this.placed.push({ ...intent, nowNs: this.nowNs })
        this.orders.push({
          childId: this.nextId++,
          venueIndex: intent.venueIndex,
          state: 'pending-new',
          priceTicks: intent.limitTicks,
          openLots: intent.lots,
          sentNs: this.nowNs,
          passive: intent.tactic === 'passive'
        })
        const { lookedAtLots, tradedLots } = this
        this.outAt.push({ lookedAtLots, tradedLots, outLots: this.filledLots + this.workingLots })
      },
      cancel: (childId, essential) => {
        this.asked.push(`cancel${essential ? '!' : ''} ${childId}`)
        this.find(childId).state = 'pending-cancel'
      },
      replace: (childId, limitTicks, lots) => {
        const order = this.find(childId)
        expect(order.state).toBe('live')
        expect(lots).toBeLessThanOrEqual(Math.min(order.openLots, this.replaceLotsMax))
        this.asked.push(`replace ${childId} ${lots}@${limitTicks}`)
        Object.assign(order, { state: 'pending-replace', priceTicks: limitTicks, sentNs: this.nowNs })
      },
      wakeAt: (timeNs) => {
        expect(timeNs).toBeGreaterThan(this.nowNs)
        this.wakeNs = timeNs
      }
    }
  }

  private find(childId: number): Open {
    const order = this.orders.find((candidate) => candidate.childId === childId)
    if (order === undefined) throw new Error(`no child ${childId}`)
    return order
  }

  private remove(childId: number): void {
    this.find(childId)
    this.orders.splice(
      this.orders.findIndex((order) => order.childId === childId),
      1
    )
  }
}
