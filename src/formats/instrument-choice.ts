/*
 * Which instrument of a file of many an import takes: the one that the user names, or the only one. Instruments have numbers in the file,
 * and names that are told before or while rows come.
 */
import { InputError } from '../kernel/assert.ts'

const LISTED_MAX = 20

export class InstrumentChoice {
  readonly symbol: string | null
  private readonly numbers = new Map<string, Set<number>>()
  private readonly names = new Map<number, string>()
  private readonly chosen = new Set<number>()
  /** Nothing was asked for: the first that has rows, and an error when another has some. */
  private first = -1

  constructor(symbol: string | undefined) {
    this.symbol = symbol ?? null
  }

  /** The file says that an instrument of this name has this number. */
  name(symbol: string, number: number): void {
    const numbers = this.numbers.get(symbol)
    if (numbers === undefined) this.numbers.set(symbol, new Set([number]))
    else numbers.add(number)
    this.names.set(number, symbol)
    if (symbol === this.symbol || String(number) === this.symbol) this.chosen.add(number)
  }

  /** True for rows to take. `fail` is called, with what to say, at the first row of a second instrument when none was asked for. */
  takes(number: number, fail: (what: string) => never): boolean {
    if (this.chosen.has(number)) return true
    if (this.symbol !== null) {
      if (String(number) !== this.symbol) return false
      this.chosen.add(number)
      return true
    }
    if (this.first >= 0) fail(`the file has several instruments; name one of ${this.list()}`)
    this.first = number
    const name = this.names.get(number)
    // All numbers of its name: a continuous contract has several.
    for (const other of name === undefined ? [number] : (this.numbers.get(name) ?? [number])) this.chosen.add(other)
    return true
  }

  /** The name of what was taken; its number where it has none. */
  get taken(): string {
    if (this.symbol !== null) return this.symbol
    return this.names.get(this.first) ?? (this.first < 0 ? '' : String(this.first))
  }

  /** Errors: InputError at `where` when what was asked for is not among the names, which are all known. */
  requireKnown(where: string): void {
    if (this.symbol === null || this.chosen.size > 0 || this.numbers.size === 0) return
    throw new InputError(`${where}: has no ${this.symbol}; it has ${this.list()}`)
  }

  list(): string {
    const names = [...this.numbers.keys()].sort()
    if (names.length === 0) return 'the numbers of its instruments'
    const shown = names.slice(0, LISTED_MAX).join(', ')
    return names.length > LISTED_MAX ? `${shown} and ${names.length - LISTED_MAX} more` : shown
  }
}
