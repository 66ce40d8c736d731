/*
 * What a stage of the path needs when it is driven by itself, as people write it. The throttle, the ack server and the host's stalls are
 * written as in a scenario and read by its schema (a scenario's path around them is made here), so that what can be said there can be
 * said here. The network egress is written in tc's words (stage-qdisc.ts).
 */
import { z } from 'zod'
import type { AckOptions, StallOptions, ThrottleOptions } from '../path/options.ts'
import { type Edit, type Key, readDocument, type SourceDocument } from './document.ts'
import { ScenarioFault } from './fault.ts'
import { isMap, messageOf, strict } from './fields.ts'
import { firstFault } from './parse.ts'
import { PATH } from './path-schema.ts'
import { type ResolvedPath, resolvePath } from './resolve-path.ts'
import type { StallTraceOptions } from './scenario.ts'
import { type EgressConfig, QDISC_STAGE, resolveEgress } from './stage-qdisc.ts'
import { STALL_PRESETS } from './stall-presets.ts'

/** A configuration's text, its name for messages, and edits over it. */
export interface StageSource {
  readonly text: string
  readonly fileName: string
  readonly edits?: readonly Edit[]
}

export interface HostStageConfig {
  readonly stalls: StallOptions
  /** A recording to be read instead; its file as it was given. */
  readonly trace: StallTraceOptions | null
  /** The recording was named by an edit. */
  readonly isTraceEdited: boolean
}

/** Errors of all: InputError `fileName:line:column: key: what` or `--set key=value: what`. */
export function parseThrottleStage(source: StageSource): ThrottleOptions {
  const document = open(source, 'kind, limit and window')
  return resolveIn(document, ['gateway', 'throttle'], document.value, ({ path }) => path.gateway.throttle)
}

export function parseAckStage(source: StageSource): AckOptions {
  const document = open(source, 'service and backgroundLoad')
  return resolveIn(document, ['acks'], document.value, ({ path }) => path.acks)
}

const HOST_STAGE = strict({ stalls: z.unknown().optional() })

/** `stalls` is as in a scenario, and also the name of a file alone. */
export function parseHostStage(source: StageSource): HostStageConfig {
  const document = open(source, 'stalls')
  const keys = HOST_STAGE.safeParse(document.value, { error: messageOf })
  if (!keys.success) throw firstFault(document, keys.error)
  const given = (document.value as { readonly stalls?: unknown }).stalls
  if (given === undefined || given === null) throw document.fault([], 'stalls is missing; give a file or a preset', false)
  const isFile = typeof given === 'string' && !Object.hasOwn(STALL_PRESETS, given) && /[./\\]/.test(given)
  const stalls = isFile ? { trace: given } : given
  return resolveIn(document, ['host'], { stalls }, ({ path, stallTrace }) => ({
    stalls: path.host.stalls,
    // A recording is played once, unless it is said how often it is repeated.
    trace: stallTrace === null ? null : { ...stallTrace, periodNs: stallTrace.periodNs ?? Number.POSITIVE_INFINITY },
    isTraceEdited: document.isEdited(isMap(given) ? ['stalls', 'trace'] : ['stalls'])
  }))
}

export function parseQdiscStage(source: StageSource): EgressConfig {
  const document = open(source, 'kind, flows and machine')
  const result = QDISC_STAGE.safeParse(document.value, { error: messageOf })
  if (!result.success) throw firstFault(document, result.error)
  return located(document, 0, () => resolveEgress(result.data))
}

function open({ text, fileName, edits = [] }: StageSource, keys: string): SourceDocument {
  return readDocument(fileName, text, edits, keys)
}

/** Reads `value` as the part of a scenario's path that is under `keys`, where all else is without friction. */
function resolveIn<T>(document: SourceDocument, keys: readonly Key[], value: unknown, take: (resolved: ResolvedPath) => T): T {
  let path = value
  for (const key of [...keys].reverse()) path = { [key]: path }
  const result = PATH.safeParse({ preset: 'ideal', ...(path as object) }, { error: messageOf })
  if (!result.success) {
    for (const issue of result.error.issues) issue.path.splice(0, Math.min(keys.length, issue.path.length))
    throw firstFault(document, result.error)
  }
  return located(document, keys.length, () => take(resolvePath(result.data, [])))
}

/** A fault found on resolving, at its place: the first `depth` keys of its path are not in the document. */
function located<T>(document: SourceDocument, depth: number, resolve: () => T): T {
  try {
    return resolve()
  } catch (error) {
    if (error instanceof ScenarioFault) throw document.fault(error.path.slice(depth), error.message, false)
    throw error
  }
}
