/*
 * Generated tapes are valid, repeatable, and follow the laws the generator states: closed forms where the model has one, else figures
 * measured on the AMZN day of 2012-06-21 (generator-day.test.ts measures them again where the day is present).
 */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openStream } from '../../src/kernel/random.ts'
import { arrivalCurve, dayShape } from '../../src/market/arrival-curve.ts'
import { generateTape } from '../../src/market/generator.ts'
import type { GeneratorOptions } from '../../src/market/generator-options.ts'
import { GENERATOR_PRESETS, generatorOptions } from '../../src/market/generator-presets.ts'
import { OrderSplitting } from '../../src/market/order-splitting.ts'
import { checkTape, ROW_FLAG, ROW_KIND, type Tape } from '../../src/market/tape.ts'
import { autocorrelation, type Facts, NaiveBook, tapeFacts } from './tape-facts.ts'

const HOUR = 3600e9
const OPEN = 9.5 * HOUR

function lasting(minutes: number, overrides: Partial<GeneratorOptions> = {}): Partial<GeneratorOptions> {
  return { openNs: OPEN, closeNs: OPEN + minutes * 60e9, ...overrides }
}

/** No day shape, no slow activity, no bursts: intensity 1 throughout. */
const STEADY: Partial<GeneratorOptions> = { openLift: 0, closeLift: 0, activitySigma: 0, burstCount: 0 }

/** Only limit orders and cancels at a constant rate each; all live times are exponential. */
const NO_TAKES: Partial<GeneratorOptions> = {
  ...STEADY,
  takesPerSecond: 0,
  informedTakesPerSecond: 0,
  staleCancelsPerSecond: 0,
  partialCancelShare: 0,
  driftFactorMax: 1
}

function columns(tape: Tape): unknown[] {
  return [tape.count, tape.tNs, tape.kind, tape.side, tape.flags, tape.priceTicks, tape.lots, tape.orderId]
}

function rowsOf(tape: Tape, kind: string): number[] {
  return Array.from({ length: tape.count }, (_, row) => row).filter((row) => ROW_KIND.names[tape.kind[row]] === kind)
}

