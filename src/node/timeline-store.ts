/*
 * A tape's timeline as raw arrays in a file: built once, read back in a tenth of the time. Keyed by the tape's hash and by
 * TIMELINE_VERSION; a file that is missing, damaged, of another tape or another version is as good as none. Never needed.
 */
import { InputError } from '../kernel/assert.ts'
import type { Tape } from '../market/tape.ts'
import { Timeline, type TimelineArrays } from '../market/timeline.ts'
import { TIMELINE_VERSION, timelineSteps } from '../market/timeline-build.ts'
import { readContainer, writeContainer } from './container.ts'
import { breathe } from './interruption.ts'

/** The arrays' types by name: what a container must hold to be a timeline. */
const ARRAY_TYPES: { readonly [name in keyof TimelineArrays]: 'Int32Array' | 'Uint32Array' | 'Uint8Array' } = {
  levelTicks: 'Int32Array',
  levelStart: 'Uint32Array',
  eventRow: 'Uint32Array',
  totalAfter: 'Int32Array',
  anonymousPage: 'Uint32Array',
  anonymousLots: 'Int32Array',
  arrival: 'Uint32Array',
  oldest: 'Uint32Array',
  touchRow: 'Uint32Array',
  touchBid: 'Uint32Array',
  touchAsk: 'Uint32Array',
  haltRow: 'Uint32Array',
  haltOn: 'Uint8Array',
  bidHitBlock: 'Int32Array',
  bidHitSuper: 'Int32Array',
  askHitBlock: 'Int32Array',
  askHitSuper: 'Int32Array'
}

/**
 * The timeline of a tape whose hash is `key`: from `cachePath` when that is of this very tape, else built, and written there if it can be;
 * null = no cache. `onShare` is told the share of a build that is done, and signals are let in meanwhile.
 */
export async function loadTimeline(
  tape: Tape,
  key: string,
  cachePath: string | null,
  onShare: (share: number) => void = () => undefined
): Promise<Timeline> {
  const cached = cachePath === null ? null : readTimeline(tape, cachePath, key)
  if (cached !== null) return cached
  const steps = timelineSteps(tape)
  let step = steps.next()
  while (step.done !== true) {
    onShare(step.value)
    await breathe()
    step = steps.next()
  }
  if (cachePath !== null) writeTimeline(step.value, cachePath, key)
  return step.value
}

function readTimeline(tape: Tape, path: string, key: string): Timeline | null {
  let container: ReturnType<typeof readContainer>
  try {
    container = readContainer(path)
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
  const { header, arrays } = container
  if (typeof header !== 'object' || header === null) return null
  const { version, tape: tapeKey, bidLevelCount } = header as Record<string, unknown>
  if (version !== TIMELINE_VERSION || tapeKey !== key || typeof bidLevelCount !== 'number') return null
  for (const [name, type] of Object.entries(ARRAY_TYPES)) if (arrays[name]?.constructor.name !== type) return null
  return new Timeline(tape, arrays as unknown as TimelineArrays, bidLevelCount)
}

/** Where it cannot be written (a read-only directory, a full disk) it is just built again next time. */
function writeTimeline(timeline: Timeline, path: string, key: string): void {
  const header = { version: TIMELINE_VERSION, tape: key, bidLevelCount: timeline.bidLevelCount }
  try {
    writeContainer(path, { header, arrays: { ...timeline.arrays } })
  } catch (error) {
    if (!(error instanceof InputError)) throw error
  }
}
