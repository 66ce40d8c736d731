import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { burstinessIndex } from '../../src/metrics/burstiness.ts'
import { faultBurstScore } from '../../src/metrics/faults.ts'
import { absorb, addPeak, addSample, addSum, createPool, namesUnder, samplesOf } from '../../src/metrics/pool.ts'
import { collectRun, figures, summarise } from '../../src/metrics/run-metrics.ts'
import { parentResults } from '../../src/metrics/shortfall.ts'
import { addRow, CONTEXT, oneParentLedger } from './rows.ts'

const US = 1e3
const MS = 1e6
const S = 1e9

const attempt = {
  parentId: 0,
  session: 0,
  messageType: 'new',
  retryIndex: 0,
  outcome: 'accepted',
  rejectedBy: 'none',
  reason: 'none'
}

function child(ledger: Ledger, childId: number, values: Record<string, number | string> = {}): void {
  addRow(ledger.children, {
    childId,
    parentId: 0,
    venue: 0,
    session: 0,
    tactic: 'passive',
    outcome: 'filled',
    intentNs: 0,
    ...values
  })
}

describe('dispatchToWire', () => {
  it('is by venue, session and tactic, cancels apart, and counts what never reached the wire', () => {
    const ledger = oneParentLedger()
    child(ledger, 0)
    child(ledger, 1, { tactic: 'take' })
    addRow(ledger.attempts, { ...attempt, childId: 0, dispatchNs: 100, wireNs: 400 })
    addRow(ledger.attempts, { ...attempt, childId: 0, dispatchNs: 100, wireNs: 600, messageType: 'replace' })
    addRow(ledger.attempts, { ...attempt, childId: 1, dispatchNs: 100, wireNs: 1100, session: 1 })
    addRow(ledger.attempts, { ...attempt, childId: 1, dispatchNs: 100 })
    addRow(ledger.attempts, { ...attempt, childId: 1, outcome: 'held' })
    addRow(ledger.cancels, { childId: 0, venue: 0, session: 0, sendNs: 0, wireNs: 50, outcome: 'acked' })
    const { dispatchToWireNs } = summarise(ledger, CONTEXT)
    expect(dispatchToWireNs.groups['XTST/session 0/passive']).toMatchObject({ count: 2, p50: 400, max: 500 })
    expect(dispatchToWireNs.groups['XTST/session 1/take']).toMatchObject({ count: 1, p50: 1000 })
    expect(dispatchToWireNs.groups['XTST/session 0/cancel']).toMatchObject({ count: 1, p50: 50 })
    expect(dispatchToWireNs.all.count).toBe(4)
    expect(dispatchToWireNs.neverOnWireCount).toBe(1)
  })
})

describe('burstinessIndex: packets in the fullest 250 us over all packets', () => {
  it('finds a burst that straddles the windows of any tiling', () => {
    // 0, 240 and 260, 480 us, 5 ms: any tile from 0 holds two; the window that begins at 240 us holds 240, 260, 480: three of five.
    expect(burstinessIndex([0, 240 * US, 260 * US, 480 * US, 5 * MS])).toEqual({ index: 0.6, windowCountMax: 3 })
  })

  it('is half-open: packets exactly 250 us apart are not in one window', () => {
    expect(burstinessIndex([0, 250 * US, 500 * US, 750 * US]).index).toBe(0.25)
    expect(burstinessIndex([0, 250 * US - 1]).index).toBe(1)
  })

  it('lies between 1 / n and 1 and equals the plain count over all windows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 }), (times) => {
        const sorted = times.map((us) => us * US).sort((a, b) => a - b)
        const counts = sorted.map((start) => sorted.filter((at) => at >= start && at < start + 250 * US).length)
        const { index, windowCountMax } = burstinessIndex(sorted)
        expect(windowCountMax).toBe(Math.max(...counts))
        expect(index).toBeGreaterThanOrEqual(1 / sorted.length)
        expect(index).toBeLessThanOrEqual(1)
      })
    )
  })

  it('is taken per session and second, without dropped segments and seconds of too few', () => {
    const ledger = oneParentLedger()
    // Second 0 of session 0: four packets in 30 us and four spread: 4 of 8. A dropped one does not count. Session 1: three only.
    for (const us of [0, 10, 20, 30, 100_000, 200_000, 300_000, 400_000])
      addRow(ledger.segments, { session: 0, wireNs: us * US, dropped: 0 })
    addRow(ledger.segments, { session: 0, wireNs: 25 * US, dropped: 1 })
    for (const us of [0, 1, 2]) addRow(ledger.segments, { session: 1, wireNs: us * US, dropped: 0 })
    // Second 1 of session 0: all four in one window.
    for (const us of [0, 1, 2, 3]) addRow(ledger.segments, { session: 0, wireNs: S + us * US, dropped: 0 })
    const { burstinessIndex: figure } = summarise(ledger, CONTEXT)
    expect(figure.perSecond).toMatchObject({ count: 2, mean: 0.75, max: 1 })
    expect(figure.packetsPerWindowMax).toBe(4)
  })
})

