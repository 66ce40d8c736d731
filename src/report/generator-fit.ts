/* What a fit of the generator met of a recorded tape, as plain text: one fact a line. */

import type { Figure } from '../metrics/quantile.ts'
import type { GeneratorFit } from '../model/generator-fit.ts'
import { NONE } from './format.ts'
import { alignColumns } from './text-table.ts'

/** Lines joined by newlines, one at the end. */
export function generatorFitReport({ facts }: GeneratorFit): string {
  const rows = facts.map(({ name, recorded, generated }) => [
    name,
    digits(recorded),
    digits(generated),
    ratio(generated, recorded)
  ])
  return `${alignColumns([['fact', 'recorded', 'generated', 'ratio'], ...rows], ['left', 'right', 'right', 'right']).join('\n')}\n`
}

function digits(value: Figure): string {
  return value === null ? NONE : String(Number(value.toPrecision(4)))
}

function ratio(generated: Figure, recorded: Figure): string {
  return generated === null || recorded === null || recorded === 0 ? NONE : (generated / recorded).toFixed(2)
}
