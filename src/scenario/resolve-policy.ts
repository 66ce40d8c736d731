/* Policies: the presets, what was given over them, and the path as each policy sets it on its own host. */

import type { ControlOptions } from '../control/options.ts'
import { CONTROL_OFF, controlFor, withControllers } from '../control/presets.ts'
import type { PathOptions } from '../path/options.ts'
import { BASELINE, CONTROLLED } from '../policy/presets.ts'
import { applied } from './derive.ts'
import { ScenarioFault } from './fault.ts'
import { isMap } from './fields.ts'
import { boundedRetry, WAITING } from './policy-presets.ts'
import { type ResolveTape, resolveExecution } from './resolve-execution.ts'
import { resolveQdisc, resolveRetry, withSocket } from './resolve-path.ts'
import type { ExecutionChoice, ModuleChoice, PolicyChoice } from './scenario.ts'
import { type ControlInput, POLICY_NAMES, type PolicyInput } from './schema.ts'
import { byVenue } from './venue-names.ts'

const EXECUTION: Readonly<Record<(typeof POLICY_NAMES)[number], ExecutionChoice>> = {
  baseline: BASELINE,
  controlled: CONTROLLED
}

/** Baseline and controlled are always there; a name of your own starts from its preset (baseline, when it gives none). */
export function resolvePolicies(
  given: Readonly<Record<string, PolicyInput>>,
  path: PathOptions,
  venueNames: readonly string[],
  resolveTape: ResolveTape
): Map<string, PolicyChoice> {
  const names = [...new Set([...POLICY_NAMES, ...Object.keys(given)])]
  return new Map(names.map((name) => [name, resolvePolicy(name, given[name], path, venueNames, resolveTape)]))
}

function resolvePolicy(
  name: string,
  given: PolicyInput | undefined,
  path: PathOptions,
  venueNames: readonly string[],
  resolveTape: ResolveTape
): PolicyChoice {
  const at = ['policies', name]
  const preset = given?.preset ?? POLICY_NAMES.find((known) => known === name) ?? 'baseline'
  const control = resolveControl(given?.control, preset === 'controlled' ? 'on' : 'off', venueNames, [...at, 'control'])
  const isBounded = preset === 'controlled' && waitsBeforeRetry(control)
  const atRetry = [...at, 'retry']
  const canaryRetry =
    isBounded && control.mode === 'canary' ? resolveRetry(boundedRetry(path.retry), given?.retry, atRetry) : undefined
  return {
    name,
    execution: resolveExecution(given?.execution, name, EXECUTION[preset], venueNames, [...at, 'execution'], resolveTape),
    module: resolveModule(given, at),
    control,
    path: {
      ...path,
      sessions: withSocket(path.sessions, given?.session, [...at, 'session']),
      qdisc: resolveQdisc(path.qdisc, given?.qdisc, [...at, 'qdisc']),
      retry: resolveRetry(isBounded && control.mode === 'on' ? boundedRetry(path.retry) : path.retry, given?.retry, atRetry),
      ...(canaryRetry === undefined ? {} : { canaryRetry })
    }
  }
}

function resolveModule(given: PolicyInput | undefined, at: readonly string[]): ModuleChoice | null {
  if (given?.module !== undefined) return { file: given.module, options: given.options ?? null }
  if (given?.options !== undefined) throw new ScenarioFault([...at, 'options'], 'is what a module is given; there is no module')
  return null
}

/** The controlled policy waits before it tries again (reject-loop playbook), as far as its throttle controller has the say. */
function waitsBeforeRetry({ throttle }: ControlOptions): boolean {
  return throttle.enabled && Object.entries(throttle.controls).some(([name, { enabled }]) => enabled && WAITING.has(name))
}

function resolveControl(
  given: ControlInput | undefined,
  preset: 'on' | 'off',
  venueNames: readonly string[],
  at: readonly string[]
): ControlOptions {
  const { capacityMessagesPerSecond: capacity, ...rest } = given ?? {}
  const known = CONTROL_OFF.capacityMessagesPerSecond
  if (typeof capacity !== 'object') return controlOf(rest, capacity ?? known, preset, at)
  const capacities = byVenue(capacity, venueNames, known, [...at, 'capacityMessagesPerSecond'])
  const venues = capacities.map((own) => controlOf(rest, own, preset, at))
  return {
    ...venues[0],
    venues: venues.map(({ capacityMessagesPerSecond, throttle }) => ({ capacityMessagesPerSecond, throttle }))
  }
}

/** For paths that take so many messages. */
function controlOf(
  given: Omit<ControlInput, 'capacityMessagesPerSecond'>,
  capacityMessagesPerSecond: number,
  preset: 'on' | 'off',
  at: readonly string[]
): ControlOptions {
  const { preset: chosen, mode: word, sample, ...machines } = given
  const mode = word === undefined || word === 'off' ? 'on' : word
  const on = controlFor(capacityMessagesPerSecond)
  const enabled = (chosen ?? (word === undefined ? preset : word === 'off' ? 'off' : 'on')) === 'on'
  const base = withControllers({ ...on, mode }, () => enabled)
  const changes = Object.fromEntries(Object.entries({ ...machines, sampleNs: sample }).filter(([, value]) => value !== undefined))
  const control = applied(base, changes)
  checkBands(control, at)
  return word === 'off' ? withControllers(control, () => false) : control
}

/** A band with its exit at or above its enter would let a machine leave the moment it enters. */
function checkBands(options: object, at: readonly string[]): void {
  for (const [key, value] of Object.entries(options)) {
    if (!isMap(value)) continue
    const { enter, exit } = value
    const name = key.replace(/Ns$|Bytes$/, '')
    if (typeof enter === 'number' && typeof exit === 'number') {
      if (!(exit < enter) && enter !== Infinity)
        throw new ScenarioFault([...at, name, 'exit'], `is ${exit}; it must be below enter (${enter})`)
    } else checkBands(value, [...at, name])
  }
}
