/*
 * Temporary consumption (M16): half of what a world took is offered again after a half-life, the rest by the same law. Whole lots, rounded to the
 * nearest, from kernel/elementary.ts, so that every engine has the same. Assumed: exponential, one half-life for all levels; the propagator of
 * Bouchaud et al. (2004) decays by a power law, which a sum of such refills would approach.
 */
import { InputError } from '../kernel/assert.ts'
import { exp } from '../kernel/elementary.ts'
import type { ImpactOptions } from './matching-options.ts'

export class Refill {
  private readonly halfLifeNs: number

  /** null: nothing comes back. Errors: InputError for options out of range. */
  constructor(impact: ImpactOptions | null) {
    if (impact !== null && !(impact.halfLifeNs > 0)) {
      throw new InputError(`impact: the half-life is ${impact.halfLifeNs} ns; it must be above 0`)
    }
    if (impact !== null && !(impact.displacement >= 0 && impact.displacement <= 1000)) {
      throw new InputError(`impact: the displacement is ${impact.displacement} lots per lot; it must be 0 to 1000`)
    }
    this.halfLifeNs = impact?.halfLifeNs ?? Number.POSITIVE_INFINITY
  }

  /** Of `lots` consumed, those still missing after `ns`. */
  missing(lots: number, ns: number): number {
    if (lots === 0 || this.halfLifeNs === Number.POSITIVE_INFINITY) return lots
    return Math.round(lots * exp((-Math.LN2 * ns) / this.halfLifeNs))
  }
}
