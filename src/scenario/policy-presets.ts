/*
 * Policies that a scenario has without naming them: its controlled policy with one controller alone (`fault-only`) or with one single control
 * (`fault-cappedCatchUp`), so that a table of what each is worth can be run. Everything else is that of the controlled policy. The wait before a
 * retry is the throttle controller's (reject-loop playbook): without it the scenario's own retry stands.
 */
import { alone } from '../control/presets.ts'
import { CONTROLLER_KEYS, CONTROLS, type ControllerKey } from '../order/controls.ts'
import type { PathOptions } from '../path/options.ts'
import { RETRY_PRESETS } from './path-presets.ts'
import type { PolicyChoice, Scenario } from './scenario.ts'

interface Single {
  readonly controller: ControllerKey
  /** Null: all controls of the controller. */
  readonly control: string | null
}

const SINGLES: ReadonlyMap<string, Single> = new Map(
  CONTROLLER_KEYS.flatMap((controller): [string, Single][] => [
    [`${controller}-only`, { controller, control: null }],
    ...CONTROLS[controller].map((control): [string, Single] => [`${controller}-${control}`, { controller, control }])
  ])
)

/** One controller alone, then one control alone, in the order of CONTROLS. */
export const SINGLE_NAMES: readonly string[] = [...SINGLES.keys()]

/** The scenario's policy of that name, or the single one made of its controlled policy; undefined = there is none. */
export function findPolicy(scenario: Scenario, name: string): PolicyChoice | undefined {
  const written = scenario.policies.get(name)
  const single = SINGLES.get(name)
  const controlled = scenario.policies.get('controlled')
  if (written !== undefined || single === undefined || controlled === undefined) return written
  const control = alone(controlled.control, single.controller, single.control)
  const waits = single.controller === 'throttle' && (single.control === null || WAITING.has(single.control))
  const retry = waits ? boundedRetry(controlled.path.retry) : (scenario.policies.get('baseline') ?? controlled).path.retry
  return { ...controlled, name, control, path: { ...controlled.path, retry } }
}

/** Controls that are nothing without a wait before a retry. */
export const WAITING: ReadonlySet<string> = new Set(['acceptanceFirst', 'retryBudget'])

/** A retry that waits, where it would not: a factor on no wait is no wait. */
export function boundedRetry(retry: PathOptions['retry']): PathOptions['retry'] {
  if (retry.backoff !== 'immediate' || retry.attemptCountMax === 1) return retry
  const { backoff, backoffNs, backoffNsMax, jitterShare } = RETRY_PRESETS.backoff
  return { ...retry, backoff, backoffNs, backoffNsMax, jitterShare }
}
