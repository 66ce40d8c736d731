/*
 * The states of a host's memory, one after another what a regime can be in: itself, its burst, or a step of its onset. Per state the
 * expected counts, laws and look-backs that the generator reads. A function of the options alone, so worlds of one
 * scenario share it. An onset falls in steps of a quarter of its decay, down to 2 % of its height.
 * Offered stall time is held to 95 % of a state's time: a thread that is stalled cannot fault.
 */
import { InputError } from '../kernel/assert.ts'
import { exp, ln } from '../kernel/elementary.ts'
import { type Law, meanNs, sampleNs } from '../kernel/law.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { CountTable, countAt, thinnedDispersion } from './count-law.ts'
import type { FaultKind, FaultRates, StallOptions, StallRegime, StallService } from './options.ts'
import { ScoreTable } from './quantile-table.ts'
import { ACTION_MASKS, withActions } from './stall-actions.ts'

export type GeneratedOptions = Extract<StallOptions, { kind: 'generated' }>

/** Counts of faults are made per block of this length; a state lasts for whole blocks. */
export const STALL_BLOCK_NS = 10_000_000
/** Ticks of a block: the faults of a class lie in different ticks until each tick has one. */
export const TICKS = 100
export const TICK_NS = STALL_BLOCK_NS / TICKS

/** Classes of faults: minor; major; reclaim and compaction together (counted as minor faults, their kind drawn per event). */
export const FAULT_CLASS = { minor: 0, major: 1, other: 2 } as const
export const CLASS_COUNT = 3

/** Codes as in STALL_KIND of the ledger. */
const KINDS: readonly FaultKind[] = ['minor', 'major', 'reclaim', 'compaction']
const OFFERED_LOAD_MAX = 0.95
const ONSET_STEPS_PER_DECAY = 4
const ONSET_STEP_COUNT_MAX = 16
const ONSET_END = 0.02
/** Services beyond this are looked for one by one in earlier blocks; shorter ones by looking some ticks back. */
const LONG_NS = 1_000_000
/** Two-part laws whose tail goes beyond this have the tail drawn apart, so that it is found without drawing the rest. */
const TAIL_APART_NS = 500_000
/** Blocks after a crowded one in which its queue may still be served. */
export const DRAIN_BLOCKS = 3
const LOOK_TICKS_MAX = TICKS
const LOOK_BLOCKS_MAX = 8
const CROWDED_LOAD = 0.6
const SPAN_TICKS = [1, 2, 5, 10, 25, 50] as const

/** How a kind's service is drawn in a state. */
export interface ServiceDraw {
  /** Of the whole law, or of its body where the tail is drawn apart. */
  readonly table: ScoreTable
  /** Weights of the slow level and of the fault's own luck in its score; their squares add up to 1. */
  readonly level: number
  readonly own: number
  readonly tail: ScoreTable | null
  /** 1 / ln(1 - p) of the tail's probability: gaps between tail faults, in faults, are geometric. */
  readonly tailGap: number
  /** May any fault be long, not only those of the tail? */
  readonly long: boolean
  readonly meanNs: number
}

/** A state's place in its regime. `stepBlocks` of the onset's steps are how long each lasts. */
export interface RegimeStates {
  readonly base: number
  readonly burst: number
  readonly onset: number
  readonly onsetStepCount: number
  readonly holdBlocks: number
  readonly stepBlocks: number
}

export class StallStates {
  readonly regimes: readonly StallRegime[]
  readonly placeOf: readonly RegimeStates[]
  /** By state and kind: services[state * 4 + kind]. */
  readonly services: ServiceDraw[] = []
  /** Share of reclaims in the class `other`, by state. */
  readonly reclaimShare: number[] = []
  /** Ticks before an instant whose faults may still run then. */
  readonly lookTicks: number[] = []
  /** How long before a tick a fault of the tick before can begin and still run, alone or behind another. */
  readonly reachNs: number[] = []
  /** Ticks that are laid at a time; a divisor of TICKS. */
  readonly spanTicks: number[] = []
  /** A long stall and what queues behind it end within this many of its lengths. */
  readonly stretch: number[] = []
  private readonly loads: number[] = []
  /** Do long faults happen in the state, and how many blocks may any of the options' run on? */
  readonly hasLong: boolean[] = []
  lookBlocks = 0
  private readonly defaults: Readonly<Record<FaultKind, StallService>>
  /** Expected count of a block by mask, state and class, before the clamp; its dispersion; the factor's cap by state. */
  private readonly means: Float64Array[] = []
  private readonly dispersions: number[] = []
  private readonly factorCap: number[] = []
  private readonly tables: (CountTable | undefined)[][] = []
  private readonly acted: (readonly FaultRates[])[] = []

