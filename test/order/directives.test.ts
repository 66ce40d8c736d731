import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine, type Directives, NEUTRAL } from '../../src/order/directives.ts'

const factor = fc.constantFrom(1, 1.5, 2, 7)
const cap = fc.constantFrom(0.25, 0.5, 1, 1.5, 3)
const share = fc.constantFrom(0, 0.3, 0.5, 1)
const count = fc.constantFrom(0, 1, 4, Number.POSITIVE_INFINITY)
const span = fc.constantFrom(0, 10, 500)
const directives: fc.Arbitrary<Directives> = fc.record({
  spacingFactor: factor,
  burstCountMax: count,
  catchUpShare: share,
  childSizeFactor: factor,
  openingCapFactor: cap,
  passiveCapFactor: cap,
  takeCapFactor: cap,
  liquidationCapFactor: cap,
  messageRateMaxPerSecond: count,
  attemptCountMax: count,
  backoffFactor: factor,
  jitterNsMax: span,
  modifySuppressed: fc.boolean(),
  cancelThresholdTicks: span,
  cancelDebounceNs: span,
  pendingCancelCountMax: count,
  pendingCancelShareMax: count,
  cancelWorthTicksMin: fc.constantFrom(Number.NEGATIVE_INFINITY, 0, 0.5),
  ackAware: fc.boolean(),
  passiveCountMax: count,
  participationFactor: share,
  preferAmend: fc.boolean(),
  venueWeightFactor: fc.constantFrom(1, 0.25, 0),
  venueCountMax: count,
  prefault: fc.boolean(),
  pinned: fc.boolean(),
  backgroundFreeze: fc.boolean(),
  sampleFactor: fc.constantFrom(1, 0.5)
})

describe('combining directives', () => {
  it('does not depend on order or grouping, and saying a thing twice changes nothing', () => {
    fc.assert(
      fc.property(directives, directives, directives, (a, b, c) => {
        expect(combine(a, b)).toEqual(combine(b, a))
        expect(combine(combine(a, b), c)).toEqual(combine(a, combine(b, c)))
        expect(combine(a, a)).toEqual(a)
      })
    )
  })

  it('has neutral as its unit', () => {
    fc.assert(
      fc.property(directives, (a) => {
        expect(combine(a, NEUTRAL)).toEqual(a)
      })
    )
  })

  it('takes the more careful of each field', () => {
    const a: Directives = { ...NEUTRAL, spacingFactor: 2, burstCountMax: 3, catchUpShare: 0.5, preferAmend: true, jitterNsMax: 5 }
    const b: Directives = {
      ...NEUTRAL,
      spacingFactor: 1.5,
      burstCountMax: 8,
      catchUpShare: 0.25,
      passiveCountMax: 1,
      venueWeightFactor: 0.5
    }
    expect(combine(a, b)).toEqual({
      ...NEUTRAL,
      spacingFactor: 2,
      burstCountMax: 3,
      catchUpShare: 0.25,
      preferAmend: true,
      jitterNsMax: 5,
      passiveCountMax: 1,
      venueWeightFactor: 0.5
    })
  })

  it('lowered caps win over raised ones, and the smaller of two raises wins', () => {
    const caps = (a: number, b: number): number =>
      combine({ ...NEUTRAL, takeCapFactor: a }, { ...NEUTRAL, takeCapFactor: b }).takeCapFactor
    expect([caps(2, 0.5), caps(0.25, 0.5), caps(2, 3), caps(1, 3), caps(1, 0.5)]).toEqual([0.5, 0.25, 2, 3, 0.5])
  })
})
