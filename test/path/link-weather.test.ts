/* Weather that lasts: law, memory and purity of LinkWeather with a correlation time. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Law, sampleNs } from '../../src/kernel/law.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { LINK_WAY, LinkWeather } from '../../src/path/link.ts'
import { NO_LINK } from '../../src/scenario/path-presets.ts'

const BLOCK_NS = 1_000_000
const none = new ClampSchedule([])

function weatherOf(weather: Law, correlationBlocks: number, seed: number): LinkWeather {
  const options = { ...NO_LINK, weather, weatherBlockNs: BLOCK_NS, weatherCorrelationNs: correlationBlocks * BLOCK_NS }
  return new LinkWeather(options, none, seed)
}

/** Uniform on [-1/2, 1/2): the law whose moments are known. */
const UNIFORM: Law = { law: 'uniform', lowNs: 0, highNs: 1_000_000_000 }
const centred = (weather: LinkWeather, way: number, block: number) => weather.delayNs(way, block * BLOCK_NS) / 1e9 - 0.5

/** Mean over seeds of 12 U_t U_(t+lag), by lag, with the standard error of that mean. */
function autocorrelations(correlationBlocks: number, lags: readonly number[], firstBlock: number) {
  const seedCount = 60
  const blockCount = Math.max(4_000, 300 * correlationBlocks)
  return lags.map((lag) => {
    let sum = 0
    let squares = 0
    for (let seed = 1; seed <= seedCount; seed++) {
      const weather = weatherOf(UNIFORM, correlationBlocks, seed)
      const values = Float64Array.from({ length: blockCount + lag }, (_, i) => centred(weather, LINK_WAY.up, firstBlock + i))
      let products = 0
      for (let t = 0; t < blockCount; t++) products += 12 * values[t] * values[t + lag]
      sum += products / blockCount
      squares += (products / blockCount) ** 2
    }
    const mean = sum / seedCount
    return { mean, error: Math.sqrt((squares / seedCount - mean * mean) / (seedCount - 1)) }
  })
}

