import { describe, expect, it } from 'vitest'
import { NEUTRAL } from '../../src/order/directives.ts'
import type { ExecutionOptions } from '../../src/policy/options.ts'
import type { FakeDesk } from './fake-desk.ts'
import { open } from './plain-parent.ts'

describe('a slice, passive then take', () => {
  it('waits for the start', () => {
    const desk = open()
    expect(desk.wake(900)).toEqual([])
    expect(desk.wakeNs).toBe(1000)
  })

  it('posts the due lots at its own best, cancels what is unfilled after the share, takes what the cancel-ack gives back', () => {
    const desk = open({ takeThroughTicks: 1 })
    expect(desk.wake(1000)).toEqual(['passive 10@100'])
    expect(desk.wakeNs).toBe(1060)
    expect(desk.ack(0, 1001)).toEqual([])
    expect(desk.fill(0, 4, 1030)).toEqual([])
    expect(desk.wake(1060)).toEqual(['cancel! 0'])
    expect(desk.fill(0, 1, 1062)).toEqual([])
    expect(desk.gone(0, 1064)).toEqual(['take 5@103'])
    expect(desk.placed.map(({ slice, scheduledNs }) => [slice, scheduledNs])).toEqual([
      [0, 1000],
      [0, 1060]
    ])
    expect(desk.fill(1, 5, 1070)).toEqual([])
    expect(desk.wakeNs).toBe(1100)
    expect(desk.wake(1100)).toEqual(['passive 10@100'])
  })

  it('sells mirrored', () => {
    const desk = open({ takeThroughTicks: 1 }, { side: -1 })
    expect(desk.wake(1000)).toEqual(['passive 10@102'])
    desk.ack(0)
    desk.wake(1060)
    expect(desk.gone(0, 1061)).toEqual(['take 10@99'])
  })

  it('splits into children of at most childLotsMax', () => {
    expect(open({ childLotsMax: 4 }).wake(1000)).toEqual(['passive 4@100', 'passive 4@100', 'passive 2@100'])
  })

  it('takes lots whose cancel is answered only in the next slice, beside that slice', () => {
    const desk = open()
    desk.wake(1000)
    desk.ack(0)
    desk.wake(1060)
    expect(desk.wake(1100)).toEqual(['passive 10@100'])
    expect(desk.gone(0, 1105)).toEqual(['take 10@102'])
  })

  it('cancels an order still unacknowledged at the share, once', () => {
    const desk = open()
    desk.wake(1000)
    expect(desk.wake(1060)).toEqual(['cancel! 0'])
    expect(desk.move(1061, 101, 103)).toEqual([])
  })

  it('repeats a refused cancel after a pause of an eighth of the slice, not at once', () => {
    const desk = open()
    desk.wake(1000)
    desk.ack(0)
    expect(desk.wake(1060)).toEqual(['cancel! 0'])
    expect(desk.refuse(0, 1061)).toEqual([])
    expect(desk.move(1071, 101, 103)).toEqual([])
    expect(desk.wake(1072)).toEqual(['cancel! 0'])
  })

  it('takes again after a take that found nothing: on a moved touch, or after a pause', () => {
    const desk = open({ tactic: 'take' })
    expect(desk.wake(1000)).toEqual(['take 10@102'])
    expect(desk.gone(0, 1001)).toEqual([])
    expect(desk.wakeNs).toBe(1013)
    expect(desk.move(1005, 101, 103)).toEqual(['take 10@103'])
    desk.gone(1, 1006)
    expect(desk.wake(1018)).toEqual(['take 10@103'])
  })

  it('posts again after a rejected post when the touch moves or after a pause; the rest is taken after the share', () => {
    const desk = open()
    desk.wake(1000)
    expect(desk.gone(0, 1001)).toEqual([])
    expect(desk.wakeNs).toBe(1013)
    expect(desk.move(1010, 99, 102)).toEqual(['passive 10@99'])
    expect(desk.gone(1, 1011)).toEqual([])
    expect(desk.wake(1023)).toEqual(['passive 10@99'])
    expect(desk.gone(2, 1024)).toEqual([])
    expect(desk.wake(1060)).toEqual(['take 10@102'])
  })

  it('looks again after a take that the desk has refused without a report', () => {
    const desk = open({ tactic: 'take' })
    desk.wake(1000)
    desk.orders.length = 0
    expect(desk.wakeNs).toBe(1012)
    expect(desk.wake()).toEqual(['take 10@102'])
  })
})