describe('a generated tape is valid', () => {
  for (const preset of ['liquid', 'mid'] as const) {
    it(`${preset}: every row fits a book that is never crossed, locked or one-sided, and executions take the head of the best level`, () => {
      for (let seed = 1; seed <= 5; seed++) {
        const tape = generateTape(generatorOptions(preset, lasting(20)), seed)
        checkTape(tape)
        expect(tapeFacts(tape).rows).toBeGreaterThan(1000)
      }
    })
  }

  it('under any flow: starved of limit orders, swept by takes, thrown about by jumps', () => {
    const flow = fc.record({
      limitsPerSecond: fc.constantFrom(0.05, 1, 30),
      takesPerSecond: fc.constantFrom(0, 1, 100),
      informedTakesPerSecond: fc.constantFrom(0, 5, 500),
      staleCancelsPerSecond: fc.constantFrom(0, 5, 500),
      patientCancelsPerSecond: fc.constantFrom(0.05, 5),
      sdTicksPerRootSecond: fc.constantFrom(0, 1, 100),
      jumpsPerHour: fc.constantFrom(0, 3600),
      jumpMeanTicks: fc.constantFrom(1, 2000),
      edgeFloorTicks: fc.constantFrom(0, 5),
      takeWithinBestShare: fc.constantFrom(0, 1),
      hiddenShare: fc.constantFrom(0, 1),
      crowdedLots: fc.constantFrom(1, 1000),
      burstCount: fc.constantFrom(0, 5)
    })
    const property = fc.property(flow, fc.nat(), (overrides, seed) => {
      const tape = generateTape(generatorOptions('liquid', lasting(1, overrides)), seed)
      checkTape(tape)
      // Plain comparisons: an expect per row would be most of the test's time. tapeFacts throws at the first bad row.
      tapeFacts(tape)
      expect(tape.count).toBeGreaterThan(tape.header.notes.seedRows)
    })
    fc.assert(property, { numRuns: 60, seed: 20120621 })
  })

  it('begins with the seed of its book, flagged, at the open, and stays inside the session', () => {
    const options = generatorOptions('liquid', lasting(5))
    const tape = generateTape(options, 3)
    const seeded = tape.header.notes.seedRows
    expect(seeded).toBeGreaterThan(20)
    const flagged = tape.flags.map((flags) => flags & ROW_FLAG.added)
    expect(flagged.slice(0, seeded).every((bit) => bit !== 0)).toBe(true)
    expect(flagged.slice(seeded).every((bit) => bit === 0)).toBe(true)
    expect(tape.tNs.slice(0, seeded).every((t) => t === OPEN)).toBe(true)
    expect(tape.kind.slice(0, seeded).every((kind) => kind === ROW_KIND.of.add)).toBe(true)
    expect(tape.tNs[tape.count - 1]).toBeLessThan(options.closeNs)
    expect(tape.header.source).toBe('generator, preset liquid, seed 3')
    expect([tape.header.openNs, tape.header.closeNs]).toEqual([options.openNs, options.closeNs])
  })

  it('accounts for every order: added = deleted + executed in full + live at the end', () => {
    const tape = generateTape(generatorOptions('liquid', lasting(30)), 8)
    const left = new Map<number, number>()
    let filled = 0
    for (let row = 0; row < tape.count; row++) {
      const kind = ROW_KIND.names[tape.kind[row]]
      const id = tape.orderId[row]
      if (kind === 'add') left.set(id, tape.lots[row])
      else if (kind !== 'execute-hidden') {
        const rest = (left.get(id) ?? Number.NaN) - tape.lots[row]
        if (rest > 0) left.set(id, rest)
        else {
          if (rest !== 0) throw new Error(`row ${row} leaves ${rest}`)
          left.delete(id)
          if (kind === 'execute') filled++
        }
      }
    }
    expect(filled).toBeGreaterThan(1000)
    expect(rowsOf(tape, 'add').length).toBe(rowsOf(tape, 'delete').length + filled + left.size)
  })
})

describe('a generated tape is decided by its options and its seed', () => {
  const options = generatorOptions('liquid', lasting(2))

  it('the same twice, whatever was generated between', () => {
    const first = columns(generateTape(options, 5))
    generateTape(generatorOptions('mid', lasting(10)), 6)
    expect(columns(generateTape(options, 5))).toEqual(first)
  })

  it('another with another seed', () => {
    expect(generateTape(options, 5).tNs.slice(0, 1000)).not.toEqual(generateTape(options, 6).tNs.slice(0, 1000))
  })

  it('the bursts and the activity of a seed stay when the flow changes', () => {
    const busier = { ...options, limitsPerSecond: 60 }
    expect(arrivalCurve(busier, 5)).toEqual(arrivalCurve(options, 5))
  })
})

