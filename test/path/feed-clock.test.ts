import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { FeedClock } from '../../src/path/feed-clock.ts'
import { LINK_WAY, LinkWeather } from '../../src/path/link.ts'
import type { LinkOptions } from '../../src/path/options.ts'

const none = new ClampSchedule([])
const rough: LinkOptions = {
  delayNs: 0,
  returnDelayNs: 0,
  feedDelayNs: 500,
  weather: { law: 'exponential', meanNs: 3_000 },
  weatherBlockNs: 1_000,
  weatherCorrelationNs: 0,
  jitter: { law: 'constant', valueNs: 0 }
}
const lasting: LinkOptions = { ...rough, weatherCorrelationNs: 20_000 }
/** Blocks longer than any delay: only the first instants of a block are held up. */
const mild: LinkOptions = { ...rough, weatherBlockNs: 100_000 }
const twoPart: LinkOptions = {
  ...rough,
  // A body that reaches beyond its tail: the longest delay is not the law's last quantile.
  weather: { law: 'two-part', medianNs: 1_000, sigma: 1, tailProbability: 0.01, tailMedianNs: 3_000, tailSigma: 0.1 }
}

describe('FeedClock', () => {
  it('is a plain delay without weather', () => {
    const clock = new FeedClock({ ...rough, weather: { law: 'constant', valueNs: 0 } }, none, 1)
    expect([clock.arrivalNs(0), clock.arrivalNs(12_345)]).toEqual([500, 12_845])
    expect([clock.instantNs(499), clock.instantNs(500), clock.instantNs(12_845)]).toEqual([-1, 0, 12_345])
  })

  it('arrives in order, never before its delay, and a late block holds up the next', () => {
    const clock = new FeedClock(rough, none, 3)
    let lastNs = 0
    let heldUp = 0
    for (let ns = 0; ns < 200_000; ns += 97) {
      const arrivalNs = clock.arrivalNs(ns)
      expect(arrivalNs).toBeGreaterThanOrEqual(Math.max(lastNs, ns + 500))
      if (arrivalNs === lastNs) heldUp++
      lastNs = arrivalNs
    }
    expect(heldUp).toBeGreaterThan(100)
  })

  const clamped = new ClampSchedule([
    { target: 'link.delay', shape: { shape: 'ramp', from: 5, to: 0 }, startNs: 100_000, endNs: 300_000 },
    { target: 'link.delay', shape: { shape: 'step', factor: 8 }, startNs: 350_000, endNs: 420_000 }
  ])
  it.each([
    ['weather', rough, none],
    ['weather of long blocks', mild, none],
    ['weather of long blocks and a clamp', mild, clamped],
    ['weather and a clamp', rough, clamped],
    ['correlated weather', lasting, none],
    ['correlated weather and a clamp', lasting, clamped],
    ['weather whose body is longer than its tail', twoPart, none]
  ])('is inverted exactly by instantNs, in any order of questions: %s', (_, options, clamps) => {
    const asked = new FeedClock(options, clamps, 3)
    fc.assert(
      fc.property(fc.nat(600_000), (hostNs) => {
        const instantNs = asked.instantNs(hostNs)
        const fresh = new FeedClock(options, clamps, 3)
        expect(fresh.instantNs(hostNs)).toBe(instantNs)
        if (instantNs >= 0) expect(asked.arrivalNs(instantNs)).toBeLessThanOrEqual(hostNs)
        expect(asked.arrivalNs(instantNs + 1)).toBeGreaterThan(hostNs)
        expect(fresh.arrivalNs(hostNs)).toBe(asked.arrivalNs(hostNs))
      }),
      { numRuns: 2_000 }
    )
  })

  it.each([
    ['independent blocks', rough],
    ['correlated blocks', lasting],
    ['long blocks', mild],
    ['a body longer than its tail', twoPart]
  ])('equals the running maximum of every earlier instant with its own delay: %s', (_, options) => {
    const clock = new FeedClock(options, none, 5)
    const weather = new LinkWeather(options, none, 5)
    let runningNs = 0
    let wrong = 0
    for (let ns = 0; ns < 1_000_000; ns++) {
      runningNs = Math.max(runningNs, ns + weather.delayNs(LINK_WAY.feed, ns))
      if (clock.arrivalNs(ns) !== runningNs) wrong++
    }
    expect(wrong).toBe(0)
  })
})
