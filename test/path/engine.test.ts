/*
 * The engine's priority rules, on a recorded level: 5 lots stand at 100 before the own order of 4 joins, 7 join behind it later. A replace that
 * keeps its place has 5 ahead, one that rejoins has 12.
 */
import { describe, expect, it } from 'vitest'
import { createLedger } from '../../src/ledger/ledger.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { ENGINE, Engine } from '../../src/path/engine.ts'
import { FeedClock } from '../../src/path/feed-clock.ts'
import type { OrderRules } from '../../src/path/options.ts'
import { FIX_ORDERS, NO_LINK } from '../../src/scenario/path-presets.ts'
import { drawTape, MARKETS } from '../simulate/worlds.ts'
import { Rig, Sink } from './stage-rig.ts'

const TAPE = `
  1 add bid 100 5 1
  1 add ask 103 5 2
  20 add bid 100 7 3
  20 add bid 99 6 4`

/** Lots ahead before and after a replace of the own order, and the open lots the confirmation tells. */
function replaced(lots: number, priceTicks: number, rules: Partial<OrderRules> = {}): number[] {
  const rig = new Rig()
  const ledger = createLedger()
  const market = MARKETS.sequential(drawTape(TAPE))
  const { simulation, messages, reports } = rig
  simulation.addSource(market)
  const engine = new Engine(
    simulation,
    market,
    { messages, reports, ledger },
    0,
    new FeedClock(NO_LINK, new ClampSchedule([]), 1),
    {
      ...FIX_ORDERS,
      ...rules
    }
  )
  const target = simulation.register(engine)
  const host = new Sink(simulation)
  engine.connect(target, { answer: host.hop(), touch: host.hop() })
  ledger.children.add()
  for (const fields of [
    { type: 'new', lots: 4, priceTicks: 100 },
    { type: 'replace', lots, priceTicks }
  ] as const) {
    const row = ledger.attempts.add()
    const message = rig.message({ ...fields, child: 0 })
    messages.ledgerRow.values[message] = row
    rig.send(row === 0 ? 10 : 30, target, ENGINE.message, message)
  }
  rig.run()
  const { lotsAheadBefore, lotsAheadAfter } = ledger.attempts.col
  return [lotsAheadBefore[1], lotsAheadAfter[1], reports.leavesLots.values[reports.count - 1]]
}

describe('a replaced order', () => {
  it('keeps its place when only its size goes down (CME)', () => {
    expect(replaced(2, 100)).toEqual([5, 5, 2])
    expect(replaced(4, 100)).toEqual([5, 5, 4])
  })

  it('loses it when its size goes up', () => {
    expect(replaced(6, 100)).toEqual([5, 12, 6])
  })

  it('loses it when its price changes, and stands behind what is there', () => {
    expect(replaced(4, 99)).toEqual([5, 6, 4])
    expect(replaced(2, 101)).toEqual([5, 0, 2])
  })

  it('loses it at every replace on a venue that stamps anew (OUCH)', () => {
    expect(replaced(2, 100, { sizeDownKeepsPriority: false })).toEqual([5, 12, 2])
  })
})
