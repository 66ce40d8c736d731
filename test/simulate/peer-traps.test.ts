/*
 * Four things that replay simulators get wrong, as whole runs with latencies on both implementations of a market: commands that wait for
 * the next recorded row, answers and commands served out of order, and liquidity that is sold twice.
 */
import { describe, expect, it } from 'vitest'
import { CANCEL_OUTCOME, REASON } from '../../src/order/words.ts'
import type { PathOptions } from '../../src/path/options.ts'
import type { ExecutionOptions } from '../../src/policy/options.ts'
import { FQ } from '../../src/scenario/path-presets.ts'
import { type Run, simulate } from '../../src/simulate.ts'
import { faultsOf } from './run-checks.ts'
import { drawTape, MARKETS, NO_FRICTION, PLAIN_TAKE, parent, world } from './worlds.ts'

const US = 1_000
const MS = 1_000_000

/** Decided at 4 ms; 5 ms on the wire and 1 ms at the risk gate: due at the venue at 10 ms. The answer takes 5 ms. */
const SIX_MS: PathOptions = {
  ...NO_FRICTION,
  link: { ...NO_FRICTION.link, delayNs: 5 * MS, returnDelayNs: 5 * MS },
  gate: { ...NO_FRICTION.gate, service: { law: 'constant', valueNs: MS } }
}

const REST: ExecutionOptions = { ...PLAIN_TAKE, tactic: 'join' }

/** Runs a world and expects nothing wrong with it. */
function run(fields: Parameters<typeof world>[0]): Run {
  const done = simulate(world(fields))
  expect(faultsOf(done)).toEqual([])
  return done
}

/** `parent time lots@price`, one per fill. */
function fillsOf({ ledger: { fills } }: Run): string[] {
  const { parentId, fillNs, lots, priceTicks } = fills.col
  return Array.from({ length: fills.count }, (_, row) => `${parentId[row]} ${fillNs[row]} ${lots[row]}@${priceTicks[row]}`)
}