  /** Errors: InputError for no regimes, a negative rate, no dwell, a correlation outside 0..1. */
  constructor(options: GeneratedOptions) {
    checkRegimes(options)
    const { minor, major, reclaim, compaction, serialCorrelation } = options
    this.defaults = {
      minor: { law: minor, serialCorrelation },
      major: { law: major, serialCorrelation },
      reclaim: { law: reclaim, serialCorrelation },
      compaction: { law: compaction, serialCorrelation }
    }
    this.regimes = options.regimes
    let state = 0
    this.placeOf = options.regimes.map((regime) => {
      const place = placeOf(regime, state)
      state += ratesOf(regime).length
      return place
    })
    for (let mask = 0; mask < ACTION_MASKS; mask++) {
      this.acted.push(options.regimes.flatMap((regime) => ratesOf(withActions(regime, mask))))
      this.means.push(new Float64Array(0))
      this.tables.push([])
    }
    for (const rates of this.acted[0]) this.addState(rates)
  }

  /** Count of a class in a block at the uniform number u, with the clamp's factor. */
  countOf(mask: number, state: number, c: number, factor: number, u: number): number {
    if (factor === 1) return this.tableOf(mask, state, c).count(u)
    const held = Math.min(factor, this.factorCap[state])
    return countAt(this.mean(mask, state, c) * held, this.dispersion(mask, state, c, held), u)
  }

  /** Law of a class's count in a block that is not clamped. */
  tableOf(mask: number, state: number, c: number): CountTable {
    const tables = this.tables[mask]
    const at = state * CLASS_COUNT + c
    const known = tables[at]
    if (known !== undefined) return known
    const held = Math.min(1, this.factorCap[state])
    const table = new CountTable(this.mean(mask, state, c) * held, this.dispersion(mask, state, c, held))
    tables[at] = table
    return table
  }

  /** Do stalls take so much of the time that they queue for blocks? Such blocks are laid from the first of them on. */
  isCrowded(state: number, factor: number): boolean {
    return this.loads[state] * Math.min(factor, this.factorCap[state]) > CROWDED_LOAD
  }

  /** Does the class never fault in the state? */
  isNever(state: number, c: number): boolean {
    return this.mean(0, state, c) === 0
  }

  private mean(mask: number, state: number, c: number): number {
    if (this.means[mask].length === 0) this.means[mask] = Float64Array.from(this.acted[mask].flatMap(blockMeans))
    return this.means[mask][state * CLASS_COUNT + c]
  }

  private dispersion(mask: number, state: number, c: number, held: number): number {
    const at = state * CLASS_COUNT + c
    const whole = this.mean(0, state, c)
    const kept = mask === 0 || whole === 0 ? 1 : this.mean(mask, state, c) / whole
    return thinnedDispersion(this.dispersions[at], held * kept)
  }

