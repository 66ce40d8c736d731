/*
 * Timing with tinybench on the clock of this process's CPU time (user and system, all its threads), so that what else the machine
 * does shows little. A task is a batch of some ms: the clock's own call costs a microsecond.
 */
import { existsSync, readFileSync } from 'node:fs'
import { Bench } from 'tinybench'

/** CPU time of this process so far, ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Most memory that this process held so far. Where the kernel tells the mark of this program, that: maxRSS also counts what was before it. */
export function peakMiB(): number {
  const status = '/proc/self/status'
  const mark = existsSync(status) ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, 'utf8')) : null
  return (mark === null ? process.resourceUsage().maxRSS : Number(mark[1])) / 1024
}

/** One task's figures, ms per call. `rme`: half the 95 % interval of the mean, in percent of it. */
export interface Timing {
  readonly medianMs: number
  readonly bestMs: number
  readonly rme: number
  readonly callCount: number
}

/** Calls `work` `callCount` times after `warmupCount` calls to warm up, with a collected heap at the start. */
export function time(name: string, work: () => void, callCount: number, warmupCount = 2): Timing {
  globalThis.gc?.()
  const bench = new Bench({
    now: cpuMs,
    iterations: callCount,
    time: 0,
    warmupIterations: warmupCount,
    warmup: warmupCount > 0,
    warmupTime: 0,
    throws: true
  })
  bench.add(name, work)
  const [task] = bench.runSync()
  const { result } = task
  if (!('latency' in result)) throw new Error(`${name} gave no figures (${result.state})`)
  const { p50, min, rme, samplesCount } = result.latency
  return { medianMs: p50, bestMs: min, rme, callCount: samplesCount }
}
