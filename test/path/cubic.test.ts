import { describe, expect, test } from 'vitest'
import { Cubic, HyStart } from '../../src/path/cubic.ts'

const MS = 1_000_000

describe('slow start ends early', () => {
  /** The ms of the acknowledgement, one every `gapMs` from 100 ms on, that ends it; undefined when none of 60 does. */
  function endMs(gapMs: number, segments: number, isPaced: boolean): number | undefined {
    const start = new HyStart()
    for (let i = 0; i < 60; i++) {
      const nowNs = (100 + i * gapMs) * MS
      if (start.endsWith(segments, 1 + i, 1e6, nowNs, 20 * MS, MS, isPaced)) return nowNs / MS
    }
    return undefined
  }

  test('when a train of acknowledgements is longer than a round trip and 1 ms, half of it without pacing', () => {
    expect(endMs(1, 16, true)).toBe(122)
    expect(endMs(1, 16, false)).toBe(111)
    expect(endMs(2, 16, true)).toBe(122)
  })

  test('not when acknowledgements are more than 2 ms apart, nor with a window below 16', () => {
    expect(endMs(2.1, 16, true)).toBeUndefined()
    expect(endMs(1, 15, true)).toBeUndefined()
  })

  test('a round begins with what was sent when the last one began; its train begins with it', () => {
    const start = new HyStart()
    const ends: number[] = []
    // Every tenth acknowledgement is for the first byte sent after the round before.
    for (let i = 0; i < 60; i++) {
      if (start.endsWith(16, 1 + i, 10 * Math.floor(i / 10 + 1), (100 + i) * MS, 20 * MS, MS, true)) ends.push(i)
    }
    expect(ends).toEqual([])
  })

  test.each([
    // An eighth of 20 ms is less than 4 ms: 24 ms are tolerated.
    [20, 24, undefined],
    [20, 24.1, 8],
    // An eighth of 80 ms.
    [80, 90, undefined],
    [80, 90.1, 8],
    // At most 16 ms.
    [400, 416, undefined],
    [400, 416.1, 8]
  ])('when the least of eight round-trip times is well above the least of all: %d ms, then %d ms', (leastMs, rttMs, expected) => {
    const start = new HyStart()
    start.endsWith(16, 1, 1, 0, leastMs * MS, MS, true)
    const ends: number[] = []
    for (let i = 0; i < 20; i++) if (start.endsWith(16, 2 + i, 100, (i + 1) * 3 * MS, rttMs * MS, MS, true)) ends.push(i)
    expect(ends[0]).toBe(expected)
    expect(ends.length).toBeLessThan(2)
  })
})

describe('growth beyond slow start', () => {
  test('a window that was never reduced grows by one for twenty acknowledged', () => {
    const cubic = new Cubic()
    const windows: number[] = []
    let window = 40
    for (let i = 0; i < 41; i++) {
      window = cubic.grow(window, 1, i * 1000, 20 * MS)
      windows.push(window)
    }
    expect([windows[18], windows[19], windows[38], windows[39]]).toEqual([40, 41, 41, 42])
  })

  test('a reduction keeps 717/1024 of it, two segments at least', () => {
    const cubic = new Cubic()
    expect(cubic.reduce(100)).toBe(70)
    expect(cubic.reduce(2)).toBe(2)
  })

  test('the curve flattens where the window was when it was reduced: W - 0.4 (K - t)^3, K^3 = (W - 70) / 0.4', () => {
    const cubic = new Cubic()
    let window = cubic.reduce(100)
    const rttNs = 200 * MS
    const k = 4.217
    for (let i = 0; i <= 40; i++) {
      window = cubic.grow(window, window, i * rttNs, rttNs)
      const seconds = (i * rttNs) / 1e9
      const curve = 100 - 0.4 * (k - seconds) ** 3
      // A round trip's growth ahead or behind: the target is that of a round trip later.
      if (i > 0) expect(Math.abs(window - curve), `${window} at ${seconds} s`).toBeLessThan(5 + 0.06 * curve)
    }
    expect(window).toBeGreaterThan(115)
  })

  test('over a short path it keeps up with a Reno sender, which gains 8 segments in 15 windows', () => {
    const cubic = new Cubic()
    let window = cubic.reduce(100)
    for (let i = 0; i < 45; i++) window = cubic.grow(window, window, i * 5 * MS, 5 * MS)
    expect(window).toBeGreaterThanOrEqual(70 + 22)
    expect(window).toBeLessThanOrEqual(70 + 26)
  })
})
