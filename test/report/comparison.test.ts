import { describe, expect, it } from 'vitest'
import { summarise } from '../../src/metrics/run-metrics.ts'
import { comparisonReport, REPORT_WIDTH, verdictOf } from '../../src/report/comparison.ts'
import { runReport } from '../../src/report/run.ts'
import { CONTEXT } from '../metrics/rows.ts'
import { madeComparison, madeRun } from './made-comparison.ts'

const CONTEXT_OF_REPORT = { market: 'TEST on XTST, 2024-01-02', command: 'tailtax compare scenarios/made.yaml' }
const linesOf = (text: string): string[] => text.split('\n')
/** The cells of the line that begins with `label`. */
const cells = (text: string, label: string): string[] =>
  (linesOf(text).find((line) => line.trimStart().startsWith(label)) ?? '').trim().split(/ {2,}/)

describe('verdicts in plain words', () => {
  it('need the whole interval on one side of zero', () => {
    expect(verdictOf({ delta: -2, low: -3, high: -1 }, true)).toBe('better')
    expect(verdictOf({ delta: 2, low: 1, high: 3 }, true)).toBe('worse')
    expect(verdictOf({ delta: -2, low: -5, high: 1 }, true)).toBe('no difference shown')
    expect(verdictOf({ delta: -2, low: -5, high: 0 }, true)).toBe('no difference shown')
  })

  it('turn round where more is better', () => {
    expect(verdictOf({ delta: 0.1, low: 0.05, high: 0.2 }, false)).toBe('better')
    expect(verdictOf({ delta: -0.1, low: -0.2, high: -0.05 }, false)).toBe('worse')
  })

  it('say when there is nothing to judge', () => {
    expect(verdictOf({ delta: 0, low: 0, high: 0 }, true)).toBe('the same')
    expect(verdictOf({ delta: -2, low: null, high: null }, true)).toBe('no interval')
    expect(verdictOf({ delta: null, low: null, high: null }, true)).toBe('no data')
  })
})

