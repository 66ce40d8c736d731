/* The options of `tailtax import`, as they are given on the command line, and what the formats take. */
import type { Options } from 'yargs'
import { CLOCKS, CROSSED_RULES, GAP_RULES, type ImportOptions } from '../formats/format.ts'
import { InputError } from '../kernel/assert.ts'
import { parseClockNs, parseDurationNs } from '../kernel/units.ts'
import type { Values } from './command.ts'

const text = (describe: string): Options => ({ type: 'string', requiresArg: true, describe })

export const IMPORT_OPTIONS: Readonly<Record<string, Options>> = {
  symbol: text('the instrument, when the file has several or does not say it'),
  date: text('YYYY-MM-DD, when the file does not say it (default: of its first row)'),
  zone: text('the time zone of the session, such as America/New_York'),
  venue: text('the venue, when the file does not say it'),
  'tick-size': { ...text('smallest price step (default: as usual, or as the prices say)'), alias: 'tick' },
  'lot-size': { ...text('smallest quantity step (default: as the quantities say)'), alias: 'lot' },
  open: text('start of the session, HH:MM[:SS]'),
  close: text('its end'),
  from: text('first instant to keep; what rests then is the seed'),
  to: text('last instant to keep'),
  'clock-offset': text('added to every time of the file, such as 250us or -1ms'),
  clock: text(`whose times the tape carries, where a file has both: ${CLOCKS.join(' or ')} (default exchange)`),
  gaps: text(`after a hole in the feed: ${GAP_RULES.join(', ')} (default keep)`),
  crossed: text(`a crossed book in continuous trading: ${CROSSED_RULES.join(', ')} the older side`)
}

/** Errors: InputError that names the option. */
export function readImportOptions(values: Values): ImportOptions {
  const clock = (name: string): number | undefined => parsed(values, name, parseClockNs)
  const found = {
    symbol: values.text('symbol'),
    date: values.text('date'),
    zone: values.text('zone'),
    venue: values.text('venue'),
    tick: values.text('tick-size'),
    lot: values.text('lot-size'),
    openNs: clock('open'),
    closeNs: clock('close'),
    fromNs: clock('from'),
    toNs: clock('to'),
    clockOffsetNs: parsed(values, 'clock-offset', signedDurationNs),
    clock: oneOf(values, 'clock', CLOCKS),
    gapRule: oneOf(values, 'gaps', GAP_RULES),
    crossedRule: oneOf(values, 'crossed', CROSSED_RULES)
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

function signedDurationNs(written: string): number {
  return written.startsWith('-') ? -parseDurationNs(written.slice(1)) : parseDurationNs(written)
}

function parsed(values: Values, name: string, parse: (written: string) => number): number | undefined {
  const written = values.text(name)
  if (written === undefined) return undefined
  try {
    return parse(written)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`--${name} ${written}: ${error.message}`)
  }
}

function oneOf<const T extends string>(values: Values, name: string, words: readonly T[]): T | undefined {
  const written = values.text(name)
  const word = words.find((known) => known === written)
  if (written !== undefined && word === undefined) throw new InputError(`--${name} ${written}: is none of ${words.join(', ')}`)
  return word
}
