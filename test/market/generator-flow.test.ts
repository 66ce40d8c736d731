/* What the generator can do beyond its first two presets: regimes, settled orders, takes that follow the queues, each against its law. */
import { describe, expect, it } from 'vitest'
import { arrivalCurve } from '../../src/market/arrival-curve.ts'
import { generateTape } from '../../src/market/generator.ts'
import type { GeneratorOptions } from '../../src/market/generator-options.ts'
import { type GeneratorPreset, generatorOptions } from '../../src/market/generator-presets.ts'
import { checkTape, ROW_KIND } from '../../src/market/tape.ts'
import { marketFacts } from '../../src/metrics/market-facts.ts'
import { NaiveBook, tapeFacts } from './tape-facts.ts'

const OPEN = 9.5 * 3600e9
const STEADY: Partial<GeneratorOptions> = { openLift: 0, closeLift: 0, activitySigma: 0, burstCount: 0 }

describe('presets with a self-exciting flow', () => {
  const sessions: [GeneratorPreset, Partial<GeneratorOptions>][] = [
    ['large-cap', { closeNs: OPEN + 600e9 }],
    ['mid-cap', { closeNs: OPEN + 3600e9 }],
    ['thin', {}],
    ['perpetual', { closeNs: 300e9 }]
  ]
  it.each(sessions)('%s: every row fits a book that is never crossed, locked or one-sided', (preset, session) => {
    for (const seed of [1, 2]) {
      const tape = generateTape(generatorOptions(preset, session), seed)
      checkTape(tape)
      expect(tapeFacts(tape).rows).toBeGreaterThan(1000)
    }
  })

  // Bands as the presets' descriptions state them.
  it('mid-cap: 8 to 16 ticks of spread, 4 to 12 rows a second, signs with a memory of 0.5 to 0.7, most orders cancelled', () => {
    const { book, flow, takes } = marketFacts(generateTape(generatorOptions('mid-cap'), 3))
    expect(book.spreadTicksMean).toBeGreaterThan(8)
    expect(book.spreadTicksMean).toBeLessThan(16)
    expect(flow.perSecond).toBeGreaterThan(4)
    expect(flow.perSecond).toBeLessThan(12)
    expect(takes.signMemory[0]).toBeGreaterThan(0.5)
    expect(takes.signMemory[0]).toBeLessThan(0.7)
    expect(flow.deletesPerAdd).toBeGreaterThan(0.75)
  })

  it('thin: 10 to 60 ticks of spread, below 3 rows a second', () => {
    const { book, flow } = marketFacts(generateTape(generatorOptions('thin'), 3))
    expect(book.spreadTicksMean).toBeGreaterThan(10)
    expect(book.spreadTicksMean).toBeLessThan(60)
    expect(flow.perSecond).toBeLessThan(3)
  })

  it('perpetual: the session may be the whole day', () => {
    const { openNs, closeNs } = generatorOptions('perpetual')
    expect([openNs, closeNs]).toEqual([0, 86400e9])
  })
})

describe('regimes', () => {
  it('take their shares of the time, and leave the mean intensity at 1', () => {
    // 86,400 s in stays of 20 s: 4320 stays, standard error of a share 1 to 1.5 % of the time.
    const options = generatorOptions('liquid', {
      ...STEADY,
      openNs: 0,
      closeNs: 86400e9,
      quietShare: 0.3,
      quietIntensity: 0.5,
      stressShare: 0.1,
      stressIntensity: 3,
      stressVolatility: 2,
      regimeStayNs: 20e9
    })
    const { intensity, caution } = arrivalCurve(options, 5)
    const mean = intensity.reduce((sum, value) => sum + value, 0) / intensity.length
    const share = (test: (second: number) => boolean): number =>
      intensity.reduce((sum, _, i) => sum + (test(i) ? 1 : 0), 0) / intensity.length
    // 1 - 0.3 * 0.5 + 0.1 * 2 = 1.05.
    expect(share((i) => intensity[i] < 0.6)).toBeCloseTo(0.3, 1)
    expect(share((i) => caution[i] === 2)).toBeCloseTo(0.1, 1)
    expect(share((i) => Math.abs(intensity[i] * 1.05 - 1) < 1e-9)).toBeCloseTo(0.6, 1)
    expect(Math.abs(mean - 1)).toBeLessThan(0.05)
  })
})

