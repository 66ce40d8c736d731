/*
 * Whole worlds under every option of matching, on tapes by order and by price: timeline and oracle write the same ledger and its checks find
 * nothing; an impact that takes nothing more and gives nothing back changes nothing, and one that does changes what is paid.
 */
import { describe, expect, it } from 'vitest'
import { openStream } from '../../src/kernel/random.ts'
import { type MatchingOptions, PLAIN_MATCHING, SELF_MATCH_RULES } from '../../src/market/matching-options.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import type { Tape } from '../../src/market/tape.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { REASON } from '../../src/order/words.ts'
import { type Run, simulate } from '../../src/simulate.ts'
import { QUEUE_MODELS, randomPriceTape } from '../market/random-price-tape.ts'
import { randomWorld } from './random-world.ts'
import { faultsOf } from './run-checks.ts'

const SEED_COUNT = 80

function randomMatching(seed: number, spanNs: number): MatchingOptions {
  const { next } = openStream(seed, 'random-matching')
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]
  return {
    queue: one(QUEUE_MODELS),
    fills: one(['partial', 'whole']),
    selfMatch: one(SELF_MATCH_RULES),
    collar: one([null, null, { widthTicks: 0, widthBps: 0, beyond: one(['refused', 'limited'] as const) }]),
    halted: one(['rests', 'refused']),
    impact: one([null, { halfLifeNs: 1 + Math.floor(next() * spanNs), displacement: one([0, 0.5, 3]) }])
  }
}

/** The rows at times spread over those of another tape. */
function spreadOver(tape: Tape, other: Tape): Tape {
  const firstNs = other.tNs[0]
  const scale = (other.tNs[other.count - 1] - firstNs) / Math.max(1, tape.tNs[tape.count - 1] - tape.tNs[0])
  const tNs = tape.tNs.map((ns) => firstNs + Math.floor((ns - tape.tNs[0]) * scale))
  return { ...tape, tNs, header: { ...other.header, book: 'by-price' } }
}

function runs(seed: number, matching: MatchingOptions, byPrice: boolean): Run[] {
  const { tape: byOrder, world: drawn } = randomWorld(seed)
  // Every other world takes: what is only joined seldom meets a collar or an impact.
  const world = seed % 4 < 2 ? { ...drawn, execution: { ...drawn.execution, tactic: 'take' as const } } : drawn
  const tape = byPrice ? spreadOver(randomPriceTape(seed, byOrder.count), byOrder) : byOrder
  return [new TimelineMarket(buildTimeline(tape), matching), new SequentialMarket(tape, matching)].map((market) =>
    simulate({ ...world, markets: [market] })
  )
}

describe('worlds under options of matching', () => {
  it('write the same ledger on the timeline and on the oracle, and none breaks a rule', () => {
    const reasons = new Set<string>()
    let fillCount = 0
    for (let seed = 1; seed <= SEED_COUNT; seed++) {
      const { tape, world } = randomWorld(seed)
      const matching = randomMatching(seed, tape.tNs[tape.count - 1] - tape.tNs[0])
      const [indexed, replayed] = runs(seed, matching, seed % 2 === 0)
      expect(indexed.ledgerHash, `seed ${seed}: ${JSON.stringify(matching)}`).toBe(replayed.ledgerHash)
      expect(
        faultsOf(
          indexed,
          world.path.venues?.map(({ orders }) => orders)
        ),
        `seed ${seed}`
      ).toEqual([])
      const { attempts, fills } = indexed.ledger
      for (let row = 0; row < attempts.count; row++) reasons.add(REASON.names[attempts.col.reason[row]])
      fillCount += fills.count
    }
    // The worlds do something, though collars and halts refuse much of it.
    expect(fillCount).toBeGreaterThan(SEED_COUNT)
    expect([...reasons]).toEqual(expect.arrayContaining(['price-collar', 'halted']))
  })

  it('are the same without impact and with one that withdraws nothing and gives nothing back', () => {
    const still = { ...PLAIN_MATCHING, impact: { halfLifeNs: Number.POSITIVE_INFINITY, displacement: 0 } }
    let differ = 0
    for (let seed = 1; seed <= 25; seed++) {
      const [plain] = runs(seed, PLAIN_MATCHING, false)
      expect(runs(seed, still, false)[0].ledgerHash, `seed ${seed}`).toBe(plain.ledgerHash)
      const moving = { ...PLAIN_MATCHING, impact: { halfLifeNs: 1e12, displacement: 2 } }
      if (runs(seed, moving, false)[0].ledgerHash !== plain.ledgerHash) differ++
    }
    expect(differ).toBeGreaterThan(0)
  })
})
