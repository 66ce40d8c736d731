/*
 * Where an own order stands in a queue that is known by its total only (L2, rule M11): which share of a decrease that trades do not explain
 * happened behind it. Every model is one function of the lots ahead and behind; the rest is the same for all.
 * Guarantee: lots ahead never grow, are never negative and never above the level's total; with any model they are at most those of
 * risk-averse, under which an order therefore fills last. Lots ahead are multiples of 2^-20, so that sums of them are
 * exact, and shares come from kernel/elementary.ts, so that every engine has the same bits. Leaves out our own size in the level (the recorded feed does not have it).
 * Sources: E. Rigtorp, "Estimating order queue position" (2013, rigtorp.se); hftbacktest 2.x, models/queue.rs (ProbQueueModel).
 */
import { InputError } from '../kernel/assert.ts'
import { ln, power } from '../kernel/elementary.ts'

/**
 * With x lots ahead and y behind, the share of a decrease that was behind is, for
 *   risk-averse    1: only trades and the level's new total advance us (RiskAdverseQueueModel);
 *   proportional   y / (x + y): every lot is as likely to go (Rigtorp's f(x) = x);
 *   power          f(x) = x^exponent; form 1: f(y) / (f(y) + f(x)), form 2: f(y) / f(x + y), form 3: 1 - f(x / (x + y))
 *                  (PowerProbQueueFunc, 2 and 3);
 *   log            f(x) = ln(1 + x / unitLots); form 1: f(y) / (f(y) + f(x)), form 2: f(y) / f(x + y) (LogProbQueueFunc and 2). Its
 *                  unit matters: hftbacktest counts in the instrument's units, Rigtorp in contracts.
 */
export type QueueModelOptions =
  | { readonly model: 'risk-averse' }
  | { readonly model: 'proportional' }
  | { readonly model: 'power'; readonly exponent: number; readonly form: 1 | 2 | 3 }
  | { readonly model: 'log'; readonly unitLots: number; readonly form: 1 | 2 }

export interface QueueModel {
  /**
   * Lots ahead after the level's total went from `before` to `after`. `traded` lots at this price since the level was last set, or since the
   * order joined, are of the decrease: they have been taken off already.
   */
  aheadAfterSet(ahead: number, traded: number, before: number, after: number): number
}

/** Parts of a lot that are kept. 2^31 lots of them stay whole numbers in a double. */
const LOT_PARTS = 2 ** 20
/** x^exponent of up to 2^31 lots stays a finite double. */
const EXPONENT_MAX = 20

const RISK_AVERSE: QueueModel = { aheadAfterSet: (ahead, _traded, _before, after) => Math.min(ahead, after) }

/** Errors: InputError for an exponent or unit out of range. */
export function createQueueModel(options: QueueModelOptions): QueueModel {
  checkQueueModel(options)
  if (options.model === 'risk-averse') return RISK_AVERSE
  const behindShare = shareOf(options)
  return {
    aheadAfterSet(ahead, traded, before, after) {
      const decrease = before - after - traded
      if (decrease <= 0) return Math.min(ahead, after)
      const behind = Math.max(0, before - ahead)
      const share = behindShare(ahead, behind)
      // What cannot have been behind, as less was there, was ahead.
      const excess = Math.min(0, behind - share * decrease)
      const estimate = ahead - (1 - share) * decrease + excess
      return Math.max(0, Math.min(after, Math.round(estimate * LOT_PARTS) / LOT_PARTS))
    }
  }
}

/** Lots ahead after a trade at the order's own price. */
export function aheadAfterTrade(ahead: number, lots: number): number {
  return Math.max(0, ahead - lots)
}

/** Whole lots of a trade at the order's own price that those ahead do not explain. */
export function lotsBehind(ahead: number, lots: number): number {
  return Math.floor(lots - Math.min(lots, ahead))
}

function checkQueueModel(options: QueueModelOptions): void {
  if (options.model === 'power' && !(options.exponent > 0 && options.exponent <= EXPONENT_MAX))
    throw new InputError(`queue model power: the exponent is ${options.exponent}; it must be above 0 and at most ${EXPONENT_MAX}`)
  if (options.model === 'log' && !(options.unitLots > 0 && options.unitLots <= 1e9))
    throw new InputError(`queue model log: unitLots is ${options.unitLots}; it must be above 0 and at most 1000000000`)
}

/** Share behind, 0..1, of a decrease where `ahead` + `behind` > 0. */
function shareOf(options: Exclude<QueueModelOptions, { model: 'risk-averse' }>): (ahead: number, behind: number) => number {
  if (options.model === 'proportional') return (ahead, behind) => behind / (ahead + behind)
  if (options.model === 'power' && options.form === 3) {
    const { exponent } = options
    return (ahead, behind) => 1 - power(ahead / (ahead + behind), exponent)
  }
  const f = weightOf(options)
  return options.form === 1
    ? (ahead, behind) => f(behind) / (f(behind) + f(ahead))
    : (ahead, behind) => f(behind) / f(ahead + behind)
}

function weightOf(options: Extract<QueueModelOptions, { model: 'power' | 'log' }>): (lots: number) => number {
  if (options.model === 'power') {
    const { exponent } = options
    return (lots) => power(lots, exponent)
  }
  const { unitLots } = options
  return (lots) => ln(1 + lots / unitLots)
}
