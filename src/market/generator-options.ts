/*
 * What a generated tape is made from, in the model's units (ns, ticks, lots, events per second at intensity 1).
 * generator.ts says how each figure acts; generator-presets.ts gives sets of them with their sources.
 */
import { InputError } from '../kernel/assert.ts'

/** Sizes in lots: round lots with a geometric number of them, or odd lots from a lognormal law. */
export interface SizeLaw {
  readonly roundLots: number
  /** Share of sizes that are a multiple of roundLots, 0..1. */
  readonly roundShare: number
  /** Chance of each further round lot, 0..1: the mean is roundLots / (1 - this). */
  readonly nextRoundProbability: number
  readonly oddMedianLots: number
  readonly oddSigma: number
  readonly lotsMax: number
}

export interface GeneratorOptions {
  /** Name of the preset it started from; for the header's source. */
  readonly preset: string
  readonly symbol: string
  readonly venue: string
  /** YYYY-MM-DD and IANA zone: for the header only. */
  readonly date: string
  readonly zone: string
  readonly tickUnits: number
  readonly priceDecimals: number
  readonly lotUnits: number
  readonly lotDecimals: number
  /** The tape's session, ns since midnight. */
  readonly openNs: number
  readonly closeNs: number

  /** Efficient price at the open. */
  readonly initialPriceTicks: number
  /** Standard deviation of the efficient price over one second at volatility 1. */
  readonly sdTicksPerRootSecond: number
  readonly jumpsPerHour: number
  /** Jumps are two-sided exponential with this mean size. */
  readonly jumpMeanTicks: number
  /** Move of the efficient price by an unexpected take, in its direction. */
  readonly impactTicks: number
  /** Share of the mean sign of the last takes that the market expects of the next, 0..1: 1 = momentum is priced in and more. */
  readonly signForesight: number

  readonly limitsPerSecond: number
  readonly limitSize: SizeLaw
  /** A maker's least edge to the efficient price, and the mean of the exponential part above it. */
  readonly edgeFloorTicks: number
  readonly edgeMeanTicks: number
  /** Share of limit orders placed deeper than their edge, and the Pareto law (scale, exponent) of how much deeper. */
  readonly deepShare: number
  readonly deepScaleTicks: number
  readonly deepExponent: number
  readonly depthTicksMax: number
  /** A level with more lots than this turns newcomers one tick deeper, the likelier the longer its queue. */
  readonly crowdedLots: number

  /** Share of limit orders that are fleeting, their cancel rate each, and that of patient ones. */
  readonly fleetingShare: number
  readonly fleetingCancelsPerSecond: number
  readonly patientCancelsPerSecond: number
  /** Share of patient orders that have settled: their cancel rate is the base times this factor, above 0 to 1, and does not drift. */
  readonly settledShare: number
  readonly settledCancelFactor: number
  /** A patient order's cancel rate grows by its base per this much drift of the efficient price since it was placed, */
  readonly driftScaleTicks: number
  /** to this many times the base. */
  readonly driftFactorMax: number
  /** Rate at which each stale order (at the best, edge below staleEdgeTicks) is pulled, per tick of lacking edge. */
  readonly staleCancelsPerSecond: number
  readonly staleEdgeTicks: number
  /** Share of cancels that only reduce. */
  readonly partialCancelShare: number

  readonly takesPerSecond: number
  readonly takeSize: SizeLaw
  /** Share of takes that ask for no more than the best level shows. */
  readonly takeWithinBestShare: number
  /** Parents split over many takes: how many are at work, and the Pareto law of their number of takes. */
  readonly splitterCount: number
  readonly splitExponent: number
  readonly splitCountMax: number
  /** Share of takes whose side follows the best queues: a buy with odds of bid lots to ask lots. The others follow the parents. */
  readonly imbalanceShare: number
  /** Rate of informed takes per tick by which the best is on the wrong side of the efficient price. */
  readonly informedTakesPerSecond: number
  /** Lacking or wrong-side ticks count at most this much in the two rates above. */
  readonly reactionTicksMax: number
  /** Share of takes that meet a hidden order inside the spread, the part of those at the midpoint, and their size. */
  readonly hiddenShare: number
  readonly hiddenMidpointShare: number
  readonly hiddenSize: SizeLaw