describe('plain tactics', () => {
  it('take crosses at the start of each slice', () => {
    const desk = open({ tactic: 'take' })
    expect(desk.wake(1000)).toEqual(['take 10@102'])
    desk.fill(0, 10, 1001)
    expect(desk.wakeNs).toBe(1100)
    expect(desk.wake(1100)).toEqual(['take 10@102'])
    expect(desk.placed[1]?.scheduledNs).toBe(1100)
  })

  it('join rests, slice after slice, and never crosses', () => {
    const desk = open({ tactic: 'join' })
    expect(desk.wake(1000)).toEqual(['passive 10@100'])
    expect(desk.wakeNs).toBe(1100)
    desk.ack(0)
    expect(desk.wake(1100)).toEqual(['passive 10@100'])
    desk.ack(1)
    for (let slice = 2; slice < 10; slice++) expect(desk.wake(1000 + slice * 100)).toEqual(['passive 10@100'])
    expect(desk.workingLots).toBe(100)
    expect(desk.wakeNs).toBe(2000)
  })
})

describe('join and peg', () => {
  it('join stays in the queue that it has joined when the touch leaves it; its finish still cancels it', () => {
    const desk = open({ tactic: 'join', finishNs: 50 })
    desk.wake(1000)
    desk.ack(0)
    expect(desk.move(1010, 101, 103)).toEqual([])
    expect(desk.move(1020, 99, 101)).toEqual([])
    expect(desk.wake(1950)).toEqual(['cancel! 0', 'liquidation 90@101'])
  })

  it('join leaves when the book turns', () => {
    const desk = open({ tactic: 'join', cancelImbalance: 0.5 })
    desk.wake(1000)
    desk.ack(0)
    expect(desk.move(1010, 100, 101, 100, 400)).toEqual(['cancel 0'])
  })

  it('peg follows after a move of so many ticks and the minimum rest, again and again, and never crosses', () => {
    const desk = open({ tactic: 'peg', repriceTicks: 2, minimumRestNs: 40 })
    expect(desk.wake(1000)).toEqual(['passive 10@100'])
    desk.ack(0)
    expect(desk.move(1010, 101, 103)).toEqual([])
    expect(desk.wakeNs).toBe(1100)
    expect(desk.move(1020, 102, 104)).toEqual([])
    expect(desk.wakeNs).toBe(1040)
    expect(desk.wake(1040)).toEqual(['replace 0 10@102'])
    desk.ack(0)
    // The rest begins anew with the replace.
    expect(desk.move(1050, 104, 106)).toEqual([])
    expect(desk.wakeNs).toBe(1080)
    expect(desk.wake(1080)).toEqual(['replace 0 10@104'])
    desk.ack(0)
    expect(desk.wake(1100)).toEqual(['passive 10@104'])
  })

  it('a touch that comes back within the minimum rest costs no message', () => {
    const desk = open({ tactic: 'peg', minimumRestNs: 40 })
    desk.wake(1000)
    desk.ack(0)
    expect(desk.move(1010, 101, 103)).toEqual([])
    expect(desk.move(1020, 100, 102)).toEqual([])
    expect(desk.wake(1040)).toEqual([])
  })
})

