/*
 * Sets of generator options. Day shape, clustering, size shares, partial cancels, hidden share and life times follow what was
 * measured on AMZN and AAPL, NASDAQ, 2012-06-21 (LOBSTER samples); figures marked "assumed" were set so that the books look
 * right and have no other source. Prices are in cents, a lot is one share.
 */
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import type { GeneratorOptions, SizeLaw } from './generator-options.ts'

const MINUTE_NS = 60 * NS_PER_SECOND
const HOUR_NS = 3600 * NS_PER_SECOND

const LIMIT_SIZE: SizeLaw = {
  roundLots: 100,
  roundShare: 0.6, // AMZN 0.565, AAPL 0.626
  nextRoundProbability: 0.13, // of the multiples of 100, 15 % (AMZN) and 12 % (AAPL) are more than one
  oddMedianLots: 25,
  oddSigma: 1,
  lotsMax: 20000
}

/** A large cap with a spread of mostly 1 to 3 ticks and some hundreds of lots at the best: about 1.5 M rows a day. */
export const LIQUID: GeneratorOptions = {
  preset: 'liquid',
  symbol: 'LIQ',
  venue: 'SIM',
  date: '2026-01-05',
  zone: 'America/New_York',
  tickUnits: 1,
  priceDecimals: 2,
  lotUnits: 1,
  lotDecimals: 0,
  openNs: 9.5 * HOUR_NS,
  closeNs: 16 * HOUR_NS,
  initialPriceTicks: 10000,
  sdTicksPerRootSecond: 0.55, // with the takes' impact 0.7, 1.1 % a day; AMZN 1.4 %
  jumpsPerHour: 6, // assumed
  jumpMeanTicks: 3, // assumed
  impactTicks: 0.35, // assumed
  signForesight: 0.75, // assumed: the mid's moves have the same variance per second over 1 s and 60 s, as AMZN's
  limitsPerSecond: 30,
  limitSize: { ...LIMIT_SIZE, nextRoundProbability: 0.35 }, // assumed: more than one round lot is commoner at a lower price
  edgeFloorTicks: 0.45, // assumed
  edgeMeanTicks: 1, // assumed
  deepShare: 0.5, // assumed
  deepScaleTicks: 3, // assumed
  deepExponent: 1.5, // Zovko and Farmer (2002): the tail of relative limit prices
  depthTicksMax: 100,
  crowdedLots: 700, // assumed
  fleetingShare: 0.4, // a quarter of AMZN's deleted orders lived less than 31 ms, half less than 0.7 s
  fleetingCancelsPerSecond: 20,
  patientCancelsPerSecond: 0.05,
  settledShare: 0,
  settledCancelFactor: 1,
  driftScaleTicks: 4, // assumed
  driftFactorMax: 4, // assumed
  staleCancelsPerSecond: 8, // assumed
  staleEdgeTicks: 0.1, // assumed
  partialCancelShare: 0.007, // AMZN 0.0067, AAPL 0.0087
  takesPerSecond: 1.6,
  takeSize: { ...LIMIT_SIZE, nextRoundProbability: 0.4, oddMedianLots: 40 }, // assumed
  takeWithinBestShare: 0.85, // Farmer, Gillemot, Lillo, Mike and Sen (2004): about 85 % of price-moving takes match the best
  splitterCount: 2,
  splitExponent: 1.5, // Lillo, Mike and Farmer (2005)
  splitCountMax: 200, // assumed
  imbalanceShare: 0,
  informedTakesPerSecond: 6, // assumed
  reactionTicksMax: 5, // assumed
  hiddenShare: 0.2, // AMZN 0.21 and AAPL 0.32 of executions, at wider spreads
  hiddenMidpointShare: 0.5, // assumed
  hiddenSize: LIMIT_SIZE,
  marketShare: 0,
  followDelayNs: 0,
  dayOpenNs: 9.5 * HOUR_NS,
  dayCloseNs: 16 * HOUR_NS,
  openLift: 1.2, // AMZN and AAPL together: first half hour 2.1 times, last 2.8 times that of 12:30 to 14:30
  closeLift: 2,
  liftShare: 0.12,
  activitySigma: 0.4, // AMZN: sd of log rows a minute 0.55, less the day's shape
  activityCorrelation: 0.5, // assumed
  quietShare: 0,
  quietIntensity: 0.5,
  stressShare: 0,
  stressIntensity: 2,
  stressVolatility: 1.5,
  regimeStayNs: 10 * MINUTE_NS,
  clusterShare: 0.75, // AMZN: the median gap is 0.005 of the mean; a quarter of gaps make nearly all the time
  clusterGapShare: 0.005,
  fastExcitation: 0,
  fastExcitationDecayNs: 2 * NS_PER_MS,
  slowExcitation: 0,
  slowExcitationDecayNs: NS_PER_SECOND,
  burstCount: 4,
  burstIntensity: 10,
  burstVolatility: 3,
  burstDecayNs: 20 * NS_PER_SECOND,
  burstLengthNs: MINUTE_NS,
  burstJumpTicks: 6, // assumed
  warmupNs: MINUTE_NS
}

