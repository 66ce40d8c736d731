/*
 * Laws of a count with a given mean and variance-to-mean ratio (dispersion), sampled by inversion of one uniform number so that a block's
 * count is a keyed draw: Poisson at 1, binomial below, negative binomial above (Panjer's class: p(k) = (a + b/k) p(k-1)). A
 * binomial law has whole trials, so its dispersion is met as mean / (1 - d) is near a whole number. Thinning by a factor f keeps the class,
 * with dispersion 1 + (d - 1) f, and the same uniform number then never gives more. Above a mean of 600 the normal law
 * stands in: its error is then far below the count's own noise.
 */
import { exp, ln, normalQuantile } from '../kernel/elementary.ts'
import type { KeyedRun } from '../kernel/random.ts'

const MEAN_MAX = 600
const COUNT_MAX = 32_767
/** A count less even than this is taken as this: the mean then stays exact, and the trials a whole number. */
const DISPERSION_MIN = 0.05
const U_MIN = 2 ** -33
/** Cells of the table's short cut; a cell that holds more than one count is searched. */
const CELL_BITS = 12
const CELLS = 1 << CELL_BITS
const SEARCH = 0x8000
const HALF = 1 << 16
const HALF_SHIFT = 16 - CELL_BITS

/** No recursion: the normal law stands in. */
const NORMAL = { first: 0, a: 0, b: 0 }

/** Dispersion of a law thinned (or, above 1, thickened) by a factor. */
export function thinnedDispersion(dispersion: number, factor: number): number {
  return Math.max(DISPERSION_MIN, 1 + (dispersion - 1) * factor)
}

/** p(0), a and b of Panjer's recursion. */
function recursionOf(mean: number, dispersion: number): { first: number; a: number; b: number } {
  if (dispersion > 1) {
    const size = mean / (dispersion - 1)
    const a = 1 - 1 / dispersion
    return { first: exp(-size * ln(dispersion)), a, b: a * (size - 1) }
  }
  if (dispersion < 1) {
    const trials = Math.max(Math.ceil(mean), Math.round(mean / (1 - Math.max(DISPERSION_MIN, dispersion))))
    const odds = mean / trials / (1 - Math.min(mean / trials, 1 - 1e-9))
    return { first: exp(-trials * ln(1 + odds)), a: -odds, b: odds * (trials + 1) }
  }
  return { first: exp(-mean), a: 0, b: mean }
}

/** Count at the uniform number u for a mean >= 0. */
export function countAt(mean: number, dispersion: number, u: number): number {
  if (mean <= 0) return 0
  const { first, a, b } = mean > MEAN_MAX ? NORMAL : recursionOf(mean, dispersion)
  if (first <= 0) {
    const count = Math.floor(mean + Math.sqrt(mean * dispersion) * normalQuantile(u < U_MIN ? U_MIN : u) + 0.5)
    return Math.min(COUNT_MAX - 1, Math.max(0, count))
  }
  let count = 0
  let term = first
  let sum = first
  while (sum < u && term > 0 && count < COUNT_MAX - 1) {
    count++
    term *= a + b / count
    sum += term
  }
  return count
}

/** The same counts as countAt for one mean and dispersion, in a few ns. */
export class CountTable {
  private readonly mean: number
  private readonly dispersion: number
  /** p(0) + .. + p(k), for the counts of the recursion. */
  private readonly cumulative: Float64Array
  /** Cell i holds the least count of u in [i, i + 1) / CELLS; SEARCH is set where it is not the only one. */
  private readonly cells = new Uint16Array(CELLS)

  constructor(mean: number, dispersion: number) {
    this.mean = mean
    this.dispersion = dispersion
    const { first, a, b } = mean > 0 && mean <= MEAN_MAX ? recursionOf(mean, dispersion) : NORMAL
    const cumulative: number[] = []
    let term = first
    for (let sum = first; term > 0 && cumulative.length < SEARCH; sum += term) {
      cumulative.push(sum)
      term *= a + b / cumulative.length
    }
    this.cumulative = Float64Array.from(cumulative)
    if (mean <= 0) return
    if (cumulative.length === 0) this.cells.fill(SEARCH)
    let count = 0
    for (let i = 0; i < CELLS && cumulative.length > 0; i++) {
      while (count < cumulative.length - 1 && cumulative[count] < i / CELLS) count++
      this.cells[i] = cumulative[count] >= (i + 1) / CELLS ? count : count | SEARCH
    }
  }

  /**
   * Count at u = (half + rest / 2^32) / 2^16, for a half word and a word. The word is asked for only where the half does not decide.
   */
  countOfHalf(half: number, run: KeyedRun, index: number): number {
    const cell = this.cells[half >>> HALF_SHIFT]
    return cell < SEARCH ? cell : this.search(cell - SEARCH, (half + run.at(index)) / HALF)
  }

  count(u: number): number {
    const cell = this.cells[(u * CELLS) | 0]
    return cell < SEARCH ? cell : this.search(cell - SEARCH, u)
  }

  private search(from: number, u: number): number {
    const { cumulative } = this
    if (cumulative.length === 0) return countAt(this.mean, this.dispersion, u)
    let count = from
    while (count < cumulative.length - 1 && cumulative[count] < u) count++
    return count
  }
}