describe('repricing', () => {
  it('cancels instead where a fill that races a replace could overfill the parent', () => {
    for (const [replaceLotsMax, asked] of [
      [9, 'cancel 0'],
      [10, 'replace 0 10@101']
    ] as const) {
      const desk = open({})
      desk.wake(1000)
      desk.ack(0)
      desk.replaceLotsMax = replaceLotsMax
      expect(desk.move(1010, 101, 103)).toEqual([asked])
    }
  })

  it('moves a resting order with one replace once the touch has left it, and not twice while that is pending', () => {
    const desk = open({ repriceTicks: 2 })
    desk.wake(1000)
    desk.ack(0)
    expect(desk.move(1010, 101, 103)).toEqual([])
    expect(desk.move(1020, 102, 104)).toEqual(['replace 0 10@102'])
    expect(desk.move(1021, 104, 106)).toEqual([])
    expect(desk.ack(0, 1025)).toEqual(['replace 0 10@104'])
  })

  it('follows a touch that falls away below it too', () => {
    const desk = open()
    desk.wake(1000)
    desk.ack(0)
    expect(desk.move(1010, 99, 102)).toEqual(['replace 0 10@99'])
  })

  it('waits for the minimum rest, then asks by itself', () => {
    const desk = open({ minimumRestNs: 30 })
    desk.wake(1000)
    desk.ack(0)
    expect(desk.move(1010, 101, 103)).toEqual([])
    expect(desk.wakeNs).toBe(1030)
    expect(desk.wake(1030)).toEqual(['replace 0 10@101'])
  })

  it('cancel-new posts the unfilled lots at the new touch after the ack', () => {
    const desk = open({ reprice: 'cancel-new' })
    desk.wake(1000)
    desk.ack(0)
    expect(desk.move(1010, 101, 103)).toEqual(['cancel 0'])
    expect(desk.fill(0, 3, 1011)).toEqual([])
    expect(desk.gone(0, 1012)).toEqual(['passive 7@101'])
  })

  it('cancels when the book turns and re-enters when it has turned back', () => {
    const desk = open({ cancelImbalance: 0.5 })
    desk.wake(1000)
    desk.ack(0)
    // (400 - 100) / 500 = 0.6 against a bid.
    expect(desk.move(1010, 100, 101, 100, 400)).toEqual(['cancel 0'])
    expect(desk.gone(0, 1012)).toEqual([])
    expect(desk.move(1020, 100, 102, 300, 400)).toEqual(['passive 10@100'])
  })

  it('does not post into a book that has turned', () => {
    const desk = open({ cancelImbalance: 0.5 })
    desk.touch = { bidTicks: 100, bidLots: 10, askTicks: 102, askLots: 90 }
    expect(desk.wake(1000)).toEqual([])
    expect(desk.wake(1060)).toEqual(['take 10@102'])
  })
})

describe('limit price and poor views', () => {
  it('posts at the limit when the touch is better than it, and keeps resting when a take would be beyond it', () => {
    const desk = open({}, { limitTicks: 99 })
    expect(desk.wake(1000)).toEqual(['passive 10@99'])
    desk.ack(0)
    expect(desk.wake(1060)).toEqual([])
    expect(desk.move(1070, 97, 99)).toEqual(['cancel! 0'])
    expect(desk.gone(0, 1071)).toEqual(['take 10@99'])
  })

  it('never pays through the limit', () => {
    const desk = open({ tactic: 'take', takeThroughTicks: 5 }, { limitTicks: 104 })
    expect(desk.wake(1000)).toEqual(['take 10@104'])
  })

  it('places nothing on an empty or unknown side, and goes on when it is back', () => {
    const desk = open()
    desk.touch = { bidTicks: 0, bidLots: 0, askTicks: 102, askLots: 5 }
    expect(desk.wake(1000)).toEqual([])
    desk.touch = { bidTicks: Number.NaN, bidLots: 5, askTicks: Number.NaN, askLots: 5 }
    expect(desk.call('touch', 1010)).toEqual([])
    expect(desk.wake(1060)).toEqual([])
    expect(desk.move(1070, 100, 102, 5, 5)).toEqual(['take 10@102'])
  })

  it('rests one tick behind the other side of a crossed view', () => {
    const desk = open()
    desk.touch = { bidTicks: 103, bidLots: 5, askTicks: 102, askLots: 5 }
    expect(desk.wake(1000)).toEqual(['passive 10@101'])
  })
})

