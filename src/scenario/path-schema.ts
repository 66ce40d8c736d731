/*
 * The path as people write it: each friction under its own key, `none` switches it off, a name takes a preset, a map starts from a preset
 * and changes it. Every key may be left out; resolve.ts puts what was given over the path's preset.
 */
import { z } from 'zod'
import type { Law } from '../kernel/law.ts'
import {
  choose,
  duration,
  flag,
  isMap,
  numberOrNone,
  rate,
  rateOrNone,
  real,
  share,
  size,
  span,
  strict,
  text,
  whole,
  wholeOrNone,
  word
} from './fields.ts'
import { ORDER_PRESETS, PATH_PRESETS, RETRY_PRESETS, THROTTLE_PRESETS } from './path-presets.ts'
import { STALL_PRESETS } from './stall-presets.ts'

type Words = readonly [string, ...string[]]

/** Names of a table of presets. */
export function namesOf<T extends object>(presets: T): readonly [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(presets) as unknown as [keyof T & string, ...(keyof T & string)[]]
}

/** A preset's name alone, or a map that may name one and change it. */
function named<W extends Words, S extends z.core.$ZodLooseShape>(key: 'preset' | 'kind', names: W, shape: S) {
  const name = z.enum(names)
  const map = strict(shape)
  const lone = name.transform((given) => ({ [key]: given }) as unknown as z.output<typeof map>)
  return choose<z.output<typeof map>>((input) => (isMap(input) ? map : lone), [name, map])
}

const LAWS = {
  constant: strict({ law: z.literal('constant'), value: duration() }).transform(
    ({ value }): Law => ({ law: 'constant', valueNs: value })
  ),
  uniform: strict({ law: z.literal('uniform'), low: duration(), high: duration() })
    .refine(({ low, high }) => low <= high, { message: 'must be at least low', path: ['high'] })
    .transform(({ low, high }): Law => ({ law: 'uniform', lowNs: low, highNs: high })),
  exponential: strict({ law: z.literal('exponential'), mean: duration(), floor: duration().default(0) }).transform(
    ({ mean, floor }): Law => ({ law: 'exponential', meanNs: mean, floorNs: floor })
  ),
  lognormal: strict({
    law: z.literal('lognormal'),
    median: duration(),
    sigma: real(0, 5),
    floor: duration().default(0)
  }).transform(({ median, sigma, floor }): Law => ({ law: 'lognormal', medianNs: median, sigma, floorNs: floor })),
  'two-part': strict({
    law: z.literal('two-part'),
    median: duration(),
    sigma: real(0, 5),
    tailProbability: real(0, 1),
    tailMedian: duration(),
    tailSigma: real(0, 5)
  }).transform(
    ({ median, sigma, tailProbability, tailMedian, tailSigma }): Law => ({
      law: 'two-part',
      medianNs: median,
      sigma,
      tailProbability,
      tailMedianNs: tailMedian,
      tailSigma
    })
  )
} as const

const CONSTANT = duration().transform((valueNs): Law => ({ law: 'constant', valueNs }))
const NAMED_LAW = z.looseObject({ law: z.enum(namesOf(LAWS)) })

/** `10us`, or `{ law: lognormal, median: 10us, sigma: 0.5 }`. */
const law = () =>
  choose<Law>(
    (input) => {
      if (!isMap(input)) return CONSTANT
      const known = NAMED_LAW.safeParse(input)
      return known.success ? LAWS[known.data.law] : (NAMED_LAW as unknown as z.ZodType<Law>)
    },
    [CONSTANT, ...Object.values(LAWS)]
  )

const REGIME = strict({
  name: word('clean', 'warming', 'storm', 'recovery'),
  minorPerSecond: real(0, 1e6),
  majorPerSecond: real(0, 1e6).default(0),
  reclaimPerSecond: real(0, 1e6).default(0),
  compactionPerSecond: real(0, 1e6).default(0),
  dwellMean: span()
}).transform(({ dwellMean, ...rest }) => ({ ...rest, dwellMeanNs: dwellMean }))

