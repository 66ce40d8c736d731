import { describe, expect, it } from 'vitest'
import { STALL_KIND } from '../../src/ledger/ledger.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { StallWeather } from '../../src/path/stall-weather.ts'
import { columns, hasRecordings, quantile } from './stall-recordings.ts'

/*
 * Recordings of an event loop with a 100 us period on a host under memory pressure: the faults fed as stalls, each tick's own work
 * (service less its faults) as a task ready at its wake-up, must give the recorded backlog (delay less late wake-up): p50, p95, p99 and p99.9
 * within 10 % or 20 us in storm, steady and recovery, within 20 % or 50 us elsewhere.
 * Not explained: waits that no fault accounts for. A tick whose service is long without a fault (the thread was taken off its core,
 * or the hypervisor took the core) counts as its own work here, and a late wake-up as a late arrival; both are given, not
 * modelled. And the time between two ticks (median 55 ns, in no column): the model runs ahead of a loop that is behind, by some
 * us in a warm-up, so it rests when the last faults of the loop's late ticks come. A stall that meets no work delays nothing: the
 * backlog of the warm-ups comes out 3 to 17 % low. Both shares are printed.
 */
interface Row {
  readonly regime: string
  readonly p: number
  readonly recordedNs: number
  readonly modelNs: number
}

interface Replay {
  readonly rows: Row[]
  /** Of the ticks' own work: the share that is no usual tick, as above. */
  readonly oddWorkShare: number
  /** Of the faults' time: the share that no work waited for, because the model was idle then. */
  readonly unmetShare: number
}

function replay(run: string): Replay {
  const loop = columns(`${run}.loop`)
  const faults = columns(`${run}.faults`)
  const stalls = faults.kind
    .map((kind, i) => ({ kind, atNs: Number(faults.t_ns[i]), ns: Number(faults.service_ns[i]) }))
    .filter(({ kind }) => kind !== 'none')
    .sort((a, b) => a.atNs - b.atNs)
  const weather = new StallWeather(
    {
      kind: 'trace',
      atNs: Float64Array.from(stalls, ({ atNs }) => atNs),
      stallNs: Float64Array.from(stalls, ({ ns }) => ns),
      stallKind: Uint8Array.from(stalls, ({ kind }) => STALL_KIND.of[kind as keyof typeof STALL_KIND.of]),
      startNs: 0,
      periodNs: Number.POSITIVE_INFINITY
    },
    1,
    new ClampSchedule([])
  )
  const byRegime = new Map<string, { recorded: number[]; model: number[] }>()
  let freeNs = 0
  let fault = 0
  let allWorkNs = 0
  let oddWorkNs = 0
  let metNs = 0
  weather.listener = (_startNs, _stallNs, _kind, blockedNs) => {
    metNs += blockedNs
  }
  loop.t_ns.forEach((cell, i) => {
    const delayNs = Number(loop.delay_ns[i])
    const lateNs = Number(loop.wake_late_ns[i])
    const startNs = Number(cell) + delayNs
    const endNs = startNs + Number(loop.service_ns[i])
    let workNs = endNs - startNs
    while (fault < stalls.length && stalls[fault].atNs < startNs) fault++
    while (fault < stalls.length && stalls[fault].atNs < endNs) workNs -= stalls[fault++].ns
    allWorkNs += workNs
    if (workNs > 100_000) oddWorkNs += workNs
    const readyNs = Number(cell) + lateNs
    // The loop begins when it is free; a fault inside the tick is met by its work.
    const beginNs = Math.max(readyNs, freeNs)
    freeNs = weather.serve(beginNs, Math.max(0, workNs))
    const regime = byRegime.get(loop.regime[i]) ?? { recorded: [], model: [] }
    byRegime.set(loop.regime[i], regime)
    regime.recorded.push(delayNs - lateNs)
    regime.model.push(beginNs - readyNs)
  })
  const rows = [...byRegime].flatMap(([regime, { recorded, model }]) => {
    recorded.sort((a, b) => a - b)
    model.sort((a, b) => a - b)
    return [0.5, 0.95, 0.99, 0.999].map((p) => ({ regime, p, recordedNs: quantile(recorded, p), modelNs: quantile(model, p) }))
  })
  return { rows, oddWorkShare: oddWorkNs / allWorkNs, unmetShare: 1 - metNs / stalls.reduce((sum, { ns }) => sum + ns, 0) }
}

function boundOf({ regime, recordedNs }: Row): number {
  const strict = regime === 'storm' || regime === 'steady' || regime === 'recovery'
  return strict ? Math.max(0.1 * recordedNs, 20_000) : Math.max(0.2 * recordedNs, 50_000)
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const us = (ns: number): string => (ns / 1000).toFixed(1)

describe.skipIf(!hasRecordings)('Host stalls against recordings (skipped without ../shared)', () => {
  it.each(['v3_loop_warmup', 'v4_loop_storm_file', 'v5_loop_storm_swap'])('reproduces the backlog of %s', (run) => {
    const { rows, oddWorkShare, unmetShare } = replay(run)
    const apart: string[] = []
    const lines = rows.map((row) => {
      const { regime, p, recordedNs, modelNs } = row
      const text = `${regime} p${100 * p}: ${us(recordedNs)} us recorded, ${us(modelNs)} us modelled (bound ${us(boundOf(row))})`
      if (!(Math.abs(modelNs - recordedNs) <= boundOf(row))) apart.push(text)
      return `  ${text}`
    })
    const unexplained = `${percent(oddWorkShare)} of own work in ticks of over 100 us, ${percent(unmetShare)} of fault time met no work`
    console.log(`${run}, backlog; ${unexplained}\n${lines.join('\n')}`)
    expect(apart).toEqual([])
  })
})
