/*
 * Time series that are constant between events: their peak, their integral over time, and so their time-weighted mean.
 * Changes that fall on one instant take effect together, so a hand-over (one leaves as another comes) is no peak.
 */

/** Calls `level(value, fromNs, toNs)` for every constant piece of the sums of the columns between startNs and endNs. */
export class Steps {
  private readonly times: number[] = []
  private readonly changes: number[][]

  constructor(columnCount: number) {
    this.changes = Array.from({ length: columnCount }, () => [])
  }

  /** At `atNs` column `column` changes by `by`. Instants that are not finite are left out: they never come. */
  add(atNs: number, column: number, by: number): void {
    if (!Number.isFinite(atNs)) return
    this.times.push(atNs)
    for (let i = 0; i < this.changes.length; i++) this.changes[i].push(i === column ? by : 0)
  }

  /** Peak and integral (value times ns) of `value(columns)` over [startNs, endNs]; before the first change all columns are 0. */
  measure(startNs: number, endNs: number, value: (columns: readonly number[]) => number): { peak: number; integral: number } {
    const order = Uint32Array.from(this.times.keys()).sort((a, b) => this.times[a] - this.times[b] || a - b)
    const levels = this.changes.map(() => 0)
    let peak = 0
    let integral = 0
    let now = startNs
    let current = value(levels)
    for (let i = 0; i < order.length; ) {
      const atNs = this.times[order[i]]
      while (i < order.length && this.times[order[i]] === atNs) {
        for (let column = 0; column < levels.length; column++) levels[column] += this.changes[column][order[i]]
        i++
      }
      const upTo = Math.min(Math.max(atNs, startNs), endNs)
      integral += current * (upTo - now)
      now = upTo
      current = value(levels)
      if (atNs < endNs && current > peak) peak = current
    }
    return { peak, integral: integral + current * (endNs - now) }
  }
}
