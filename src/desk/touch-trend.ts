/* How the size-weighted mid of one venue has moved of late, as the host saw it: a value each 100 ms at most, and the drift over about a second. */
import { NS_PER_MS, NS_PER_SECOND } from '../kernel/units.ts'
import type { HostTouch } from '../policy/view.ts'

const SPACING_NS = 100 * NS_PER_MS
/** The drift is taken over at least half of this, where so much was seen, and at most three times of it (assumed). */
const SPAN_NS = NS_PER_SECOND
const KEPT = 32

export class TouchTrend {
  private readonly atNs = new Float64Array(KEPT)
  private readonly ticks = new Float64Array(KEPT)
  private count = 0

  note(nowNs: number, touch: HostTouch): void {
    if (this.count > 0 && nowNs - this.atNs[(this.count - 1) % KEPT] < SPACING_NS) return
    const ticks = microprice(touch)
    if (Number.isNaN(ticks)) return
    const row = this.count++ % KEPT
    this.atNs[row] = nowNs
    this.ticks[row] = ticks
  }

  /** Ticks per second against what was seen a second ago; 0 where too little was seen. */
  driftPerSecond(nowNs: number, touch: HostTouch): number {
    const ticks = microprice(touch)
    let row = this.count - 1
    const oldest = Math.max(0, this.count - KEPT)
    while (row > oldest && nowNs - this.atNs[row % KEPT] < SPAN_NS) row--
    const elapsedNs = row < 0 ? 0 : nowNs - this.atNs[row % KEPT]
    if (Number.isNaN(ticks) || elapsedNs < SPAN_NS / 2 || elapsedNs > 3 * SPAN_NS) return 0
    return ((ticks - this.ticks[row % KEPT]) * NS_PER_SECOND) / elapsedNs
  }
}

/** Size-weighted mid, ticks; NaN without both sides. */
export function microprice({ bidTicks, bidLots, askTicks, askLots }: HostTouch): number {
  return (bidTicks * askLots + askTicks * bidLots) / (bidLots + askLots)
}
