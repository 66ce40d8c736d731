/* The stylised facts of a tape as plain text: five tables, each line one fact. All numbers are given. */
import { formatClock } from '../kernel/units.ts'
import { DEPTH_LEVELS } from '../metrics/book-shape.ts'
import { COUNT_WINDOWS_NS } from '../metrics/event-flow.ts'
import type { MarketFacts } from '../metrics/market-facts.ts'
import { MOVE_LAGS_SECONDS } from '../metrics/mid-moves.ts'
import { FILL_HORIZONS_NS, LIFE_LIMITS_NS, RANK_STEPS } from '../metrics/order-lives.ts'
import type { Figure } from '../metrics/quantile.ts'
import { IMPACT_ROWS, SIGN_LAGS } from '../metrics/take-flow.ts'
import { REPORT_WIDTH, type ReportContext } from './comparison.ts'
import { formatCount, formatFixed, formatShare, formatSpan } from './format.ts'
import { alignColumns, wrap } from './text-table.ts'

type Row = readonly [name: string, text: string]
type Paint = NonNullable<ReportContext['paint']>

const list = (values: readonly Figure[], decimals: number): string =>
  values.map((value) => formatFixed(value, decimals)).join('  ')
const shares = (values: readonly Figure[]): string => values.map((value) => formatShare(value, 1)).join('  ')
const spans = (values: readonly Figure[]): string => values.map(formatSpan).join('  ')

/** Lines joined by newlines, one at the end. */
export function marketFactsReport(facts: MarketFacts, paint: Paint = (text) => text): string {
  const clock = (ns: number | null): string => (ns === null ? '-' : formatClock(ns))
  const title = `${facts.symbol} on ${facts.venue}, ${facts.date}: ${formatCount(facts.flow.count)} rows from ${clock(facts.fromNs)} to ${clock(facts.toNs)}`
  const lines = [
    ...wrap(title, REPORT_WIDTH, '  ').map((line) => paint(line, 'title')),
    ...table('Book, means over time', bookRows(facts), paint),
    ...table('Flow', flowRows(facts), paint),
    ...table('Orders', orderRows(facts), paint),
    '',
    paint('Joined a best price, by the orders ahead', 'title'),
    ...fillTable(facts),
    ...table('Takes', takeRows(facts), paint),
    ...table('Mid', midRows(facts), paint)
  ]
  return `${lines.join('\n')}\n`
}

function table(title: string, rows: readonly Row[], paint: Paint): string[] {
  return ['', paint(title, 'title'), ...alignColumns(rows, ['left', 'left'])]
}

function bookRows({ book }: MarketFacts): Row[] {
  return [
    [
      'spread, ticks',
      `mean ${formatFixed(book.spreadTicksMean, 2)}, p50 ${formatFixed(book.spreadTicksP50, 0)}, p95 ${formatFixed(book.spreadTicksP95, 0)}`
    ],
    ['spread of 1, 2, 3, 4, 5+', shares(book.spreadShares)],
    ['two-sided; crossed', `${formatShare(book.twoSidedShare)}; ${formatShare(book.crossedShare)}`],
    [`bid lots, level 1 to ${DEPTH_LEVELS}`, list(book.bidLots, 0)],
    [`ask lots, level 1 to ${DEPTH_LEVELS}`, list(book.askLots, 0)],
    ['ticks from the best, level 2 on', list(book.levelTicks, 1)],
    ['imbalance of the best lots', formatFixed(book.imbalanceMean, 3)]
  ]
}

function flowRows({ flow }: MarketFacts): Row[] {
  const kinds = Object.entries(flow.kinds).map(
    ([kind, { perSecond, share }]): Row => [`${kind} per second`, `${formatFixed(perSecond, 3)}  ${formatShare(share, 1)}`]
  )
  const rises: Row[] =
    flow.riseCount + flow.fallCount === 0
      ? []
      : [['level rises, falls', `${formatCount(flow.riseCount)}  ${formatCount(flow.fallCount)}`]]
  return [
    ['rows per second', formatFixed(flow.perSecond, 2)],
    ...kinds,
    ...rises,
    ['deletes per add', formatFixed(flow.deletesPerAdd, 3)],
    [
      'lots cancelled, executed per lot added',
      `${formatFixed(flow.cancelledLotsShare, 3)}  ${formatFixed(flow.executedLotsShare, 3)}`
    ],
    ['cancels that are partial', formatShare(flow.partialCancelShare)],
    ['executions that are hidden', formatShare(flow.hiddenShare, 1)],
    [
      'gap between rows',
      `p50 ${formatSpan(flow.gapNsP50)}, p50 / mean ${formatFixed(flow.gapMedianShare, 4)}, variation ${formatFixed(flow.gapVariation, 2)}, burstiness ${formatFixed(flow.burstiness, 2)}`
    ],
    [`variance / mean of counts in ${spans(COUNT_WINDOWS_NS)}`, list(flow.countDispersion, 1)],
    [
      'rate by half hour / mean',
      list(
        flow.halfHours.map(({ rate }) => rate),
        2
      )
    ]
  ]
}

