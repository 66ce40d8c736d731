/* A scenario's text to a Scenario, or one located sentence that says what is wrong first. */
import type { z } from 'zod'
import type { InputError } from '../kernel/assert.ts'
import { type Edit, type Key, readDocument, type SourceDocument } from './document.ts'
import { ScenarioFault } from './fault.ts'
import { faultOf, messageOf } from './fields.ts'
import { resolve } from './resolve.ts'
import type { CurveChoice, ParentsOptions, PolicyChoice, Scenario, TapeSource } from './scenario.ts'
import { SCENARIO } from './schema.ts'

export interface ParseOptions {
  /** Shown before line and column; and the scenario's name when it gives none. */
  readonly fileName: string
  readonly edits?: readonly Edit[]
  /** Makes a file's name one that can be opened: those of the scenario stand beside it, those of an edit where the command runs. */
  readonly locate?: (file: string, from: 'scenario' | 'edit') => string
}

/** Errors: InputError `fileName:line:column: path: what` or `--set path=value: what`. */
export function parseScenario(text: string, { fileName, edits = [], locate = (file) => file }: ParseOptions): Scenario {
  const document = readDocument(fileName, text, edits)
  const result = SCENARIO.safeParse(document.value, { error: messageOf })
  if (!result.success) throw firstFault(document, result.error)
  const name = fileName.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '')
  try {
    const scenario = resolve(result.data, name)
    return withFiles(scenario, (path) => document.isEdited(path), locate)
  } catch (error) {
    if (error instanceof ScenarioFault) throw document.fault(error.path, error.message, false)
    throw error
  }
}

/** Unknown keys come first: a missing key is often one that was misspelt. */
export function firstFault(document: SourceDocument, error: z.ZodError): InputError {
  const faults = error.issues.map(faultOf)
  const first = faults.find((fault) => fault.atKey) ?? faults[0]
  return document.fault(first.path, first.message, first.atKey)
}

const LOBSTER_KEYS = ['messages', 'orderbook']

function withFiles(
  scenario: Scenario,
  isEdited: (path: readonly Key[]) => boolean,
  locate: (file: string, from: 'scenario' | 'edit') => string
): Scenario {
  const located = (path: readonly Key[], file: string): string => locate(file, isEdited(path) ? 'edit' : 'scenario')
  const tapeOf = (tape: TapeSource, at: readonly Key[]): TapeSource => {
    if (tape.kind === 'generate') return tape
    if (tape.kind === 'file') return { ...tape, file: located([...at, 'file'], tape.file) }
    // LOBSTER's files may be named by their own keys.
    const keyOf = (place: number): readonly Key[] =>
      isEdited([...at, LOBSTER_KEYS[place]]) ? [LOBSTER_KEYS[place]] : ['files', place]
    return { ...tape, files: tape.files.map((file, place) => located([...at, ...keyOf(place)], file)) }
  }
  const parents: ParentsOptions =
    scenario.parents.kind === 'file'
      ? { kind: 'file', file: located(['parents', 'file'], scenario.parents.file) }
      : scenario.parents
  const policyOf = (policy: PolicyChoice): PolicyChoice => {
    const at = ['policies', policy.name]
    const { module, execution } = policy
    const { schedule } = execution
    const curve = schedule.kind === 'vwap' ? curveOf(schedule.curve, [...at, 'execution', 'schedule', 'curve']) : null
    return {
      ...policy,
      module: module === null ? null : { ...module, file: located([...at, 'module'], module.file) },
      execution: schedule.kind !== 'vwap' || curve === null ? execution : { ...execution, schedule: { ...schedule, curve } }
    }
  }
  const curveOf = (curve: CurveChoice, at: readonly Key[]): CurveChoice => {
    if (curve.source === 'file') return { ...curve, file: located([...at, 'file'], curve.file) }
    return curve.source === 'tape' ? { ...curve, tape: tapeOf(curve.tape, [...at, 'tape']) } : curve
  }
  const { stallTrace } = scenario
  return {
    ...scenario,
    market: {
      venues: scenario.market.venues.map((venue, index) => ({
        ...venue,
        tape: tapeOf(venue.tape, ['market', 'venues', index, 'tape'])
      }))
    },
    parents,
    policies: new Map([...scenario.policies].map(([name, policy]) => [name, policyOf(policy)])),
    stallTrace:
      stallTrace === null ? null : { ...stallTrace, file: located(['path', 'host', 'stalls', 'trace'], stallTrace.file) }
  }
}
