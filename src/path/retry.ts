/*
 * Retry after a refusal: how long to wait, and whether another attempt is allowed at all (reject-loop playbook sections 3 and
 * 10: unlimited retries create churn and a late panic). The random part of a backoff is a keyed draw of (order, retry), so it is the same
 * in every arm. A late answer is not a refusal: the desk resends under the same client order id.
 */
import { DRAW, keyedUniform } from '../kernel/random.ts'
import type { RetryOptions } from './options.ts'

/**
 * Wait before attempt `retryIndex` (1 = the first retry), whole ns. Exponential doubles from `backoffNs` up to `backoffNsMax`; then the
 * controllers' `factor` (>= 1) stretches it, and the share `jitterShare` of it is drawn uniformly.
 */
export function backoffNs(options: RetryOptions, seed: number, luckKey: number, retryIndex: number, factor: number): number {
  if (options.backoff === 'immediate' || retryIndex < 1) return 0
  let spanNs = options.backoffNs
  if (options.backoff === 'exponential') {
    // 2^52 times any whole ns is beyond every cap, and still a number.
    spanNs = Math.min(options.backoffNsMax, options.backoffNs * 2 ** Math.min(52, retryIndex - 1))
  }
  const u = options.jitterShare > 0 ? keyedUniform(seed, DRAW.backoffJitter, luckKey, retryIndex) : 0
  return Math.floor(spanNs * factor * (1 - options.jitterShare + options.jitterShare * u))
}

/**
 * True when attempt `retryIndex` (1 = the first retry, so that many attempts were made) may be sent `elapsedNs` after the first intent,
 * the wait before it included.
 * `attemptCountMax` is the controllers' cap; the lower one holds. The first attempt is always allowed.
 */
export function mayRetry(options: RetryOptions, retryIndex: number, elapsedNs: number, attemptCountMax: number): boolean {
  if (retryIndex < 1) return true
  return retryIndex < Math.min(options.attemptCountMax, attemptCountMax) && elapsedNs <= options.timeBudgetNs
}
