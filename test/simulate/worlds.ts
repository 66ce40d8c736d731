/*
 * Worlds for tests of whole runs: an exchange drawn as a small table, a path without any friction, the plainest execution, and
 * worlds drawn from a seed in which every friction is absent, mild or extreme.
 */
import { CONTROL_OFF } from '../../src/control/presets.ts'
import type { Market } from '../../src/market/market.ts'
import { SequentialMarket } from '../../src/market/sequential-market.ts'
import { checkTape, ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { buildTimeline } from '../../src/market/timeline-build.ts'
import { TimelineMarket } from '../../src/market/timeline-market.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import type { ExecutionOptions } from '../../src/policy/options.ts'
import { PATH_PRESETS } from '../../src/scenario/path-presets.ts'
import type { World } from '../../src/simulate.ts'
import { TEST_HEADER } from '../market/random-tape.ts'

/** Rows `time kind side price lots id [flag]`, one a line; id `-` is none. */
export function drawTape(text: string): Tape {
  const builder = new TapeBuilder(16)
  for (const line of text.split('\n')) {
    const [time, kind, side, price, lots, id, flag] = line.trim().split(/\s+/)
    if (time === '') continue
    if (!(kind in ROW_KIND.of)) throw new Error(`there is no row kind ${kind}`)
    builder.push(
      Number(time),
      ROW_KIND.of[kind as keyof typeof ROW_KIND.of],
      side === 'bid' ? 1 : -1,
      Number(price ?? 0),
      Number(lots ?? 0),
      id === undefined || id === '-' ? 0 : Number(id),
      flag === undefined ? 0 : ROW_FLAG[flag as keyof typeof ROW_FLAG]
    )
  }
  const tape = builder.finish(TEST_HEADER)
  checkTape(tape)
  return tape
}

/** The two implementations of a market, by name. */
export const MARKETS: Readonly<Record<'timeline' | 'sequential', (tape: Tape) => Market>> = {
  timeline: (tape) => new TimelineMarket(buildTimeline(tape)),
  sequential: (tape) => new SequentialMarket(tape)
}

/** No friction and no delay anywhere; one attempt per child. */
export const NO_FRICTION: World['path'] = {
  ...PATH_PRESETS.ideal,
  retry: { ...PATH_PRESETS.ideal.retry, attemptCountMax: 1, ackTimeoutNs: Number.POSITIVE_INFINITY }
}

/** One slice as long as a day, taken at once at the touch; nothing is repriced, cancelled early or caught up. */
export const PLAIN_TAKE: ExecutionOptions = {
  schedule: { kind: 'twap' },
  sliceNs: 86_400_000_000_000,
  childLotsMax: 1_000_000,
  tactic: 'take',
  urgency: [],
  takeAfterShare: 0.5,
  takeThroughTicks: 0,
  limitFromStartTicks: Number.POSITIVE_INFINITY,
  participationMax: Number.POSITIVE_INFINITY,
  repriceTicks: 1,
  minimumRestNs: 0,
  reprice: 'replace',
  cancelImbalance: 1,
  catchUp: 'none',
  catchUpShare: 0,
  finishNs: 0
}

export function parent(fields: Partial<ParentOrder>): ParentOrder {
  return {
    parentId: 0,
    venue: 0,
    side: 1,
    quantityLots: 10,
    startNs: 100,
    endNs: 1100,
    limitTicks: Number.NaN,
    ...fields
  }
}

/** A world without friction unless said otherwise. */
export function world(fields: Partial<World> & Pick<World, 'markets' | 'parents'>): World {
  return {
    seed: 1,
    path: NO_FRICTION,
    execution: PLAIN_TAKE,
    control: CONTROL_OFF,
    eventCountMax: 1_000_000,
    ...fields
  }
}