  /**
   * 0: the venue has a price of its own. Above 0: it is one of several of a market (efficient-price.ts), gets this share of the market's takes, and
   * scales limit orders and informed takes by it; price, impact, takesPerSecond and splitters are then the market's.
   */
  readonly marketShare: number
  /** Of such a venue: what the market does is met here so much later. */
  readonly followDelayNs: number

  /** The day whose shape is used: a tape from 10:00 to 12:00 gets that part of it. */
  readonly dayOpenNs: number
  readonly dayCloseNs: number
  /** Intensity above the midday level at the open and at the close (the midday level is 1 before scaling to mean 1). */
  readonly openLift: number
  readonly closeLift: number
  /** Length over which the lifts decay by e, as a share of the day. */
  readonly liftShare: number
  /** Slow activity: a lognormal factor per minute with this sigma and autocorrelation. */
  readonly activitySigma: number
  readonly activityCorrelation: number
  /**
   * Regimes: shares of the time that are quiet and stressed, 0 = never, and the mean length of a stay. Intensities are relative to the normal
   * one and scaled to mean 1; volatility follows the root of the intensity, in stress times stressVolatility, as do makers' edges.
   */
  readonly quietShare: number
  readonly quietIntensity: number
  readonly stressShare: number
  readonly stressIntensity: number
  readonly stressVolatility: number
  readonly regimeStayNs: number
  /** Share of gaps between events that are short, and their mean relative to the mean gap: events come in clusters. */
  readonly clusterShare: number
  readonly clusterGapShare: number
  /**
   * Self-excitation (event-clock.ts): events that each event brings forth on average, through a fast and a slow kernel, together below 1, and
   * the kernels' decay. 0 for both = none. It makes clusters of its own, so clusterShare must be 0 beside it.
   */
  readonly fastExcitation: number
  readonly fastExcitationDecayNs: number
  readonly slowExcitation: number
  readonly slowExcitationDecayNs: number

  readonly burstCount: number
  readonly burstIntensity: number
  readonly burstVolatility: number
  /** Decay by e; a burst ends after burstLengthNs. */
  readonly burstDecayNs: number
  readonly burstLengthNs: number
  /** Mean jump of the efficient price at a burst's start. */
  readonly burstJumpTicks: number

  /** Model time run before the open to bring the book to its steady state. */
  readonly warmupNs: number
}

/** Orders the book can hold; checkGeneratorOptions keeps the expected number far below. */
export const LIVE_COUNT_MAX = 65536

/** Orders resting at once when nothing but the base cancel rates takes them off. */
function expectedLiveCount(options: GeneratorOptions): number {
  const { fleetingShare, settledShare, settledCancelFactor } = options
  const patientSeconds = (1 - settledShare + settledShare / settledCancelFactor) / options.patientCancelsPerSecond
  return options.limitsPerSecond * (fleetingShare / options.fleetingCancelsPerSecond + (1 - fleetingShare) * patientSeconds)
}

function fail(name: string, text: string): never {
  throw new InputError(`generator: ${name} ${text}`)
}

function checkSize(name: string, law: SizeLaw): void {
  if (!Number.isSafeInteger(law.roundLots) || law.roundLots < 1) fail(`${name}.roundLots`, 'must be a whole number of at least 1')
  if (!(law.lotsMax >= law.roundLots && law.lotsMax <= 1e9)) fail(`${name}.lotsMax`, 'must be from roundLots to 1e9')
  if (!(law.roundShare >= 0 && law.roundShare <= 1)) fail(`${name}.roundShare`, 'must be from 0 to 1')
  if (!(law.nextRoundProbability >= 0 && law.nextRoundProbability < 1))
    fail(`${name}.nextRoundProbability`, 'must be from 0 to below 1')
  if (!(law.oddMedianLots > 0)) fail(`${name}.oddMedianLots`, 'must be above 0')
  if (!(law.oddSigma >= 0)) fail(`${name}.oddSigma`, 'must be at least 0')
}

const SHARES = [
  'signForesight',
  'deepShare',
  'fleetingShare',
  'partialCancelShare',
  'takeWithinBestShare',
  'hiddenShare',
  'hiddenMidpointShare',
  'activityCorrelation',
  'clusterShare',
  'imbalanceShare',
  'marketShare',
  'settledShare',
  'settledCancelFactor',
  'quietShare',
  'stressShare'
] as const