describe('pacingHeadroom', () => {
  it('is what the delivery rate leaves of the cap, and says how often the pacing rate is at it', () => {
    const ledger = oneParentLedger()
    const sample = { session: 0, capBytesPerSecond: 1000, pacingBytesPerSecond: 1000, unsentBytes: 0 }
    addRow(ledger.telemetry, { ...sample, atNs: 0, deliveredBytes: 0, pacingBytesPerSecond: 600 })
    // 900 bytes in 1 s: headroom 0.1. Then 200 in half a second: 400 a second: 0.6.
    addRow(ledger.telemetry, { ...sample, atNs: S, deliveredBytes: 900, unsentBytes: 300 })
    addRow(ledger.telemetry, { ...sample, atNs: 1.5 * S, deliveredBytes: 1100 })
    // Without a cap there is no headroom to speak of; the other session has a count of its own.
    addRow(ledger.telemetry, { atNs: 2 * S, session: 1, deliveredBytes: 5, unsentBytes: 100 })
    const { pacing } = summarise(ledger, CONTEXT)
    expect(pacing).toMatchObject({ sampleCount: 4, cappedSampleCount: 3, unsentBytesMax: 300, unsentBytesMean: 100 })
    expect(pacing.headroomMean).toBeCloseTo(0.35, 12)
    expect(pacing.headroomMin).toBeCloseTo(0.1, 12)
    expect(pacing.atCapShare).toBeCloseTo(2 / 3, 12)
  })
})

describe('rejects by reason and attempt index', () => {
  it('never mixes reasons, and rates are per message sent at that index', () => {
    const ledger = oneParentLedger()
    child(ledger, 0)
    const refused = { outcome: 'rejected', childId: 0 }
    for (let i = 0; i < 4; i++) addRow(ledger.attempts, { ...attempt, childId: 0, dispatchNs: i })
    addRow(ledger.attempts, { ...attempt, ...refused, dispatchNs: 5, rejectedBy: 'throttle', reason: 'throttled' })
    addRow(ledger.attempts, { ...attempt, ...refused, dispatchNs: 6, retryIndex: 1, rejectedBy: 'throttle', reason: 'throttled' })
    addRow(ledger.attempts, { ...attempt, ...refused, dispatchNs: 7, retryIndex: 1, rejectedBy: 'gate', reason: 'risk-rate' })
    addRow(ledger.attempts, { ...attempt, ...refused, rejectedBy: 'desk', reason: 'message-rate-cap' })
    addRow(ledger.attempts, { ...attempt, childId: 0, dispatchNs: 8, outcome: 'timeout' })
    addRow(ledger.cancels, {
      childId: 0,
      retryIndex: 0,
      sendNs: 9,
      rejectNs: 10,
      outcome: 'too-late',
      rejectedBy: 'engine',
      reason: 'too-late'
    })
    const { messages } = summarise(ledger, CONTEXT)
    expect(messages.sent).toEqual({ new: 8, replace: 0, cancel: 1, total: 9 })
    expect(messages.rejects).toEqual([
      // Six sent at index 0 (4 + 1 + the timeout), two at index 1; the desk's refusal was never sent.
      { messages: 'orders', rejectedBy: 'desk', reason: 'message-rate-cap', retryIndex: 0, count: 1, rate: null },
      { messages: 'orders', rejectedBy: 'throttle', reason: 'throttled', retryIndex: 0, count: 1, rate: 1 / 6 },
      { messages: 'orders', rejectedBy: 'gate', reason: 'risk-rate', retryIndex: 1, count: 1, rate: 1 / 2 },
      { messages: 'orders', rejectedBy: 'throttle', reason: 'throttled', retryIndex: 1, count: 1, rate: 1 / 2 },
      { messages: 'cancels', rejectedBy: 'engine', reason: 'too-late', retryIndex: 0, count: 1, rate: 1 }
    ])
    expect(messages.orderRejectRate).toBe(3 / 8)
    expect(messages.rejectsByReason).toEqual({ throttled: 2, 'risk-rate': 1, 'message-rate-cap': 1, 'too-late': 1 })
    expect(messages.timeoutCount).toBe(1)
  })
})

