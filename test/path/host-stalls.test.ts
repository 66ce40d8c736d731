import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { STALL_KIND } from '../../src/ledger/ledger.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { StallWeather } from '../../src/path/stall-weather.ts'

/*
 * Recordings of an event loop with a 100 us period on a host under memory pressure: the faults fed as stalls, each tick's own work
 * (service less its faults) as a task ready at its wake-up, must give the recorded backlog (delay less late wake-up).
 */
const folder = new URL('../../../shared/golden/host-stalls/', import.meta.url)

function columns(name: string): Record<string, string[]> {
  const [head, ...rows] = gunzipSync(readFileSync(new URL(name, folder)))
    .toString()
    .trim()
    .split('\n')
  const cells = rows.map((row) => row.split(','))
  return Object.fromEntries(head.split(',').map((column, i) => [column, cells.map((row) => row[i])]))
}

function quantile(sorted: number[], p: number): number {
  const at = p * (sorted.length - 1)
  const low = Math.floor(at)
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low])
}

function replay(run: string): { regime: string; p: number; recordedNs: number; modelNs: number }[] {
  const loop = columns(`${run}.loop.csv.gz`)
  const faults = columns(`${run}.faults.csv.gz`)
  const rows = faults.kind.map((kind, i) => ({ kind, atNs: Number(faults.t_ns[i]), ns: Number(faults.service_ns[i]) }))
  const stalls = rows.filter(({ kind }) => kind !== 'none').sort((a, b) => a.atNs - b.atNs)
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
  loop.t_ns.forEach((cell, i) => {
    const delayNs = Number(loop.delay_ns[i])
    const lateNs = Number(loop.wake_late_ns[i])
    const startNs = Number(cell) + delayNs
    const endNs = startNs + Number(loop.service_ns[i])
    let workNs = endNs - startNs
    while (fault < stalls.length && stalls[fault].atNs < startNs) fault++
    while (fault < stalls.length && stalls[fault].atNs < endNs) workNs -= stalls[fault++].ns
    const readyNs = Number(cell) + lateNs
    // The loop begins when it is free; a fault inside the tick is met by its work.
    const beginNs = Math.max(readyNs, freeNs)
    freeNs = weather.serve(beginNs, Math.max(0, workNs))
    const regime = byRegime.get(loop.regime[i]) ?? { recorded: [], model: [] }
    byRegime.set(loop.regime[i], regime)
    regime.recorded.push(delayNs - lateNs)
    regime.model.push(beginNs - readyNs)
  })
  return [...byRegime].flatMap(([regime, { recorded, model }]) => {
    recorded.sort((a, b) => a - b)
    model.sort((a, b) => a - b)
    return [0.5, 0.95, 0.99, 0.999].map((p) => ({
      regime,
      p,
      recordedNs: quantile(recorded, p),
      modelNs: quantile(model, p)
    }))
  })
}

describe.skipIf(!existsSync(folder))('Host stalls against recordings (skipped without ../shared)', () => {
  it.each(['v3_loop_warmup', 'v4_loop_storm_file', 'v5_loop_storm_swap'])('reproduces the backlog of %s', (run) => {
    for (const { regime, p, recordedNs, modelNs } of replay(run)) {
      const strict = regime === 'storm' || regime === 'steady' || regime === 'recovery'
      const bound = strict ? Math.max(0.1 * recordedNs, 20_000) : Math.max(0.2 * recordedNs, 50_000)
      expect(Math.abs(modelNs - recordedNs), `${run} ${regime} p${p}: ${recordedNs} recorded, ${modelNs} modelled`).toBeLessThan(
        bound
      )
    }
  })
})
