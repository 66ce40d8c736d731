/*
 * Front-loaded: the optimal trajectory of Almgren and Chriss (2000), "Optimal execution of portfolio transactions", J. Risk 3. What is left after t of
 * a horizon T is quantity * sinh(kappa (T - t)) / sinh(kappa T) (their equation 17), so kappa 0 is TWAP and a larger one trades earlier. kappa is given, or
 * follows from risk aversion lambda, volatility sigma and temporary impact eta (permanent impact gamma): 2 (cosh(kappa tau) - 1) / tau^2 =
 * lambda sigma^2 / (eta - gamma tau / 2), their equation 16, tau being the slice. Targets are rounded down to whole lots.
 */
import { InputError } from '../kernel/assert.ts'
import { exp, ln, sinh } from '../kernel/elementary.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { FrontLoadedOptions } from './options.ts'
import type { SliceGrid } from './slice-grid.ts'
import { twapTarget } from './twap.ts'
import { roundDown } from './whole-lots.ts'

/** Above this exp(-2b) is 0 beside 1. */
const LARGE = 300

export function frontLoadedTarget(parent: ParentOrder, grid: SliceGrid, options: FrontLoadedOptions): (slice: number) => number {
  const kappa = kappaPerSecond(options, grid.sliceNs)
  if (kappa === 0) return twapTarget(parent, grid)
  const { quantityLots } = parent
  const { horizonNs } = grid
  const whole = (kappa * horizonNs) / NS_PER_SECOND
  return (slice) => {
    const leftNs = horizonNs - grid.elapsedNs(slice)
    if (leftNs === 0) return quantityLots
    return Math.min(quantityLots, roundDown(quantityLots * (1 - sinhRatio((kappa * leftNs) / NS_PER_SECOND, whole))))
  }
}

/** Per second; 0 = no hurry. Errors: InputError where the impacts allow no solution. */
export function kappaPerSecond(options: FrontLoadedOptions, sliceNs: number): number {
  if ('kappaPerSecond' in options) return options.kappaPerSecond
  const { lambda, sigma, eta, gamma } = options
  const tau = sliceNs / NS_PER_SECOND
  const impact = eta - (gamma * tau) / 2
  if (!(impact > 0)) throw new InputError(`eta must be above gamma * slice / 2 = ${(gamma * tau) / 2}`)
  const half = ((lambda * sigma * sigma) / impact) * tau * tau * 0.5
  // acosh(1 + half), without the cancellation of 1 + half - 1.
  return ln(1 + half + Math.sqrt(half * (2 + half))) / tau
}

/** sinh(a) / sinh(b) for 0 <= a <= b, b > 0. */
function sinhRatio(a: number, b: number): number {
  return b > LARGE ? exp(a - b) * (1 - exp(-2 * a)) : sinh(a) / sinh(b)
}