/** A mid cap with a spread of mostly 5 to 15 ticks and one or two orders at the best: about 150,000 rows a day. */
export const MID: GeneratorOptions = {
  ...LIQUID,
  preset: 'mid',
  symbol: 'MID',
  initialPriceTicks: 15000,
  sdTicksPerRootSecond: 1.2, // with the takes' impact 2, as AMZN; 2 % a day
  jumpMeanTicks: 8, // assumed
  impactTicks: 3, // assumed
  limitsPerSecond: 3.2, // AMZN 3.3
  limitSize: LIMIT_SIZE,
  edgeFloorTicks: 2.5, // assumed
  edgeMeanTicks: 5, // assumed
  deepShare: 0.4, // assumed
  deepScaleTicks: 10, // assumed
  depthTicksMax: 300,
  crowdedLots: 400, // assumed
  patientCancelsPerSecond: 0.015,
  driftScaleTicks: 25, // assumed
  staleCancelsPerSecond: 2, // assumed
  staleEdgeTicks: 1.5, // assumed
  takesPerSecond: 0.28, // AMZN 0.28 distinct takes a second
  takeSize: LIMIT_SIZE,
  informedTakesPerSecond: 0.3, // assumed
  reactionTicksMax: 15, // assumed
  hiddenShare: 0.21, // AMZN
  hiddenMidpointShare: 0.1, // AMZN: 2.6 % of hidden prints between ticks
  burstJumpTicks: 20 // assumed
}

/** Gaps of the presets below: fitted to AMZN of 2012-06-21, where they give the variance of counts and the median gap within a fifth. */
const SELF_EXCITING = {
  clusterShare: 0,
  fastExcitation: 0.63,
  fastExcitationDecayNs: 0.8 * NS_PER_MS,
  slowExcitation: 0.25,
  slowExcitationDecayNs: 0.5 * NS_PER_SECOND
} as const

/** Three tenths of the time quiet, one in stress; assumed. */
const REGIMES = { quietShare: 0.3, stressShare: 0.1 } as const

/** A large cap as `liquid`, with self-exciting gaps, regimes, orders that settle, and takes that follow the queues: about 1.3 M rows a day. */
export const LARGE_CAP: GeneratorOptions = {
  ...LIQUID,
  ...SELF_EXCITING,
  ...REGIMES,
  preset: 'large-cap',
  symbol: 'LRG',
  patientCancelsPerSecond: 0.2, // AMZN: a quarter of the cancelled lived longer than 3.5 s
  settledShare: 0.3,
  settledCancelFactor: 0.05,
  driftFactorMax: 1,
  splitterCount: 1,
  splitExponent: 1.3, // signs as AMZN's: memory 0.61 at lag 1, 0.1 at lag 10
  splitCountMax: 20,
  imbalanceShare: 0.2 // assumed
}

/** A mid cap fitted to AMZN, NASDAQ, 2012-06-21 (`generate --like`, figures rounded): about 155,000 rows a day. */
export const MID_CAP: GeneratorOptions = {
  ...MID,
  ...SELF_EXCITING,
  preset: 'mid-cap',
  symbol: 'MDC',
  sdTicksPerRootSecond: 1.1,
  impactTicks: 3,
  limitsPerSecond: 3.3,
  limitSize: { ...LIMIT_SIZE, roundShare: 0.565, nextRoundProbability: 0.155, oddMedianLots: 15, oddSigma: 0.75 },
  edgeFloorTicks: 3.8,
  edgeMeanTicks: 7.7,
  deepScaleTicks: 2,
  fleetingShare: 0.22,
  patientCancelsPerSecond: 0.39,
  settledShare: 0.3,
  settledCancelFactor: 0.018,
  driftFactorMax: 1,
  crowdedLots: 540,
  takesPerSecond: 0.35,
  takeSize: { ...LIMIT_SIZE, roundShare: 0.45, nextRoundProbability: 0.6, oddMedianLots: 55, oddSigma: 1.2, lotsMax: 6000 },
  splitterCount: 1,
  splitExponent: 1.3,
  splitCountMax: 20,
  hiddenShare: 0.3,
  openLift: 0.9,
  closeLift: 0.8,
  activitySigma: 0.17
}

