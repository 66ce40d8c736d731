/*
 * Time series that are constant between events: their peak, their integral over time, and so their time-weighted mean.
 * Changes that fall on one instant take effect together, so a hand-over (one leaves as another comes) is no peak.
 */

export interface Measured {
  peak: number
  /** Value times ns. */
  integral: number
}

/** Levels that change at instants; all are 0 before the first change. */
export class Steps {
  private readonly levelCount: number
  private readonly times: number[] = []
  /** Changes of all levels, row by row. */
  private readonly changes: number[] = []

  constructor(levelCount: number) {
    this.levelCount = levelCount
  }

  /** At `atNs` the levels change by these, in order. An instant that is not finite never comes. */
  add(atNs: number, ...by: readonly number[]): void {
    if (!Number.isFinite(atNs)) return
    this.times.push(atNs)
    for (let level = 0; level < this.levelCount; level++) this.changes.push(by[level])
  }

  /** Peak and integral over [startNs, endNs] of each value, a function of the levels. One sort, one pass. */
  measure(startNs: number, endNs: number, values: readonly ((levels: Float64Array) => number)[]): Measured[] {
    const { times, changes, levelCount } = this
    const order = Uint32Array.from(times.keys()).sort((a, b) => times[a] - times[b] || a - b)
    const levels = new Float64Array(levelCount)
    const measured = values.map((): Measured => ({ peak: 0, integral: 0 }))
    const current = Float64Array.from(values, (value) => value(levels))
    let now = startNs
    for (let i = 0; i < order.length; ) {
      const atNs = times[order[i]]
      for (; i < order.length && times[order[i]] === atNs; i++) {
        const from = order[i] * levelCount
        for (let level = 0; level < levelCount; level++) levels[level] += changes[from + level]
      }
      const upTo = Math.min(Math.max(atNs, startNs), endNs)
      for (let v = 0; v < values.length; v++) {
        measured[v].integral += current[v] * (upTo - now)
        current[v] = values[v](levels)
        if (atNs < endNs && current[v] > measured[v].peak) measured[v].peak = current[v]
      }
      now = upTo
    }
    for (let v = 0; v < values.length; v++) measured[v].integral += current[v] * (endNs - now)
    return measured
  }
}
