/* The fit of the generator: its parts against closed forms, and the whole on tapes whose options are known. */
import { beforeAll, describe, expect, it } from 'vitest'
import { openStream } from '../../src/kernel/random.ts'
import { dayShape } from '../../src/market/arrival-curve.ts'
import { generateTape } from '../../src/market/generator.ts'
import type { GeneratorOptions } from '../../src/market/generator-options.ts'
import { generatorOptions } from '../../src/market/generator-presets.ts'
import { OrderSplitting } from '../../src/market/order-splitting.ts'
import { marketFacts } from '../../src/metrics/market-facts.ts'
import { autocorrelation, SIGN_LAGS } from '../../src/metrics/take-flow.ts'
import { fitDay } from '../../src/model/day-fit.ts'
import { fitGenerator, type GeneratorFit } from '../../src/model/generator-fit.ts'
import { fitSplitting, splittingMemory } from '../../src/model/sign-fit.ts'
import { fitSizes } from '../../src/model/size-fit.ts'
import { generatedVenueText } from '../../src/scenario/generated-venue.ts'
import { parseScenario } from '../../src/scenario/parse.ts'

describe('memory of signs', () => {
  it('lag 1 by hand: (1 - 1 / E[L]) / parents; one parent of two takes forgets after one', () => {
    // Lengths 1 or 2, P(L >= 2) = 1/2: E[L] = 1.5.
    const [next, last] = splittingMemory({ splitterCount: 1, splitExponent: 1, splitCountMax: 2 }, [1, 2])
    expect(next).toBeCloseTo(1 - 1 / 1.5)
    expect(last).toBe(0)
    expect(splittingMemory({ splitterCount: 2, splitExponent: 1, splitCountMax: 2 }, [1])[0]).toBeCloseTo((1 - 1 / 1.5) / 2)
    // Two parents, lag 2: the take between is the other parent's with 1/2, the next is ours with 1/2.
    expect(splittingMemory({ splitterCount: 2, splitExponent: 1, splitCountMax: 2 }, [2])[0]).toBeCloseTo((1 - 1 / 1.5) / 4)
  })

  it('is that of drawn signs', () => {
    const splitting = { splitterCount: 3, splitExponent: 1.4, splitCountMax: 40 }
    const draw = new OrderSplitting(openStream(6, 'test'), 3, 1.4, 40)
    const signs = Array.from({ length: 400_000 }, () => draw.next())
    const model = splittingMemory(splitting, SIGN_LAGS)
    SIGN_LAGS.forEach((lag, i) => {
      expect(Math.abs(autocorrelation(signs, lag) - model[i]), `lag ${lag}`).toBeLessThan(0.02)
    })
  })

  it('has the tail lag^-(a - 1) of a long cap', () => {
    const [at50, at200] = splittingMemory({ splitterCount: 1, splitExponent: 1.5, splitCountMax: 1_000_000 }, [50, 200])
    expect(Math.log(at50 / at200) / Math.log(4)).toBeCloseTo(0.5, 2)
  })

  it('a splitting of the grid is found again from its memory', () => {
    const known = { splitterCount: 2, splitExponent: 1.5, splitCountMax: 80 }
    const found = fitSplitting(SIGN_LAGS, splittingMemory(known, SIGN_LAGS), {
      splitterCount: 1,
      splitExponent: 1,
      splitCountMax: 2
    })
    expect(found).toEqual(known)
  })
})

describe('shape of the day and sizes', () => {
  it('lifts are found again from the rates of thirteen half hours', () => {
    const options = generatorOptions('mid', { openLift: 1.2, closeLift: 2 })
    const rates = Array.from({ length: 13 }, (_, half) => {
      let sum = 0
      for (let i = 0; i < 600; i++) sum += dayShape(options, (half + (i + 0.5) / 600) / 13) / 600
      return sum
    })
    const { openLift, closeLift } = fitDay(rates, options.liftShare)
    expect([openLift, closeLift].map((lift) => Number(lift.toFixed(3)))).toEqual([1.2, 2])
    expect(fitDay(rates.slice(0, 3), options.liftShare)).toEqual({ openLift: 0, closeLift: 0 })
  })

  it('sizes without round lots: the lognormal law through the quartiles', () => {
    const quartile = Math.exp(0.6744897501960817)
    const law = fitSizes(
      { lots: [1, 100 / quartile, 100, 100 * quartile, 600], lotsMean: 160, hundredsShare: 0.01, hundredShare: 0.01 },
      generatorOptions('mid').limitSize
    )
    expect([law.roundShare, law.oddMedianLots]).toEqual([0, 100])
    expect(law.oddSigma).toBeCloseTo(1)
  })

  it('round lots: their share, and how often one more is asked for', () => {
    const law = fitSizes(
      { lots: [6, 20, 100, 100, 300], lotsMean: 90, hundredsShare: 0.6, hundredShare: 0.45 },
      generatorOptions('mid').limitSize
    )
    expect([law.roundLots, law.roundShare, law.nextRoundProbability]).toEqual([100, 0.6, 0.25])
  })
})

describe('a tape of known options', () => {
  const known: GeneratorOptions = generatorOptions('mid-cap', {
    burstCount: 0,
    limitsPerSecond: 5,
    takesPerSecond: 0.6,
    openLift: 1.5
  })
  let fit: GeneratorFit
  beforeAll(() => {
    const tape = generateTape(known, 11)
    fit = fitGenerator(tape.header, marketFacts(tape))
  })

  const near = (name: keyof GeneratorOptions, tolerance: number): void => {
    const ratio = (fit.options[name] as number) / (known[name] as number)
    expect(Math.abs(ratio - 1), `${name}: ${String(fit.options[name])}`).toBeLessThan(tolerance)
  }

  it('rates, shares and sizes are found within 10 %', () => {
    near('limitsPerSecond', 0.1)
    near('takesPerSecond', 0.1)
    near('hiddenShare', 0.1)
    near('partialCancelShare', 0.1)
    expect(Math.abs(fit.options.limitSize.roundShare / known.limitSize.roundShare - 1)).toBeLessThan(0.1)
  })

  it('what acts only through the book is found within a third', () => {
    near('edgeMeanTicks', 0.34)
    near('fleetingShare', 0.34)
    near('fastExcitation', 0.34)
    expect(fit.options.openLift).toBeGreaterThan(0.7)
  })

  it('its facts are met: each within a quarter', () => {
    for (const { name, recorded, generated } of fit.facts) {
      expect(Math.abs((generated ?? 0) / (recorded ?? 1) - 1), name).toBeLessThan(name.includes('60 s') ? 0.6 : 0.25)
    }
  })

  it('the options are text of a scenario, and are read back as they were', () => {
    const { tape } = parseScenario(generatedVenueText(fit.options, 5), { fileName: 'like.yaml' }).market.venues[0]
    expect(tape).toEqual({ kind: 'generate', options: fit.options, seed: 5 })
  })
})

it('a preset as it is needs no options in its text', () => {
  const options = generatorOptions('perpetual')
  const text = generatedVenueText(options, 1)
  expect(text).not.toContain('options')
  expect(parseScenario(text, { fileName: 'p.yaml' }).market.venues[0].tape).toEqual({ kind: 'generate', options, seed: 1 })
})
