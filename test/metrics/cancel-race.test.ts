import { describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts'
import { summarise } from '../../src/metrics/run-metrics.ts'
import { addRow, CONTEXT, HEADER, oneParentLedger } from './rows.ts'

const MS = 1e6
const S = 1e9

/** Touch 99.99 x 100.01: mid 100.00 = 20000 half ticks = 100.00 in currency per lot. */
const TOUCH = { bidTicks: 9999, askTicks: 10001, bidLots: 5, askLots: 5 }
const cancel = { parentId: 0, venue: 0, session: 0, side: 1, retryIndex: 0, outcome: 'acked', ...TOUCH }
const child = { parentId: 0, venue: 0, session: 0, priceTicks: 9999, tactic: 'passive' }
const fill = { parentId: 0, venue: 0, side: 1, priceTicks: 9999, liquidity: 'maker' }

function cancelsOf(ledger: Ledger) {
  return summarise(ledger, CONTEXT).cancels
}

describe('cancel-ack latency (CAL)', () => {
  it('is from send to the reading of the ack, over acked cancels only, by venue and session', () => {
    const ledger = oneParentLedger()
    for (const [i, ms] of [10, 20, 30].entries()) {
      addRow(ledger.children, { ...child, childId: i })
      addRow(ledger.cancels, {
        ...cancel,
        cancelId: i,
        childId: i,
        session: i === 2 ? 1 : 0,
        sendNs: S,
        ackNs: S + ms * MS,
        openLots: 1
      })
    }
    addRow(ledger.cancels, {
      ...cancel,
      cancelId: 3,
      childId: 0,
      sendNs: S,
      rejectNs: S + 90 * MS,
      outcome: 'too-late',
      openLots: 1
    })
    addRow(ledger.cancels, { ...cancel, cancelId: 4, childId: 1, sendNs: S, outcome: 'unanswered', openLots: 1 })
    const figures = cancelsOf(ledger)
    // Sorted 10, 20, 30: h = 2 p: p50 = 20, p90 = 20 + 0.8 * 10 = 28, p99 = 29.8.
    expect(figures.cancelAckLatencyNs).toMatchObject({ count: 3, p50: 20 * MS, p90: 28 * MS, p99: expect.closeTo(29.8 * MS, 3) })
    expect(figures.cancelAckLatencyNsGroups['XTST/session 0']).toMatchObject({ count: 2, p50: 15 * MS })
    expect(figures.cancelAckLatencyNsGroups['XTST/session 1']).toMatchObject({ count: 1, p50: 30 * MS })
    expect(figures.outcomes).toEqual({ acked: 3, 'too-late': 1, unanswered: 1 })
  })

  it('names venues by number when two have one name', () => {
    const ledger = oneParentLedger()
    addRow(ledger.cancels, { ...cancel, venue: 1, childId: 0, sendNs: S, ackNs: 2 * S, openLots: 1 })
    const { cancels } = summarise(ledger, { headers: [HEADER, HEADER], sessionNames: ['fast'] })
    expect(Object.keys(cancels.cancelAckLatencyNsGroups)).toEqual(['venue 1/fast'])
  })
})

describe('stale fill ratio (SFR)', () => {
  it('counts fills strictly between send and ack, each once, over cancels sent', () => {
    // Sent at 1 s, ack read at 2 s. Fills at 1 s (no), 1.5 s (yes), 2 s (no), 3 s (no), and of another child at 1.5 s (no).
    const ledger = oneParentLedger()
    addRow(ledger.children, { ...child, childId: 0 })
    addRow(ledger.children, { ...child, childId: 1 })
    addRow(ledger.cancels, { ...cancel, childId: 0, sendNs: S, ackNs: 2 * S, openLots: 50 })
    for (const at of [1, 1.5, 2, 3]) addRow(ledger.fills, { ...fill, childId: 0, fillNs: at * S, lots: 7 })
    addRow(ledger.fills, { ...fill, childId: 1, fillNs: 1.5 * S, lots: 7 })
    expect(cancelsOf(ledger)).toMatchObject({ staleFillCount: 1, staleFillLots: 7, requestCount: 1, staleFillRatio: 1 })
  })

  it('counts a fill under two overlapping requests once, and one that ended a too-late cancel', () => {
    // Child 0: refused at 1.2 s, sent again at 1.1 s already, acked at 2 s: pending 1 s to 2 s without a break.
    const ledger = oneParentLedger()
    addRow(ledger.children, { ...child, childId: 0 })
    addRow(ledger.children, { ...child, childId: 1 })
    const refused = { rejectedBy: 'throttle', reason: 'throttled', outcome: 'rejected' }
    addRow(ledger.cancels, { ...cancel, ...refused, childId: 0, sendNs: S, rejectNs: 1.2 * S, openLots: 9 })
    addRow(ledger.cancels, { ...cancel, childId: 0, retryIndex: 1, sendNs: 1.1 * S, ackNs: 2 * S, openLots: 9 })
    addRow(ledger.fills, { ...fill, childId: 0, fillNs: 1.15 * S, lots: 1 })
    addRow(ledger.fills, { ...fill, childId: 0, fillNs: 1.25 * S, lots: 1 })
    addRow(ledger.cancels, { ...cancel, childId: 1, sendNs: S, rejectNs: 4 * S, outcome: 'too-late', openLots: 3 })
    addRow(ledger.fills, { ...fill, childId: 1, fillNs: 3 * S, lots: 3 })
    expect(cancelsOf(ledger)).toMatchObject({ staleFillCount: 3, requestCount: 3, staleFillRatio: 1 })
  })

  it('counts every fill after a cancel that was never answered, and none after another request ended it', () => {
    const ledger = oneParentLedger()
    addRow(ledger.cancels, { ...cancel, childId: 0, sendNs: S, outcome: 'unanswered', openLots: 9 })
    addRow(ledger.fills, { ...fill, childId: 0, fillNs: 8 * S, lots: 1 })
    expect(cancelsOf(ledger).staleFillCount).toBe(1)
    addRow(ledger.cancels, { ...cancel, childId: 0, sendNs: 2 * S, ackNs: 3 * S, openLots: 9 })
    expect(cancelsOf(ledger).staleFillCount).toBe(0)
  })

  it('says null, not 0, without any cancel', () => {
    expect(cancelsOf(oneParentLedger())).toMatchObject({ staleFillRatio: null, requestCount: 0, pendingCancelNotionalMax: 0 })
  })
})

describe('pending-cancel notional (PCN) and backlog pressure (CBP)', () => {
  /** Run of 10 s. Child 0 pending 1-3 s with 10 lots, child 1 pending 2-4 s with 20 lots of which 5 fill at 2.5 s. */
  function twoPending(): Ledger {
    const ledger = oneParentLedger()
    for (const childId of [0, 1]) addRow(ledger.children, { ...child, childId })
    addRow(ledger.cancels, { ...cancel, childId: 0, sendNs: S, ackNs: 3 * S, openLots: 10 })
    addRow(ledger.cancels, { ...cancel, childId: 1, sendNs: 2 * S, ackNs: 4 * S, openLots: 20 })
    addRow(ledger.fills, { ...fill, childId: 1, fillNs: 2.5 * S, lots: 5 })
    return ledger
  }

  it('peaks when both are pending and is averaged over time, the stale fill taken off', () => {
    const figures = cancelsOf(twoPending())
    // Mid 100.00: 1-2 s 1000, 2-2.5 s 3000, 2.5-3 s 2500, 3-4 s 1500. Integral 1000 + 1500 + 1250 + 1500 = 5250 over 10 s.
    expect(figures.pendingCancelNotionalMax).toBeCloseTo(3000, 6)
    expect(figures.pendingCancelNotionalMean).toBeCloseTo(525, 6)
    expect(figures.pendingCancelCountMax).toBe(2)
  })

  it('is seconds to drain at the rate of answers of the last second, at least one', () => {
    const figures = cancelsOf(twoPending())
    // Answers never exceed one in a second, so CBP = pending: 1 for 1-2 s, 2 for 2-3 s, 1 for 3-4 s: 4 s over 10 s.
    expect(figures.cancelBacklogPressureSecondsMax).toBe(2)
    expect(figures.cancelBacklogPressureSecondsMean).toBeCloseTo(0.4, 12)
  })

  it('falls as answers come faster', () => {
    // Four cancels sent at 1 s, answered at 2.0, 2.1, 2.2 and 2.3 s. Pending 4 for 1 s; then 3/1, 2/2, 1/3 for 0.1 s each.
    const ledger = oneParentLedger()
    for (let i = 0; i < 4; i++)
      addRow(ledger.cancels, { ...cancel, childId: i, sendNs: S, ackNs: 2 * S + i * 100 * MS, openLots: 1 })
    const figures = cancelsOf(ledger)
    expect(figures.cancelBacklogPressureSecondsMax).toBe(4)
    expect(figures.cancelBacklogPressureSecondsMean).toBeCloseTo((4 + 0.3 + 0.1 + 0.1 / 3) / 10, 9)
  })

  it('counts an order once however many requests are pending, and does not add a hand-over at one instant', () => {
    const ledger = oneParentLedger()
    for (const childId of [0, 1]) addRow(ledger.children, { ...child, childId })
    addRow(ledger.cancels, { ...cancel, childId: 0, sendNs: S, rejectNs: 3 * S, outcome: 'rejected', openLots: 10 })
    addRow(ledger.cancels, { ...cancel, childId: 0, sendNs: 2 * S, ackNs: 4 * S, openLots: 10 })
    addRow(ledger.cancels, { ...cancel, childId: 1, sendNs: 4 * S, ackNs: 5 * S, openLots: 10 })
    const figures = cancelsOf(ledger)
    expect(figures.pendingCancelNotionalMax).toBeCloseTo(1000, 6)
    expect(figures.pendingCancelCountMax).toBe(1)
    expect(figures.pendingCancelNotionalMean).toBeCloseTo(400, 6)
  })

  it('marks at the order price without a two-sided touch, and counts what cannot be marked', () => {
    const ledger = oneParentLedger()
    addRow(ledger.children, { ...child, childId: 0, priceTicks: 5000 })
    addRow(ledger.cancels, { ...cancel, childId: 0, bidLots: 0, bidTicks: 0, sendNs: S, ackNs: 2 * S, openLots: 10 })
    addRow(ledger.cancels, { ...cancel, childId: 7, bidLots: 0, bidTicks: 0, sendNs: S, ackNs: 2 * S, openLots: 10 })
    expect(cancelsOf(ledger)).toMatchObject({ pendingCancelNotionalMax: 500, unmarkedCount: 1 })
  })
})

describe('markouts', () => {
  it('weigh by notional, have the sign of the side, and tell makers, takers and stale fills apart', () => {
    const ledger = createLedger()
    const base = { parentId: 0, childId: 0, venue: 0, fillNs: 1, lots: 10, priceTicks: 100 }
    addRow(ledger.parents, {
      parentId: 0,
      venue: 0,
      side: 1,
      quantityLots: 20,
      startNs: 0,
      endNs: 9,
      decisionMidHalfTicks: 200,
      endMidHalfTicks: 200
    })
    // A maker buys at 100, mid 99 after 1 s (198 half ticks): -100 bps. A taker sells 30 at 100, mid 98 (196): +200 bps.
    addRow(ledger.fills, {
      ...base,
      side: 1,
      liquidity: 'maker',
      mid1sHalfTicks: 198,
      mid100msHalfTicks: 200,
      mid10sHalfTicks: 210
    })
    addRow(ledger.fills, { ...base, side: -1, lots: 30, liquidity: 'taker', mid1sHalfTicks: 196, mid100msHalfTicks: 200 })
    const { markoutBps } = summarise(ledger, CONTEXT)
    expect(markoutBps.maker['1s']).toBeCloseTo(-100, 9)
    expect(markoutBps.taker['1s']).toBeCloseTo(200, 9)
    // (-100 * 10 + 200 * 30) / 40 = 125.
    expect(markoutBps.all['1s']).toBeCloseTo(125, 9)
    expect(markoutBps.maker['10s']).toBeCloseTo(500, 9)
    expect(markoutBps.stale).toMatchObject({ fillCount: 0, '1s': null })
    expect(markoutBps.unmarkedCount).toBe(1)
  })
})
