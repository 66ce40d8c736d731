/* A venue's limits in whole runs: what the desk lives through. */
import { describe, expect, it } from 'vitest'
import { CHILD_OUTCOME, REASON } from '../../src/order/words.ts'
import type { ThrottleOptions } from '../../src/path/options.ts'
import { type Run, simulate, type World } from '../../src/simulate.ts'
import { faultsOf } from './run-checks.ts'
import { drawTape, MARKETS, NO_FRICTION, PLAIN_TAKE, parent, world } from './worlds.ts'

const MS = 1_000_000
const TAPE = drawTape(`
  ${MS / 2} add bid 100 5 1
  ${MS / 2} add ask 102 50 2
  ${5 * MS} execute bid 100 5 1
  ${5 * MS} execute-hidden bid 100 10 -
  ${900 * MS} add bid 99 1 3`)

/** Two parents of 4 lots, at 1 and 2 ms. */
function run(throttle: Partial<ThrottleOptions>, path: Partial<World['path']> = {}, fields: Partial<World> = {}): Run {
  const finished = simulate(
    world({
      markets: [MARKETS.timeline(TAPE)],
      parents: [0, 1].map((parentId) => parent({ parentId, startNs: (1 + parentId) * MS, endNs: 600 * MS, quantityLots: 4 })),
      execution: PLAIN_TAKE,
      path: {
        ...NO_FRICTION,
        retry: { ...NO_FRICTION.retry, attemptCountMax: 20, timeBudgetNs: 1000 * MS, backoff: 'fixed', backoffNs: 4 * MS },
        gateway: { ...NO_FRICTION.gateway, throttle: { ...NO_FRICTION.gateway.throttle, windowNs: 500 * MS, ...throttle } },
        ...path
      },
      ...fields
    })
  )
  expect(faultsOf(finished)).toEqual([])
  return finished
}

function attemptsOf({ ledger: { attempts } }: Run, child: number): [ms: number, reason: string][] {
  const rows = Array.from({ length: attempts.count }, (_, row) => row).filter((row) => attempts.col.childId[row] === child)
  return rows.map((row) => [attempts.col.intentNs[row] / MS, REASON.names[attempts.col.reason[row]]])
}

describe('a limit of the venue', () => {
  it('on what is in flight ends with the answer, which waits in the venue’s outbound line', () => {
    // Each report takes 10 ms. The first order is answered at 11 ms and its fill told at 21; the second one's refusal of 2 ms leaves at 31.
    const slowAcks = { acks: { service: { law: 'constant', valueNs: 10 * MS }, backgroundLoad: 0, whileDown: 'sent' } } as const
    const answered = run({ window: 'in-flight', limit: 1, inFlightUntil: 'answered' }, slowAcks)
    expect(attemptsOf(answered, 1)).toEqual([
      [2, 'throttled'],
      [35, 'none']
    ])
    // A gateway that takes no time has nothing in flight until processed.
    expect(attemptsOf(run({ window: 'in-flight', limit: 1 }, slowAcks), 1)).toEqual([[2, 'none']])
  })

  it('ends the session over the second limit, and the venue cancels at once or as well as it can', () => {
    const closing = {
      window: 'sliding',
      limit: 1,
      disconnectLimit: 1,
      relogonNs: 20 * MS,
      cancelOnDisconnect: true
    } as const
    const joining = { execution: { ...PLAIN_TAKE, tactic: 'join' } } as const
    const outcomeOf = ({ ledger: { children } }: Run): [string, number] => [
      CHILD_OUTCOME.names[children.col.outcome[0]],
      children.col.doneNs[0] / MS
    ]
    // The second order ends the session at 2 ms. The first one rests; the book's execution of 5 ms would fill it.
    expect(outcomeOf(run(closing, {}, joining))).toEqual(['cancelled', 2])
    expect(outcomeOf(run({ ...closing, cancelOnDisconnectDelayNs: 2 * MS }, {}, joining))).toEqual(['cancelled', 4])
    expect(outcomeOf(run({ ...closing, cancelOnDisconnectDelayNs: 10 * MS }, {}, joining))).toEqual(['filled', 5])
    expect(outcomeOf(run({ ...closing, cancelOnDisconnectShare: 0 }, {}, joining))).toEqual(['filled', 5])
  })

  it('is shared by the sessions of an account, and by no others', () => {
    // An order joins on session 0 at 10 ms; halfway through its 200 ms it is cancelled (exempt), and what is left is taken on session 1.
    const [orders] = NO_FRICTION.sessions
    const reasonOfTake = (accounts: readonly number[]): string => {
      const finished = run(
        { window: 'sliding', limit: 1, cancels: 'exempt', scope: 'account', accounts },
        { sessions: [orders, { ...orders, name: 'take' }] },
        {
          markets: [MARKETS.timeline(drawTape(`${MS} add bid 100 5 1\n${MS} add ask 102 50 2\n${900 * MS} add bid 99 1 3`))],
          parents: [parent({ startNs: 10 * MS, endNs: 210 * MS, quantityLots: 4 })],
          execution: { ...PLAIN_TAKE, tactic: 'passive-then-take', sliceNs: 200 * MS }
        }
      )
      const { children } = finished.ledger
      expect(Array.from(children.col.session.subarray(0, 2))).toEqual([0, 1])
      expect(attemptsOf(finished, 0)).toEqual([[10, 'none']])
      return attemptsOf(finished, 1)[0][1]
    }
    expect(reasonOfTake([0, 0])).toBe('throttled')
    expect(reasonOfTake([0, 1])).toBe('none')
  })
})
