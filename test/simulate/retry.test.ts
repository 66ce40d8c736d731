/*
 * Retries in whole runs. A clamp takes the throttle's limit to nothing until an instant: until then every new order is refused, at once (no
 * delay anywhere), and what is tested is when the desk tries again, and when it gives up.
 */
import { describe, expect, it } from 'vitest'
import { ATTEMPT_OUTCOME, CHILD_OUTCOME, REASON } from '../../src/order/words.ts'
import type { RetryOptions, ThrottleOptions } from '../../src/path/options.ts'
import { type Run, simulate, type World } from '../../src/simulate.ts'
import { faultsOf } from './run-checks.ts'
import { drawTape, MARKETS, NO_FRICTION, PLAIN_TAKE, parent, world } from './worlds.ts'

const MS = 1_000_000
const TAPE = drawTape(`
  ${MS / 2} add bid 100 50 1
  ${MS / 2} add ask 101 50 2
  ${900 * MS} add bid 99 1 3`)

/** One parent at 1 ms that takes 4 lots; refused until `untilMs`. */
function run(
  retry: Partial<RetryOptions>,
  untilMs: number,
  fields: Partial<World> = {},
  throttle: Partial<ThrottleOptions> = {}
): Run {
  const finished = simulate(
    world({
      markets: [MARKETS.timeline(TAPE)],
      parents: [parent({ startNs: MS, endNs: 600 * MS, quantityLots: 4 })],
      execution: PLAIN_TAKE,
      path: {
        ...NO_FRICTION,
        retry: { ...NO_FRICTION.retry, attemptCountMax: 20, timeBudgetNs: 1000 * MS, ...retry },
        gateway: {
          ...NO_FRICTION.gateway,
          throttle: { ...NO_FRICTION.gateway.throttle, window: 'sliding', limit: 100, windowNs: MS, ...throttle }
        },
        clamps: [{ target: 'throttle.limit', shape: { shape: 'step', factor: 0 }, startNs: 0, endNs: untilMs * MS }]
      },
      ...fields
    })
  )
  expect(faultsOf(finished)).toEqual([])
  return finished
}

/** Attempts of a child: instants in ms, and reasons. */
function attemptsOf({ ledger: { attempts } }: Run, child = 0): { ms: number[]; reasons: string[]; waitsMs: number[] } {
  const { col, count } = attempts
  const rows = Array.from({ length: count }, (_, row) => row).filter((row) => col.childId[row] === child)
  return {
    ms: rows.map((row) => col.intentNs[row] / MS),
    reasons: rows.map((row) => REASON.names[col.reason[row]]),
    waitsMs: rows.map((row) => col.pacingDelayNs[row] / MS)
  }
}

const outcomeOf = ({ ledger }: Run, child = 0): string => CHILD_OUTCOME.names[ledger.children.col.outcome[child]]

