import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { type CreatePolicy, ownPolicy } from '../../src/policy/own-policy.ts'
import { BASELINE } from '../../src/policy/presets.ts'
import type { IntentBuffer, Policy, PolicyView } from '../../src/policy/view.ts'

const PARENT = { parentId: 7, venue: 0, side: 1, quantityLots: 10, startNs: 0, endNs: 100, limitTicks: Number.NaN } as const
const VIEW = { nowNs: 3 } as PolicyView
const OUT = {} as IntentBuffer

function made(createPolicy: unknown): Policy {
  const module = { file: 'mine.js', options: { slices: 4 }, createPolicy: createPolicy as CreatePolicy }
  return ownPolicy(module, PARENT, BASELINE, () => 'at event 5, 09:30:00 (seed 2)')
}

function fault(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    return (error as Error).message
  }
  return 'no fault'
}

describe("a user's own policy", () => {
  it('is given its parent, the execution and the options of the scenario, and then views', () => {
    const seen: unknown[] = []
    const policy = made((...given: unknown[]) => {
      seen.push(given)
      return { decide: (...shown: unknown[]) => void seen.push(shown) }
    })
    policy.decide(VIEW, OUT)
    expect(seen).toEqual([
      [PARENT, { execution: BASELINE, options: { slices: 4 } }],
      [VIEW, OUT]
    ])
  })

  it('keeps its own `this`', () => {
    class Counting {
      count = 0
      decide(): void {
        this.count++
      }
    }
    const own = new Counting()
    const policy = made(() => own)
    policy.decide(VIEW, OUT)
    policy.decide(VIEW, OUT)
    expect(own.count).toBe(2)
  })

  it('that throws is told in one line, with file, parent, event and seed', () => {
    const policy = made(() => ({
      decide() {
        throw new RangeError('no\n  such slice')
      }
    }))
    expect(fault(() => policy.decide(VIEW, OUT))).toBe(
      'mine.js: the policy of parent 7 threw at event 5, 09:30:00 (seed 2): RangeError: no such slice'
    )
    const thrown = made(() => ({
      decide() {
        throw 'a text'
      }
    }))
    expect(fault(() => thrown.decide(VIEW, OUT))).toContain(': a text')
  })

  it('that throws in its own file is told with line and column', () => {
    const policy = made(() => ({
      decide() {
        const error = new Error('here')
        error.stack = 'Error: here\n    at decide (file:///home/me/mine.js:12:7)\n    at run (file:///x/simulate.js:1:1)'
        throw error
      }
    }))
    expect(fault(() => policy.decide(VIEW, OUT))).toMatch(/^mine\.js:12:7: the policy/)
  })

  it('that cannot be made, or is none, is told too', () => {
    expect(
      fault(() =>
        made(() => {
          throw new Error('no figures')
        })
      )
    ).toContain('the policy of parent 7 could not be made')
    for (const none of [undefined, null, 4, {}, { decide: 4 }])
      expect(fault(() => made(() => none))).toContain('no object with a function decide')
  })

  it('that is async is refused: what it wishes for later would be lost', () => {
    const policy = made(() => ({ decide: async () => {} }))
    expect(fault(() => policy.decide(VIEW, OUT))).toContain('must not be async')
  })
})