describe('acceptance time and retry depth', () => {
  it('runs from the first intent to the acceptance, and counts the children that never were', () => {
    const ledger = oneParentLedger()
    child(ledger, 0, { intentNs: 100, acceptedNs: 400 })
    child(ledger, 1, { intentNs: 100, acceptedNs: 1100 })
    child(ledger, 2, { intentNs: 100, outcome: 'aborted' })
    child(ledger, 3, { intentNs: 100, outcome: 'rejected' })
    // Child 0 at the first try; child 1 at the third; child 2 gave up after two; child 3 was never sent. A replace is no retry.
    for (const [childId, retries] of [
      [0, 1],
      [1, 3],
      [2, 2]
    ]) {
      for (let retryIndex = 0; retryIndex < retries; retryIndex++)
        addRow(ledger.attempts, { ...attempt, childId, retryIndex, dispatchNs: 1 })
    }
    addRow(ledger.attempts, { ...attempt, childId: 0, messageType: 'replace', dispatchNs: 1 })
    const { acceptance } = summarise(ledger, CONTEXT)
    expect(acceptance.acceptanceNs).toMatchObject({ count: 2, mean: 650, max: 1000 })
    expect(acceptance.neverAccepted).toEqual({ aborted: 1, rejected: 1 })
    expect(acceptance.retryDepth).toEqual([1, 1, 1, 1])
  })
})

describe('faults', () => {
  it('totals stalls by kind, and tells those that host work met', () => {
    const ledger = oneParentLedger()
    addRow(ledger.stalls, { startNs: S, stallNs: 2 * MS, kind: 'minor', blockedNs: 0 })
    addRow(ledger.stalls, { startNs: 2 * S, stallNs: 10 * MS, kind: 'major', blockedNs: 4 * MS })
    addRow(ledger.stalls, { startNs: 3 * S, stallNs: 20 * MS, kind: 'major', blockedNs: 20 * MS })
    const { faults } = summarise(ledger, CONTEXT)
    expect(faults.stalls).toEqual({ count: 3, totalNs: 32 * MS, metCount: 2, blockedNs: 24 * MS, longestNs: 20 * MS })
    expect(faults.stallsByKind.minor).toEqual({ count: 1, totalNs: 2 * MS, metCount: 0, blockedNs: 0, longestNs: 2 * MS })
    // MJS95: h = 0.95 between 10 and 20 ms. MFR: one minor in 10 s, one in its fullest second.
    expect(faults.majorFaultServiceP95Ns).toBeCloseTo(19.5 * MS, 3)
    expect(faults.minorFaultRatePerSecond).toBeCloseTo(0.1, 12)
    expect(faults.minorFaultRatePerSecondMax1s).toBe(1)
    expect(faults.minorFaultRatePerSecondMax60s).toBeCloseTo(1 / 60, 12)
  })

  it('FBS is the variance-to-mean ratio of counts in 10 ms: 0 when even, n (1 - 1/bins) when all in one bin', () => {
    const span = { startNs: 0, endNs: 100 * MS }
    const even = Array.from({ length: 10 }, (_, i) => i * 10 * MS + 5)
    expect(faultBurstScore(even, span)).toBeCloseTo(0, 12)
    // Ten in one of ten bins: mean 1, variance 100/10 - 1 = 9.
    expect(
      faultBurstScore(
        Array.from({ length: 10 }, () => 55 * MS),
        span
      )
    ).toBeCloseTo(9, 12)
    expect(faultBurstScore([], span)).toBeNaN()
  })

  it('DGL counts the pause and not the rush after it', () => {
    // Schedule every second; the third child was held by a stall for 0.8 s, the fourth was in time: gaps 1, 1.8, 0.2 of 1, 1, 1.
    const ledger = oneParentLedger()
    for (const [childId, at] of [0, 1, 2.8, 3].entries()) {
      child(ledger, childId, { scheduledNs: childId * S })
      addRow(ledger.attempts, { ...attempt, childId, dispatchNs: at * S })
    }
    const { faults } = summarise(ledger, CONTEXT)
    expect(faults.dispatchGapLift).toBeCloseTo(0.8 / 3, 12)
    expect(faults.dispatchGapExcessNs).toMatchObject({ count: 3, max: expect.closeTo(0.8 * S, 3), mean: expect.closeTo(0, 3) })
  })
})

