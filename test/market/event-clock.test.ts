/* Gaps of the self-exciting clock against the closed forms of a Hawkes process, and of the renewal clock against its mixture. */
import { describe, expect, it } from 'vitest'
import { openStream } from '../../src/kernel/random.ts'
import { type ClockOptions, EventClock } from '../../src/market/event-clock.ts'

const EXCITED: ClockOptions = {
  clusterShare: 0,
  clusterGapShare: 1,
  fastExcitation: 0.4,
  fastExcitationDecayNs: 2e6,
  slowExcitation: 0.2,
  slowExcitationDecayNs: 100e6
}
const RATE = 10

/** Counts in windows of `windowSeconds`; `lookSeconds`: the gap is given up and drawn again so often. */
function windowCounts(
  options: ClockOptions,
  windowSeconds: number,
  windows: number,
  lookSeconds = Number.POSITIVE_INFINITY
): number[] {
  const clock = new EventClock(options, openStream(7, 'test'))
  const counts = new Array<number>(windows).fill(0)
  let t = 0
  for (;;) {
    const gap = clock.draw(RATE, 1)
    const passed = Math.min(gap, lookSeconds)
    t += passed
    const window = Math.floor(t / windowSeconds)
    if (window >= windows) return counts
    clock.pass(passed)
    if (passed < gap) continue
    clock.arrive()
    counts[window]++
  }
}

function moments(counts: readonly number[]): { mean: number; dispersion: number } {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length
  return { mean, dispersion: variance / mean }
}

describe('a self-exciting clock of branching ratio n = 0.6', () => {
  it('has the rate that was asked for: base r (1 - n), mean r (1 - n) / (1 - n)', () => {
    // 200,000 events, variance 1 / 0.4^2 of a Poisson count: standard error 0.56 %.
    expect(Math.abs(moments(windowCounts(EXCITED, 20, 1000)).mean / (20 * RATE) - 1)).toBeLessThan(0.02)
  })

  it('has counts whose variance is 1 / (1 - n)^2 of their mean in windows far longer than its memory', () => {
    // 4000 windows: standard error sqrt(2 / 4000) = 2.2 %; what the window cuts off is memory 0.25 s in 20 s, 1.2 %.
    expect(Math.abs(moments(windowCounts(EXCITED, 20, 4000)).dispersion * 0.4 ** 2 - 1)).toBeLessThan(0.09)
  })

  it('the same when gaps are given up and drawn again: it forgets nothing and invents nothing', () => {
    const { mean, dispersion } = moments(windowCounts(EXCITED, 20, 4000, 0.01))
    expect(Math.abs(mean / (20 * RATE) - 1)).toBeLessThan(0.015)
    expect(Math.abs(dispersion * 0.4 ** 2 - 1)).toBeLessThan(0.09)
  })

  it('an urgent rate is not slowed: with n of it moved to the base, all events come (1 + n u / (r (1 - n))) times as often', () => {
    const clock = new EventClock(EXCITED, openStream(3, 'test'))
    let t = 0
    const count = 100_000
    for (let i = 0; i < count; i++) {
      const gap = clock.draw(RATE, 1, 5)
      clock.pass(gap)
      clock.arrive()
      t += gap
    }
    // Base 10 * 0.4 + 5 * 0.6 = 7, over 1 - n: 17.5 a second.
    expect(Math.abs(count / t / 17.5 - 1)).toBeLessThan(0.03)
  })
})

describe('a clock without excitation', () => {
  it('is a Poisson process when nothing clusters: variance 1 of the mean', () => {
    const plain = { ...EXCITED, fastExcitation: 0, slowExcitation: 0 }
    const { mean, dispersion } = moments(windowCounts(plain, 20, 2000))
    expect(Math.abs(mean / (20 * RATE) - 1)).toBeLessThan(0.01)
    expect(Math.abs(dispersion - 1)).toBeLessThan(0.15)
  })
})
