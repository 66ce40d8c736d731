/* Parents on tapes of several days: inside the session of each day, every day as likely, and on one day as if there were no others. */
import { describe, expect, it } from 'vitest'
import { parseClockNs } from '../../src/kernel/units.ts'
import type { TapeHeader } from '../../src/market/tape.ts'
import { drawParents } from '../../src/order/parents.ts'
import { parentDraw } from '../../src/scenario/parents.ts'
import type { ParentDrawOptions } from '../../src/scenario/scenario.ts'
import { TEST_HEADER } from '../market/random-tape.ts'

const clock = parseClockNs
const DRAW: ParentDrawOptions = {
  count: 3000,
  quantityLotsMin: 100,
  quantityLotsMax: 1000,
  roundLots: 100,
  horizonNsMin: 60e9,
  horizonNsMax: 1800e9,
  sides: 'both',
  windowStartNs: null,
  windowEndNs: null
}

/** Of sessions from `open` to `close`, by the days after the first. */
function header(days: readonly number[], open = '09:30', close = '16:00'): TapeHeader {
  const dayNs = clock('24:00')
  const listed = days.map((day) => ({
    date: `day ${day}`,
    openNs: day * dayNs + clock(open),
    closeNs: day * dayNs + clock(close)
  }))
  const ends = { openNs: listed[0].openNs, closeNs: listed[listed.length - 1].closeNs }
  return { ...TEST_HEADER, ...ends, ...(days.length > 1 ? { days: listed } : {}) }
}

function windowsOf(draw: Partial<ParentDrawOptions>, headers: readonly TapeHeader[], endNs: number | null = null): number[][] {
  return parentDraw({ ...DRAW, ...draw }, headers, endNs).windows.map((window) => [window.startNs, window.endNs])
}

describe('the windows of parents', () => {
  it('are the session of every day', () => {
    expect(windowsOf({}, [header([0, 1, 4])])).toEqual([
      [clock('09:30'), clock('16:00')],
      [clock('+1d 09:30'), clock('+1d 16:00')],
      [clock('+4d 09:30'), clock('+4d 16:00')]
    ])
  })

  it('are of the days that all tapes have, while all are open', () => {
    const headers = [header([0, 1, 4]), header([1, 3, 4], '08:00', '15:00')]
    expect(windowsOf({}, headers)).toEqual([
      [clock('+1d 09:30'), clock('+1d 15:00')],
      [clock('+4d 09:30'), clock('+4d 15:00')]
    ])
    expect(() => windowsOf({}, [header([0, 1]), header([2, 3])])).toThrow('the tapes have no day in common')
  })

  it('written as times of day are of every day; written with a day, of that one', () => {
    const written = (start: string, end: string) => ({ windowStartNs: clock(start), windowEndNs: clock(end) })
    expect(windowsOf(written('10:00', '11:00'), [header([0, 1])])).toEqual([
      [clock('10:00'), clock('11:00')],
      [clock('+1d 10:00'), clock('+1d 11:00')]
    ])
    expect(windowsOf(written('+1d 10:00', '+1d 11:00'), [header([0, 1, 2])])).toEqual([[clock('+1d 10:00'), clock('+1d 11:00')]])
    expect(() => windowsOf(written('+1d 10:00', '+1d 17:00'), [header([0, 1])])).toThrow(
      "parents.window: +1d 10:00:00 to +1d 17:00:00 is not inside the tapes' session, +1d 09:30:00 to +1d 16:00:00"
    )
    expect(() => windowsOf(written('+5d 10:00', '+5d 11:00'), [header([0, 1])])).toThrow('is not inside')
  })

  it("end with the scenario: later days fall away, and a day's rest that is too short", () => {
    expect(windowsOf({}, [header([0, 1, 2])], clock('+1d 12:00'))).toEqual([
      [clock('09:30'), clock('16:00')],
      [clock('+1d 09:30'), clock('+1d 12:00')]
    ])
    expect(windowsOf({}, [header([0, 1, 2])], clock('+1d 09:30:59'))).toEqual([[clock('09:30'), clock('16:00')]])
    expect(() => windowsOf({}, [header([0, 1])], clock('09:30:30'))).toThrow('parents.horizon: 60s is longer than the window')
  })
})

describe('parents of several days', () => {
  it('start and end inside one session, on every day about as often', () => {
    const draw = parentDraw(DRAW, [header([0, 1, 4])], null)
    const counts = [0, 0, 0]
    const parents = drawParents(7, draw)
    for (const { startNs, endNs } of parents) {
      const index = draw.windows.findIndex((window) => startNs >= window.startNs && endNs <= window.endNs)
      expect(index).toBeGreaterThanOrEqual(0)
      counts[index]++
    }
    // 1000 each is expected; the standard deviation of a count is 26.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * 26)
    expect(parents.every(({ startNs }, i) => i === 0 || startNs >= parents[i - 1].startNs)).toBe(true)
  })

  it('of one day are those of that day whatever is said of days', () => {
    const one = header([0])
    const listed = { ...one, days: [{ date: one.date, openNs: one.openNs, closeNs: one.closeNs }] }
    expect(drawParents(7, parentDraw(DRAW, [listed], null))).toEqual(drawParents(7, parentDraw(DRAW, [one], null)))
  })
})
