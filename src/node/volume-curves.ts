/*
 * The curves of VWAP schedules. Of the very tapes that are traded (oracle: it looks ahead), of another day's tape, of a file, or the smile that stands for no day
 * in particular: these three know nothing of the day that is traded but its session's hours. Times of day are the tape's own; on a tape of several days
 * every day has the same curve, but with oracle.
 */
import { InputError } from '../kernel/assert.ts'
import { formatDuration, NS_PER_DAY, parseClockNs } from '../kernel/units.ts'
import { venuesBySymbol } from '../market/symbols.ts'
import { daysOf, type Tape, type TapeHeader } from '../market/tape.ts'
import { tradedByBin } from '../market/traded-volume.ts'
import { checkVolumeCurve, smileCurve, type VolumeCurve } from '../policy/volume-curve.ts'
import type { Scenario, VwapChoice } from '../scenario/scenario.ts'
import { readCsv } from './csv-file.ts'
import { readSource } from './market-store.ts'

/** By name of the policy: the curves of its schedule by venue, none where it needs none. Errors: InputError. */
export type VolumeCurves = ReadonlyMap<string, readonly VolumeCurve[]>

export async function readVolumeCurves(scenario: Scenario, tapes: readonly Tape[], cache: string | null): Promise<VolumeCurves> {
  const curves = new Map<string, readonly VolumeCurve[]>()
  for (const [name, { execution }] of scenario.policies) {
    const { schedule } = execution
    curves.set(name, schedule.kind === 'vwap' ? await curvesOf(schedule, tapes, cache) : [])
  }
  return curves
}

async function curvesOf({ curve, binNs }: VwapChoice, tapes: readonly Tape[], cache: string | null): Promise<VolumeCurve[]> {
  switch (curve.source) {
    case 'smile':
      return tapes.map(({ header }) => everyDay(smileCurve(header.openNs, daysOf(header)[0].closeNs, binNs), header))
    case 'oracle':
      return oracleCurves(tapes, binNs)
    case 'file': {
      const read = await readCurve(curve.file)
      return tapes.map(({ header }) => everyDay(read, header))
    }
    case 'tape': {
      const other = await readSource(curve.tape, cache)
      const [day] = daysOf(other.header)
      const learnt = counted([other], day.openNs, day.closeNs, binNs)
      return tapes.map(({ header }) => everyDay(learnt, header))
    }
  }
}

/** Of each venue, what trades on all the venues of its symbol. */
function oracleCurves(tapes: readonly Tape[], binNs: number): VolumeCurve[] {
  const curves: VolumeCurve[] = []
  for (const group of venuesBySymbol(tapes.map(({ header }) => header))) {
    const same = group.map((venue) => tapes[venue])
    const openNs = Math.min(...same.map(({ header }) => header.openNs))
    const closeNs = Math.max(...same.map(({ header }) => header.closeNs))
    const curve = counted(same, openNs, closeNs, binNs)
    for (const venue of group) curves[venue] = curve
  }
  return curves
}

/** Errors: InputError where nothing trades. */
function counted(tapes: readonly Tape[], openNs: number, closeNs: number, binNs: number): VolumeCurve {
  const lots = new Float64Array(Math.max(1, Math.ceil((closeNs - openNs) / binNs)))
  for (const tape of tapes) {
    const own = tradedByBin(tape, openNs, binNs, lots.length)
    for (let bin = 0; bin < lots.length; bin++) lots[bin] += own[bin]
  }
  const curve = { startNs: openNs, binNs, lots }
  try {
    checkVolumeCurve(curve)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`${tapes[0].header.source}: nothing trades in its session, so it has no volume curve`)
  }
  return curve
}

/** The curve of one day on each day of a tape. */
function everyDay(curve: VolumeCurve, header: TapeHeader): VolumeCurve {
  const dayCount = daysOf(header).length
  if (dayCount === 1) return curve
  const { startNs, binNs } = curve
  if (NS_PER_DAY % binNs !== 0)
    throw new InputError(`a volume curve for several days needs bins that divide a day, not ${formatDuration(binNs)}`)
  const perDay = NS_PER_DAY / binNs
  const lots = new Float64Array((dayCount - 1) * perDay + curve.lots.length)
  for (let day = 0; day < dayCount; day++) lots.set(curve.lots, day * perDay)
  return { startNs, binNs, lots }
}

/** Shares become whole numbers of this unit. */
const SHARE_UNITS = 1e9

/**
 * A curve from a CSV file: `t`, the time of day at which a bin begins, and `volume` (whole lots) or `share` (of anything, decimals). Bins follow one another
 * at one distance, and the last is as long as the others.
 */
async function readCurve(file: string): Promise<VolumeCurve> {
  const startsNs: number[] = []
  const lots: number[] = []
  await readCsv(file, ['t'], ['volume', 'share'], (cells) => {
    const tNs = cells.parsed('t', parseClockNs)
    const [first, second] = startsNs
    const expectedNs = startsNs.length < 2 ? Number.NaN : first + startsNs.length * (second - first)
    if (startsNs.length > 0 && tNs <= startsNs[startsNs.length - 1]) cells.fail('t', 'must be after that of the bin before')
    if (startsNs.length > 1 && tNs !== expectedNs)
      cells.fail('t', `the bins are ${formatDuration(second - first)} apart; this one is not`)
    const share = cells.text('share')
    if ((share === '') === (cells.text('volume') === '')) cells.fail('volume', 'give a volume or a share, one of them')
    startsNs.push(tNs)
    if (share === '') lots.push(cells.whole('volume', 0))
    else if (/^\d+(\.\d+)?([eE]-?\d+)?$/.test(share)) lots.push(Math.round(Number(share) * SHARE_UNITS))
    else cells.fail('share', `"${share}" is not a share such as 0.02`)
  })
  if (startsNs.length < 2) throw new InputError(`${file}: needs at least two bins, so that their length is known`)
  const curve = { startNs: startsNs[0], binNs: startsNs[1] - startsNs[0], lots: Float64Array.from(lots) }
  try {
    checkVolumeCurve(curve)
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${file}: ${error.message}`) : error
  }
  return curve
}
