import { assert } from './assert.ts'

/** A closed vocabulary: strings at the edge, small integers inside, and the one table between. */
export interface Code<T extends string> {
  readonly names: readonly T[]
  /** The integer of each word. */
  readonly of: Readonly<Record<T, number>>
}

/** Numbers the words from 0 in the order given. */
export function code<const T extends string>(...names: readonly T[]): Code<T> {
  const of = Object.fromEntries(names.map((name, index) => [name, index])) as Record<T, number>
  return { names, of }
}

/** The integer of a word that is not known at compile time. Throws InvariantError for a stranger. */
export function codeOf(table: Code<string>, word: string): number {
  const value = (table.of as Readonly<Record<string, number>>)[word]
  assert(value !== undefined, `"${word}" is none of ${table.names.join(', ')}`)
  return value
}
