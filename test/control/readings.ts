/* Readings for tests: everything unknown but what a test names. */
import { blankReading, type Reading } from '../../src/control/reading.ts'

export const UNKNOWN: Reading = blankReading()

export function reading(atNs: number, known: Partial<Reading> = {}): Reading {
  return { ...UNKNOWN, ...known, atNs }
}