describe('a refused order is sent again', () => {
  it('after a fixed wait', () => {
    const finished = run({ backoff: 'fixed', backoffNs: 10 * MS }, 35)
    expect(attemptsOf(finished)).toEqual({
      ms: [1, 11, 21, 31, 41],
      reasons: ['throttled', 'throttled', 'throttled', 'throttled', 'none'],
      waitsMs: [0, 10, 10, 10, 10]
    })
    expect(outcomeOf(finished)).toBe('filled')
    expect(finished.ledger.fills.col.fillNs[0]).toBe(41 * MS)
  })

  it('after a wait that doubles up to its longest', () => {
    const finished = run({ backoff: 'exponential', backoffNs: 5 * MS, backoffNsMax: 30 * MS }, 97)
    expect(attemptsOf(finished).ms).toEqual([1, 6, 16, 36, 66, 96, 126])
  })

  it('after a wait of which a share is drawn: each child its own, the same in every run', () => {
    const two = [0, 1].map((parentId) => parent({ parentId, startNs: MS, endNs: 600 * MS, quantityLots: 4 }))
    const jittered = { backoff: 'fixed', backoffNs: 10 * MS, jitterShare: 0.4 } as const
    const finished = run(jittered, 100, { parents: two })
    const [first, second] = [0, 1].map((child) => attemptsOf(finished, child).waitsMs.slice(1))
    for (const waitMs of [...first, ...second]) {
      expect(waitMs).toBeGreaterThanOrEqual(6)
      expect(waitMs).toBeLessThan(10)
    }
    expect(new Set([...first, ...second]).size).toBe(first.length + second.length)
    expect(run(jittered, 100, { parents: two }).ledgerHash).toBe(finished.ledgerHash)
    // Another policy, one parent less: the luck of the first child stays.
    expect(attemptsOf(run(jittered, 100)).waitsMs.slice(1)).toEqual(first)
  })

  it('at once where nothing is waited, up to its attempts', () => {
    const finished = run({ backoff: 'immediate', attemptCountMax: 4 }, 599)
    expect(attemptsOf(finished).ms).toEqual([1, 1, 1, 1])
    expect(outcomeOf(finished)).toBe('aborted')
  })

  it('no more often than its attempts, and then the child is given up', () => {
    const finished = run({ backoff: 'fixed', backoffNs: 10 * MS, attemptCountMax: 3 }, 599)
    expect(attemptsOf(finished).ms).toEqual([1, 11, 21])
    expect(outcomeOf(finished)).toBe('aborted')
    expect(finished.ledger.children.col.attemptCount[0]).toBe(3)
  })

  it('not when its time budget would be spent by then', () => {
    const spent = run({ backoff: 'fixed', backoffNs: 10 * MS, timeBudgetNs: 20 * MS }, 599)
    // The one at 21 ms is sent 20 ms after the intent; the next would be 30 ms after it.
    expect(attemptsOf(spent).ms).toEqual([1, 11, 21])
    expect(outcomeOf(spent)).toBe('aborted')
  })

  it('not for a reason that waiting does not cure', () => {
    const finished = run({ backoff: 'fixed', backoffNs: 10 * MS }, 0, {
      path: {
        ...NO_FRICTION,
        retry: { ...NO_FRICTION.retry, attemptCountMax: 5, timeBudgetNs: 1000 * MS, backoff: 'fixed', backoffNs: 10 * MS },
        gate: { ...NO_FRICTION.gate, orderLotsMax: 3 }
      }
    })
    expect(attemptsOf(finished)).toMatchObject({ ms: [1], reasons: ['risk-size'] })
    expect(outcomeOf(finished)).toBe('rejected')
  })

  it('after a disconnect, when the session is logged on again', () => {
    // One a window of 500 ms: the second parent's order ends the session at 2 ms, up again at 22. It comes at 2, 9, 16, 23: by then the
    // window still has no room, and the session ends again, until 43; and so on: in at 501 ms or later.
    const finished = run(
      { backoff: 'fixed', backoffNs: 7 * MS, attemptCountMax: 200 },
      0,
      {
        parents: [
          parent({ startNs: MS, endNs: 600 * MS, quantityLots: 4 }),
          parent({ parentId: 1, startNs: 2 * MS, endNs: 600 * MS, quantityLots: 4 })
        ]
      },
      { limit: 1, windowNs: 500 * MS, overLimit: 'disconnect', relogonNs: 20 * MS }
    )
    const { ms, reasons } = attemptsOf(finished, 1)
    expect(ms.slice(0, 6)).toEqual([2, 9, 16, 23, 30, 37])
    expect(reasons.slice(0, 6)).toEqual([
      'throttled',
      'session-down',
      'session-down',
      'throttled',
      'session-down',
      'session-down'
    ])
    expect(reasons[reasons.length - 1]).toBe('none')
    expect(ms[ms.length - 1]).toBeGreaterThanOrEqual(501)
    expect(outcomeOf(finished, 1)).toBe('filled')
  })
})

describe('an order without an answer', () => {
  const slow = { ...NO_FRICTION, link: { ...NO_FRICTION.link, delayNs: MS, returnDelayNs: MS } }
  const joining = { ...PLAIN_TAKE, tactic: 'join' } as const

  it('is sent again under its own id, and the venue refuses the copy', () => {
    // At the venue at 2 ms, its fill heard of at 3. The copy of 2.5 ms is there at 3.5, refused as a duplicate, heard of at 4.5.
    const finished = run({}, 0, {
      path: { ...slow, retry: { ...NO_FRICTION.retry, attemptCountMax: 3, ackTimeoutNs: 1.5 * MS } }
    })
    expect(attemptsOf(finished)).toMatchObject({ ms: [1, 2.5], reasons: ['none', 'duplicate'] })
    expect(finished.ledger.fills.count).toBe(1)
    expect(finished.ledger.fills.col.lots[0]).toBe(4)
    expect(outcomeOf(finished)).toBe('filled')
  })

  it('is unknown when its attempts are used up, not failed: a cancel finds out', () => {
    // The order rests from 2 ms, its ack comes at 3. At 2.5 ms nothing is known: a cancel goes out, and is there at 3.5.
    const finished = run({}, 0, {
      execution: joining,
      parents: [parent({ startNs: MS, endNs: 600 * MS, quantityLots: 4 })],
      path: { ...slow, retry: { ...NO_FRICTION.retry, attemptCountMax: 1, ackTimeoutNs: 1.5 * MS } }
    })
    const { attempts, cancels } = finished.ledger
    expect(cancels.col.intentNs[0]).toBe(2.5 * MS)
    expect(cancels.col.engineNs[0]).toBe(3.5 * MS)
    expect(outcomeOf(finished)).toBe('cancelled')
    // The late ack was read: the attempt became an order.
    expect(ATTEMPT_OUTCOME.names[attempts.col.outcome[0]]).toBe('accepted')
    expect(attempts.col.ackNs[0]).toBe(3 * MS)
  })
})