const STALLS = named('preset', namesOf(STALL_PRESETS), {
  preset: z.enum(namesOf(STALL_PRESETS)).optional(),
  /** A recording instead: its file, where it starts in the day, and how often it is repeated. */
  trace: text().optional(),
  start: duration().optional(),
  period: span().optional(),
  regimes: z.array(REGIME).min(1).optional(),
  minor: law().optional(),
  major: law().optional(),
  reclaim: law().optional(),
  compaction: law().optional(),
  serialCorrelation: real(0, 0.999).optional()
})

const HOST = strict({
  timerService: duration().optional(),
  marketDataService: duration().optional(),
  ackService: duration().optional(),
  sendService: duration().optional(),
  taskCountMax: whole(1, 10_000_000).optional(),
  stalls: STALLS.optional()
})

const SESSION_SHAPE = {
  transport: word('udp', 'tcp').optional(),
  maxPacingRate: rateOrNone().optional(),
  header: size().optional(),
  sendBuffer: size().optional(),
  backlogCountMax: whole(0, 10_000_000).optional(),
  nodelay: flag().optional(),
  autocork: flag().optional(),
  tso: flag().optional(),
  mss: size().optional(),
  rtt: duration().optional(),
  newMessage: size().optional(),
  replaceMessage: size().optional(),
  cancelMessage: size().optional()
}

/** One socket: defaults of all sessions, or a policy's own. */
export const SOCKET = strict(SESSION_SHAPE)

const SESSION = strict({ name: text().optional(), ...SESSION_SHAPE })

const FQ_SHAPE = {
  limit: whole(1).optional(),
  flowLimit: whole(1).optional(),
  quantum: size().optional(),
  initialQuantum: size().optional(),
  lowRateThreshold: rate().optional(),
  maxrate: rateOrNone().optional(),
  refillDelay: duration().optional(),
  timerSlack: duration().optional(),
  horizon: duration().optional(),
  horizonDrop: flag().optional(),
  pacing: flag().optional()
}

const FQ_MAP = strict({ kind: z.literal('fq').default('fq'), ...FQ_SHAPE })
const TBF_MAP = strict({
  kind: z.literal('tbf'),
  rate: rate(),
  burst: size().optional(),
  limit: size().optional(),
  peakrate: rate().optional(),
  mtu: size().optional(),
  /** fq inside the shaper. */
  child: FQ_MAP.optional()
})
const NO_QDISC = strict({ kind: z.literal('none') })
const LONE_QDISC = z.enum(['none', 'fq'])
const NAMED_QDISC = z.looseObject({ kind: z.enum(['none', 'fq', 'tbf']).default('fq') })

export type QdiscInput = z.output<typeof FQ_MAP> | z.output<typeof TBF_MAP> | z.output<typeof NO_QDISC>

const QDISC = choose<QdiscInput>(
  (input) => {
    if (input === 'tbf') return 'a tbf needs its rate: write { kind: tbf, rate: 2mbit }'
    if (!isMap(input)) return LONE_QDISC.transform((kind): QdiscInput => ({ kind }))
    const known = NAMED_QDISC.safeParse(input)
    if (!known.success) return NAMED_QDISC as unknown as z.ZodType<QdiscInput>
    return { none: NO_QDISC, fq: FQ_MAP, tbf: TBF_MAP }[known.data.kind] as z.ZodType<QdiscInput>
  },
  [LONE_QDISC, FQ_MAP, TBF_MAP, NO_QDISC]
)

const MACHINE = strict({
  hz: whole(1, 10_000).optional(),
  monotonicAtZero: duration().optional(),
  unqueued: duration().optional(),
  timer: duration().optional(),
  backToBack: duration().optional()
})

const OFF = ['none'] as const

const LINK = named('preset', OFF, {
  preset: z.enum(OFF).optional(),
  delay: duration().optional(),
  returnDelay: duration().optional(),
  feedDelay: duration().optional(),
  weather: law().optional(),
  weatherBlock: span().optional()
})

