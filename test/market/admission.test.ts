/* M14 and M15: what a venue looks at before an own order meets the book, on both engines. */
import { describe, expect, it } from 'vitest'
import { Admission } from '../../src/market/admission.ts'
import { type CollarOptions, type MatchingOptions, PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import type { Tape } from '../../src/market/tape.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import { REASON } from '../../src/order/words.ts'
import { drawTape } from '../simulate/worlds.ts'

/** "reason limit" for an order of this side and limit at `tNs`, the same from both markets. */
function admitted(tape: Tape, matching: Partial<MatchingOptions>, tNs: number, side: number, limitTicks: number): string {
  const options = { ...PLAIN_MATCHING, ...matching }
  const answers = [new SequentialMarket(tape, options), new TimelineMarket(buildTimeline(tape), options)].map((market) => {
    while (market.nextNs() <= tNs) market.step()
    market.advanceTo(tNs)
    const admission = new Admission(market)
    const reason = admission.admit(side, limitTicks)
    return `${REASON.names[reason]} ${reason === REASON.of.none ? admission.limitTicks : '-'}`
  })
  expect(answers[1]).toBe(answers[0])
  return answers[0]
}

const BOOK = drawTape('10 add bid 1000 5 1\n10 add ask 1010 5 2\n50 halt\n90 resume\n95 clear')
const refused: CollarOptions = { widthTicks: 20, widthBps: 0, beyond: 'refused' }
const limited: CollarOptions = { ...refused, beyond: 'limited' }

describe('an order that arrives', () => {
  it('M14: is refused beyond the collar around the best of the other side, and let in at its edge', () => {
    expect(admitted(BOOK, { collar: refused }, 20, 1, 1030)).toBe('none 1030')
    expect(admitted(BOOK, { collar: refused }, 20, 1, 1031)).toBe('price-collar -')
    expect(admitted(BOOK, { collar: refused }, 20, -1, 980)).toBe('none 980')
    expect(admitted(BOOK, { collar: refused }, 20, -1, 979)).toBe('price-collar -')
    // Passive prices have no collar.
    expect(admitted(BOOK, { collar: refused }, 20, 1, 1)).toBe('none 1')
  })

  it('M14: goes no further than the collar where that limits', () => {
    expect(admitted(BOOK, { collar: limited }, 20, 1, 5000)).toBe('none 1030')
    expect(admitted(BOOK, { collar: limited }, 20, -1, 3)).toBe('none 980')
    expect(admitted(BOOK, { collar: limited }, 20, 1, 1025)).toBe('none 1025')
  })

  it('M14: has the wider of ticks and basis points, in whole ticks', () => {
    // 250 bps of 1010 are 25.25 ticks.
    const collar = { ...limited, widthBps: 250 }
    expect(admitted(BOOK, { collar }, 20, 1, 5000)).toBe('none 1035')
    expect(admitted(BOOK, { collar: { ...collar, widthTicks: 26 } }, 20, 1, 5000)).toBe('none 1036')
  })

  it('M14: has no collar in a halt, nor without a best of the other side', () => {
    expect(admitted(BOOK, { collar: refused }, 60, 1, 5000)).toBe('none 5000')
    expect(admitted(BOOK, { collar: refused }, 5, 1, 5000)).toBe('none 5000')
    expect(admitted(BOOK, { collar: refused }, 95, 1, 5000)).toBe('none 5000')
    expect(admitted(BOOK, { collar: null }, 20, 1, 5000)).toBe('none 5000')
  })

  it('M15: rests in a halt, or is refused', () => {
    expect(admitted(BOOK, {}, 60, 1, 1000)).toBe('none 1000')
    expect(admitted(BOOK, { halted: 'refused' }, 60, 1, 1000)).toBe('halted -')
    expect(admitted(BOOK, { halted: 'refused' }, 49, 1, 1000)).toBe('none 1000')
    expect(admitted(BOOK, { halted: 'refused' }, 90, 1, 1000)).toBe('none 1000')
  })
})