describe('orders that settle', () => {
  it('live 1 / (rate * factor) on average, those of a seed included: the book is in its steady state at the open', () => {
    const alone: Partial<GeneratorOptions> = {
      ...STEADY,
      takesPerSecond: 0,
      informedTakesPerSecond: 0,
      staleCancelsPerSecond: 0,
      partialCancelShare: 0,
      driftFactorMax: 1,
      clusterShare: 0,
      fleetingShare: 0,
      patientCancelsPerSecond: 0.5,
      settledShare: 0.5,
      settledCancelFactor: 0.1,
      closeNs: OPEN + 1200e9
    }
    const tape = generateTape(generatorOptions('liquid', alone), 1)
    // Little: 30 a second, half live 2 s and half 20 s: 330 at once. Poisson: standard deviation 18.
    expect(Math.abs(tape.header.notes.seedRows - 330)).toBeLessThan(4 * 18)
    const { lives } = marketFacts(tape)
    // P(life < 1 s) = (1 - e^-0.5) / 2 + (1 - e^-0.05) / 2 = 0.221; 36,000 lives.
    expect(Math.abs((lives.cancelledWithin[3] ?? 0) - 0.2211)).toBeLessThan(0.01)
    expect(Math.abs((lives.cancelledNsMean ?? 0) / 11e9 - 1)).toBeLessThan(0.05)
  })
})

describe('takes that follow the queues', () => {
  it('buy with odds of bid lots to ask lots: the mean of sign times imbalance is the mean square of the imbalance', () => {
    const options = generatorOptions('liquid', {
      ...STEADY,
      imbalanceShare: 1,
      informedTakesPerSecond: 0,
      hiddenShare: 0,
      closeNs: OPEN + 3600e9
    })
    const tape = generateTape(options, 2)
    const book = new NaiveBook()
    let product = 0
    let square = 0
    let count = 0
    let lastNs = -1
    for (let row = 0; row < tape.count; row++) {
      if (ROW_KIND.names[tape.kind[row]] === 'execute' && tape.tNs[row] !== lastNs) {
        lastNs = tape.tNs[row]
        const bid = book.lotsAt(book.bid)
        const ask = book.lotsAt(book.ask)
        const imbalance = (bid - ask) / (bid + ask)
        product += -tape.side[row] * imbalance
        square += imbalance * imbalance
        count++
      }
      book.apply(tape, row)
    }
    // About 5800 takes, each product at most 1 in size: standard error below 0.01.
    expect(count).toBeGreaterThan(4000)
    expect(Math.abs(product / count - square / count)).toBeLessThan(0.04)
    expect(square / count).toBeGreaterThan(0.15)
  })
})

describe('options that do not go together are told by name', () => {
  const cases: [Partial<GeneratorOptions>, string][] = [
    [{ fastExcitation: 0.5 }, 'generator: clusterShare must be 0 beside fastExcitation or slowExcitation'],
    [
      { clusterShare: 0, fastExcitation: 0.6, slowExcitation: 0.5 },
      'generator: fastExcitation and slowExcitation must be at most 0.98 together'
    ],
    [{ quietShare: 0.6, stressShare: 0.5 }, 'generator: quietShare and stressShare must leave'],
    [{ settledCancelFactor: 0 }, 'generator: settledCancelFactor is 0'],
    [{ fleetingShare: 1, settledShare: 0.1 }, 'generator: settledShare must be 0']
  ]
  it.each(cases)('%j: %s', (overrides, message) => {
    expect(() => generateTape(generatorOptions('liquid', overrides), 1)).toThrow(message)
  })
})
