/*
 * Options of the generator under which its tapes have the facts of a recorded one: the method of simulated moments in its plainest form
 * (McFadden 1989). What has a direct reading is read off: sizes, the day's shape, memory of signs, partial cancels, the kinds' rates. The rest starts at
 * a preset scaled by the spread and is moved against its own fact, one option per fact, by the ratio of recorded to generated, damped; the same
 * seeds each time, so that what changes is due to the options. A fact the recording does not have leaves its option at the preset.
 *
 * The fit is of one session as a whole: no bursts and no regimes, their share of the variance goes to the slow activity. Leaves out impact by size,
 * the depth level by level (its sum is met) and everything the model has no option for.
 */
import { exp, ln } from '../kernel/elementary.ts'
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import { generateTape } from '../market/generator.ts'
import { checkGeneratorOptions, type GeneratorOptions, type SizeLaw } from '../market/generator-options.ts'
import { MID } from '../market/generator-presets.ts'
import type { TapeHeader } from '../market/tape.ts'
import { HALF_HOUR_NS } from '../metrics/event-flow.ts'
import { type MarketFacts, marketFacts } from '../metrics/market-facts.ts'
import { type Figure, mean } from '../metrics/quantile.ts'
import { SIGN_LAGS } from '../metrics/take-flow.ts'
import { fitDay } from './day-fit.ts'
import { type Moment, momentsOf, newOrdersPerSecond } from './fit-moments.ts'
import { fitSplitting } from './sign-fit.ts'
import { fitSizes } from './size-fit.ts'

const ROUNDS = 12
/** Rows of one tape of a trial, and the tapes: a session's activity is luck, so it is averaged over several. */
const TRIAL_ROWS = 45_000
const TRIAL_SEEDS = [1, 2, 3]

export interface FittedFact {
  readonly name: string
  readonly recorded: Figure
  readonly generated: Figure
}

export interface GeneratorFit {
  readonly options: GeneratorOptions
  /** Of the best trial: means over its tapes, which may be shorter than the session. */
  readonly facts: readonly FittedFact[]
}

/** `facts` are those of the tape with this header. */
export function fitGenerator(header: TapeHeader, facts: MarketFacts): GeneratorFit {
  const moments = momentsOf(facts)
  let options = rounded(startingOptions(header, facts))
  let trial = runTrial(options, facts)
  let best = { options, trial, error: misfit(moments, facts, trial) }
  for (let round = 0; round < ROUNDS; round++) {
    // Large steps first, then smaller ones, so that options that pull at one fact come to rest.
    const damping = 0.8 / (1 + round / 6)
    let next = options
    for (const { read, apply } of moments) {
      const wanted = read(facts)
      const got = readAll(trial, read)
      if (wanted === null || got === null || !(wanted > 0) || !(got > 0)) continue
      const ratio = Math.min(3, Math.max(1 / 3, exp(damping * ln(wanted / got))))
      next = { ...next, ...apply(next, ratio) }
    }
    options = rounded(next)
    checkGeneratorOptions(options)
    trial = runTrial(options, facts)
    const error = misfit(moments, facts, trial)
    if (error < best.error) best = { options, trial, error }
  }
  return {
    options: best.options,
    facts: moments.map(({ name, read }) => ({ name, recorded: read(facts), generated: readAll(best.trial, read) }))
  }
}

/** Mean squared logarithm of generated over recorded, capped so that one fact out of reach does not decide. */
function misfit(moments: readonly Moment[], recorded: MarketFacts, generated: readonly MarketFacts[]): number {
  let sum = 0
  let count = 0
  for (const { read } of moments) {
    const wanted = read(recorded)
    if (wanted === null || !(wanted > 0)) continue
    const got = readAll(generated, read)
    const off = got === null || !(got > 0) ? 1 : Math.min(1, Math.abs(ln(got / wanted)))
    sum += off * off
    count++
  }
  return sum / count
}

/** Shorter sessions than the recorded one have its day in short: the whole shape, mean 1. */
function runTrial(options: GeneratorOptions, facts: MarketFacts): MarketFacts[] {
  const seconds = Math.max(600, TRIAL_ROWS / Math.max(facts.flow.perSecond ?? 0, 1e-3))
  const closeNs = Math.min(options.closeNs, options.openNs + Math.round(seconds) * NS_PER_SECOND)
  const trial = { ...options, closeNs, dayCloseNs: closeNs }
  return TRIAL_SEEDS.map((seed) => marketFacts(generateTape(trial, seed)))
}

/** Mean over the tapes that have the fact. */
function readAll(trial: readonly MarketFacts[], read: Moment['read']): Figure {
  const values = trial.map(read).filter((value) => value !== null)
  return values.length === 0 ? null : mean(values)
}