  private addState(rates: FaultRates): void {
    const draws = KINDS.map((kind) => drawOf(rates.services?.[kind] ?? this.defaults[kind], kind === 'minor' || kind === 'major'))
    const perSecond = [rates.minorPerSecond, rates.majorPerSecond, rates.reclaimPerSecond, rates.compactionPerSecond]
    let load = 0
    let lookNs = 0
    let longestNs = 0
    let hasLong = false
    for (const [kind, draw] of draws.entries()) {
      load += (perSecond[kind] * draw.meanNs) / NS_PER_SECOND
      if (perSecond[kind] === 0) continue
      if (draw.long || draw.tail !== null) hasLong = true
      if (!draw.long) lookNs = Math.max(lookNs, draw.table.sampleNs(SCORE_LATE))
      longestNs = Math.max(longestNs, draw.table.sampleNs(SCORE_LAST))
      const longNs = draw.long ? draw.table.sampleNs(SCORE_LATE) : draw.tail === null ? 0 : draw.tail.sampleNs(SCORE_TAIL_LATE)
      if (longNs > 0) {
        const blocks = Math.min(LOOK_BLOCKS_MAX, 1 + Math.ceil(longNs / STALL_BLOCK_NS))
        this.lookBlocks = Math.max(this.lookBlocks, blocks)
      }
    }
    const idle = 1 - Math.min(OFFERED_LOAD_MAX, load)
    const other = rates.reclaimPerSecond + rates.compactionPerSecond
    this.services.push(...draws)
    this.reclaimShare.push(other > 0 ? rates.reclaimPerSecond / other : 0)
    const lookTicks = Math.min(LOOK_TICKS_MAX, Math.ceil(lookNs / (idle * idle) / TICK_NS))
    this.lookTicks.push(lookTicks)
    this.reachNs.push(Math.min(TICK_NS, 2 * longestNs))
    this.spanTicks.push(load > CROWDED_LOAD ? 50 : hasLong ? 10 : (SPAN_TICKS.findLast((ticks) => 2 * ticks <= lookTicks) ?? 1))
    this.stretch.push(1 / idle)
    this.hasLong.push(hasLong)
    this.loads.push(load)
    this.factorCap.push(load > 0 ? OFFERED_LOAD_MAX / load : Number.POSITIVE_INFINITY)
    const { dispersion } = rates
    this.dispersions.push(dispersion?.minor ?? 1, dispersion?.major ?? 1, dispersion?.reclaim ?? 1)
  }
}

/** Standard normal scores of the 0.9999 and, for a tail that is rare already, the 0.99 quantile. */
const SCORE_LATE = 3.719
const SCORE_TAIL_LATE = 2.326
/** The last score of a table. */
const SCORE_LAST = 7

function blockMeans(rates: FaultRates): number[] {
  const perBlock = STALL_BLOCK_NS / NS_PER_SECOND
  return [
    rates.minorPerSecond * perBlock,
    rates.majorPerSecond * perBlock,
    (rates.reclaimPerSecond + rates.compactionPerSecond) * perBlock
  ]
}

function placeOf({ burst, onset }: StallRegime, base: number): RegimeStates {
  const stepBlocks = onset === undefined ? 0 : onsetStepBlocks(onset.decayNs)
  return {
    base,
    burst: burst === undefined ? -1 : base + 1,
    onset: onset === undefined ? -1 : base + 1,
    onsetStepCount: onset === undefined ? 0 : onsetStepCount(onset.decayNs, stepBlocks),
    holdBlocks: onset === undefined ? 0 : Math.round(onset.holdNs / STALL_BLOCK_NS),
    stepBlocks
  }
}

/** Rates of a regime's states, in the order of RegimeStates: itself, its burst or its onset's held height and steps. */
function ratesOf(regime: StallRegime): FaultRates[] {
  const { burst, onset } = regime
  if (burst !== undefined) return [regime, { ...burst, services: { ...regime.services, ...burst.services } }]
  if (onset === undefined) return [regime]
  const states: FaultRates[] = [regime, sum(regime, onset, 1)]
  const stepBlocks = onsetStepBlocks(onset.decayNs)
  const fall = (stepBlocks * STALL_BLOCK_NS) / onset.decayNs
  // Mean of the falling exponential over each step.
  const first = (1 - exp(-fall)) / fall
  for (let step = 0; step < onsetStepCount(onset.decayNs, stepBlocks); step++) {
    states.push(sum(regime, onset, first * exp(-fall * step)))
  }
  return states
}

/** The regime with `share` of its onset on top. A kind's service is that of the larger part. */
function sum(regime: StallRegime, onset: FaultRates, share: number): FaultRates {
  const { minorPerSecond, majorPerSecond, reclaimPerSecond, compactionPerSecond } = onset
  const services = { ...regime.services }
  const perSecond = { minor: minorPerSecond, major: majorPerSecond, reclaim: reclaimPerSecond, compaction: compactionPerSecond }
  for (const kind of KINDS) {
    const service = onset.services?.[kind]
    if (service !== undefined && share * perSecond[kind] > regime[`${kind}PerSecond`]) services[kind] = service
  }
  return {
    minorPerSecond: regime.minorPerSecond + share * minorPerSecond,
    majorPerSecond: regime.majorPerSecond + share * majorPerSecond,
    reclaimPerSecond: regime.reclaimPerSecond + share * reclaimPerSecond,
    compactionPerSecond: regime.compactionPerSecond + share * compactionPerSecond,
    services,
    ...(onset.dispersion === undefined
      ? regime.dispersion && { dispersion: regime.dispersion }
      : { dispersion: onset.dispersion })
  }
}

