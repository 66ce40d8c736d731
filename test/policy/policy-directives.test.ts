import { describe, expect, it } from 'vitest'
import { NEUTRAL } from '../../src/order/directives.ts'
import { open } from './plain-parent.ts'

describe('directives', () => {
  it('spacing makes decisions later and larger, without calling them catch-up', () => {
    const desk = open({ tactic: 'take' })
    desk.directives = { ...NEUTRAL, spacingFactor: 2 }
    expect(desk.wake(1000)).toEqual(['take 10@102'])
    desk.fill(0, 10)
    expect(desk.wakeNs).toBe(1200)
    expect(desk.wake(1200)).toEqual(['take 20@102'])
    expect(desk.placed[1]?.scheduledNs).toBe(1100)
    desk.fill(1, 20)
    expect(desk.wakeNs).toBe(1400)
    desk.directives = NEUTRAL
    expect(desk.wake(1400)).toEqual(['take 20@102'])
    desk.fill(2, 20)
    expect(desk.wakeNs).toBe(1500)
  })

  it('a stretched cadence still decides in the last slice', () => {
    const desk = open({ tactic: 'take' }, { quantityLots: 40, endNs: 1400 })
    desk.directives = { ...NEUTRAL, spacingFactor: 2.5 }
    desk.wake(1000)
    desk.fill(0, 10)
    expect(desk.wakeNs).toBe(1250)
    expect(desk.wake(1250)).toEqual(['take 20@102'])
    desk.fill(1, 20)
    expect(desk.wakeNs).toBe(1300)
    expect(desk.wake(1300)).toEqual(['take 10@102'])
  })

  it('larger children wait until enough is due, and skip the decisions between', () => {
    const desk = open({ tactic: 'take', childLotsMax: 20 })
    desk.directives = { ...NEUTRAL, childSizeFactor: 2 }
    // Average slice 10: a child of 20 is worth sending.
    expect(desk.wake(1000)).toEqual([])
    expect(desk.wake(1100)).toEqual(['take 20@102'])
    desk.fill(0, 20)
    expect(desk.wake(1200)).toEqual([])
    expect(desk.wake(1300)).toEqual(['take 20@102'])
  })

  it('participation sends a share of the slice; the rest is scheduled again later, not caught up', () => {
    const desk = open({ tactic: 'take' })
    desk.directives = { ...NEUTRAL, participationFactor: 0.5 }
    expect(desk.wake(1000)).toEqual(['take 5@102'])
    desk.fill(0, 5)
    // 5 held back + 10 new = 15, half rounded up.
    expect(desk.wake(1100)).toEqual(['take 8@102'])
    desk.fill(1, 8)
    desk.directives = NEUTRAL
    expect(desk.wake(1200)).toEqual(['take 17@102'])
  })

  it('suppressed modifies hold reprices and turns, never the take', () => {
    const desk = open({ cancelImbalance: 0.5 })
    desk.wake(1000)
    desk.ack(0)
    desk.directives = { ...NEUTRAL, modifySuppressed: true }
    expect(desk.move(1010, 105, 106, 1, 99)).toEqual([])
    expect(desk.wake(1060)).toEqual(['cancel! 0'])
  })

  it('a cancel threshold adds ticks to reprices and asks them of turns', () => {
    const desk = open({ cancelImbalance: 0.5 })
    desk.wake(1000)
    desk.ack(0)
    desk.directives = { ...NEUTRAL, cancelThresholdTicks: 1 }
    expect(desk.move(1010, 100, 102, 10, 90)).toEqual([])
    expect(desk.move(1011, 101, 103, 50, 50)).toEqual([])
    expect(desk.move(1012, 101, 103, 10, 90)).toEqual(['cancel 0'])
  })

  it('debounce merges several moves into one replace', () => {
    const desk = open()
    desk.wake(1000)
    desk.ack(0)
    desk.directives = { ...NEUTRAL, cancelDebounceNs: 40 }
    expect(desk.move(1010, 101, 103)).toEqual([])
    expect(desk.move(1020, 102, 104)).toEqual([])
    expect(desk.wakeNs).toBe(1040)
    expect(desk.wake(1040)).toEqual(['replace 0 10@102'])
  })

  it('prefers to reduce in place when the book turns, and one message to two when the touch moves', () => {
    const desk = open({ cancelImbalance: 0.5, reprice: 'cancel-new' })
    desk.wake(1000)
    desk.ack(0)
    desk.directives = { ...NEUTRAL, preferAmend: true }
    expect(desk.move(1010, 100, 102, 10, 90)).toEqual(['replace 0 5@100'])
    const other = open({ reprice: 'cancel-new' })
    other.wake(1000)
    other.ack(0)
    other.directives = { ...NEUTRAL, preferAmend: true }
    expect(other.move(1010, 101, 103)).toEqual(['replace 0 10@101'])
  })

  it('caps the passive orders at work', () => {
    const desk = open({ childLotsMax: 4 })
    desk.directives = { ...NEUTRAL, passiveCountMax: 2 }
    expect(desk.wake(1000)).toEqual(['passive 4@100', 'passive 4@100'])
    expect(desk.wake(1060)).toEqual(['cancel! 0', 'cancel! 1', 'take 2@102'])
    const none = open()
    none.directives = { ...NEUTRAL, passiveCountMax: 0 }
    expect(none.wake(1000)).toEqual([])
    expect(none.wake(1060)).toEqual(['take 10@102'])
  })
})
