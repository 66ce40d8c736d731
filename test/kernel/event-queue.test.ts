import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvariantError } from '../../src/kernel/assert.ts'
import { EventQueue } from '../../src/kernel/event-queue.ts'

function drain(queue: EventQueue): number[] {
  const subjects: number[] = []
  for (let slot = queue.pop(); slot >= 0; slot = queue.pop()) subjects.push(queue.subject[slot])
  return subjects
}

describe('the event queue', () => {
  it('serves by time, then phase, then call order', () => {
    const queue = new EventQueue()
    queue.push(20, 0, 0, 0, 1)
    queue.push(10, 3, 0, 0, 2)
    queue.push(10, 1, 0, 0, 3)
    queue.push(10, 3, 0, 0, 4)
    queue.push(10, 1, 0, 0, 5)
    expect(drain(queue)).toEqual([3, 5, 2, 4, 1])
  })

  it('serves five events due in order in that order, whatever the order of their scheduling', () => {
    const queue = new EventQueue()
    for (const due of [3, 1, 5, 2, 4]) queue.push(due, 0, 0, 0, due)
    expect(drain(queue)).toEqual([1, 2, 3, 4, 5])
  })

  it('equals a sorted array under any mix of pushes and pops', () => {
    const step = fc.oneof(
      fc.record({ timeNs: fc.integer({ min: 0, max: 20 }), phase: fc.integer({ min: 0, max: 3 }) }),
      fc.constant('pop' as const)
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new EventQueue(2)
        const model: { timeNs: number; phase: number; subject: number }[] = []
        steps.forEach((each, subject) => {
          if (each !== 'pop') {
            queue.push(each.timeNs, each.phase, 1, 2, subject)
            model.push({ ...each, subject })
            return
          }
          model.sort((a, b) => a.timeNs - b.timeNs || a.phase - b.phase || a.subject - b.subject)
          const expected = model.shift()
          expect(queue.peekNs()).toBe(expected?.timeNs ?? Number.POSITIVE_INFINITY)
          const slot = queue.pop()
          expect(slot < 0 ? undefined : queue.subject[slot]).toBe(expected?.subject)
        })
        expect(queue.count).toBe(model.length)
      })
    )
  })

  it('refuses a phase outside 0..255', () => {
    expect(() => new EventQueue().push(0, 256, 0, 0, 0)).toThrow(InvariantError)
  })
})
