/*
 * The calibration: the bare event queue in its steady state (hold model: pop the earliest, push one later), with as many events
 * waiting as a world has.
 */
import { EventQueue } from '../src/kernel/event-queue.ts'
import { keyedUniform } from '../src/kernel/random.ts'
import { type Line, spreadOf } from './line.ts'
import { time } from './meter.ts'

const WAITING_COUNT = 256
const BATCH = 200_000

/** ns of CPU per push and pop. */
export function measureEventQueue(): { readonly line: Line; readonly nsPerEvent: number } {
  const queue = new EventQueue()
  const stepsNs = new Float64Array(4096)
  for (let i = 0; i < stepsNs.length; i++) stepsNs[i] = 1 + Math.floor(keyedUniform(1, 0, i) * 1_000_000)
  for (let i = 0; i < WAITING_COUNT; i++) queue.push(stepsNs[i], i % 8, 0, 0, i)
  let turn = 0
  const timing = time(
    'event queue',
    () => {
      for (let i = 0; i < BATCH; i++) {
        const slot = queue.pop()
        turn = (turn + 1) & 4095
        queue.push(queue.timeNs[slot] + stepsNs[turn], turn & 7, 0, 0, i)
      }
    },
    24
  )
  const nsPerEvent = (timing.medianMs * 1e6) / BATCH
  return {
    nsPerEvent,
    line: {
      what: `event queue, push and pop with ${WAITING_COUNT} waiting`,
      figure: `${nsPerEvent.toFixed(0)} ns`,
      spread: spreadOf(timing),
      ratio: '1 (the reference)',
      target: null
    }
  }
}