describe('a generated tape follows the stated laws', () => {
  it('fleeting orders live 1 / rate on average, patient ones too when drift does not matter', () => {
    // Little: arrivals at rate l that are each cancelled at rate c stay 1 / c. 36,000 (8,000) orders: standard error 0.5 % (1.1 %).
    const fleeting = generatorOptions('liquid', lasting(20, { ...NO_TAKES, fleetingShare: 1, fleetingCancelsPerSecond: 2 }))
    expect(Math.abs(tapeFacts(generateTape(fleeting, 1)).lifeMean * 2 - 1)).toBeLessThan(0.02)
    const patient = generatorOptions('liquid', lasting(20, { ...NO_TAKES, fleetingShare: 0, patientCancelsPerSecond: 0.5 }))
    expect(Math.abs(tapeFacts(generateTape(patient, 1)).lifeMean * 0.5 - 1)).toBeLessThan(0.04)
  })

  it('limit orders arrive at their rate, and gaps vary as the mix of short and long ones says', () => {
    const options = generatorOptions('liquid', lasting(60, { ...NO_TAKES, fleetingShare: 1, fleetingCancelsPerSecond: 0.5 }))
    const tape = generateTape(options, 2)
    const { clusterShare: q, clusterGapShare: c } = options
    const long = (1 - q * c) / (1 - q)
    const variation = Math.sqrt(2 * (q * c * c + (1 - q) * long * long) - 1)
    // Gaps are independent with that coefficient of variation, so the count of n events has standard deviation variation * sqrt(n).
    const added = rowsOf(tape, 'add').length - tape.header.notes.seedRows
    expect(Math.abs(added - 30 * 3600)).toBeLessThan(4 * variation * Math.sqrt(2 * 30 * 3600))
    // The total rate itself moves by 1 / sqrt(60 live orders) / 2 = 6 %, which adds less than 1 %.
    expect(Math.abs(tapeFacts(tape).gapVariation / variation - 1)).toBeLessThan(0.03)
  })

  it('the day has its shape, with mean 1: rows per tenth of a day', () => {
    const options = generatorOptions('mid', { ...STEADY, openLift: 1.2, closeLift: 2 })
    const steps = 23400
    const tenths = new Array<number>(10).fill(0)
    for (let i = 0; i < steps; i++) tenths[Math.floor((i / steps) * 10)] += (dayShape(options, (i + 0.5) / steps) * 10) / steps
    expect(tenths.reduce((sum, x) => sum + x, 0) / 10).toBeCloseTo(1, 4)
    // Two days of about 150,000 rows: a tenth holds 30,000 rows in clusters (variation about 3), standard error 1.8 %.
    const days = [1, 2].map((seed) => tapeFacts(generateTape(options, seed)).shape)
    tenths.forEach((expected, i) => {
      expect(Math.abs((days[0][i] + days[1][i]) / 2 / expected - 1), `tenth ${i}`).toBeLessThan(0.08)
    })
  })

  it('a part of the day gets that part of the shape', () => {
    const noon = generatorOptions('liquid', { ...STEADY, openLift: 2, openNs: 12 * HOUR, closeNs: 13 * HOUR })
    const open = generatorOptions('liquid', { ...STEADY, openLift: 2, openNs: 9.5 * HOUR, closeNs: 10.5 * HOUR })
    const ratio = generateTape(open, 1).count / generateTape(noon, 1).count
    const lift = (from: number): number => {
      let sum = 0
      for (let i = 0; i < 600; i++) sum += dayShape(noon, (from + (i + 0.5) / 600 - 9.5) / 6.5)
      return sum / 600
    }
    expect(Math.abs(ratio / (lift(9.5) / lift(12)) - 1)).toBeLessThan(0.05)
  })

  it('signs of takes remember as split parents do: (1 - 1 / mean length) / parents at lag 1', () => {
    // A take is followed by one of its own parent with 1 / parents, if it was not the last of its parent: one take in E[L] is.
    // E[L] = sum over k <= cap of P(L >= k) = sum of k^-1.5.
    let length = 0
    for (let k = 1; k <= 200; k++) length += k ** -1.5
    const splitting = new OrderSplitting(openStream(4, 'test'), 2, 1.5, 200)
    const signs = Array.from({ length: 300000 }, () => splitting.next())
    expect(Math.abs(autocorrelation(signs, 1) - (1 - 1 / length) / 2)).toBeLessThan(0.015)
    expect(autocorrelation(signs, 10)).toBeGreaterThan(0.02)
  })

  it('a burst lifts the rows of its minute by the mean of 1 + 9 e^(-t/20s), and widens the spread while it lasts', () => {
    // (1/60) * integral over 60 s of 1 + 9 e^(-t/20) = 1 + 9 * 20 / 60 * (1 - e^-3) = 3.851; the other rows are the same seed without bursts.
    const expected = 1 + 3 * (1 - Math.exp(-3))
    let withBursts = 0
    let without = 0
    let wide = 0
    let narrow = 0
    for (let seed = 1; seed <= 12; seed++) {
      const options = generatorOptions('liquid', lasting(12, { burstCount: 1 }))
      const tape = generateTape(options, seed)
      const calm = generateTape({ ...options, burstCount: 0 }, seed)
      const atNs = tape.header.notes.burst1AtNs
      withBursts += countBetween(tape, atNs, atNs + 60e9)
      without += countBetween(calm, atNs, atNs + 60e9)
      wide += meanSpread(tape, atNs + 2e9, atNs + 12e9)
      narrow += meanSpread(calm, atNs + 2e9, atNs + 12e9)
    }
    // 12 minutes of about 4,000 rows in clusters: standard error 1.5 %; drifting activity of the book about as much.
    expect(Math.abs(withBursts / without / expected - 1)).toBeLessThan(0.1)
    expect(wide / narrow).toBeGreaterThan(1.3)
  })

  it('sizes: the round share is what was asked for', () => {
    const tape = generateTape(generatorOptions('liquid', lasting(30)), 4)
    // Odd sizes that happen to be a multiple of 100: lognormal density at 100 (median 25, sigma 1) = 0.0015, times 0.4.
    const { roundShare } = tapeFacts(tape)
    expect(Math.abs(roundShare - GENERATOR_PRESETS.liquid.limitSize.roundShare - 0.0006)).toBeLessThan(0.01)
  })

  it('hidden prints lie inside the spread, at whole ticks and between them', () => {
    const tape = generateTape(generatorOptions('liquid', lasting(30)), 4)
    const prints = rowsOf(tape, 'execute-hidden')
    const between = prints.filter((row) => (tape.flags[row] & ROW_FLAG.between) !== 0)
    expect(between.length).toBeGreaterThan(20)
    expect(prints.length - between.length).toBeGreaterThan(20)
  })
})