describe('the report of a comparison', () => {
  // Parents pay k + seed ticks of 100.00, k = 0..3, seeds 1..5; the controlled policy 3 ticks less. One tick is 1 bps.
  // 20 values k + seed: mean 1.5 + 3 = 4.5; p95: h = 18.05 between 7 and 8 (the two largest are 7, 8): 7.05; CVaR95: the worst one, 8.
  const text = comparisonReport(
    madeComparison([1, 2, 3, 4, 5], () => 3),
    CONTEXT_OF_REPORT
  )

  it('says what was compared, what each paid and whether that is a difference', () => {
    expect(linesOf(text)[0]).toBe('made: 4 parents x 5 seeds, TEST on XTST, 2024-01-02')
    expect(cells(text, 'mean ')).toEqual(['mean', '4.50', '1.50', '-3.00', '[-3.00, -3.00]', 'better'])
    expect(cells(text, 'p95 ')).toEqual(['p95', '7.05', '4.05', '-3.00', '[-3.00, -3.00]', 'better'])
    expect(cells(text, 'CVaR95 ')).toEqual(['CVaR95', '8.00', '5.00', '-3.00', '[-3.00, -3.00]', 'better'])
    expect(cells(text, 'completion ')).toEqual(['completion', '100.00 %', '100.00 %', '0.00 pp', '[0.00, 0.00]', 'the same'])
    expect(text).toContain('controlled paid less in 100.0 % of 20 pairs')
  })

  it('says what happened below the strategy', () => {
    // Per parent: two new orders, one refused; one cancel, too late, answered after 20 ms, with one stale fill before.
    expect(cells(text, 'orders rejected')).toEqual(['orders rejected, per order sent', '50.00 %', '50.00 %'])
    expect(cells(text, 'throttled')).toEqual(['throttled', '50.00 %', '50.00 %'])
    expect(cells(text, 'too-late')).toEqual(['too-late', '100.00 %', '100.00 %'])
    expect(cells(text, 'dispatch to wire p50')).toEqual(['dispatch to wire p50', '1ms', '1ms'])
    expect(cells(text, 'stale fills per cancel')).toEqual(['stale fills per cancel (SFR)', '1.0000', '1.0000'])
    expect(cells(text, 'messages sent')).toEqual(['messages sent', '60', '60'])
    expect(cells(text, 'host work blocked')).toEqual(['host work blocked', '10ms', '10ms'])
    // RED from second 1 to 13 of 13; only the controlled policy has the controller.
    expect(cells(text, 'time in RED')).toEqual(['time in RED', '-', '92.31 %'])
  })

  it('ends with hash, events and the command, and keeps to its width', () => {
    expect(cells(text, 'events')).toEqual(['events', '12,340', 'scenario seed 7, 100 resamples'])
    expect(linesOf(text).at(-2)).toBe('again        tailtax compare scenarios/made.yaml')
    expect(text).toMatch(/ledger hash {2}[0-9a-f]{32}\n/)
    for (const line of linesOf(text)) expect(line.length).toBeLessThanOrEqual(REPORT_WIDTH)
    expect(text).not.toContain('\u001b')
    expect(text).not.toMatch(/NaN|undefined|null/)
  })

  it('aligns: every line of the first table has its difference in one column', () => {
    const ends = linesOf(text)
      .slice(4, 10)
      .map((line) => line.indexOf('[-3.00'))
    expect(new Set(ends).size).toBe(1)
    expect(ends[0]).toBeGreaterThan(40)
  })

  it('colours by tone when asked, and says the same without the colours', () => {
    const tones: string[] = []
    const painted = comparisonReport(
      madeComparison([1, 2, 3, 4, 5], () => 3),
      {
        ...CONTEXT_OF_REPORT,
        paint: (piece, tone) => {
          tones.push(tone)
          return `<${tone}>${piece}</${tone}>`
        }
      }
    )
    expect(painted.replace(/<\/?[a-z]+>/g, '')).toBe(text)
    expect(painted).toContain('<better>better</better>')
    expect(new Set(tones)).toEqual(new Set(['title', 'better', 'quiet']))
  })

  it('says that few seeds make rough intervals, and why one seed makes none', () => {
    expect(text).toContain('Intervals from 5 seeds are rough')
    const one = comparisonReport(
      madeComparison([1], () => 1),
      CONTEXT_OF_REPORT
    )
    expect(linesOf(one)[0]).toContain('4 parents x 1 seed,')
    expect(cells(one, 'mean ')).toEqual(['mean', '2.50', '1.50', '-1.00', '-', 'no interval'])
    expect(one).toContain('No intervals: one seed')
    const many = comparisonReport(
      madeComparison([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], () => 1),
      CONTEXT_OF_REPORT
    )
    expect(many).not.toContain('rough')
  })

  it('names parents without a price and lots beyond the mandate', () => {
    const made = madeComparison([1, 2], () => 1)
    const { controlled } = made.policies
    const parents = { ...controlled.parents, withoutDecisionMid: 3 }
    const completionDetail = { ...controlled.completionDetail, overfilledLots: 1200 }
    const policies = { ...made.policies, controlled: { ...controlled, parents, completionDetail } }
    const said = comparisonReport({ ...made, policies, paired: { ...made.paired, unpricedPairCount: 3 } }, CONTEXT_OF_REPORT)
    expect(said).toContain('controlled: 3 parents had no mid at their decision: not priced.')
    expect(said).toContain('controlled: 1,200 lots beyond the mandates')
    expect(said).toContain('3 pairs have no shortfall')
  })
})

describe('the report of a run', () => {
  it('splits what was paid into executed and unfilled', () => {
    const run = madeRun(1, 0)
    run.ledger.fills.col.lots[0] = 40
    run.ledger.parents.col.endMidHalfTicks[0] = 20100
    const facts = { scenario: 'made', policy: 'baseline', seed: 1, ledgerHash: run.ledgerHash, eventCount: 12 }
    const text = runReport({ ...facts, metrics: summarise(run.ledger, CONTEXT) }, CONTEXT_OF_REPORT)
    // Parents pay 1, 2, 3, 4 bps executed, the first only 40 %: (0.4 + 2 + 3 + 4) / 4 = 2.35. Its other 60 % at +50 bps: 30 / 4 = 7.5.
    expect(linesOf(text)[0]).toBe('made, baseline: 4 parents, seed 1, TEST on XTST, 2024-01-02')
    expect(cells(text, 'shortfall mean, bps')[1]).toBe('9.85')
    expect(cells(text, 'executed')[1]).toBe('2.35')
    expect(cells(text, 'unfilled rest')[1]).toBe('7.50')
    expect(cells(text, 'completion')[1]).toBe('85.00 %')
    expect(text).not.toMatch(/NaN|undefined|null/)
  })
})
