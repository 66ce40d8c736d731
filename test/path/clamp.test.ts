import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { ClampSchedule, checkClamp } from '../../src/path/clamp.ts'
import type { ClampOptions } from '../../src/path/options.ts'

const target = 'gateway.rate' as const

describe('ClampSchedule', () => {
  it('is 1 outside a step and the factor inside [start, end)', () => {
    const clamps = new ClampSchedule([{ target, shape: { shape: 'step', factor: 0.25 }, startNs: 100, endNs: 200 }])
    expect([99, 100, 199, 200].map((ns) => clamps.of(target).factorAt(ns))).toEqual([1, 0.25, 0.25, 1])
    expect(clamps.of('acks.rate').factorAt(150)).toBe(1)
  })

  it('slopes along a ramp and a curve, holds a curve outside its points, and switches a pulse on first', () => {
    const ramp = new ClampSchedule([{ target, shape: { shape: 'ramp', from: 1, to: 3 }, startNs: 0, endNs: 100 }])
    expect(ramp.of(target).factorAt(50)).toBe(2)
    const curve = new ClampSchedule([
      { target, shape: { shape: 'curve', atNs: [10, 20], factors: [0, 4] }, startNs: 0, endNs: 100 }
    ])
    expect([5, 10, 15, 20, 99, 100].map((ns) => curve.of(target).factorAt(ns))).toEqual([0, 0, 2, 4, 4, 1])
    const pulse = new ClampSchedule([
      { target, shape: { shape: 'pulse', factor: 0, periodNs: 10, onNs: 3 }, startNs: 100, endNs: 120 }
    ])
    expect([99, 100, 102, 103, 110, 113, 120].map((ns) => pulse.of(target).factorAt(ns))).toEqual([1, 0, 0, 1, 0, 1, 1])
  })

  it('multiplies clamps that are active together and bounds their product', () => {
    const clamps = new ClampSchedule([
      { target, shape: { shape: 'step', factor: 0.5 }, startNs: 0, endNs: 100 },
      { target, shape: { shape: 'step', factor: 4 }, startNs: 50, endNs: 150 }
    ])
    expect([0, 50, 100, 150].map((ns) => clamps.of(target).factorAt(ns))).toEqual([0.5, 2, 4, 1])
    expect(clamps.of(target).factorMax()).toBe(4)
  })

  const impossible: [string, ClampOptions][] = [
    ['a negative factor', { target, shape: { shape: 'step', factor: -1 }, startNs: 0, endNs: 1 }],
    ['an end before its start', { target, shape: { shape: 'step', factor: 1 }, startNs: 2, endNs: 1 }],
    [
      'a pulse on for longer than its period',
      { target, shape: { shape: 'pulse', factor: 1, periodNs: 5, onNs: 6 }, startNs: 0, endNs: 9 }
    ],
    ['a curve that goes back', { target, shape: { shape: 'curve', atNs: [5, 4], factors: [1, 1] }, startNs: 0, endNs: 9 }],
    ['a curve with a factor missing', { target, shape: { shape: 'curve', atNs: [5, 6], factors: [1] }, startNs: 0, endNs: 9 }],
    ['a negative ramp', { target, shape: { shape: 'ramp', from: 1, to: -0.1 }, startNs: 0, endNs: 9 }],
    ['a factor that is no number', { target, shape: { shape: 'step', factor: Number.NaN }, startNs: 0, endNs: 9 }]
  ]
  it.each(impossible)('refuses %s', (_, clamp) => {
    expect(() => checkClamp(clamp)).toThrow(InputError)
    expect(() => new ClampSchedule([clamp])).toThrow(/clamp on gateway.rate/)
  })
})

describe('CapacityClock', () => {
  it('is real time without clamps', () => {
    const clock = new ClampSchedule([]).of(target).clock()
    expect([clock.workAt(12345), clock.timeOf(12345)]).toEqual([12345, 12345])
  })

  it('stops at factor 0 and goes on when the clamp ends', () => {
    const clock = new ClampSchedule([{ target, shape: { shape: 'step', factor: 0 }, startNs: 100, endNs: 200 }])
      .of(target)
      .clock()
    // 100 ns of work are done by 100; the 101st ends at 201.
    expect([clock.workAt(150), clock.timeOf(100), clock.timeOf(101)]).toEqual([100, 100, 201])
  })

  it('integrates a ramp from 1 to 3 over 100 ns to 200 ns of work', () => {
    const clock = new ClampSchedule([{ target, shape: { shape: 'ramp', from: 1, to: 3 }, startNs: 0, endNs: 100 }])
      .of(target)
      .clock()
    expect(clock.workAt(100)).toBeCloseTo(200, 9)
    expect(clock.timeOf(200)).toBeCloseTo(100, 9)
  })

  it('never runs back, and timeOf is its inverse, for random steps', () => {
    const step = fc.record({ factor: fc.constantFrom(0, 0.1, 0.5, 2), startNs: fc.nat(1000), spanNs: fc.nat(500) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), fc.nat(2000), fc.nat(2000), (steps, a, b) => {
        const clock = new ClampSchedule(
          steps.map(({ factor, startNs, spanNs }) => ({
            target,
            shape: { shape: 'step' as const, factor },
            startNs,
            endNs: startNs + spanNs
          }))
        )
          .of(target)
          .clock()
        const [low, high] = a < b ? [a, b] : [b, a]
        expect(clock.workAt(high)).toBeGreaterThanOrEqual(clock.workAt(low))
        const ns = clock.timeOf(clock.workAt(a))
        expect(ns).toBeLessThanOrEqual(a + 1e-6)
        expect(clock.workAt(ns)).toBeCloseTo(clock.workAt(a), 6)
      })
    )
  })
})
