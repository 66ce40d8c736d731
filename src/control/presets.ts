/*
 * Controllers off, all four on, one alone, one control alone. What was tried out of host-presets.ts and path-presets.ts was tried on seeds 101 to
 * 110 of the shipped scenarios, so that others can still tell what it is worth.
 */
import { CONTROLLER_KEYS, type ControllerKey } from '../order/controls.ts'
import { FAULT, TRANSPORT } from './host-presets.ts'
import { MS, SECOND } from './ladder.ts'
import type { Control, ControlOptions } from './options.ts'
import { CANCEL, throttleFor } from './path-presets.ts'
import type { RollbackRules } from './rollback.ts'

/** Assumed, but for: completion not worse by more than a point, q95 by 4 bps (cancel-ack playbook, "Promotion gates"). */
const ROLLBACK: RollbackRules = {
  windowNs: 60 * SECOND,
  missRateMax: 0.25,
  opportunityBpsMax: 2,
  rejectRateMax: 0.1,
  p95BpsMax: 4,
  p99BpsMax: 8,
  completionLossMax: 0.01,
  staleFillRatioMax: 0.1,
  transitionsPerMinuteMax: 10
}

/** All four controllers on, for a venue believed to accept this many messages per second. */
export function controlFor(capacityMessagesPerSecond: number): ControlOptions {
  return {
    mode: 'on',
    // tx-pacing playbook, section 7: a canary of 5 to 10 % of the flow.
    canary: { share: 0.1, rules: ROLLBACK },
    sampleNs: 1000 * MS,
    capacityMessagesPerSecond,
    transport: TRANSPORT,
    fault: FAULT,
    throttle: throttleFor(capacityMessagesPerSecond),
    cancel: CANCEL
  }
}

/** All four on, for 100 messages per second (assumed; Coinbase's FIX limit is of that size). */
export const CONTROL_ON: ControlOptions = controlFor(100)

/** The same thresholds with every controller disabled. */
export const CONTROL_OFF: ControlOptions = withControllers(CONTROL_ON, () => false)

/** The same with those controllers enabled that `enabled` names. */
export function withControllers(options: ControlOptions, enabled: (name: ControllerKey) => boolean): ControlOptions {
  return changed(options, (key, own) => ({ ...own, enabled: enabled(key) }))
}

/** The same with one controller alone, of its controls only the one named (all, when none is). */
export function alone(options: ControlOptions, only: ControllerKey, control: string | null): ControlOptions {
  return changed(options, (key, own) => {
    const enabled = key === only
    if (!enabled || control === null) return { ...own, enabled }
    const controls = Object.entries<Control>(own.controls).map(([name, lever]) => [name, { ...lever, enabled: name === control }])
    return { ...own, enabled, controls: Object.fromEntries(controls) }
  })
}

type Own = ControlOptions[ControllerKey]

function changed(options: ControlOptions, change: (key: ControllerKey, own: Own) => Own): ControlOptions {
  const changes = Object.fromEntries(CONTROLLER_KEYS.map((key) => [key, change(key, options[key])]))
  const venues = options.venues?.map((venue) => ({ ...venue, throttle: change('throttle', venue.throttle) }))
  return { ...options, ...changes, ...(venues === undefined ? {} : { venues }) } as ControlOptions
}