describe.each(['timeline', 'sequential'] as const)('on the %s market', (market) => {
  const on = (rows: string) => [MARKETS[market](drawTape(rows))]

  describe('an order due between two recorded rows meets the book of its own instant', () => {
    const buy = (rows: string): string[] =>
      fillsOf(run({ markets: on(rows), parents: [parent({ startNs: 4 * MS, endNs: 900 * MS })], path: SIX_MS }))

    it('buys at 101 at 10 ms, though the next row, at 500 ms, has the offer at 105', () => {
      const rows = `
        0 add bid 99 10 1
        0 add ask 101 10 2
        ${500 * MS} delete ask 101 10 2
        ${500 * MS} add ask 105 10 3`
      expect(buy(rows)).toEqual([`0 ${10 * MS} 10@101`])
    })

    it('does not buy at 10 ms what is offered at 101 only from 500 ms on', () => {
      const rows = `
        0 add bid 99 10 1
        0 add ask 101 10 2
        ${9 * MS} delete ask 101 10 2
        ${9 * MS} add ask 105 10 3
        ${500 * MS} add ask 101 10 4`
      expect(buy(rows)).toEqual([])
    })

    it('meets a row of its own nanosecond, and not one a nanosecond later', () => {
      const gone = (ns: number): string => `
        0 add bid 99 10 1
        0 add ask 101 10 2
        ${ns} reduce ask 101 7 2`
      expect(buy(gone(10 * MS - 1))).toEqual([`0 ${10 * MS} 3@101`])
      expect(buy(gone(10 * MS))).toEqual([`0 ${10 * MS} 3@101`])
      expect(buy(gone(10 * MS + 1))).toEqual([`0 ${10 * MS} 10@101`])
    })

    it('rests from its own instant on: executions before it are not its, one after it is, before any other row', () => {
      const rows = `
        0 add bid 99 10 1
        0 add ask 101 10 2
        ${10 * MS - 1} trade bid 98 4 -
        ${10 * MS + 1} trade bid 98 3 -
        ${500 * MS} add ask 102 1 3`
      const done = run({
        markets: on(rows),
        parents: [parent({ startNs: 4 * MS, endNs: 900 * MS })],
        execution: REST,
        path: SIX_MS
      })
      expect(fillsOf(done)).toEqual([`0 ${10 * MS + 1} 3@99`])
    })
  })

  describe('answers due in order arrive in order', () => {
    // Five orders rest; their cancels leave at the ends of their parents. No row is recorded between 0 and 500 ms.
    const rows = `
      0 add bid 99 10 1
      0 add ask 101 10 2
      ${500 * MS} add ask 105 10 3`
    const cancelAcks = (endNs: (i: number) => number, path: PathOptions, startNs = MS, seed = 1): number[] => {
      const parents = Array.from({ length: 5 }, (_, i) => parent({ parentId: i, startNs, endNs: endNs(i) }))
      const { cancels } = run({ seed, markets: on(rows), parents, execution: REST, path }).ledger
      expect(Array.from(cancels.col.parentId.subarray(0, cancels.count))).toEqual([0, 1, 2, 3, 4])
      expect(Array.from(cancels.col.outcome.subarray(0, cancels.count))).toEqual(Array(5).fill(CANCEL_OUTCOME.of.acked))
      return Array.from(cancels.col.ackNs.subarray(0, cancels.count))
    }

    it('five cancel acks due at 21, 22, 23, 24 and 25 ms', () => {
      // Sent at 10 to 14 ms, 6 ms there and 5 ms back.
      expect(cancelAcks((i) => (10 + i) * MS, SIX_MS)).toEqual([21, 22, 23, 24, 25].map((ms) => ms * MS))
    })

    it('five of one instant come in the order in which they were asked for, one service after the other', () => {
      // At the gate at 45 ms, which passes one each ms from 46 on; each ack takes 2 ms: 48, 50, 52, 54, 56 ms, and 5 ms back.
      const path: PathOptions = { ...SIX_MS, acks: { ...SIX_MS.acks, service: { law: 'constant', valueNs: 2 * MS } } }
      expect(cancelAcks(() => 40 * MS, path)).toEqual([53, 55, 57, 59, 61].map((ms) => ms * MS))
    })

    it('none overtakes another in any link weather', () => {
      // Each ms has its own delay, 10 ms on average: without FIFO many would change places. One that waits for another comes with it.
      const link = { ...SIX_MS.link, weather: { law: 'exponential', meanNs: 10 * MS }, weatherBlockNs: MS } as const
      let waitCount = 0
      for (let seed = 1; seed <= 10; seed++) {
        const acks = cancelAcks((i) => (300 + i) * MS, { ...SIX_MS, link }, 200 * MS, seed)
        expect(acks, `seed ${seed}`).toEqual([...acks].sort((a, b) => a - b))
        waitCount += acks.filter((ackNs, i) => i > 0 && ackNs === acks[i - 1]).length
      }
      expect(waitCount).toBeGreaterThan(10)
    })
  })

  describe('commands are served in the order in which they are due', () => {
    // A rests from 1 ms on and is cancelled at its end, 10 ms. B takes. The venue passes one message in 5 ms and refuses others, so who was served
    // first can be seen: the second one was refused.
    const rows = `
      0 add bid 99 10 1
      0 add ask 101 10 2
      ${500 * MS} add ask 105 10 3`
    const path: PathOptions = {
      ...SIX_MS,
      gate: NO_FRICTION.gate,
      gateway: {
        ...SIX_MS.gateway,
        throttle: { ...SIX_MS.gateway.throttle, window: 'sliding', limit: 1, windowNs: 5 * MS, cancels: 'counted' }
      }
    }
    const resting = parent({ parentId: 0, startNs: MS, endNs: 10 * MS, limitTicks: 99 })
    const taking = (startNs: number) => parent({ parentId: 1, startNs, endNs: 400 * MS })
    // One policy for both: it takes at once what its limit allows, and rests what it does not.
    const execution: ExecutionOptions = { ...PLAIN_TAKE, tactic: 'passive-then-take', takeAfterShare: 0, sliceNs: 4000 * MS }

    /** What became of the cancel and of B's first order. */
    function outcomes(parents: readonly ReturnType<typeof parent>[]) {
      const { attempts, cancels } = run({ markets: on(rows), parents, execution, path }).ledger
      const first = Array.from({ length: attempts.count }, (_, row) => row).find((row) => attempts.col.parentId[row] === 1) ?? -1
      return {
        cancel: REASON.names[cancels.col.reason[0]],
        cancelNs: cancels.col.throttleNs[0],
        submit: REASON.names[attempts.col.reason[first]],
        submitNs: attempts.col.throttleNs[first]
      }
    }

    it('a cancel before a submit, a nanosecond apart', () => {
      expect(outcomes([resting, taking(10 * MS + 1)])).toEqual({
        cancel: 'none',
        cancelNs: 15 * MS,
        submit: 'throttled',
        submitNs: 15 * MS + 1
      })
    })

    it('a submit before a cancel, a nanosecond apart', () => {
      expect(outcomes([resting, taking(10 * MS - 1)])).toEqual({
        cancel: 'throttled',
        cancelNs: 15 * MS,
        submit: 'none',
        submitNs: 15 * MS - 1
      })
    })

    it('those of one instant in the order in which they were given', () => {
      const sameNs = { cancelNs: 15 * MS, submitNs: 15 * MS }
      expect(outcomes([resting, taking(10 * MS)])).toEqual({ cancel: 'none', submit: 'throttled', ...sameNs })
      expect(outcomes([taking(10 * MS), resting])).toEqual({ cancel: 'throttled', submit: 'none', ...sameNs })
    })

    it('by when they are due, not by when they were sent: a cancel passes a submit that its own socket holds back', () => {
      // Orders of B and C leave by the socket of takes, which sends 242 bytes each 5 ms. B's leaves at 8 ms, C's, sent at 9 ms, not before 13.
      // A's cancel is sent at 10 ms by the other socket and is served first.
      const socket = { ...NO_FRICTION.sessions[0], headerBytes: 42, newMessageBytes: 200 }
      const done = run({
        markets: on(rows),
        parents: [resting, taking(8 * MS), { ...taking(9 * MS), parentId: 2 }],
        execution,
        path: {
          ...NO_FRICTION,
          qdisc: { ...FQ, timerSlackNs: 0 },
          sessions: [socket, { ...socket, name: 'take', maxPacingRateBytesPerSecond: 48_400 }]
        }
      })
      const { attempts, cancels } = done.ledger
      const { engineNs, parentId, dispatchNs } = attempts.col
      expect(Array.from(parentId.subarray(0, 3))).toEqual([0, 1, 2])
      expect(Array.from(dispatchNs.subarray(0, 3))).toEqual([MS, 8 * MS, 9 * MS])
      expect(Array.from(engineNs.subarray(0, 3))).toEqual([MS, 8 * MS, 13 * MS])
      expect([cancels.col.sendNs[0], cancels.col.engineNs[0]]).toEqual([10 * MS, 10 * MS])
    })
  })

  describe('taken liquidity is not taken twice', () => {
    const path: PathOptions = { ...NO_FRICTION, link: { ...NO_FRICTION.link, delayNs: 250 * US, returnDelayNs: 250 * US } }
    const buyersAt = (...ms: number[]) =>
      ms.map((startMs, parentId) => parent({ parentId, startNs: startMs * MS, endNs: 900 * MS, quantityLots: 6 }))
    const take = (rows: string, ...ms: number[]): string[] => fillsOf(run({ markets: on(rows), parents: buyersAt(...ms), path }))
    const at = (ms: number): number => ms * MS + 250 * US

    it('by the next orders, until history adds to the level', () => {
      const rows = `
        0 add bid 99 10 1
        0 add ask 101 10 2
        ${50 * MS} add ask 101 5 3`
      expect(take(rows, 1, 2, 3, 60, 61)).toEqual([`0 ${at(1)} 6@101`, `1 ${at(2)} 4@101`, `3 ${at(60)} 5@101`])
    })

    it('when history takes from it too: what is left on record is less than what we took', () => {
      const rows = `
        0 add bid 99 10 1
        0 add ask 101 10 2
        0 add ask 102 10 3
        ${50 * MS} execute ask 101 3 2
        ${70 * MS} execute ask 101 5 2`
      // 6 of 10 taken. After 3 are executed, 7 are on record: 1 is offered. After 5 more, 2: none.
      expect(take(rows, 1, 60, 80)).toEqual([`0 ${at(1)} 6@101`, `1 ${at(60)} 1@101`])
    })

    it('when the order goes and another comes to its price', () => {
      const rows = `
        0 add bid 99 10 1
        0 add ask 101 6 2
        0 add ask 102 10 3
        ${50 * MS} delete ask 101 6 2
        ${51 * MS} add ask 101 2 4`
      expect(take(rows, 1, 2, 60)).toEqual([`0 ${at(1)} 6@101`, `2 ${at(60)} 2@101`])
    })

    it('by a resting order of ours that it crossed', () => {
      // The seller of 6 at 50 ms gives 4 to the order that rests at 99 and 2 to the one that takes.
      const rows = `
        0 add bid 99 10 1
        0 add bid 98 10 2
        0 add ask 101 10 3
        ${40 * MS} delete bid 99 10 1
        ${50 * MS} add ask 99 6 4`
      const parents = [
        parent({ parentId: 0, startNs: MS, endNs: 900 * MS, quantityLots: 4, limitTicks: 99 }),
        parent({ parentId: 1, startNs: 60 * MS, endNs: 900 * MS, quantityLots: 6, limitTicks: 99 })
      ]
      const execution: ExecutionOptions = {
        ...PLAIN_TAKE,
        tactic: 'passive-then-take',
        takeAfterShare: 0,
        repriceTicks: 1000,
        sliceNs: 100_000 * MS
      }
      expect(fillsOf(run({ markets: on(rows), parents, path, execution }))).toEqual([`0 ${50 * MS} 4@99`, `1 ${at(60)} 2@99`])
    })
  })
})
