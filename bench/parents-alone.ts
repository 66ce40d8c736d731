/*
 * Forty parents of five minutes each on a whole day, on the market alone: a parent's slice of thirty seconds rests at the own side's best, is
 * moved there again every five seconds where the best has moved, and what is left of it takes at the end. No path, no desk: what is
 * compared is the timeline with the oracle, which reads every row of the day.
 */
import { strict as assert } from 'node:assert'
import {
  buildTimeline,
  generateTape,
  generatorOptions,
  type Market,
  SequentialMarket,
  type Tape,
  TimelineMarket,
  type Touch
} from '../src/index.ts'
import { type Line, spreadOf } from './line.ts'
import { time } from './meter.ts'

const PARENT_COUNT = 40
const PARENT_NS = 300e9
const SLICE_NS = 30e9
const LOOK_NS = 5e9
const SLICE_LOTS = 200
/** A take pays any price that is there. */
const NO_LIMIT_TICKS = 2 ** 30 - 1
const RATIO_MIN = 20

interface Look {
  readonly tNs: number
  readonly parent: number
  /** The last of a slice. */
  readonly closes: boolean
}

/** Every look of every parent, in order of time; parents start evenly over the session, so some minutes have one and most have none or two. */
function looksOf({ header }: Tape): Look[] {
  const roomNs = header.closeNs - header.openNs - PARENT_NS
  const looks = Array.from({ length: PARENT_COUNT }, (_, parent) => {
    const startNs = header.openNs + Math.floor((roomNs * ((parent * 17) % PARENT_COUNT)) / PARENT_COUNT)
    return Array.from({ length: PARENT_NS / LOOK_NS }, (_look, index) => ({
      tNs: startNs + index * LOOK_NS,
      parent,
      closes: ((index + 1) * LOOK_NS) % SLICE_NS === 0
    }))
  })
  return looks.flat().sort((a, b) => a.tNs - b.tNs || a.parent - b.parent)
}

/** Lots traded, times prices: the same on both markets. */
function work(looks: readonly Look[], market: Market): number {
  const touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  const priceTicks = new Int32Array(PARENT_COUNT)
  const openLots = new Int32Array(PARENT_COUNT)
  let paid = 0
  market.bind({
    onFill(own, lots, ticks) {
      openLots[own] -= lots
      paid += lots * ticks
    },
    onTouch: () => undefined
  })
  for (const { tNs, parent, closes } of looks) {
    while (market.nextNs() <= tNs) market.step()
    market.advanceTo(tNs)
    market.readTouch(touch)
    const side = parent % 2 === 0 ? 1 : -1
    const best = side === 1 ? touch.bidTicks : touch.askTicks
    if (openLots[parent] > 0 && (closes || best !== priceTicks[parent])) market.leave(parent)
    if (closes) {
      if (openLots[parent] > 0) market.take(parent, side, side === 1 ? NO_LIMIT_TICKS : 1, openLots[parent])
      openLots[parent] = 0
      continue
    }
    if (openLots[parent] > 0 && best === priceTicks[parent]) continue
    if (openLots[parent] === 0) openLots[parent] = SLICE_LOTS
    priceTicks[parent] = best
    market.join(parent, side, best, openLots[parent])
  }
  return paid
}

/** A day of 24 hours has the target; one of six and a half has a sixth of the rows and is told beside it. */
export function measureParentsAlone(): Line[] {
  return [measureDay('perpetual', RATIO_MIN), measureDay('large-cap', null)]
}

function measureDay(preset: 'perpetual' | 'large-cap', ratioMin: number | null): Line {
  const tape = generateTape(generatorOptions(preset), 7)
  const timeline = buildTimeline(tape)
  const looks = looksOf(tape)
  let onTimeline = 0
  let onOracle = 0
  const indexed = time('timeline', () => (onTimeline = work(looks, new TimelineMarket(timeline))), 15)
  const replayed = time('oracle', () => (onOracle = work(looks, new SequentialMarket(tape))), 3, 1)
  assert.equal(onTimeline, onOracle, 'the same fills at the same prices')
  const ratio = replayed.medianMs / indexed.medianMs
  return {
    what: `40 parents of 5 minutes on the market alone, a ${preset} day of ${tape.count} rows`,
    figure: `${indexed.medianMs.toFixed(1)} ms`,
    spread: spreadOf(indexed),
    ratio: `oracle ${ratio.toFixed(0)} x timeline`,
    target: ratioMin === null ? null : { text: `>= ${ratioMin} x`, met: ratio >= ratioMin }
  }
}
