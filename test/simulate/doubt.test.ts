/*
 * Copies and answers that cross: an order whose outcome is in doubt is never given up as if the venue could not have it.
 */
import { describe, expect, it } from 'vitest'
import { ChildOrder } from '../../src/desk/child-order.ts'
import { CANCEL_OUTCOME, CHILD_OUTCOME, MESSAGE_TYPE, REASON } from '../../src/order/words.ts'
import { simulate } from '../../src/simulate.ts'
import { faultsOf } from './run-checks.ts'
import { drawTape, MARKETS, NO_FRICTION, PLAIN_TAKE, parent, world } from './worlds.ts'

const MS = 1_000_000
const JOIN = { ...PLAIN_TAKE, tactic: 'join' } as const

describe('an order in doubt', () => {
  it('is still worked when a copy is refused after the first one was accepted', () => {
    // Sent at 1 ms, at the venue at 2 ms, its ack due at 3 ms. The timeout of 1.5 ms sends a copy at 2.5 ms, which the throttle (one a
    // second) refuses at 3.5 ms; the refusal is read at 4.5 ms. The order rests and fills at 20 ms.
    const tape = drawTape(`
      ${MS / 2} add bid 100 5 1
      ${MS / 2} add ask 102 5 2
      ${20 * MS} execute bid 100 5 1
      ${20 * MS} execute-hidden bid 100 10 -`)
    const run = simulate(
      world({
        markets: [MARKETS.timeline(tape)],
        parents: [parent({ startNs: MS, endNs: 50 * MS, quantityLots: 4 })],
        execution: JOIN,
        path: {
          ...NO_FRICTION,
          link: { ...NO_FRICTION.link, delayNs: MS, returnDelayNs: MS },
          retry: { ...NO_FRICTION.retry, attemptCountMax: 2, ackTimeoutNs: 1.5 * MS },
          gateway: {
            ...NO_FRICTION.gateway,
            throttle: { ...NO_FRICTION.gateway.throttle, window: 'fixed-first', limit: 1, windowNs: 1000 * MS, cancels: 'exempt' }
          }
        }
      })
    )
    const { attempts, children } = run.ledger
    expect(Array.from(attempts.col.reason.subarray(0, attempts.count))).toEqual([REASON.of.none, REASON.of.throttled])
    expect(CHILD_OUTCOME.names[children.col.outcome[0]]).toBe('filled')
    // Filled at 20 ms, read 1 ms later.
    expect(children.col.doneNs[0]).toBe(21 * MS)
    expect(children.count).toBe(1)
    expect(faultsOf(run)).toEqual([])
  })

  it('is cancelled again when its cancel has passed it at the throttle', () => {
    // One new order a second, the rest held; cancels pass. The second parent's order is held at 2 ms, its cancel at 10 ms is answered "unknown
    // order"; the order comes out at 1001 ms, and an execution at 5 s would fill it. (The first parent's order is gone at 9 ms.)
    const tape = drawTape(`
      ${MS / 2} add bid 100 5 1
      ${MS / 2} add ask 102 5 2
      ${5000 * MS} trade bid 100 100 -`)
    const run = simulate(
      world({
        markets: [MARKETS.timeline(tape)],
        parents: [
          parent({ startNs: MS, endNs: 9 * MS, quantityLots: 4 }),
          parent({ parentId: 1, startNs: 2 * MS, endNs: 10 * MS, quantityLots: 4 })
        ],
        execution: JOIN,
        path: {
          ...NO_FRICTION,
          gateway: {
            ...NO_FRICTION.gateway,
            throttle: {
              ...NO_FRICTION.gateway.throttle,
              window: 'fixed-first',
              limit: 1,
              windowNs: 1000 * MS,
              overLimit: 'queue',
              cancels: 'exempt'
            }
          }
        }
      })
    )
    const { cancels, children, fills } = run.ledger
    expect(fills.count).toBe(0)
    expect(children.col.acceptedNs[1]).toBe(1001 * MS)
    expect(CHILD_OUTCOME.names[children.col.outcome[1]]).toBe('cancelled')
    const last = cancels.count - 1
    expect(REASON.names[cancels.col.reason[1]]).toBe('unknown-order')
    expect(CANCEL_OUTCOME.names[cancels.col.outcome[last]]).toBe('acked')
    expect(cancels.col.childId[last]).toBe(1)
    // Waits double: not one cancel for each of the 991 ms.
    expect(cancels.count).toBeLessThan(20)
    expect(faultsOf(run)).toEqual([])
  })

  it('is not repriced again and again while its replaces are refused', () => {
    // The throttle passes one message in 500 ms; replaces come back refused in no time. The bid moves up at 2 ms, and the order is asked to
    // follow. A refused replace is repeated after an eighth of the slice: 100 ms. So at 2, 102, ... 402 ms it is refused (the window
    // ends at 501 ms), and at 502 ms it passes.
    const tape = drawTape(`
      ${MS / 2} add bid 100 5 1
      ${MS / 2} add ask 104 5 2
      ${2 * MS} add bid 101 5 3`)
    const run = simulate(
      world({
        markets: [MARKETS.timeline(tape)],
        parents: [parent({ startNs: MS, endNs: 801 * MS, quantityLots: 4 })],
        execution: { ...JOIN, tactic: 'peg', sliceNs: 800 * MS },
        eventCountMax: 10_000,
        path: {
          ...NO_FRICTION,
          gateway: {
            ...NO_FRICTION.gateway,
            throttle: { ...NO_FRICTION.gateway.throttle, window: 'fixed-first', limit: 1, windowNs: 500 * MS, cancels: 'exempt' }
          }
        }
      })
    )
    const { col, count } = run.ledger.attempts
    const replaces = Array.from({ length: count }, (_, row) => row).filter(
      (row) => col.messageType[row] === MESSAGE_TYPE.of.replace && col.childId[row] === 0
    )
    expect(replaces.map((row) => col.intentNs[row] / MS)).toEqual([2, 102, 202, 302, 402, 502])
    expect(replaces.map((row) => REASON.names[col.reason[row]])).toEqual([...Array(5).fill('throttled'), 'none'])
  })

  it('counts as open what a late replace may still make of it', () => {
    const child = new ChildOrder({
      childId: 0,
      luckKey: 0,
      parentIndex: 0,
      venue: 0,
      venueIndex: 0,
      session: 0,
      side: 1,
      tactic: 0,
      passive: true,
      intentNs: 0,
      priceTicks: 100,
      quantityLots: 10
    })
    // Two replaces are out: to 5, whose answer is late, and to 8.
    child.replaceSent(1, 5, 0)
    child.replaceSent(2, 8, 0)
    expect(child.openLots).toBe(10)
    child.replaceConfirmed(1, false, 1, 100, 5)
    expect(child.openLots).toBe(8)
    // The second is refused: the first stands.
    child.replaceRejected(2, true)
    expect(child.openLots).toBe(5)
  })
})