describe('weather with a correlation time', () => {
  // Scores correlated by rho give uniform numbers correlated by 6/pi asin(rho/2) (Gaussian copula; Pearson 1907).
  const closedForm = (lag: number, correlationBlocks: number) => (6 / Math.PI) * Math.asin(Math.exp(-lag / correlationBlocks) / 2)

  it.each([
    [3, 0],
    [10, 0],
    // Across a knot (every 1024 blocks here), and where a day's blocks are.
    [50, 34_200_000]
  ])('of %d blocks has the autocorrelation of its closed form at lags 0, 1, 2, 5 and 20', (correlationBlocks, firstBlock) => {
    const lags = [0, 1, 2, 5, 20]
    const found = autocorrelations(correlationBlocks, lags, firstBlock)
    for (const [index, lag] of lags.entries()) {
      const { mean, error } = found[index]
      // Four standard errors; and the errors are small enough to tell the lags apart.
      expect(Math.abs(mean - closedForm(lag, correlationBlocks)), `lag ${lag}: ${mean} +- ${error}`).toBeLessThan(4 * error)
      expect(error).toBeLessThan(0.012)
    }
    expect(closedForm(1, correlationBlocks) - closedForm(5, correlationBlocks)).toBeGreaterThan(0.05)
  })

  it('remembers across a knot as it does inside its span', () => {
    // 8 blocks of correlation: knots every 128 blocks. Pairs that straddle one, over many knots.
    const weather = weatherOf(UNIFORM, 8, 4)
    const knots = 40_000
    let products = 0
    for (let knot = 1; knot <= knots; knot++) {
      products += 12 * centred(weather, LINK_WAY.up, knot * 128 - 1) * centred(weather, LINK_WAY.up, knot * 128 + 1)
    }
    // The standard error of a mean of such products is below 12 sd(U V) / sqrt(n) <= sqrt(0.8 / n) = 0.0045.
    expect(Math.abs(products / knots - closedForm(2, 8))).toBeLessThan(4 * 0.0045)
  })

  it.each([
    ['exponential', { law: 'exponential', meanNs: 2_000_000, floorNs: 500_000 }],
    ['lognormal', { law: 'lognormal', medianNs: 10_000_000, sigma: 1.2 }],
    [
      'two-part',
      { law: 'two-part', medianNs: 1_000_000, sigma: 0.4, tailProbability: 0.05, tailMedianNs: 30_000_000, tailSigma: 1 }
    ]
  ] as [string, Law][])('has the very law of a block: %s', (_, law) => {
    const correlationBlocks = 6
    const weather = weatherOf(law, correlationBlocks, 8)
    const count = 40_000
    // 97 blocks apart: at e^-16 as good as independent, and at every place between two knots.
    const delays = Float64Array.from({ length: count }, (_, i) => weather.delayNs(LINK_WAY.down, i * 97 * BLOCK_NS))
    for (const p of [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.999]) {
      const quantileNs = sampleNs(law, p)
      const share = delays.reduce((sum, ns) => sum + (ns <= quantileNs ? 1 : 0), 0) / count
      expect(Math.abs(share - p), `p ${p}: ${share}`).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count))
    }
    expect(Math.max(...delays) + 1).toBeLessThanOrEqual(weather.delayNsMax(LINK_WAY.down))
  })

  it('is a function of the block alone, whatever the order of questions', () => {
    const law: Law = { law: 'lognormal', medianNs: 10_000, sigma: 1 }
    for (const correlationBlocks of [0.01, 1, 7, 300]) {
      const asked = weatherOf(law, correlationBlocks, 2)
      const inOrder = weatherOf(law, correlationBlocks, 2)
      const table = Float64Array.from({ length: 6_000 }, (_, block) => inOrder.delayNs(LINK_WAY.feed, block * BLOCK_NS))
      fc.assert(
        fc.property(fc.nat(5_999), fc.nat(BLOCK_NS - 1), (block, ns) => {
          expect(asked.delayNs(LINK_WAY.feed, block * BLOCK_NS + ns)).toBe(table[block])
          expect(weatherOf(law, correlationBlocks, 2).delayNs(LINK_WAY.feed, block * BLOCK_NS)).toBe(table[block])
        }),
        { numRuns: 300 }
      )
    }
  })

  it('of 0 is the independent weather of each block; ways and seeds do not share theirs', () => {
    const correlation = (a: (block: number) => number, b: (block: number) => number) => {
      let products = 0
      for (let i = 0; i < 20_000; i++) products += 12 * a(i * 200) * b(i * 200)
      return products / 20_000
    }
    const lasting = weatherOf(UNIFORM, 10, 1)
    const independent = weatherOf(UNIFORM, 0, 1)
    const other = weatherOf(UNIFORM, 10, 2)
    const of =
      (weather: LinkWeather, way: number, shift = 0) =>
      (block: number) =>
        centred(weather, way, block + shift)
    // Standard error of nothing in common: 1 / sqrt(20000) = 0.0071; four of them.
    const pairs = [
      [of(independent, LINK_WAY.up), of(independent, LINK_WAY.up, 1)],
      [of(lasting, LINK_WAY.up), of(lasting, LINK_WAY.down)],
      [of(lasting, LINK_WAY.up), of(lasting, LINK_WAY.feed)],
      [of(lasting, LINK_WAY.up), of(other, LINK_WAY.up)]
    ] as const
    for (const [a, b] of pairs) expect(Math.abs(correlation(a, b))).toBeLessThan(0.029)
    expect(correlation(of(lasting, LINK_WAY.up), of(lasting, LINK_WAY.up, 1))).toBeGreaterThan(0.85)
  })

  it('is clamped like other weather, and refuses a memory it cannot hold', () => {
    expect(() => weatherOf(UNIFORM, 2 ** 27, 1)).toThrow(/a memory that can be held/)
    const step = new ClampSchedule([
      { target: 'link.delay', shape: { shape: 'step', factor: 3 }, startNs: 0, endNs: 5 * BLOCK_NS }
    ])
    const options = { ...NO_LINK, weather: UNIFORM, weatherBlockNs: BLOCK_NS, weatherCorrelationNs: 4 * BLOCK_NS }
    const plain = new LinkWeather(options, none, 3)
    const clamped = new LinkWeather(options, step, 3)
    expect(clamped.delayNs(LINK_WAY.up, 0)).toBe(3 * plain.delayNs(LINK_WAY.up, 0))
    expect(clamped.delayNs(LINK_WAY.up, 5 * BLOCK_NS)).toBe(plain.delayNs(LINK_WAY.up, 5 * BLOCK_NS))
  })
})
