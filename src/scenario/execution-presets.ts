/* Executions and schedules by name, as a scenario knows them: where a VWAP's curve comes from is not yet read. */
import { EXECUTION_PRESETS } from '../policy/presets.ts'
import { namesOf } from './fields.ts'
import type { ExecutionChoice, ScheduleChoice } from './scenario.ts'

/** Five minutes: 78 bins of a US session. Assumed. */
const BIN_NS = 300e9

/** What a schedule is where only its kind is given. */
export const SCHEDULES = {
  twap: { kind: 'twap' },
  vwap: { kind: 'vwap', curve: { source: 'smile' }, binNs: BIN_NS },
  pov: EXECUTION_PRESETS.pov.schedule,
  'front-loaded': EXECUTION_PRESETS['front-loaded'].schedule
} satisfies Record<string, ScheduleChoice>

export const EXECUTIONS = {
  ...EXECUTION_PRESETS,
  vwap: { ...EXECUTION_PRESETS.baseline, schedule: SCHEDULES.vwap }
} satisfies Record<string, ExecutionChoice>

export const EXECUTION_NAMES = namesOf(EXECUTIONS)
