import { describe, expect, it } from 'vitest'
import type { RetryOptions } from '../../src/path/options.ts'
import { backoffNs, mayRetry } from '../../src/path/retry.ts'

const options: RetryOptions = {
  attemptCountMax: 3,
  timeBudgetNs: 1000,
  backoff: 'exponential',
  backoffNs: 100,
  backoffNsMax: 350,
  jitterShare: 0,
  ackTimeoutNs: 0
}

describe('backoffNs', () => {
  it('doubles up to its cap and is stretched by the factor after it', () => {
    expect([1, 2, 3, 60].map((retry) => backoffNs(options, 1, 7, retry, 1))).toEqual([100, 200, 350, 350])
    expect(backoffNs(options, 1, 7, 3, 2)).toBe(700)
  })

  it('stays the same when fixed and is nothing when immediate or for the first attempt', () => {
    expect([1, 2, 9].map((retry) => backoffNs({ ...options, backoff: 'fixed' }, 1, 7, retry, 1))).toEqual([100, 100, 100])
    expect(backoffNs({ ...options, backoff: 'immediate' }, 1, 7, 2, 5)).toBe(0)
    expect(backoffNs(options, 1, 7, 0, 1)).toBe(0)
  })

  it('draws only the jitter share, by child and retry, uniformly', () => {
    const jittered = { ...options, backoff: 'fixed' as const, backoffNs: 1_000_000, jitterShare: 0.4 }
    let sum = 0
    for (let child = 0; child < 4000; child++) {
      const ns = backoffNs(jittered, 9, child, 1, 1)
      expect(ns).toBeGreaterThanOrEqual(600_000)
      expect(ns).toBeLessThan(1_000_000)
      expect(backoffNs(jittered, 9, child, 1, 1)).toBe(ns)
      sum += ns
    }
    // Uniform on [0.6, 1) ms: mean 0.8 ms, standard error 0.4 ms / sqrt(12 * 4000) = 1.8 us; five of them.
    expect(Math.abs(sum / 4000 - 800_000)).toBeLessThan(9_200)
  })
})

describe('mayRetry', () => {
  it('allows as many attempts as the lower cap says', () => {
    expect([0, 1, 2, 3].map((retry) => mayRetry(options, retry, 0, Number.POSITIVE_INFINITY))).toEqual([true, true, true, false])
    expect([1, 2].map((retry) => mayRetry(options, retry, 0, 2))).toEqual([true, false])
  })

  it('stops when the time budget is spent', () => {
    expect([1000, 1001].map((ns) => mayRetry(options, 1, ns, 9))).toEqual([true, false])
  })
})
