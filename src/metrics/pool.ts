/*
 * What metrics keep of a run once its ledger is dropped: samples that are joined, sums that are added, peaks of which the
 * largest stays. Each metric writes its inputs under its own names and makes its figures from them, so one run and forty pooled
 * runs go through the same formula, and the order in which runs are pooled does not matter to quantiles, counts and peaks.
 * Plain data: it passes between threads by structured clone.
 */
const NO_VALUES = new Float64Array(0)

export interface Samples {
  /** Only the first `count` are values. */
  values: Float64Array
  count: number
}

export interface Pool {
  readonly samples: Map<string, Samples>
  readonly sums: Map<string, number>
  readonly peaks: Map<string, number>
}

export function createPool(): Pool {
  return { samples: new Map(), sums: new Map(), peaks: new Map() }
}

export function addSample(pool: Pool, name: string, value: number): void {
  const samples = openSamples(pool, name)
  if (samples.count === samples.values.length) grow(samples, samples.count + 1)
  samples.values[samples.count++] = value
}

export function addSum(pool: Pool, name: string, value: number): void {
  pool.sums.set(name, (pool.sums.get(name) ?? 0) + value)
}

export function addPeak(pool: Pool, name: string, value: number): void {
  const peak = pool.peaks.get(name)
  if (peak === undefined || value > peak) pool.peaks.set(name, value)
}

/** Adds all of `from` to `into`; `from` is not changed. */
export function absorb(into: Pool, from: Pool): void {
  for (const [name, { values, count }] of from.samples) {
    const samples = openSamples(into, name)
    if (samples.count + count > samples.values.length) grow(samples, samples.count + count)
    samples.values.set(values.subarray(0, count), samples.count)
    samples.count += count
  }
  for (const [name, value] of from.sums) addSum(into, name, value)
  for (const [name, value] of from.peaks) addPeak(into, name, value)
}

/** The values of a sample; empty when there are none. A view: do not keep. */
export function samplesOf(pool: Pool, name: string): Float64Array {
  const samples = pool.samples.get(name)
  return samples === undefined ? NO_VALUES : samples.values.subarray(0, samples.count)
}

export function sumOf(pool: Pool, name: string): number {
  return pool.sums.get(name) ?? 0
}

/** The peak; NaN when there was none. */
export function peakOf(pool: Pool, name: string): number {
  return pool.peaks.get(name) ?? Number.NaN
}

/** Names that begin with `prefix`, without it, in alphabetical order: not in the order of the first run that met them. */
export function namesUnder(entries: ReadonlyMap<string, unknown>, prefix: string): string[] {
  const names: string[] = []
  for (const name of entries.keys()) if (name.startsWith(prefix)) names.push(name.slice(prefix.length))
  return names.sort()
}

function openSamples(pool: Pool, name: string): Samples {
  let samples = pool.samples.get(name)
  if (samples === undefined) {
    samples = { values: new Float64Array(16), count: 0 }
    pool.samples.set(name, samples)
  }
  return samples
}

function grow(samples: Samples, countMin: number): void {
  const larger = new Float64Array(Math.max(countMin, samples.values.length * 2))
  larger.set(samples.values.subarray(0, samples.count))
  samples.values = larger
}
