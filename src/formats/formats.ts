/* Every market-data format that can be imported, by the name of `tailtax import <name>`. A new format is a new line here. */
import type { Format } from './format.ts'
import { LOBSTER } from './lobster.ts'

export const FORMATS: readonly Format[] = [LOBSTER]

export function findFormat(name: string): Format | undefined {
  return FORMATS.find((format) => format.name === name)
}
