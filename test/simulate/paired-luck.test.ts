/*
 * Switching one friction off leaves all other luck as it was: weather is a function of the seed and time, the luck of one order of the seed,
 * its parent, its number among the parent's children and its attempt. So worlds that differ in one friction can be compared pair by pair.
 */
import { describe, expect, it } from 'vitest'
import { CONTROL_OFF } from '../../src/control/presets.ts'
import { MESSAGE_TYPE, REASON } from '../../src/order/words.ts'
import type { PathOptions } from '../../src/path/options.ts'
import { BASELINE } from '../../src/policy/presets.ts'
import { NO_HAZARD, NO_LINK, PATH_PRESETS, RETRY_PRESETS } from '../../src/scenario/path-presets.ts'
import { STALL_PRESETS } from '../../src/scenario/stall-presets.ts'
import { THROTTLE_OFF } from '../../src/scenario/venue-throttles.ts'
import { type Run, simulate } from '../../src/simulate.ts'
import { stretchedTape } from './random-world.ts'
import { MARKETS, parent } from './worlds.ts'

const MS = 1_000_000
const SEEDS = [1, 2, 3, 4, 5, 6]
const { colo } = PATH_PRESETS

/** Everything is on. The hazard is the same for every message, so a stress reject is luck alone. */
const FULL: PathOptions = {
  ...colo,
  link: { ...colo.link, jitter: { law: 'exponential', meanNs: 5_000 } },
  host: { ...colo.host, stalls: STALL_PRESETS['storm-file'] },
  sessions: colo.sessions.map((session) => ({ ...session, maxPacingRateBytesPerSecond: 60_000 })),
  gate: { ...colo.gate, hazard: { ...NO_HAZARD, intercept: -1 } },
  gateway: {
    ...colo.gateway,
    backgroundLoad: 0.5,
    throttle: { ...THROTTLE_OFF, window: 'sliding', limit: 6, windowNs: 20 * MS }
  },
  retry: { ...RETRY_PRESETS.backoff, ackTimeoutNs: Number.POSITIVE_INFINITY }
}

/** One friction taken away. */
const WITHOUT: Readonly<Record<string, PathOptions>> = {
  throttle: { ...FULL, gateway: { ...FULL.gateway, throttle: THROTTLE_OFF } },
  stalls: { ...FULL, host: { ...FULL.host, stalls: { kind: 'none' } } },
  'the stress hazard': { ...FULL, gate: { ...FULL.gate, hazard: NO_HAZARD } },
  'strangers at the gateway': { ...FULL, gateway: { ...FULL.gateway, backgroundLoad: 0 } },
  'strangers at the ack server': { ...FULL, acks: { ...FULL.acks, backgroundLoad: 0 } },
  'the way to the venue': { ...FULL, link: NO_LINK },
  'the pacing cap': {
    ...FULL,
    sessions: FULL.sessions.map((session) => ({ ...session, maxPacingRateBytesPerSecond: Number.POSITIVE_INFINITY }))
  },
  retries: { ...FULL, retry: { ...FULL.retry, attemptCountMax: 1 } }
}

/** Six parents that overlap, or those of them that are `kept`. */
function runOf(path: PathOptions, seed: number, kept: (parentId: number) => boolean = () => true): Run {
  const tape = stretchedTape(seed, 100_000, 600)
  const spanNs = tape.tNs[tape.count - 1] - tape.tNs[0]
  const parents = [0, 1, 2, 3, 4, 5].filter(kept).map((parentId) => {
    const startNs = tape.tNs[0] + Math.floor((spanNs * parentId) / 20)
    return parent({
      parentId,
      side: parentId % 2 === 0 ? 1 : -1,
      quantityLots: 60,
      startNs,
      endNs: startNs + Math.floor(spanNs / 2)
    })
  })
  const execution = { ...BASELINE, sliceNs: Math.floor(spanNs / 20), childLotsMax: 3, finishNs: Math.floor(spanNs / 20) }
  return simulate({
    seed,
    markets: [MARKETS.timeline(tape)],
    parents,
    path,
    execution,
    control: CONTROL_OFF,
    eventCountMax: 1_000_000
  })
}

/** Rows of attempts by what they are: parent, number among the parent's children, attempt. New orders only. */
function attemptsOf({ ledger: { attempts, children } }: Run): ReadonlyMap<string, number> {
  const numberOf: number[] = []
  const seen = new Map<number, number>()
  for (let child = 0; child < children.count; child++) {
    const parentId = children.col.parentId[child]
    numberOf[child] = seen.get(parentId) ?? 0
    seen.set(parentId, numberOf[child] + 1)
  }
  const rows = new Map<string, number>()
  const { col } = attempts
  for (let row = 0; row < attempts.count; row++) {
    if (col.messageType[row] !== MESSAGE_TYPE.of.new) continue
    rows.set(`${col.parentId[row]}/${numberOf[col.childId[row]]}/${col.retryIndex[row]}`, row)
  }
  return rows
}

