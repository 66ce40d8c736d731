/*
 * The path as people write it: each friction under its own key, `none` switches it off, a name takes a preset, a map starts from a preset
 * and changes it. Every key may be left out; resolve.ts puts what was given over the path's preset.
 */
import { z } from 'zod'
import {
  choose,
  duration,
  flag,
  isMap,
  named,
  namesOf,
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
import { law } from './law-schema.ts'
import { ORDER_PRESETS, PATH_PRESETS, RETRY_PRESETS } from './path-presets.ts'
import { STALLS } from './stall-schema.ts'
import { THROTTLE_PRESETS, VENUE_THROTTLES } from './venue-throttles.ts'

const HOST = strict({
  timerService: duration().optional(),
  marketDataService: duration().optional(),
  ackService: duration().optional(),
  sendService: duration().optional(),
  taskCountMax: whole(1, 10_000_000).optional(),
  stalls: STALLS.optional(),
  /** Actions in force all the time; path/stall-actions.ts says what each changes. */
  prefault: flag().optional(),
  pinned: flag().optional(),
  backgroundFreeze: flag().optional()
})

const SESSION_SHAPE = {
  transport: word('udp', 'tcp').optional(),
  maxPacingRate: rateOrNone().optional(),
  priority: whole(0, 15).optional(),
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

/** `account`: whose limits the session shares; without it all sessions are of one account. */
const SESSION = strict({ name: text().optional(), account: text().optional(), ...SESSION_SHAPE })

/** Without quotes 6.1 is a number in YAML. */
export const KERNEL = z.preprocess((input) => (typeof input === 'number' ? String(input) : input), z.enum(['6.1', '6.12']))

/** Of fq's three bands: the band of each of 16 priorities, and the bytes of each band in one round. */
export const PRIOMAP = z.array(whole(0, 2)).length(16)
export const WEIGHTS = z.array(whole(16_384, 1 << 30)).length(3)

const FQ_SHAPE = {
  kernel: KERNEL.optional(),
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
  pacing: flag().optional(),
  priomap: PRIOMAP.optional(),
  weights: WEIGHTS.optional(),
  offloadHorizon: duration().optional()
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

export const QDISC = choose<QdiscInput>(
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
  weatherBlock: span().optional(),
  /** 0 = independent from block to block. */
  weatherCorrelation: duration().optional(),
  jitter: law().optional()
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

const LIMIT_MAX = 100_000_000
const WEIGHT = whole(0, 1_000_000)

/** Each venue with its source and what that does not say, for those who complete a scenario in an editor. */
const VENUES = Object.entries(VENUE_THROTTLES)
  .map(([name, { venue, source, readOn, assumed }]) => {
    const guesses = assumed.length === 0 ? '' : `; assumed: ${assumed.join(', ')}`
    return `${name}: ${venue} (${source}, read ${readOn}${guesses})`
  })
  .join('\n')

const THROTTLE_SHAPE = {
  preset: z.enum(namesOf(THROTTLE_PRESETS)).describe(VENUES).optional(),
  kind: word('none', 'fixed-clock', 'fixed-first', 'sliding', 'token-bucket', 'leaky-credits', 'in-flight').optional(),
  /** Messages per window; credits of a pool; messages in flight. */
  limit: whole(1, LIMIT_MAX).optional(),
  window: span().optional(),
  /** Size of a token bucket. */
  burst: whole(1, LIMIT_MAX).optional(),
  /** Leaky credits: what comes back per window. */
  refill: whole(0, LIMIT_MAX).optional(),
  overLimit: word('reject', 'queue', 'disconnect').optional(),
  /** Second limit, on all that is offered: beyond it the session is closed. */
  disconnectLimit: whole(1, LIMIT_MAX).optional(),
  countsRejects: flag().optional(),
  queueCountMax: whole(1, 10_000_000).optional(),
  relogon: duration().optional(),
  cancelOnDisconnect: flag().optional(),
  /** Best effort: how long after the logout, and on which share of logouts. */
  cancelOnDisconnectDelay: duration().optional(),
  cancelOnDisconnectShare: share().optional(),
  cancels: word('counted', 'own-bucket', 'exempt', 'never-refused').optional(),
  cancelLimit: whole(1, LIMIT_MAX).optional(),
  cancelDisconnectLimit: whole(1, LIMIT_MAX).optional(),
  /** What a message of each type counts for; 0: nothing, and it is never refused. */
  weights: strict({ new: WEIGHT.default(1), replace: WEIGHT.default(1), cancel: WEIGHT.default(1) }).optional(),
  /** What is added while the order is younger than `under`. */
  ageWeights: z.array(strict({ under: span(), replace: WEIGHT.default(0), cancel: WEIGHT.default(0) })).optional(),
  scope: word('session', 'gateway', 'account').optional(),
  inFlightUntil: word('processed', 'answered').optional()
}

const THROTTLE = named('preset', namesOf(THROTTLE_PRESETS), {
  ...THROTTLE_SHAPE,
  /** Further limits that have to be met as well. */
  also: z
    .array(named('preset', namesOf(THROTTLE_PRESETS), THROTTLE_SHAPE))
    .max(8)
    .optional()
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

/** What a venue may have of its own, over the common path; host, qdisc, machine and retry are of the desk. */
export const VENUE_PATH = named('preset', namesOf(PATH_PRESETS), {
  preset: z.enum(namesOf(PATH_PRESETS)).optional(),
  session: SOCKET.optional(),
  sessions: z.array(SESSION).min(1).max(64).optional(),
  link: LINK.optional(),
  gate: GATE.optional(),
  gateway: GATEWAY.optional(),
  acks: ACKS.optional(),
  orders: ORDERS.optional()
})

export type PathInput = z.output<typeof PATH>
export type VenuePathInput = z.output<typeof VENUE_PATH>
export type SessionInput = z.output<typeof SESSION>
export type RetryInput = z.output<typeof RETRY>
export type ThrottleInput = z.output<typeof THROTTLE>