describe('controllers', () => {
  it('occupancy adds up to one, from the first state to the end of the run', () => {
    const ledger = oneParentLedger()
    const throttle = { controller: 'throttle', feature: 'rho' }
    addRow(ledger.transitions, { ...throttle, atNs: 4 * S, from: 'GREEN', to: 'RED', value: 1, threshold: 1 })
    addRow(ledger.transitions, { ...throttle, atNs: 6 * S, from: 'RED', to: 'GREEN', value: 0, threshold: 1 })
    addRow(ledger.telemetry, { atNs: 0, session: 0, cancelState: 'CLEAR' })
    const { controllers } = summarise(ledger, CONTEXT)
    expect(controllers.throttle).toMatchObject({
      occupancy: { GREEN: 0.8, RED: 0.2 },
      transitionCount: 2,
      transitionsPerMinute: 12
    })
    expect(controllers.cancel).toMatchObject({ occupancy: { CLEAR: 1 }, transitionCount: 0, transitionsPerMinute: 0 })
    expect(controllers.fault).toBeUndefined()
  })

  it('flapping shows as the shortest stay between two transitions; operator alerts are counted', () => {
    const ledger = oneParentLedger()
    const throttle = { controller: 'throttle', feature: 'rho', value: 1, threshold: 1 }
    addRow(ledger.transitions, { ...throttle, atNs: 1 * S, from: 'GREEN', to: 'AMBER' })
    addRow(ledger.transitions, { ...throttle, atNs: 5 * S, from: 'AMBER', to: 'RED' })
    addRow(ledger.transitions, { ...throttle, atNs: 8 * S, from: 'RED', to: 'SAFE', alert: 1 })
    addRow(ledger.transitions, { controller: 'fault', atNs: 3 * S, from: 'GREEN_FAULT_CLEAN', to: 'AMBER_FAULT_WARMING' })
    const { controllers } = summarise(ledger, CONTEXT)
    expect(controllers.throttle).toMatchObject({ shortestDwellNs: 3 * S, alertCount: 1 })
    // A stay that only the end of the run ended is not known to be short.
    expect(controllers.fault).toMatchObject({ shortestDwellNs: null, alertCount: 0 })
  })
})

describe('queue rank', () => {
  it('QRT is mean rank loss times the share of replaces that filled before the next reprice', () => {
    const ledger = oneParentLedger()
    child(ledger, 0)
    const replace = { ...attempt, messageType: 'replace', childId: 0 }
    // Loses 30 and is repriced at 3 s before it fills; loses 10 and fills at 4 s. Mean 20, share 1/2.
    addRow(ledger.attempts, { ...replace, dispatchNs: S, engineNs: S, lotsAheadBefore: 10, lotsAheadAfter: 40 })
    addRow(ledger.attempts, { ...replace, dispatchNs: 3 * S, engineNs: 3 * S, lotsAheadBefore: 5, lotsAheadAfter: 15 })
    addRow(ledger.fills, {
      parentId: 0,
      childId: 0,
      venue: 0,
      side: 1,
      fillNs: 4 * S,
      priceTicks: 1,
      lots: 1,
      liquidity: 'maker'
    })
    const { queueRank } = summarise(ledger, CONTEXT)
    expect(queueRank).toMatchObject({ replaceCount: 2, rankLossLotsMean: 20, fillBeforeRepriceShare: 0.5, queueResetTaxLots: 10 })
  })

  it('QAD compares the joins that a stall delayed with the others', () => {
    const ledger = oneParentLedger()
    for (const [childId, ahead] of [10, 20, 90].entries()) {
      child(ledger, childId, { scheduledNs: childId * S })
      addRow(ledger.attempts, { ...attempt, childId, dispatchNs: childId * S + 100 * MS, lotsAheadAfter: ahead })
    }
    // Blocks the third child only; the stall at 1 s passed idle.
    addRow(ledger.stalls, { startNs: S, stallNs: 50 * MS, kind: 'minor', blockedNs: 0 })
    addRow(ledger.stalls, { startNs: 2 * S - MS, stallNs: 50 * MS, kind: 'major', blockedNs: 49 * MS })
    expect(summarise(ledger, CONTEXT).queueRank).toMatchObject({ delayedJoinCount: 1, queueAgeDecayLots: 75 })
  })
})