/** A thin name with a spread of mostly 15 to 50 ticks and one order at the best: about 20,000 rows a day. Scaled from `mid-cap`; assumed. */
export const THIN: GeneratorOptions = {
  ...MID_CAP,
  preset: 'thin',
  symbol: 'THN',
  initialPriceTicks: 4000,
  sdTicksPerRootSecond: 0.5,
  impactTicks: 6,
  jumpMeanTicks: 15,
  limitsPerSecond: 0.3,
  edgeFloorTicks: 5,
  edgeMeanTicks: 10,
  deepScaleTicks: 6,
  fleetingShare: 0.2,
  patientCancelsPerSecond: 0.05,
  settledCancelFactor: 0.03,
  staleEdgeTicks: 3,
  staleCancelsPerSecond: 0.5,
  informedTakesPerSecond: 0.05,
  reactionTicksMax: 30,
  driftScaleTicks: 60,
  takesPerSecond: 0.03,
  slowExcitationDecayNs: 5 * NS_PER_SECOND,
  burstCount: 1,
  burstJumpTicks: 40,
  warmupNs: 10 * MINUTE_NS
}

/**
 * A crypto perpetual: 24 hours, a tick of 0.1 at 60,000, lots of 0.001, deep: about 7 M rows a day. Rates, sizes and volatility are assumed, in
 * the range of the large venues; the day is flat.
 */
export const PERPETUAL: GeneratorOptions = {
  ...LIQUID,
  ...SELF_EXCITING,
  ...REGIMES,
  preset: 'perpetual',
  symbol: 'PERP',
  zone: 'UTC',
  priceDecimals: 1,
  lotDecimals: 3,
  openNs: 0,
  closeNs: 24 * HOUR_NS,
  dayOpenNs: 0,
  dayCloseNs: 24 * HOUR_NS,
  openLift: 0,
  closeLift: 0,
  initialPriceTicks: 600_000,
  sdTicksPerRootSecond: 25,
  jumpMeanTicks: 100,
  impactTicks: 4,
  limitsPerSecond: 50,
  limitSize: { roundLots: 1, roundShare: 0, nextRoundProbability: 0, oddMedianLots: 60, oddSigma: 2, lotsMax: 200_000 },
  edgeFloorTicks: 2,
  edgeMeanTicks: 12,
  deepShare: 0.6,
  deepScaleTicks: 60,
  depthTicksMax: 20_000,
  crowdedLots: 8000,
  fleetingShare: 0.3,
  patientCancelsPerSecond: 0.3,
  settledShare: 0.3,
  settledCancelFactor: 0.03,
  driftScaleTicks: 100,
  driftFactorMax: 1,
  staleCancelsPerSecond: 2,
  staleEdgeTicks: 1,
  takesPerSecond: 5,
  takeSize: { roundLots: 1, roundShare: 0, nextRoundProbability: 0, oddMedianLots: 20, oddSigma: 2, lotsMax: 100_000 },
  takeWithinBestShare: 0.5,
  splitterCount: 1,
  splitExponent: 1.3,
  splitCountMax: 40,
  informedTakesPerSecond: 0.6,
  reactionTicksMax: 60,
  hiddenShare: 0,
  burstJumpTicks: 150
}

export const GENERATOR_PRESETS = {
  liquid: LIQUID,
  mid: MID,
  'large-cap': LARGE_CAP,
  'mid-cap': MID_CAP,
  thin: THIN,
  perpetual: PERPETUAL
} as const
export type GeneratorPreset = keyof typeof GENERATOR_PRESETS

/** The preset with some options of your own. */
export function generatorOptions(preset: GeneratorPreset, overrides: Partial<GeneratorOptions> = {}): GeneratorOptions {
  return { ...GENERATOR_PRESETS[preset], ...overrides }
}