/** What can be read off, over a preset scaled to the spread. */
function startingOptions(header: TapeHeader, facts: MarketFacts): GeneratorOptions {
  const { book, flow, lives, takes, mid } = facts
  const spread = Math.max(1, book.spreadTicksMean ?? 1)
  const scale = spread / 8.4 // MID's own spread
  const openNs = Math.floor((facts.fromNs ?? header.openNs) / NS_PER_SECOND) * NS_PER_SECOND
  const closeNs = Math.max(openNs + 60 * NS_PER_SECOND, Math.ceil((facts.toNs ?? header.closeNs) / NS_PER_SECOND) * NS_PER_SECOND)
  const price = Math.max(64, Math.round(mid.meanMidTicks ?? MID.initialPriceTicks))
  const splitting = fitSplitting(SIGN_LAGS, takes.signMemory, MID)
  const best = ((book.bidLots[0] ?? 0) + (book.askLots[0] ?? 0)) / 2
  const volatility = mid.ticksPerRootSecond[2] ?? mid.ticksPerRootSecond[0] ?? MID.sdTicksPerRootSecond * scale
  return {
    ...MID,
    symbol: header.symbol,
    date: header.date,
    zone: header.zone,
    tickUnits: header.tickUnits,
    priceDecimals: header.priceDecimals,
    lotUnits: header.lotUnits,
    lotDecimals: header.lotDecimals,
    openNs,
    closeNs,
    dayOpenNs: openNs,
    dayCloseNs: closeNs,
    ...fitDay(wholeHalfHours(facts), MID.liftShare),
    initialPriceTicks: price,
    depthTicksMax: Math.max(1, Math.min(Math.floor(price / 8), Math.round(MID.depthTicksMax * scale))),
    sdTicksPerRootSecond: 0.7 * volatility,
    jumpMeanTicks: MID.jumpMeanTicks * scale,
    impactTicks: Math.max(0.01, takes.impactTicks[1] ?? MID.impactTicks * scale),
    limitsPerSecond: Math.max(0.01, newOrdersPerSecond(facts) ?? MID.limitsPerSecond),
    limitSize: fitSizes({ ...flow, lots: flow.addLots, lotsMean: flow.addLotsMean }, MID.limitSize),
    edgeFloorTicks: 0.3 * spread,
    edgeMeanTicks: 0.6 * spread,
    deepScaleTicks: Math.max(1, 1.2 * spread),
    crowdedLots: Math.max(1, 3 * best),
    patientCancelsPerSecond:
      lives.cancelledNs[2] === null ? MID.patientCancelsPerSecond : Math.max(0.001, NS_PER_SECOND / lives.cancelledNs[2]),
    fleetingShare: Math.min(0.9, Math.max(0.02, lives.cancelledWithin[2] ?? MID.fleetingShare)),
    settledShare: settledShare(facts),
    settledCancelFactor: 0.1,
    driftScaleTicks: 3 * spread,
    // A pick that drift refuses is no row, but it would be an event of the clock.
    driftFactorMax: 1,
    staleEdgeTicks: 0.18 * spread,
    staleCancelsPerSecond: MID.staleCancelsPerSecond / scale,
    informedTakesPerSecond: MID.informedTakesPerSecond / scale,
    reactionTicksMax: 1.8 * spread,
    partialCancelShare: flow.partialCancelShare ?? MID.partialCancelShare,
    takesPerSecond: takes.perSecond ?? MID.takesPerSecond,
    takeSize: fitSizes(takes, MID.takeSize),
    hiddenShare: flow.hiddenShare ?? 0,
    hiddenSize: fitSizes(takes, MID.takeSize),
    ...splitting,
    signForesight: 0.75,
    clusterShare: 0,
    fastExcitation: 0.5,
    fastExcitationDecayNs: Math.min(100 * NS_PER_MS, Math.max(10_000, 2 * (flow.gapNsP50 ?? NS_PER_MS))),
    slowExcitation: 0.2,
    slowExcitationDecayNs: 0.5 * NS_PER_SECOND,
    burstCount: 0
  }
}

/**
 * Of the orders that are not fleeting, those whose cancel is never seen must be ones that stay: they are executed, or leave the view of a
 * recording of limited depth. At least 0.3 (assumed): some of the cancelled ones had stayed long, too.
 */
function settledShare({ flow, lives }: MarketFacts): number {
  const uncancelled = 1 - (flow.deletesPerAdd ?? 1)
  return Math.min(0.95, Math.max(0.3, uncancelled / (1 - Math.min(0.9, lives.cancelledWithin[2] ?? 0))))
}

/** Rates of the half hours that lie wholly in the span, when it has no others but a short rest: the day is seen whole. */
function wholeHalfHours({ fromNs, toNs, flow }: MarketFacts): number[] {
  if (fromNs === null || toNs === null) return []
  const whole = flow.halfHours.filter(
    ({ startNs }) => startNs >= fromNs - NS_PER_SECOND * 60 && startNs + HALF_HOUR_NS <= toNs + NS_PER_SECOND * 60
  )
  return whole.map(({ rate }) => rate)
}

/** To four digits, so that the options read back from text are the same. */
function rounded(options: GeneratorOptions): GeneratorOptions {
  const entries = Object.entries(options).map(([name, value]): [string, unknown] => {
    if (typeof value === 'number')
      return [name, name.endsWith('Ns') || Number.isInteger(value) ? Math.round(value) : fourDigits(value)]
    if (typeof value === 'object') return [name, roundedSizes(value as SizeLaw)]
    return [name, value]
  })
  return Object.fromEntries(entries) as unknown as GeneratorOptions
}

function roundedSizes(law: SizeLaw): SizeLaw {
  return Object.fromEntries(Object.entries(law).map(([name, value]) => [name, fourDigits(value as number)])) as unknown as SizeLaw
}

function fourDigits(value: number): number {
  return Number(value.toPrecision(4))
}
