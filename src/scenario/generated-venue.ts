/*
 * A generated market as a scenario says it: the inverse of what schema.ts and derive.ts read. Only what differs from the preset is written.
 * Reading the text back gives the same options and seed.
 */
import { formatClock, formatDuration, parseDurationNs } from '../kernel/units.ts'
import type { GeneratorOptions } from '../market/generator-options.ts'
import { GENERATOR_PRESETS, type GeneratorPreset } from '../market/generator-presets.ts'
import { isClock } from './derive.ts'

type Value = string | number | Readonly<Record<string, unknown>>

/** `market:` with one venue, YAML, a newline at the end. `options.preset` names the preset. */
export function generatedVenueText(options: GeneratorOptions, seed: number): string {
  const preset: GeneratorOptions = GENERATOR_PRESETS[options.preset as GeneratorPreset]
  const lines = [
    'market:',
    '  venues:',
    '    - tape:',
    `        generate: ${options.preset}`,
    `        seed: ${seed}`,
    `        open: ${quoted(formatClock(options.openNs))}`,
    `        close: ${quoted(formatClock(options.closeNs))}`,
    '        options:'
  ]
  for (const name of Object.keys(options) as (keyof GeneratorOptions)[]) {
    if (name === 'preset' || name === 'openNs' || name === 'closeNs') continue
    const value: Value = options[name] as Value
    if (JSON.stringify(value) === JSON.stringify(preset[name])) continue
    lines.push(`          ${name.replace(/Ns$/, '')}: ${written(name, value)}`)
  }
  if (lines[lines.length - 1] === '        options:') lines.pop()
  return `${lines.join('\n')}\n`
}

function written(name: string, value: Value): string {
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, entry]) => `${key}: ${String(entry)}`)
    return `{ ${entries.join(', ')} }`
  }
  if (typeof value === 'string') return quoted(value)
  if (isClock(name)) return quoted(formatClock(value))
  return name.endsWith('Ns') ? duration(value) : String(value)
}

/** The shortest notation that is exact. */
function duration(ns: number): string {
  const short = formatDuration(ns)
  return parseDurationNs(short) === ns ? short : `${ns}ns`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
