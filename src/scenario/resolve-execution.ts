/* The execution of a policy: its preset and what was given over it; which of its figures cannot go together. */
import { EQUAL_ROUTING } from '../policy/routing.ts'
import { EXECUTION_NAMES, EXECUTIONS, SCHEDULES } from './execution-presets.ts'
import type { RoutingInput } from './execution-schema.ts'
import { ScenarioFault } from './fault.ts'
import { overlay } from './fields.ts'
import type { CurveChoice, ExecutionChoice, ScheduleChoice, TapeSource } from './scenario.ts'
import type { ExecutionInput, TapeInput } from './schema.ts'
import { byVenue } from './venue-names.ts'

type At = readonly (string | number)[]

/** Reads a tape that is named at some place of the scenario. */
export type ResolveTape = (tape: TapeInput, at: At) => TapeSource

const DAY_NS = 86_400e9

/** `base` where neither the execution nor the policy's name tells a preset. Errors: ScenarioFault. */
export function resolveExecution(
  given: ExecutionInput | undefined,
  name: string,
  base: ExecutionChoice,
  venueNames: readonly string[],
  at: At,
  resolveTape: ResolveTape
): ExecutionChoice {
  const preset = given?.preset ?? EXECUTION_NAMES.find((known) => known === name)
  const from = preset === undefined ? base : EXECUTIONS[preset]
  if (given === undefined) return from
  const schedule = given.schedule === undefined ? undefined : resolveSchedule(given.schedule, [...at, 'schedule'], resolveTape)
  // A parent that only follows what trades is not driven to its end unless that is asked for.
  const finishNs = given.finish ?? (schedule?.kind === 'pov' ? 0 : undefined)
  return overlay<ExecutionChoice>(from, {
    schedule,
    sliceNs: given.slice,
    childLotsMax: given.childLotsMax,
    tactic: given.tactic,
    urgency: resolveUrgency(given.urgency, [...at, 'urgency']),
    takeAfterShare: given.takeAfterShare,
    takeThroughTicks: given.takeThroughTicks,
    limitFromStartTicks: given.limitFromStartTicks,
    participationMax: given.participationMax,
    repriceTicks: given.repriceTicks,
    minimumRestNs: given.minimumRest,
    reprice: given.reprice,
    cancelImbalance: given.cancelImbalance,
    catchUp: given.catchUp,
    catchUpShare: given.catchUpShare,
    finishNs,
    routing: resolveRouting(given.routing, venueNames, [...at, 'routing'])
  })
}

type ScheduleInput = NonNullable<ExecutionInput['schedule']>

function resolveSchedule(given: ScheduleInput, at: At, resolveTape: ResolveTape): ScheduleChoice {
  switch (given.kind) {
    case 'twap':
      return SCHEDULES.twap
    case 'vwap': {
      const binNs = given.bin ?? SCHEDULES.vwap.binNs
      if (DAY_NS % binNs !== 0) throw new ScenarioFault([...at, 'bin'], 'must divide a day into whole bins, such as 5m')
      const curve = given.curve === undefined ? SCHEDULES.vwap.curve : resolveCurve(given.curve, [...at, 'curve'], resolveTape)
      return { kind: 'vwap', curve, binNs }
    }
    case 'pov': {
      const share = given.share ?? (given.min === undefined && given.max === undefined ? SCHEDULES.pov.share : undefined)
      const middle = share ?? Math.min(Math.max(SCHEDULES.pov.share, given.min ?? 0), given.max ?? Number.POSITIVE_INFINITY)
      const schedule = { kind: 'pov', min: given.min ?? middle, share: middle, max: given.max ?? middle } as const
      if (schedule.min > schedule.share) throw new ScenarioFault([...at, 'min'], `is above the share (${schedule.share})`)
      if (schedule.max < schedule.share) throw new ScenarioFault([...at, 'max'], `is below the share (${schedule.share})`)
      return schedule
    }
    case 'front-loaded':
      return resolveFrontLoaded(given, at)
  }
}

function resolveFrontLoaded(given: Extract<ScheduleInput, { kind: 'front-loaded' }>, at: At): ScheduleChoice {
  const { kind, kappaPerSecond, lambda, sigma, eta, gamma } = given
  const figures = { lambda, sigma, eta, gamma }
  const some = Object.entries(figures).find(([, value]) => value !== undefined)
  if (kappaPerSecond !== undefined) {
    if (some !== undefined)
      throw new ScenarioFault([...at, some[0]], 'has no meaning beside kappaPerSecond; give one or the other')
    return { kind, kappaPerSecond }
  }
  if (some === undefined) return SCHEDULES['front-loaded']
  if (lambda === undefined || sigma === undefined || eta === undefined) {
    throw new ScenarioFault(at, 'needs lambda, sigma and eta together (gamma may be left out), or kappaPerSecond')
  }
  return { kind, lambda, sigma, eta, gamma: gamma ?? 0 }
}

function resolveCurve(
  given: NonNullable<Extract<ScheduleInput, { kind: 'vwap' }>['curve']>,
  at: At,
  resolveTape: ResolveTape
): CurveChoice {
  if (typeof given === 'string') return { source: given }
  return 'file' in given
    ? { source: 'file', file: given.file }
    : { source: 'tape', tape: resolveTape(given.tape, [...at, 'tape']) }
}

function resolveUrgency(given: ExecutionInput['urgency'], at: At): ExecutionChoice['urgency'] | undefined {
  given?.forEach(({ after }, index) => {
    if (index > 0 && after <= given[index - 1].after)
      throw new ScenarioFault([...at, index, 'after'], 'must be above that of the step before')
  })
  return given?.map(({ after, class: urgency }) => ({ after, urgency }))
}

function resolveRouting(given: RoutingInput | undefined, venueNames: readonly string[], at: At) {
  if (given === undefined) return undefined
  const weights = given.weights === undefined ? undefined : byVenue(given.weights, venueNames, 0, [...at, 'weights'])
  if (weights?.every((weight) => weight === 0)) throw new ScenarioFault([...at, 'weights'], 'gives no venue any weight')
  return overlay(EQUAL_ROUTING, { rule: given.rule, weights, roundLots: given.roundLots })
}
