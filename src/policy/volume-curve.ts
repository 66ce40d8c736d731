/*
 * How a day's volume is spread over its time: bins of equal length with the lots (or any whole weight) that trade in each. Within a bin volume
 * flows evenly; before the first and after the last there is none. Whole numbers, so that shares of it are exact.
 */
import { InputError } from '../kernel/assert.ts'

export interface VolumeCurve {
  /** Of the first bin. */
  readonly startNs: number
  readonly binNs: number
  /** By bin: whole, at least 0. */
  readonly lots: Float64Array
}

/** Errors: InputError when a bin is no whole number of at least 0, or nothing trades at all. */
export function checkVolumeCurve({ startNs, binNs, lots }: VolumeCurve): void {
  if (!Number.isSafeInteger(startNs) || !Number.isSafeInteger(binNs) || binNs <= 0) {
    throw new InputError('a volume curve needs a start and a length of its bins in whole ns')
  }
  let total = 0
  for (const volume of lots) {
    if (!Number.isSafeInteger(volume) || volume < 0)
      throw new InputError(`a bin of a volume curve holds ${volume}; it needs whole lots`)
    total += volume
  }
  if (!(total > 0)) throw new InputError('a volume curve needs a bin in which something trades')
}

/** The volume of a curve up to an instant. */
export class CumulativeVolume {
  private readonly curve: VolumeCurve
  /** By bin: lots of the bins before it; and one more, of all. */
  private readonly before: Float64Array

  constructor(curve: VolumeCurve) {
    this.curve = curve
    this.before = new Float64Array(curve.lots.length + 1)
    for (let bin = 0; bin < curve.lots.length; bin++) this.before[bin + 1] = this.before[bin] + curve.lots[bin]
  }

  /** Times binNs: then it is a whole number, though larger than doubles hold. */
  timesBin(tNs: number): bigint {
    const { startNs, binNs, lots } = this.curve
    const bin = Math.max(0, Math.min(lots.length, Math.floor((tNs - startNs) / binNs)))
    const whole = BigInt(this.before[bin]) * BigInt(binNs)
    const intoNs = tNs - startNs - bin * binNs
    return bin === lots.length || intoNs <= 0 ? whole : whole + BigInt(lots[bin]) * BigInt(intoNs)
  }
}

/**
 * A curve that stands for no day in particular: heavy at the open, light at midday, heavy again at the close, a parabola whose ends are four times
 * its middle. The shape is that of US stocks (Admati and Pfleiderer 1988, Review of Financial Studies 1(1), explain it); the figure four is assumed.
 */
export function smileCurve(openNs: number, closeNs: number, binNs: number): VolumeCurve {
  const binCount = Math.max(1, Math.ceil((closeNs - openNs) / binNs))
  const lots = new Float64Array(binCount)
  for (let bin = 0; bin < binCount; bin++) {
    const x = (2 * bin + 1) / binCount - 1
    lots[bin] = Math.round(1000 * (1 + 3 * x * x))
  }
  return { startNs: openNs, binNs, lots }
}
