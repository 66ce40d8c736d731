/*
 * The facts that a fit meets by trial, each with the option that moves it most. `apply` gets recorded over generated: above 1, the generated
 * tape has too little of it. The bounds keep options inside what the generator takes; they are assumed.
 */
import type { GeneratorOptions } from '../market/generator-options.ts'
import type { MarketFacts } from '../metrics/market-facts.ts'
import type { Figure } from '../metrics/quantile.ts'

export interface Moment {
  readonly name: string
  read(facts: MarketFacts): Figure
  apply(options: GeneratorOptions, ratio: number): Partial<GeneratorOptions>
}

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** The part of a branching ratio n that gives counts whose variance over mean, about 1 / (1 - n)^2, is `ratio` times as large. */
function excited(part: number, other: number, ratio: number): number {
  const rest = (1 - part - other) / Math.sqrt(ratio)
  return within(1 - other - rest, 0, 0.95 - other)
}

function sum(values: readonly Figure[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0)
}

/** Mean lots of a side over its five best levels. */
function depthLots({ book }: MarketFacts): Figure {
  const [first] = book.bidLots
  if (first === null) return null
  return (sum(book.bidLots.slice(0, 5)) + sum(book.askLots.slice(0, 5))) / 2
}

/** New orders that join a best price or better it, per second. */
const BEST_ORDERS: Moment = {
  name: 'new orders at the best per second',
  read: ({ flow, lives }) => {
    const adds = flow.kinds.add?.perSecond ?? null
    return adds === null ? null : adds * ((lives.improvingShare ?? 0) + (lives.atBestShare ?? 0))
  },
  apply: ({ limitsPerSecond }, ratio) => ({ limitsPerSecond: limitsPerSecond * ratio })
}

/** Assumed: where fewer new orders than this join behind the best, the recording is of the touch and does not show those that do. */
const BEHIND_SHARE_MIN = 0.1

/** The facts to meet of a recording. Of one that shows the touch alone, the orders of the touch are compared, in place of all. */
export function momentsOf({ lives }: MarketFacts): readonly Moment[] {
  const isOfTouch = lives.behindShare !== null && lives.behindShare < BEHIND_SHARE_MIN
  return isOfTouch ? [BEST_ORDERS, ...MOMENTS.slice(1)] : MOMENTS
}

/**
 * New orders per second, or rises of levels in a feed that has no orders. A recording of limited depth shows more lots leave than come: the
 * rest came where it does not look. A book must be fed with all of them, so the rate is raised to what leaves.
 */
export function newOrdersPerSecond({ flow, seconds }: MarketFacts): Figure {
  const adds = flow.kinds.add?.perSecond ?? null
  if (adds === null) return flow.riseCount > 0 ? flow.riseCount / seconds : null
  return adds * Math.max(1, (flow.cancelledLotsShare ?? 0) + (flow.executedLotsShare ?? 0))
}

const MOMENTS: readonly Moment[] = [
  {
    name: 'new orders per second',
    read: newOrdersPerSecond,
    apply: ({ limitsPerSecond }, ratio) => ({ limitsPerSecond: limitsPerSecond * ratio })
  },
  {
    name: 'takes per second',
    read: ({ takes }) => takes.perSecond,
    apply: ({ takesPerSecond }, ratio) => ({ takesPerSecond: takesPerSecond * ratio })
  },
  {
    name: 'lots per take',
    read: ({ takes }) => takes.lotsMean,
    apply: ({ takeSize }, ratio) => ({
      takeSize: {
        ...takeSize,
        oddMedianLots: within(takeSize.oddMedianLots * ratio, 1, takeSize.lotsMax),
        nextRoundProbability: within(1 - (1 - takeSize.nextRoundProbability) / ratio, 0, 0.9)
      }
    })
  },
  {
    name: 'executions hidden',
    read: ({ flow }) => flow.hiddenShare,
    apply: ({ hiddenShare }, ratio) => ({ hiddenShare: within(hiddenShare * ratio, 0, 0.9) })
  },
  {
    name: 'spread, ticks',
    read: ({ book }) => book.spreadTicksMean,
    apply: ({ edgeFloorTicks, edgeMeanTicks }, ratio) => ({
      edgeFloorTicks: edgeFloorTicks * ratio,
      edgeMeanTicks: edgeMeanTicks * ratio
    })
  },
  {
    name: 'lots in five levels of a side',
    read: depthLots,
    apply: ({ settledCancelFactor }, ratio) => ({ settledCancelFactor: within(settledCancelFactor / ratio, 0.005, 1) })
  },
  {
    name: 'ticks behind the best, median',
    read: ({ lives }) => lives.behindTicks[1],
    apply: ({ deepScaleTicks }, ratio) => ({ deepScaleTicks: within(deepScaleTicks * ratio, 0.2, 1e5) })
  },
  {
    name: 'cancelled within 100 ms',
    read: ({ lives }) => lives.cancelledWithin[2],
    apply: ({ fleetingShare }, ratio) => ({ fleetingShare: within(fleetingShare * ratio, 0.01, 0.9) })
  },
  {
    name: 'life to cancel, upper quartile, ns',
    read: ({ lives }) => lives.cancelledNs[2],
    apply: ({ patientCancelsPerSecond }, ratio) => ({
      patientCancelsPerSecond: within(patientCancelsPerSecond / ratio, 0.003, 20)
    })
  },
  {
    name: 'variance / mean of counts, 10 ms',
    read: ({ flow }) => flow.countDispersion[0],
    apply: ({ fastExcitation, slowExcitation }, ratio) => ({ fastExcitation: excited(fastExcitation, slowExcitation, ratio) })
  },
  {
    name: 'variance / mean of counts, 1 s',
    read: ({ flow }) => flow.countDispersion[1],
    apply: ({ fastExcitation, slowExcitation }, ratio) => ({ slowExcitation: excited(slowExcitation, fastExcitation, ratio) })
  },
  {
    name: 'variance / mean of counts, 60 s',
    read: ({ flow }) => flow.countDispersion[2],
    apply: ({ activitySigma }, ratio) => ({ activitySigma: within(activitySigma * Math.sqrt(ratio), 0.02, 1) })
  },
  {
    name: 'gap between rows, median, ns',
    read: ({ flow }) => flow.gapNsP50,
    apply: ({ fastExcitationDecayNs }, ratio) => ({ fastExcitationDecayNs: within(fastExcitationDecayNs * ratio, 1e4, 1e9) })
  },
  {
    name: 'mid after a take, 10 rows, ticks',
    read: ({ takes }) => takes.impactTicks[1],
    apply: ({ impactTicks }, ratio) => ({ impactTicks: within(impactTicks * ratio, 0.001, 1e6) })
  },
  {
    name: 'volatility over 10 s, ticks per root s',
    read: ({ mid }) => mid.ticksPerRootSecond[2],
    // Takes that move the price make a part of it, which the walk alone cannot take back.
    apply: ({ sdTicksPerRootSecond, impactTicks }, ratio) => ({
      sdTicksPerRootSecond: within(sdTicksPerRootSecond * ratio, 0.001, 1e6),
      impactTicks: within(impactTicks * Math.sqrt(ratio), 0.001, 1e6)
    })
  }
]