/** What `read` says of the attempts that are in both runs; attempts of which it says nothing in one of them are left out. */
function inBoth<T>(one: Run, other: Run, read: (run: Run, row: number) => T | undefined): [string, T, T][] {
  const others = attemptsOf(other)
  const found: [string, T, T][] = []
  for (const [key, row] of attemptsOf(one)) {
    const otherRow = others.get(key)
    if (otherRow === undefined) continue
    const [a, b] = [read(one, row), read(other, otherRow)]
    if (a !== undefined && b !== undefined) found.push([key, a, b])
  }
  return found
}

const stressed = ({ ledger: { attempts } }: Run, row: number): boolean | undefined =>
  Number.isNaN(attempts.col.gateNs[row]) ? undefined : attempts.col.reason[row] === REASON.of['risk-stress']

/** From the answer that was read to the next attempt. */
function backoffNs(run: Run, row: number): number | undefined {
  const { intentNs, retryIndex, childId } = run.ledger.attempts.col
  if (retryIndex[row] === 0) return undefined
  let before = row - 1
  while (childId[before] !== childId[row] || retryIndex[before] !== retryIndex[row] - 1) before--
  return intentNs[row] - run.ledger.attempts.col.ackNs[before]
}

const full = new Map(SEEDS.map((seed) => [seed, runOf(FULL, seed)]))
const fullOf = (seed: number): Run => full.get(seed) ?? runOf(FULL, seed)

for (const [friction, path] of Object.entries(WITHOUT)) {
  describe(`without ${friction}`, () => {
    const pairs = SEEDS.map((seed) => [fullOf(seed), runOf(path, seed)] as const)

    it('the run is another one', () => {
      for (const [one, other] of pairs) expect(one.ledgerHash).not.toBe(other.ledgerHash)
    })

    it.skipIf(friction === 'stalls')('stalls that both meet are the same', () => {
      let metByBoth = 0
      let met = 0
      for (const [one, other] of pairs) {
        const { col, count } = other.ledger.stalls
        const rows = new Map(Array.from({ length: count }, (_, row) => [col.startNs[row], row]))
        const stalls = one.ledger.stalls
        met += stalls.count
        for (let row = 0; row < stalls.count; row++) {
          const otherRow = rows.get(stalls.col.startNs[row])
          if (otherRow === undefined) continue
          metByBoth++
          expect([col.stallNs[otherRow], col.kind[otherRow]]).toEqual([stalls.col.stallNs[row], stalls.col.kind[row]])
        }
      }
      expect(met).toBeGreaterThan(100)
      expect(metByBoth).toBeGreaterThan(met / 10)
    })

    it.skipIf(friction === 'the stress hazard')('the gate refuses the same attempts for stress', () => {
      const shared = pairs.flatMap(([one, other]) => inBoth(one, other, stressed))
      expect(shared.length).toBeGreaterThan(200)
      expect(shared.filter(([, one]) => one).length).toBeGreaterThan(40)
      expect(shared.filter(([, one, another]) => one !== another)).toEqual([])
    })

    it.skipIf(['retries', 'stalls', 'the stress hazard'].includes(friction))('the same retries wait for the same time', () => {
      // On a host that reads an answer and sends again in no time, so that a wait is the backoff alone.
      const atOnce = (options: PathOptions): PathOptions => ({ ...options, host: PATH_PRESETS.ideal.host })
      const shared = SEEDS.flatMap((seed) => inBoth(runOf(atOnce(FULL), seed), runOf(atOnce(path), seed), backoffNs))
      expect(shared.length).toBeGreaterThan(20)
      expect(new Set(shared.map(([, one]) => one)).size).toBeGreaterThan(10)
      expect(shared.filter(([, one, another]) => one !== another)).toEqual([])
    })
  })
}

describe('without another parent', () => {
  it('the luck of those that are left is the same, though all their children have other numbers in the run', () => {
    const shared = SEEDS.flatMap((seed) =>
      inBoth(
        fullOf(seed),
        runOf(FULL, seed, (parentId) => parentId !== 0),
        stressed
      )
    )
    expect(shared.length).toBeGreaterThan(200)
    expect(shared.filter(([, one]) => one).length).toBeGreaterThan(40)
    expect(shared.filter(([, one, another]) => one !== another)).toEqual([])
  })
})