const POSITIVE = [
  'tickUnits',
  'lotUnits',
  'limitsPerSecond',
  'fleetingCancelsPerSecond',
  'patientCancelsPerSecond',
  'driftScaleTicks',
  'deepScaleTicks',
  'deepExponent',
  'splitExponent',
  'crowdedLots',
  'liftShare',
  'burstDecayNs',
  'settledCancelFactor',
  'fastExcitationDecayNs',
  'slowExcitationDecayNs',
  'quietIntensity',
  'stressIntensity',
  'stressVolatility',
  'regimeStayNs'
] as const

const NOT_NEGATIVE = [
  'sdTicksPerRootSecond',
  'jumpsPerHour',
  'jumpMeanTicks',
  'impactTicks',
  'edgeFloorTicks',
  'edgeMeanTicks',
  'staleCancelsPerSecond',
  'staleEdgeTicks',
  'takesPerSecond',
  'informedTakesPerSecond',
  'reactionTicksMax',
  'openLift',
  'closeLift',
  'activitySigma',
  'burstLengthNs',
  'burstJumpTicks',
  'fastExcitation',
  'slowExcitation'
] as const

/** Throws an InputError that names the first option out of its range. */
export function checkGeneratorOptions(options: GeneratorOptions): void {
  for (const name of SHARES)
    if (!(options[name] >= 0 && options[name] <= 1)) fail(name, `is ${options[name]}; it must be from 0 to 1`)
  for (const name of POSITIVE)
    if (!(options[name] > 0 && options[name] < Infinity)) fail(name, `is ${options[name]}; it must be above 0`)
  for (const name of NOT_NEGATIVE) {
    if (!(options[name] >= 0 && options[name] < Infinity)) fail(name, `is ${options[name]}; it must be at least 0`)
  }
  for (const name of [
    'openNs',
    'closeNs',
    'warmupNs',
    'initialPriceTicks',
    'depthTicksMax',
    'splitterCount',
    'splitCountMax',
    'burstCount',
    'followDelayNs'
  ] as const) {
    if (!Number.isSafeInteger(options[name]) || options[name] < 0)
      fail(name, `is ${options[name]}; it must be a whole number of at least 0`)
  }
  if (options.closeNs <= options.openNs) fail('closeNs', 'is not after openNs')
  if (options.dayCloseNs <= options.dayOpenNs) fail('dayCloseNs', 'is not after dayOpenNs')
  if (options.splitterCount < 1) fail('splitterCount', 'must be at least 1')
  if (options.depthTicksMax < 1) fail('depthTicksMax', 'must be at least 1')
  if (options.initialPriceTicks < 8 * options.depthTicksMax || options.initialPriceTicks > 1e8) {
    fail(
      'initialPriceTicks',
      `is ${options.initialPriceTicks}; it must be from 8 times depthTicksMax (${options.depthTicksMax}) to 1e8`
    )
  }
  if (options.fleetingShare === 1 && options.settledShare > 0) fail('settledShare', 'must be 0 when every order is fleeting')
  if (!(options.driftFactorMax >= 1)) fail('driftFactorMax', 'must be at least 1')
  if (!(options.burstIntensity >= 1 && options.burstVolatility >= 1))
    fail('burstIntensity and burstVolatility', 'must be at least 1')
  if (!(options.clusterGapShare > 0 && options.clusterGapShare <= 1)) fail('clusterGapShare', 'must be above 0 and at most 1')
  if (options.clusterShare > 0.99) fail('clusterShare', 'must be at most 0.99')
  if (options.quietShare + options.stressShare > 0.99)
    fail('quietShare and stressShare', 'must leave at least 0.01 to the normal regime')
  if (options.fastExcitation + options.slowExcitation > 0.98)
    fail('fastExcitation and slowExcitation', 'must be at most 0.98 together')
  if (options.fastExcitation + options.slowExcitation > 0 && options.clusterShare > 0)
    fail('clusterShare', 'must be 0 beside fastExcitation or slowExcitation')
  checkSize('limitSize', options.limitSize)
  checkSize('takeSize', options.takeSize)
  checkSize('hiddenSize', options.hiddenSize)
  const live = expectedLiveCount(options)
  if (live > LIVE_COUNT_MAX / 4) {
    fail('patientCancelsPerSecond', `lets ${Math.round(live)} orders rest at once; the book is made for ${LIVE_COUNT_MAX / 4}`)
  }
}
