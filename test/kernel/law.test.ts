import { describe, expect, it } from 'vitest'
import { type Law, meanNs, sampleNs } from '../../src/kernel/law.ts'

const LAWS: readonly (readonly [string, Law])[] = [
  ['constant', { law: 'constant', valueNs: 1500 }],
  ['uniform', { law: 'uniform', lowNs: 1000, highNs: 9000 }],
  ['exponential', { law: 'exponential', meanNs: 40_000, floorNs: 5000 }],
  ['lognormal', { law: 'lognormal', medianNs: 40_000, sigma: 0.5 }],
  ['two-part', { law: 'two-part', medianNs: 40_000, sigma: 0.3, tailProbability: 0.01, tailMedianNs: 4_000_000, tailSigma: 0.5 }]
]

describe('laws of a delay', () => {
  it.each(LAWS)('%s: the mean over the quantiles is the mean of the law', (_, law) => {
    const count = 200_000
    let sum = 0
    for (let i = 0; i < count; i++) sum += sampleNs(law, (i + 0.5) / count)
    // A sample is rounded down: half a ns on average; the grid misses the last 1/(2 count) of the tail.
    expect(Math.abs(sum / count - meanNs(law)) / meanNs(law)).toBeLessThan(0.002)
  })

  it.each(LAWS)('%s: never falls as u rises, and is a whole number of ns', (_, law) => {
    let before = -1
    for (let i = 0; i < 5000; i++) {
      const value = sampleNs(law, i / 5000)
      expect(value).toBeGreaterThanOrEqual(before)
      expect(Number.isInteger(value)).toBe(true)
      before = value
    }
  })

  it('the lognormal median is at one half', () => {
    expect(sampleNs({ law: 'lognormal', medianNs: 40_000, sigma: 0.5 }, 0.5)).toBe(40_000)
  })

  it('the two-part tail begins where the body ends', () => {
    const law: Law = {
      law: 'two-part',
      medianNs: 100,
      sigma: 0.1,
      tailProbability: 0.01,
      tailMedianNs: 1_000_000,
      tailSigma: 0.1
    }
    expect(sampleNs(law, 0.989)).toBeLessThan(200)
    expect(sampleNs(law, 0.995)).toBe(1_000_000)
  })
})
