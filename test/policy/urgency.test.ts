import { describe, expect, it } from 'vitest'
import { open } from './plain-parent.ts'

describe('a passive parent', () => {
  it('rests, whatever the tactic, and crosses only in the finish', () => {
    for (const tactic of ['passive-then-take', 'take', 'peg'] as const) {
      const desk = open({ tactic, urgency: [{ after: 0, urgency: 'passive' }], finishNs: 100 })
      expect(desk.wake(1000)).toEqual(['passive 10@100'])
      desk.ack(0)
      expect(desk.wake(1060)).toEqual([])
      expect(desk.wake(1900)).toEqual(['cancel! 0', 'liquidation 90@102'])
      expect(desk.gone(0)).toEqual(['liquidation 10@102'])
    }
  })

  it('rests what it catches up', () => {
    const desk = open({ urgency: [{ after: 0, urgency: 'passive' }] })
    desk.wake(1000)
    desk.ack(0)
    desk.fill(0, 10)
    expect(desk.wake(1350)).toEqual(['passive 30@100'])
  })
})

describe('an urgent parent', () => {
  it('crosses at each decision', () => {
    for (const tactic of ['passive-then-take', 'join', 'peg'] as const) {
      const desk = open({ tactic, urgency: [{ after: 0, urgency: 'urgent' }] })
      expect(desk.wake(1000)).toEqual(['take 10@102'])
      desk.fill(0, 10)
      expect(desk.wakeNs).toBe(1100)
    }
  })
})

describe('urgency that changes over the life of a parent', () => {
  it('cancels what rests and crosses at that very instant, in the middle of a slice', () => {
    const desk = open({ tactic: 'peg', urgency: [{ after: 0.05, urgency: 'urgent' }] })
    expect(desk.wake(1000)).toEqual(['passive 10@100'])
    desk.ack(0)
    expect(desk.wakeNs).toBe(1050)
    expect(desk.wake()).toEqual(['cancel! 0'])
    expect(desk.gone(0, 1053)).toEqual(['take 10@102'])
    expect(desk.placed[1]?.scheduledNs).toBe(1050)
    desk.fill(1, 10)
    expect(desk.wake(1100)).toEqual(['take 10@102'])
  })

  it('rests again when the hurry is over', () => {
    const desk = open({
      tactic: 'take',
      urgency: [
        { after: 0.1, urgency: 'passive' },
        { after: 0.2, urgency: 'neutral' }
      ]
    })
    expect(desk.wake(1000)).toEqual(['take 10@102'])
    desk.fill(0, 10)
    expect(desk.wake(1100)).toEqual(['passive 10@100'])
    desk.ack(1)
    expect(desk.wake(1200)).toEqual(['cancel! 1', 'take 10@102'])
  })

  it('from urgent back to neutral takes up the tactic where the slice stands', () => {
    const desk = open({
      urgency: [
        { after: 0, urgency: 'urgent' },
        { after: 0.02, urgency: 'neutral' }
      ]
    })
    expect(desk.wake(1000)).toEqual(['take 10@102'])
    expect(desk.wakeNs).toBe(1012)
    desk.gone(0, 1001)
    expect(desk.wake(1020)).toEqual(['passive 10@100'])
    expect(desk.placed[1]?.scheduledNs).toBeLessThanOrEqual(1020)
    desk.ack(1)
    expect(desk.wakeNs).toBe(1060)
    expect(desk.wake()).toEqual(['cancel! 1'])
  })
})

describe('a limit from the start', () => {
  it('is counted from the other side at the first look, and is the more careful of both limits', () => {
    const desk = open({ tactic: 'take', limitFromStartTicks: 3, takeThroughTicks: 9 })
    expect(desk.wake(1000)).toEqual(['take 10@105'])
    desk.gone(0)
    expect(desk.move(1010, 104, 105)).toEqual(['take 10@105'])
    desk.gone(1)
    expect(desk.move(1020, 105, 106)).toEqual([])
    const tighter = open({ tactic: 'take', limitFromStartTicks: 3, takeThroughTicks: 9 }, { limitTicks: 104 })
    expect(tighter.wake(1000)).toEqual(['take 10@104'])
  })

  it('is below for a seller, and waits for a side that is empty', () => {
    const desk = open({ tactic: 'take', limitFromStartTicks: 2, takeThroughTicks: 9 }, { side: -1 })
    desk.touch = { bidTicks: 0, bidLots: 0, askTicks: 102, askLots: 5 }
    expect(desk.wake(1000)).toEqual([])
    expect(desk.move(1010, 98, 102, 5, 5)).toEqual(['take 10@96'])
  })
})