function orderRows({ flow, lives }: MarketFacts): Row[] {
  return [
    ['lots: mean; 5 25 50 75 95 %', `${formatFixed(flow.addLotsMean, 1)}; ${list(flow.addLots, 0)}`],
    [
      'commonest size; multiples of 100',
      `${formatCount(flow.commonLots)} (${formatShare(flow.commonLotsShare, 1)}); ${formatShare(flow.hundredsShare, 1)}`
    ],
    ['life to cancel: 25 50 75 95 %', spans(lives.cancelledNs)],
    [`cancelled within ${spans(LIFE_LIMITS_NS)}`, shares(lives.cancelledWithin)],
    ['life to execution p50', formatSpan(lives.executedNsP50)],
    ['joined better than, at, behind the best', shares([lives.improvingShare, lives.atBestShare, lives.behindShare])],
    ['ticks behind: 25 50 75 95 %', list(lives.behindTicks, 0)]
  ]
}

function fillTable({ lives }: MarketFacts): string[] {
  const head = ['orders ahead', 'orders', 'lots ahead', 'filled', ...FILL_HORIZONS_NS.map((ns) => `in ${formatSpan(ns)}`)]
  const rows = lives.fillByRank.map(({ ordersAhead, count, lotsAheadMean, filledShare, filledWithin }, rank) => {
    const next = RANK_STEPS[rank + 1]
    const name =
      next === undefined
        ? `${ordersAhead} or more`
        : next === ordersAhead + 1
          ? `${ordersAhead}`
          : `${ordersAhead} to ${next - 1}`
    const lots = rank === 0 ? '-' : formatFixed(lotsAheadMean, 0)
    return [name, formatCount(count), lots, formatShare(filledShare, 1), ...filledWithin.map((share) => formatShare(share, 1))]
  })
  return alignColumns([head, ...rows], ['left', 'right', 'right', 'right', 'right', 'right', 'right'])
}

function takeRows({ takes }: MarketFacts): Row[] {
  const [small, middle, large] = takes.impactTicksBySize
  return [
    ['takes; per second', `${formatCount(takes.count)}; ${formatFixed(takes.perSecond, 3)}`],
    ['lots: mean; 5 25 50 75 95 %', `${formatFixed(takes.lotsMean, 1)}; ${list(takes.lots, 0)}`],
    [`sign memory at ${SIGN_LAGS.join(' ')}`, `${list(takes.signMemory, 3)}; decay ${formatFixed(takes.signDecay, 2)}`],
    ['distance paid from the mid, ticks', formatFixed(takes.halfSpreadTicks, 2)],
    [`mid after ${IMPACT_ROWS.join(', ')} rows, ticks`, list(takes.impactTicks, 2)],
    ['  of less than a quarter of the best', list(small, 2)],
    ['  of less than the best', list(middle, 2)],
    ['  of the best or more', list(large, 2)]
  ]
}

function midRows({ mid }: MarketFacts): Row[] {
  const lags = MOVE_LAGS_SECONDS.join(' ')
  return [
    [`ticks per root second over ${lags} s`, list(mid.ticksPerRootSecond, 2)],
    [`bps per root second over ${lags} s`, list(mid.bpsPerRootSecond, 3)],
    ['memory of 1 s moves; of their sizes at 1, 60 s', `${formatFixed(mid.moveMemory, 3)}; ${list(mid.sizeMemory, 3)}`],
    ['kurtosis of 1 s, 10 s moves', list(mid.kurtosis, 1)],
    ['changes per second', formatFixed(mid.changesPerSecond, 3)]
  ]
}
