/*
 * Laws of a delay or service time in ns, sampled by quantile from one uniform number, so that a keyed draw gives one
 * delay. Results are integers >= 0. Lognormal is given by median and sigma; two-part adds a lognormal tail with a
 * probability (the service law of the host-stall recordings).
 */
import { exp, ln, normalQuantile } from './elementary.ts'

export type Law =
  | { readonly law: 'constant'; readonly valueNs: number }
  | { readonly law: 'uniform'; readonly lowNs: number; readonly highNs: number }
  | { readonly law: 'exponential'; readonly meanNs: number; readonly floorNs?: number }
  | { readonly law: 'lognormal'; readonly medianNs: number; readonly sigma: number; readonly floorNs?: number }
  | {
      readonly law: 'two-part'
      readonly medianNs: number
      readonly sigma: number
      readonly tailProbability: number
      readonly tailMedianNs: number
      readonly tailSigma: number
    }

const U_MIN = 2 ** -33

/** The law's value at the uniform number u in [0, 1): a whole number of ns. */
export function sampleNs(law: Law, u: number): number {
  const p = u < U_MIN ? U_MIN : u
  switch (law.law) {
    case 'constant':
      return law.valueNs
    case 'uniform':
      return Math.floor(law.lowNs + u * (law.highNs - law.lowNs))
    case 'exponential':
      return Math.floor((law.floorNs ?? 0) - law.meanNs * ln(1 - u))
    case 'lognormal':
      return Math.floor((law.floorNs ?? 0) + law.medianNs * exp(law.sigma * normalQuantile(p)))
    case 'two-part': {
      const body = 1 - law.tailProbability
      if (p < body) return Math.floor(law.medianNs * exp(law.sigma * normalQuantile(p / body)))
      const q = (p - body) / law.tailProbability
      return Math.floor(law.tailMedianNs * exp(law.tailSigma * normalQuantile(q < U_MIN ? U_MIN : q)))
    }
  }
}

/** The largest uniform number of 32 bits. */
const U_MAX = 1 - 2 ** -32

/** No uniform number of 32 bits gives more; whole ns. The body of a two-part law may reach beyond its tail. */
export function longestNs(law: Law): number {
  const lastNs = sampleNs(law, U_MAX)
  if (law.law !== 'two-part') return lastNs
  const bodyEnd = Math.ceil((1 - law.tailProbability) * 2 ** 32 - 1) / 2 ** 32
  return Math.max(lastNs, sampleNs(law, Math.max(0, bodyEnd)))
}

/** Mean of the law in ns (before rounding down). */
export function meanNs(law: Law): number {
  switch (law.law) {
    case 'constant':
      return law.valueNs
    case 'uniform':
      return (law.lowNs + law.highNs) / 2
    case 'exponential':
      return (law.floorNs ?? 0) + law.meanNs
    case 'lognormal':
      return (law.floorNs ?? 0) + law.medianNs * exp((law.sigma * law.sigma) / 2)
    case 'two-part':
      return (
        (1 - law.tailProbability) * law.medianNs * exp((law.sigma * law.sigma) / 2) +
        law.tailProbability * law.tailMedianNs * exp((law.tailSigma * law.tailSigma) / 2)
      )
  }
}