describe('queue-loss proxy (QLP)', () => {
  it('compares fills of messages that were late and crowded with those that were neither', () => {
    // Four buys at 100, mids after 1 s: late and crowded 99 (-100 bps); prompt and alone 101 and 100 (+100, 0); late but alone 90: in neither mean.
    const ledger = oneParentLedger()
    const cases = [
      { wireNs: S, delay: 10 * MS, mid: 198, packets: [S - 100 * US, S - 50 * US] },
      { wireNs: 2 * S, delay: MS, mid: 202, packets: [] },
      { wireNs: 3 * S, delay: MS, mid: 200, packets: [] },
      { wireNs: 4 * S, delay: 10 * MS, mid: 180, packets: [4 * S - 300 * US] }
    ]
    for (const [childId, { wireNs, delay, mid, packets }] of cases.entries()) {
      child(ledger, childId)
      addRow(ledger.attempts, { ...attempt, childId, dispatchNs: wireNs - delay, wireNs })
      for (const at of [...packets, wireNs]) addRow(ledger.segments, { session: 0, wireNs: at, dropped: 0 })
      const fill = { parentId: 0, childId, venue: 0, side: 1, priceTicks: 100, lots: 1, liquidity: 'maker' }
      addRow(ledger.fills, { ...fill, fillNs: wireNs + 1, mid1sHalfTicks: mid })
    }
    // E[late, crowded] = -100, E[prompt, alone] = 50.
    const { queueLoss } = summarise(ledger, CONTEXT)
    expect(queueLoss).toMatchObject({ distortedCount: 1, cleanCount: 2, queueLossProxyBps: expect.closeTo(-150, 9) })
  })
})

describe('pooling runs', () => {
  it('joins samples, adds sums and keeps the largest peak, whatever the order', () => {
    const a = createPool()
    const b = createPool()
    for (let i = 0; i < 100; i++) addSample(i < 30 ? a : b, 'x', i)
    addSum(a, 'n/one', 1)
    addSum(b, 'n/one', 2)
    addSum(b, 'n/two', 5)
    addPeak(a, 'p', -3)
    addPeak(b, 'p', -7)
    const joined = createPool()
    absorb(joined, b)
    absorb(joined, a)
    expect([...samplesOf(joined, 'x')].sort((x, y) => x - y)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(namesUnder(joined.sums, 'n/').map((name) => joined.sums.get(`n/${name}`))).toEqual([3, 5])
    expect(joined.peaks.get('p')).toBe(-3)
    expect(samplesOf(a, 'x').length).toBe(30)
  })

  it('gives a run that is pooled with itself the same rates, means and quantile of medians, and twice the counts', () => {
    const ledger = oneParentLedger()
    child(ledger, 0, { acceptedNs: 5 })
    addRow(ledger.attempts, { ...attempt, childId: 0, dispatchNs: 0, wireNs: 7 })
    addRow(ledger.cancels, {
      childId: 0,
      venue: 0,
      session: 0,
      sendNs: S,
      ackNs: 2 * S,
      outcome: 'acked',
      openLots: 4,
      bidTicks: 1,
      askTicks: 3,
      bidLots: 1,
      askLots: 1
    })
    addRow(ledger.fills, {
      parentId: 0,
      childId: 0,
      venue: 0,
      side: 1,
      fillNs: 1.5 * S,
      priceTicks: 10000,
      lots: 2,
      liquidity: 'maker'
    })
    const twice = createPool()
    collectRun(ledger, CONTEXT, twice)
    collectRun(ledger, CONTEXT, twice)
    const once = summarise(ledger, CONTEXT)
    const pooled = figures([parentResults(ledger, CONTEXT), parentResults(ledger, CONTEXT)], twice)
    expect(pooled.cancels).toMatchObject({
      requestCount: 2,
      staleFillRatio: once.cancels.staleFillRatio,
      pendingCancelNotionalMax: once.cancels.pendingCancelNotionalMax,
      pendingCancelNotionalMean: once.cancels.pendingCancelNotionalMean
    })
    expect(pooled.dispatchToWireNs.all).toMatchObject({ count: 2, p50: 7 })
    expect(pooled.completion).toBe(once.completion)
  })

  it('of an empty ledger gives nulls and zeros, never NaN, and survives JSON', () => {
    const empty = summarise(oneParentLedger({ quantityLots: 1 }), CONTEXT)
    expect(JSON.parse(JSON.stringify(empty))).toEqual(empty)
  })
})