describe('books look like books', () => {
  let liquid: Facts
  let mid: Facts
  beforeAll(() => {
    liquid = tapeFacts(generateTape(generatorOptions('liquid', { openNs: OPEN, closeNs: OPEN + 2 * HOUR }), 1))
    mid = tapeFacts(generateTape(generatorOptions('mid'), 1))
  })

  it('liquid: a spread of 1 to 3 ticks nearly always, of one and of two ticks often, 200 to 1500 lots at the best', () => {
    expect(liquid.spreadCdf[0]).toBe(0)
    expect(liquid.spreadCdf[3]).toBeGreaterThan(0.9)
    expect(liquid.spreadCdf[1]).toBeGreaterThan(0.2)
    expect(liquid.spreadCdf[1]).toBeLessThan(0.8)
    expect(liquid.depthQuartiles[0]).toBeGreaterThan(200)
    expect(liquid.depthQuartiles[2]).toBeLessThan(1500)
  })

  it('mid: a spread of 5 to 15 ticks mostly, and thinner', () => {
    expect(mid.spreadCdf[15] - mid.spreadCdf[4]).toBeGreaterThan(0.8)
    expect(mid.depthQuartiles[1]).toBeLessThan(liquid.depthQuartiles[1] / 2)
  })

  // AMZN: 0.86 deletes an add, half the deleted lived less than 0.7 s and a quarter less than 31 ms, 5.8 % executions,
  // 0.3 % partial cancels, gaps with variation 3.6 and median 0.005 of the mean. Bounds: within a factor of 2 to 4 of that day.
  for (const name of ['liquid', 'mid'] as const) {
    const measured = (): Facts => (name === 'liquid' ? liquid : mid)

    it(`${name}: most orders are cancelled, many at once; executions are one row in twenty`, () => {
      const facts = measured()
      expect(facts.deletesPerAdd).toBeGreaterThan(0.8)
      expect(facts.deletesPerAdd).toBeLessThan(1)
      expect(facts.lifeQuartiles[0]).toBeLessThan(0.1)
      expect(facts.lifeQuartiles[2]).toBeGreaterThan(1)
      expect(facts.mix.execute).toBeGreaterThan(0.03)
      expect(facts.mix.execute).toBeLessThan(0.12)
      expect(facts.mix.reduce).toBeGreaterThan(0.001)
      expect(facts.mix.reduce).toBeLessThan(0.01)
      expect(facts.gapVariation).toBeGreaterThan(1.8)
      expect(facts.gapMedianShare).toBeLessThan(0.02)
    })

    it(`${name}: signs of takes have memory, far above the noise of independent ones`, () => {
      const facts = measured()
      const noise = 1 / Math.sqrt(facts.takesPerSecond * facts.seconds)
      expect(facts.signMemory[0]).toBeGreaterThan(5 * noise)
      expect(facts.signMemory[2]).toBeGreaterThan(3 * noise)
      expect(facts.signMemory[0]).toBeGreaterThan(facts.signMemory[3])
    })

    it(`${name}: passive fills are adversely selected: the mid goes on with the take by a fifth to one and a half half-spreads`, () => {
      const facts = measured()
      // AMZN: 4.5 ticks after 1 s and 6.0 after 10 s, at a half-spread of 5.2.
      for (const impact of facts.impact.slice(0, 2)) {
        expect(impact).toBeGreaterThan(0.2 * facts.halfSpread)
        expect(impact).toBeLessThan(1.5 * facts.halfSpread)
      }
    })

    it(`${name}: the mid is close to a random walk: its variance per second over 60 s is 0.6 to 1.8 times that over 1 s`, () => {
      const facts = measured()
      // AMZN: (2.13 / 1.98)^2 = 1.15.
      const ratio = (facts.moves[2] / facts.moves[0]) ** 2
      expect(ratio).toBeGreaterThan(0.6)
      expect(ratio).toBeLessThan(1.8)
    })
  }
})