const HAZARD = named('preset', OFF, {
  preset: z.enum(OFF).optional(),
  intercept: real(-100, 100).optional(),
  utilisation: real(-1000, 1000).optional(),
  burst: real(-1000, 1000).optional(),
  latencyJitter: real(-1000, 1000).optional(),
  stress: real(-1000, 1000).optional()
})

const GATE = named('preset', OFF, {
  preset: z.enum(OFF).optional(),
  service: law().optional(),
  orderLotsMax: wholeOrNone(1).optional(),
  orderTickLotsMax: numberOrNone().optional(),
  openOrderCountMax: wholeOrNone(1).optional(),
  messageCountMax: wholeOrNone(1).optional(),
  messageWindow: span().optional(),
  hazard: HAZARD.optional()
})

const THROTTLE = named('preset', namesOf(THROTTLE_PRESETS), {
  preset: z.enum(namesOf(THROTTLE_PRESETS)).optional(),
  kind: word('none', 'fixed-clock', 'fixed-first', 'sliding', 'token-bucket').optional(),
  /** Messages per window. */
  limit: whole(1, 100_000_000).optional(),
  window: span().optional(),
  burst: whole(1, 100_000_000).optional(),
  overLimit: word('reject', 'queue', 'disconnect').optional(),
  queueCountMax: whole(1, 10_000_000).optional(),
  relogon: duration().optional(),
  cancelOnDisconnect: flag().optional(),
  cancels: word('counted', 'own-bucket', 'exempt').optional(),
  cancelLimit: whole(1, 100_000_000).optional(),
  scope: word('session', 'gateway').optional()
})

const GATEWAY = named('preset', OFF, {
  preset: z.enum(OFF).optional(),
  service: law().optional(),
  backgroundLoad: real(0, 0.99).optional(),
  queueCountMax: whole(1, 10_000_000).optional(),
  throttle: THROTTLE.optional()
})

const ACKS = named('preset', OFF, {
  preset: z.enum(OFF).optional(),
  service: law().optional(),
  backgroundLoad: real(0, 0.99).optional(),
  /** Reports of a session that was logged out. */
  whileDown: word('sent', 'held').optional()
})

const ORDERS = named('preset', namesOf(ORDER_PRESETS), {
  preset: z.enum(namesOf(ORDER_PRESETS)).optional(),
  /** A replace's quantity counts what was filled; else a racing fill overfills. */
  inFlightMitigation: flag().optional(),
  tooLate: word('rejected', 'silent').optional(),
  whilePending: word('served', 'replaces-refused', 'refused').optional(),
  sizeDownKeepsPriority: flag().optional()
})

export const RETRY = named('preset', namesOf(RETRY_PRESETS), {
  preset: z.enum(namesOf(RETRY_PRESETS)).optional(),
  attemptCountMax: whole(1, 1000).optional(),
  timeBudget: duration().optional(),
  backoff: word('immediate', 'fixed', 'exponential').optional(),
  /** First wait, and the longest. */
  backoffFirst: duration().optional(),
  backoffMax: duration().optional(),
  jitterShare: share().optional(),
  ackTimeout: span().optional()
})

export const PATH = named('preset', namesOf(PATH_PRESETS), {
  preset: z.enum(namesOf(PATH_PRESETS)).optional(),
  host: HOST.optional(),
  session: SOCKET.optional(),
  sessions: z.array(SESSION).min(1).max(64).optional(),
  qdisc: QDISC.optional(),
  machine: MACHINE.optional(),
  link: LINK.optional(),
  gate: GATE.optional(),
  gateway: GATEWAY.optional(),
  acks: ACKS.optional(),
  orders: ORDERS.optional(),
  retry: RETRY.optional()
})

export type PathInput = z.output<typeof PATH>
export type StallsInput = z.output<typeof STALLS>
export type SessionInput = z.output<typeof SESSION>
export type RetryInput = z.output<typeof RETRY>
export type ThrottleInput = z.output<typeof THROTTLE>
