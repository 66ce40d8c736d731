/*
 * Rolling figures over the last so many ns, as a live host would keep them: instants with one value each, oldest dropped first.
 */
export class Window {
  private readonly spanNs: number
  private atNs = new Float64Array(64)
  private values = new Float64Array(64)
  private first = 0
  private last = 0
  private scratch = new Float64Array(64)
  /** Instants ever added and dropped: a figure that was taken since is still right. */
  private addedCount = 0
  private total = 0
  private droppedCount = 0
  private quantileOf = Number.NaN
  private quantileAdded = -1
  private quantileDropped = -1
  private quantileValue = Number.NaN

  /** How many of those kept are at or over `watched`. */
  overCount = 0
  private readonly watched: number

  constructor(spanNs: number, watched = Number.POSITIVE_INFINITY) {
    this.spanNs = spanNs
    this.watched = watched
  }

  add(atNs: number, value: number): void {
    if (this.last === this.atNs.length) this.makeRoom()
    this.atNs[this.last] = atNs
    this.values[this.last++] = value
    this.addedCount++
    this.total += value
    if (value >= this.watched) this.overCount++
  }

  /** Drops what is older than the span at `nowNs`; gives the count of what is left. */
  trim(nowNs: number): number {
    while (this.first < this.last && this.atNs[this.first] <= nowNs - this.spanNs) {
      const value = this.values[this.first++]
      this.total -= value
      if (value >= this.watched) this.overCount--
      this.droppedCount++
    }
    return this.last - this.first
  }

  /** Kept as values come and go: exact for whole numbers, else to rounding. */
  sum(): number {
    return this.first === this.last ? 0 : this.total
  }

  /** The value at rank ceil(p n) of those kept and of `more` (nearest rank); NaN when there is none. */
  quantile(p: number, more: readonly number[] = []): number {
    const isKnown = this.quantileOf === p && this.quantileAdded === this.addedCount && this.quantileDropped === this.droppedCount
    if (isKnown && more.length === 0) return this.quantileValue
    const count = this.gather(more)
    const value = count === 0 ? Number.NaN : select(this.scratch, count, rankOf(p, count))
    if (more.length > 0) return value
    this.quantileOf = p
    this.quantileAdded = this.addedCount
    this.quantileDropped = this.droppedCount
    this.quantileValue = value
    return value
  }

  /** Several at once into `out`, for shares that fall: each is looked for below the one before. */
  quantiles(shares: readonly number[], more: readonly number[], out: Float64Array): void {
    const count = this.gather(more)
    let within = count
    for (let i = 0; i < shares.length; i++) {
      if (count === 0) {
        out[i] = Number.NaN
        continue
      }
      const rank = rankOf(shares[i], count)
      out[i] = select(this.scratch, within, rank)
      within = rank + 1
    }
  }

  /** Copies what is kept and `more` aside; gives their number. */
  private gather(more: readonly number[]): number {
    const kept = this.last - this.first
    const count = kept + more.length
    if (this.scratch.length < count) this.scratch = new Float64Array(2 * count)
    const { scratch, values, first } = this
    for (let i = 0; i < kept; i++) scratch[i] = values[first + i]
    for (let i = 0; i < more.length; i++) scratch[kept + i] = more[i]
    return count
  }

  /** Largest count of instants in one cell of a grid of `cellNs`, over their number; NaN below `countMin` instants. */
  burstiness(cellNs: number, countMin: number): number {
    const count = this.last - this.first
    if (count < countMin) return Number.NaN
    let largest = 0
    let inCell = 0
    let cell = -1
    for (let i = this.first; i < this.last; i++) {
      const at = Math.floor(this.atNs[i] / cellNs)
      inCell = at === cell ? inCell + 1 : 1
      cell = at
      if (inCell > largest) largest = inCell
    }
    return largest / count
  }

  private makeRoom(): void {
    const count = this.last - this.first
    if (this.first > this.atNs.length / 2) {
      this.atNs.copyWithin(0, this.first, this.last)
      this.values.copyWithin(0, this.first, this.last)
    } else {
      const atNs = new Float64Array(this.atNs.length * 2)
      const values = new Float64Array(atNs.length)
      atNs.set(this.atNs.subarray(this.first, this.last))
      values.set(this.values.subarray(this.first, this.last))
      this.atNs = atNs
      this.values = values
    }
    this.first = 0
    this.last = count
  }
}

function rankOf(p: number, count: number): number {
  return Math.max(0, Math.ceil(p * count) - 1)
}

/** The value of rank `rank` (from 0) among the first `count`, which it reorders: Hoare's selection, middle element as pivot. */
function select(values: Float64Array, count: number, rank: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const pivot = values[(low + high) >> 1]
    let i = low
    let j = high
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i > j) break
      const moved = values[i]
      values[i++] = values[j]
      values[j--] = moved
    }
    if (rank <= j) high = j
    else if (rank >= i) low = i
    else break
  }
  return values[rank]
}