describe('options out of range are told by name', () => {
  const cases: [Partial<GeneratorOptions>, string][] = [
    [{ hiddenShare: 1.5 }, 'generator: hiddenShare is 1.5; it must be from 0 to 1'],
    [{ limitsPerSecond: 0 }, 'generator: limitsPerSecond is 0; it must be above 0'],
    [{ closeNs: OPEN }, 'generator: closeNs is not after openNs'],
    [{ takesPerSecond: Number.NaN }, 'generator: takesPerSecond is NaN; it must be at least 0'],
    [{ burstCount: 1.5 }, 'generator: burstCount is 1.5; it must be a whole number of at least 0'],
    [{ patientCancelsPerSecond: 1e-4 }, 'orders rest at once'],
    [{ initialPriceTicks: 100 }, 'initialPriceTicks is 100'],
    [{ takeSize: { ...GENERATOR_PRESETS.liquid.takeSize, roundLots: 0 } }, 'generator: takeSize.roundLots']
  ]
  for (const [overrides, message] of cases) {
    it(message, () => {
      expect(() => generateTape(generatorOptions('liquid', overrides), 1)).toThrow(message)
    })
  }
})

function countBetween(tape: Tape, fromNs: number, untilNs: number): number {
  return tape.tNs.reduce((sum, t) => sum + (t >= fromNs && t < untilNs ? 1 : 0), 0)
}

/** Time-weighted spread in ticks. */
function meanSpread(tape: Tape, fromNs: number, untilNs: number): number {
  const book = new NaiveBook()
  let sum = 0
  let time = 0
  let last = fromNs
  for (let row = 0; row < tape.count && tape.tNs[row] < untilNs; row++) {
    const t = tape.tNs[row]
    if (t > last) {
      sum += (book.ask - book.bid) * (t - last)
      time += t - last
      last = t
    }
    book.apply(tape, row)
  }
  return sum / time
}
