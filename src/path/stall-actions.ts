/*
 * What the memory actions of the page-fault playbook (section "Control actions by state") change in the generator's rates: factors per regime
 * and kind, no more. Thinned faults are taken from the end of a block's own order (block-faults.ts), so those that stay keep their
 * instant and service, and nothing before an action changes. All shares are assumed, with what speaks for them:
 * - prefault: the hot set is touched before the session, so a regime's onset keeps only what was not known in advance. The recordings'
 *   warming minors are for a third to a half such first touches; the rest are fresh allocations, which no prefault reaches.
 *   A warming regime written without an onset loses that share of its minors.
 * - pinned: locked pages are not taken away, so majors stay only for what is not locked (libraries, the kernel's own reads).
 * - background freeze: a burst of a storm is another process at work; without it the burst's excess over the regime goes.
 * Left out: the time an action takes to work, and what it costs (a prefault reads the pages, a lock keeps them from others).
 */
import type { FaultRates, StallActions, StallRegime } from './options.ts'

/** Share of an onset's faults that prefaulting saves: assumed. */
const PREFAULTED_SHARE = 0.9
/** Share of a warming regime's minors that are first touches: 0.32 in the warm-up recording (939 of 2945 a second). */
const FIRST_TOUCH_SHARE = 0.32
/** Share of majors on mappings that can be locked: assumed. */
const PINNED_SHARE = 0.9
/** Share of a burst's excess that is background work: assumed. */
const BACKGROUND_SHARE = 0.8

/** Bits of an action mask. */
export const ACTION = { prefault: 1, pinned: 2, backgroundFreeze: 4 } as const
export type StallAction = keyof typeof ACTION
export const ACTION_MASKS = 8

export function maskOf(actions: StallActions | undefined): number {
  if (actions === undefined) return 0
  let mask = 0
  for (const name of ['prefault', 'pinned', 'backgroundFreeze'] as const) if (actions[name]) mask |= ACTION[name]
  return mask
}

/** The regime with the actions of the mask in force: the same regime with lower rates. */
export function withActions(regime: StallRegime, mask: number): StallRegime {
  let acted = regime
  if ((mask & ACTION.prefault) !== 0) acted = prefaulted(acted)
  if ((mask & ACTION.backgroundFreeze) !== 0 && acted.burst !== undefined) {
    acted = { ...acted, burst: { ...acted.burst, ...excessScaled(acted, acted.burst, 1 - BACKGROUND_SHARE) } }
  }
  if ((mask & ACTION.pinned) !== 0) {
    const pinned = { majorPerSecond: 1 - PINNED_SHARE }
    acted = { ...acted, ...scaled(acted, pinned) }
    if (acted.burst !== undefined) acted = { ...acted, burst: { ...acted.burst, ...scaled(acted.burst, pinned) } }
    if (acted.onset !== undefined) acted = { ...acted, onset: { ...acted.onset, ...scaled(acted.onset, pinned) } }
  }
  return acted
}

function prefaulted(regime: StallRegime): StallRegime {
  const rest = 1 - PREFAULTED_SHARE
  if (regime.onset !== undefined) {
    const { onset } = regime
    return { ...regime, onset: { ...onset, ...scaled(onset, { minorPerSecond: rest, majorPerSecond: rest }) } }
  }
  return regime.name === 'warming' ? { ...regime, ...scaled(regime, { minorPerSecond: 1 - FIRST_TOUCH_SHARE }) } : regime
}

const RATES = ['minorPerSecond', 'majorPerSecond', 'reclaimPerSecond', 'compactionPerSecond'] as const
type Rates = Record<(typeof RATES)[number], number>

function scaled(rates: FaultRates, factors: Partial<Rates>): Rates {
  const result = {} as Rates
  for (const name of RATES) result[name] = rates[name] * (factors[name] ?? 1)
  return result
}

/** A burst whose excess over its regime is scaled; where the burst is below the regime it stays as it is. */
function excessScaled(regime: FaultRates, burst: FaultRates, factor: number): Rates {
  const result = {} as Rates
  for (const name of RATES) {
    const excess = burst[name] - regime[name]
    result[name] = excess > 0 ? regime[name] + excess * factor : burst[name]
  }
  return result
}