function onsetStepBlocks(decayNs: number): number {
  return Math.max(1, Math.round(decayNs / ONSET_STEPS_PER_DECAY / STALL_BLOCK_NS))
}

function onsetStepCount(decayNs: number, stepBlocks: number): number {
  return Math.min(ONSET_STEP_COUNT_MAX, Math.ceil((-ln(ONSET_END) * decayNs) / (stepBlocks * STALL_BLOCK_NS)))
}

const tables = new WeakMap<Law, ScoreTable>()

/** A law's table, made once for all worlds. */
function tableOf(law: Law): ScoreTable {
  const table = tables.get(law) ?? new ScoreTable(law)
  tables.set(law, table)
  return table
}

type TwoPart = Extract<Law, { law: 'two-part' }>

/** Is there a tail beyond TAIL_APART_NS, at its 99 % quantile? */
function isTailLong(law: Law): law is TwoPart {
  if (law.law !== 'two-part' || !(law.tailProbability > 0 && law.tailProbability < 1)) return false
  return law.tailMedianNs * exp(SCORE_TAIL_LATE * law.tailSigma) >= TAIL_APART_NS
}

/** `apart`: a long tail may be drawn apart from the body. */
function drawOf({ law, serialCorrelation }: StallService, apart: boolean): ServiceDraw {
  const split = apart && isTailLong(law)
  const body: Law = split ? { law: 'lognormal', medianNs: law.medianNs, sigma: law.sigma } : law
  return {
    table: tableOf(body),
    level: Math.sqrt(serialCorrelation),
    own: Math.sqrt(1 - serialCorrelation),
    tail: split ? tableOf({ law: 'lognormal', medianNs: law.tailMedianNs, sigma: law.tailSigma }) : null,
    tailGap: split ? 1 / ln(1 - law.tailProbability) : 0,
    long: sampleNs(body, 0.9999) > LONG_NS,
    meanNs: meanNs(law)
  }
}

const known = new WeakMap<GeneratedOptions, StallStates>()

/** The states of these options, made once. Errors: InputError. */
export function statesOf(options: GeneratedOptions): StallStates {
  const states = known.get(options) ?? new StallStates(options)
  known.set(options, states)
  return states
}

function checkRegimes({ regimes, serialCorrelation }: GeneratedOptions): void {
  const checkCorrelation = (value: number): void => {
    if (value >= 0 && value <= 1) return
    throw new InputError(`a serial correlation of ${value} cannot be; give a number from 0 to 1`)
  }
  checkCorrelation(serialCorrelation)
  if (regimes.length === 0) throw new InputError('generated stalls need at least one regime')
  for (const regime of regimes) {
    const { name, burst, onset } = regime
    for (const rates of [regime, burst, onset]) {
      if (rates === undefined) continue
      const all = [rates.minorPerSecond, rates.majorPerSecond, rates.reclaimPerSecond, rates.compactionPerSecond]
      if (!all.every((rate) => rate >= 0 && Number.isFinite(rate))) {
        throw new InputError(`the regime ${name} has a rate below 0 or none; give faults per second`)
      }
      for (const service of Object.values(rates.services ?? {})) checkCorrelation(service.serialCorrelation)
      for (const value of Object.values(rates.dispersion ?? {})) {
        if (!(value > 0)) throw new InputError(`the regime ${name} has a dispersion of ${value}; give a number above 0`)
      }
    }
    if (!(regime.dwellMeanNs > 0)) throw new InputError(`the regime ${name} needs a mean dwell above 0`)
    if (burst !== undefined && !(burst.dwellMeanNs > 0 && burst.gapMeanNs > 0)) {
      throw new InputError(`the bursts of the regime ${name} need a mean dwell and a mean gap above 0`)
    }
    if (onset !== undefined && !(onset.holdNs >= 0 && onset.decayNs > 0)) {
      throw new InputError(`the onset of the regime ${name} needs a hold of at least 0 and a decay above 0`)
    }
    if (burst !== undefined && onset !== undefined) {
      throw new InputError(`the regime ${name} has bursts and an onset; give one of them`)
    }
  }
}