describe('after a pause', () => {
  /* Slice 0 filled, then nothing until 1350: 20 lots of slices 1 and 2 are behind, slice 1 is what was planned. */
  function paused(options: Partial<ExecutionOptions>): FakeDesk {
    const desk = open(options)
    desk.wake(1000)
    desk.ack(0)
    desk.fill(0, 10, 1010)
    return desk
  }

  it('full: the whole deficit crosses at once as catch-up', () => {
    const desk = paused({ catchUp: 'full' })
    expect(desk.wake(1350)).toEqual(['catch-up 20@102', 'passive 10@100'])
    expect(desk.placed.map((child) => child.scheduledNs)).toEqual([1000, 1100, 1100])
    expect(desk.placed.map((child) => child.slice)).toEqual([0, 3, 3])
  })

  it('capped: a share of it per decision', () => {
    const desk = paused({ catchUp: 'capped', catchUpShare: 0.25 })
    expect(desk.wake(1350)).toEqual(['catch-up 5@102', 'passive 10@100'])
    desk.fill(1, 5, 1351)
    desk.fill(2, 10, 1352)
    // 15 behind of 50; a quarter rounded up is 4.
    expect(desk.wake(1400)).toEqual(['catch-up 4@102', 'passive 10@100'])
  })

  it('none: the deficit waits for the finish', () => {
    const desk = paused({ catchUp: 'none', finishNs: 50 })
    expect(desk.wake(1350)).toEqual(['passive 10@100'])
    desk.fill(1, 10, 1351)
    expect(desk.wake(1950)).toEqual(['liquidation 80@102'])
  })

  it('directives cap the share and the burst; the rest of the burst follows after pauses', () => {
    const desk = paused({ catchUp: 'full', childLotsMax: 2 })
    desk.directives = { ...NEUTRAL, catchUpShare: 0.5, burstCountMax: 3 }
    // 10 of the 20 behind, and 10 scheduled: ten children of 2, three at a time.
    expect(desk.wake(1310)).toEqual(['catch-up 2@102', 'catch-up 2@102', 'catch-up 2@102'])
    expect(desk.wakeNs).toBe(1322)
    expect(desk.wake()).toEqual(['catch-up 2@102', 'catch-up 2@102', 'passive 2@100'])
    expect(desk.wake()).toEqual(['passive 2@100', 'passive 2@100', 'passive 2@100'])
    expect(desk.wake()).toEqual(['passive 2@100'])
  })

  it('starts with takes when even the share of the slice has passed', () => {
    const desk = paused({ catchUp: 'full' })
    expect(desk.wake(1370)).toEqual(['catch-up 20@102', 'take 10@102'])
  })
})

describe('finish and end', () => {
  it('liquidates what is left, cancelling what rests first', () => {
    const desk = open({ tactic: 'join', finishNs: 30 }, { quantityLots: 10, endNs: 1100 })
    expect(desk.wake(1000)).toEqual(['passive 10@100'])
    desk.ack(0)
    expect(desk.wakeNs).toBe(1070)
    expect(desk.wake(1070)).toEqual(['cancel! 0'])
    expect(desk.fill(0, 2, 1071)).toEqual([])
    expect(desk.gone(0, 1072)).toEqual(['liquidation 8@102'])
    expect(desk.placed[1]?.scheduledNs).toBe(1070)
  })

  it('a finish longer than the horizon liquidates from the start', () => {
    expect(open({ finishNs: 5000 }).wake(1000)).toEqual(['liquidation 100@102'])
  })

  it('cancels everything at the end, places nothing, and repeats a refused cancel after a pause', () => {
    const desk = open({ tactic: 'join' }, { quantityLots: 10, endNs: 1100 })
    desk.wake(1000)
    desk.ack(0)
    expect(desk.wakeNs).toBe(1100)
    expect(desk.wake(1100)).toEqual(['cancel! 0'])
    expect(desk.refuse(0, 1101)).toEqual([])
    expect(desk.wakeNs).toBeGreaterThan(1101)
    expect(desk.wake(1113)).toEqual(['cancel! 0'])
    expect(desk.gone(0, 1114)).toEqual([])
    expect(desk.wakeNs).toBeNaN()
  })

  it('ends retries of a take that was never accepted', () => {
    const desk = open({ tactic: 'take' }, { quantityLots: 10, endNs: 1100 })
    desk.wake(1000)
    expect(desk.wake(1100)).toEqual(['cancel! 0'])
  })
})
