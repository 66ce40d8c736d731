/*
 * How busy a generated session is over time: the day's U-shape, a slow activity factor per minute, regimes, and news bursts, as tables with
 * one entry per second from the open: the intensity of all events, the volatility of the efficient price, the caution of makers.
 * The shape has mean 1 over the day; volatility is the root of the intensity (events carry the variance, Clark 1973), except in bursts,
 * which state both. Leaves out auctions and halts.
 */
import { exp, ln, normalQuantile } from '../kernel/elementary.ts'
import { openStream } from '../kernel/random.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { GeneratorOptions } from './generator-options.ts'

export interface NewsBurst {
  readonly atNs: number
  /** Jump of the efficient price at its start, signed ticks. */
  readonly jumpTicks: number
}

export interface ArrivalCurve {
  /** Per second from openNs; length = whole seconds of the session, rounded up. */
  readonly intensity: Float64Array
  readonly volatility: Float64Array
  /** Factor on the edge that makers ask for: the volatility's lift in bursts and stress, else 1. */
  readonly caution: Float64Array
  readonly bursts: readonly NewsBurst[]
}

/** The bursts of a seed in order of time; none in the first or the last twentieth of the session. */
export function drawBursts(options: GeneratorOptions, seed: number): NewsBurst[] {
  const stream = openStream(seed, 'generator/bursts')
  const lengthNs = options.closeNs - options.openNs
  const bursts: NewsBurst[] = []
  for (let i = 0; i < options.burstCount; i++) {
    const atNs = Math.floor(options.openNs + (0.05 + 0.9 * stream.next()) * lengthNs)
    const sign = stream.next() < 0.5 ? -1 : 1
    bursts.push({ atNs, jumpTicks: -sign * options.burstJumpTicks * ln(1 - stream.next()) })
  }
  return bursts.sort((a, b) => a.atNs - b.atNs)
}

interface Regimes {
  readonly intensity: Float64Array
  readonly volatility: Float64Array
}

/**
 * A chain of stays of exponential length, each quiet, normal or stressed by its share whatever came before: so the shares of time are those, too.
 * Intensity has mean 1 over the regimes.
 */
function drawRegimes(options: GeneratorOptions, seed: number, secondCount: number): Regimes {
  const intensity = new Float64Array(secondCount).fill(1)
  const volatility = new Float64Array(secondCount).fill(1)
  const { quietShare, quietIntensity, stressShare, stressIntensity, stressVolatility } = options
  if (quietShare + stressShare === 0) return { intensity, volatility }
  const stream = openStream(seed, 'generator/regimes')
  const mean = 1 + quietShare * (quietIntensity - 1) + stressShare * (stressIntensity - 1)
  let until = 0
  let regimeIntensity = 1
  let regimeVolatility = 1
  for (let second = 0; second < secondCount; second++) {
    if (second >= until) {
      const u = stream.next()
      regimeIntensity = u < quietShare ? quietIntensity : u < quietShare + stressShare ? stressIntensity : 1
      regimeVolatility = u >= quietShare && u < quietShare + stressShare ? stressVolatility : 1
      until += (-ln(1 - stream.next()) * options.regimeStayNs) / NS_PER_SECOND
    }
    intensity[second] = regimeIntensity / mean
    volatility[second] = regimeVolatility
  }
  return { intensity, volatility }
}

/** Entry of the curve that holds at an instant: the first before the open, the last after the close. */
export function secondAt(curve: ArrivalCurve, options: GeneratorOptions, tNs: number): number {
  return Math.min(curve.intensity.length - 1, Math.max(0, Math.floor((tNs - options.openNs) / NS_PER_SECOND)))
}

/** The day's shape at a share x of the day (clamped to 0..1), mean 1 over the day. */
export function dayShape(options: GeneratorOptions, x: number): number {
  const { openLift, closeLift, liftShare } = options
  const at = Math.min(1, Math.max(0, x))
  const mean = 1 + (openLift + closeLift) * liftShare * (1 - exp(-1 / liftShare))
  return (1 + openLift * exp(-at / liftShare) + closeLift * exp(-(1 - at) / liftShare)) / mean
}

/** Share of a burst's height left after `ageNs`: 1 at its start, 0 before and after it. */
function burstShare(options: GeneratorOptions, ageNs: number): number {
  return ageNs < 0 || ageNs >= options.burstLengthNs ? 0 : exp(-ageNs / options.burstDecayNs)
}

export function arrivalCurve(options: GeneratorOptions, seed: number): ArrivalCurve {
  const secondCount = Math.ceil((options.closeNs - options.openNs) / NS_PER_SECOND)
  const intensity = new Float64Array(secondCount)
  const volatility = new Float64Array(secondCount)
  const caution = new Float64Array(secondCount)
  const bursts = drawBursts(options, seed)
  const regimes = drawRegimes(options, seed, secondCount)
  const stream = openStream(seed, 'generator/activity')
  const { activitySigma, activityCorrelation } = options
  const innovation = Math.sqrt(1 - activityCorrelation * activityCorrelation)
  let activity = normalQuantile(within(stream.next()))
  for (let second = 0; second < secondCount; second++) {
    if (second % 60 === 0 && second > 0)
      activity = activityCorrelation * activity + innovation * normalQuantile(within(stream.next()))
    const atNs = options.openNs + second * NS_PER_SECOND
    const shape = dayShape(options, (atNs - options.dayOpenNs) / (options.dayCloseNs - options.dayOpenNs))
    const calm = shape * exp(activitySigma * activity - (activitySigma * activitySigma) / 2) * regimes.intensity[second]
    let lift = 1
    let widen = regimes.volatility[second]
    for (const burst of bursts) {
      const share = burstShare(
        options,
        atNs - Math.floor((burst.atNs - options.openNs) / NS_PER_SECOND) * NS_PER_SECOND - options.openNs
      )
      lift += (options.burstIntensity - 1) * share
      widen += (options.burstVolatility - 1) * share
    }
    intensity[second] = calm * lift
    volatility[second] = Math.sqrt(calm) * widen
    caution[second] = widen
  }
  return { intensity, volatility, caution, bursts }
}

/** Keeps a uniform number off 0, where the normal quantile is infinite. */
function within(u: number): number {
  return u < 1e-12 ? 1e-12 : u
}
