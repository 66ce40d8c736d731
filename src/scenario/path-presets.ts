/*
 * Paths by name. `ideal` has no friction anywhere: every service time and delay is 0, nothing is limited. `colo` is a host beside the
 * venue; its figures are assumed (round numbers of the order that a kernel socket and a software gateway have) but where a source stands
 * beside them. Each friction of either can be switched off by one key: `none`.
 */
import type {
  AckOptions,
  FqOptions,
  GateOptions,
  GatewayOptions,
  HostOptions,
  LinkOptions,
  MachineOptions,
  OrderRules,
  PathOptions,
  RetryOptions,
  SessionOptions,
  TbfOptions
} from '../path/options.ts'
import { THROTTLE_OFF } from './venue-throttles.ts'

const US = 1_000
const MS = 1_000_000
const SECOND = 1_000_000_000

const AT_ONCE = { law: 'constant', valueNs: 0 } as const

/** Defaults of Linux 6.1 (sch_fq.c) for a device with an MTU of 1500. */
export const FQ: FqOptions = {
  kind: 'fq',
  limit: 10_000,
  flowLimit: 100,
  quantum: 3028,
  initialQuantum: 15_140,
  lowRateThresholdBytesPerSecond: 68_750,
  maxrateBytesPerSecond: Infinity,
  refillDelayNs: 40 * MS,
  timerSlackNs: 10 * US,
  horizonNs: 10 * SECOND,
  horizonDrop: true,
  pacing: true
}

/** A shaper without a rate is nothing: the rate is the scenario's. Burst and limit: one full quantum of fq, and 64 KiB (assumed). */
export const TBF: TbfOptions = {
  kind: 'tbf',
  rateBytesPerSecond: Number.NaN,
  burstBytes: 3028,
  limitBytes: 65_536,
  peakrateBytesPerSecond: 0,
  mtuBytes: 1514
}

export const NO_LINK: LinkOptions = {
  delayNs: 0,
  returnDelayNs: 0,
  feedDelayNs: 0,
  weather: AT_ONCE,
  weatherBlockNs: MS,
  weatherCorrelationNs: 0,
  jitter: AT_ONCE
}

export const NO_HAZARD: GateOptions['hazard'] = { intercept: -Infinity, utilisation: 0, burst: 0, latencyJitter: 0, stress: 0 }

export const NO_GATE: GateOptions = {
  service: AT_ONCE,
  orderLotsMax: Infinity,
  orderTickLotsMax: Infinity,
  openOrderCountMax: Infinity,
  messageCountMax: Infinity,
  messageWindowNs: SECOND,
  hazard: NO_HAZARD
}

export const NO_GATEWAY: GatewayOptions = { service: AT_ONCE, backgroundLoad: 0, queueCountMax: 100_000, throttle: THROTTLE_OFF }

export const NO_ACKS: AckOptions = { service: AT_ONCE, backgroundLoad: 0, whileDown: 'sent' }

/** FIX as its text has it, and a venue that mitigates in flight. */
export const FIX_ORDERS: OrderRules = {
  inFlightMitigation: true,
  tooLate: 'rejected',
  whilePending: 'served',
  sizeDownKeepsPriority: true
}

/** Venues' published rules, read in November 2026; what a venue's text does not say is as FIX has it. */
export const ORDER_PRESETS = {
  fix: FIX_ORDERS,
  /** CME iLink 3 where tag 9768 is not set: a replace's quantity is what then works. cmegroup.com, in-flight mitigation */
  'cme-ilink': { ...FIX_ORDERS, inFlightMitigation: false },
  /** Revolut X FIX: a replace is a cancel and a new order in one, its quantity not adjusted. developer.revolut.com, message G */
  'revolut-x': { ...FIX_ORDERS, inFlightMitigation: false, sizeDownKeepsPriority: false }
} as const satisfies Readonly<Record<string, OrderRules>>

/** One attempt, and its answer is waited for. */
export const NO_RETRY: RetryOptions = {
  attemptCountMax: 1,
  timeBudgetNs: 0,
  backoff: 'immediate',
  backoffNs: 0,
  backoffNsMax: 0,
  jitterShare: 0,
  ackTimeoutNs: 10 * SECOND
}

/** What naive systems do: again, at once (reject-loop playbook). Count and budget assumed. */
const RETRY_AT_ONCE: RetryOptions = { ...NO_RETRY, attemptCountMax: 5, timeBudgetNs: SECOND, ackTimeoutNs: 2 * SECOND }

/** Exponential backoff with jitter and a hard cap (reject-loop playbook, bounded retry). Figures assumed. */
const RETRY_BACKOFF: RetryOptions = {
  ...RETRY_AT_ONCE,
  backoff: 'exponential',
  backoffNs: 5 * MS,
  backoffNsMax: 200 * MS,
  jitterShare: 0.5
}

export const RETRY_PRESETS = { none: NO_RETRY, 'at-once': RETRY_AT_ONCE, backoff: RETRY_BACKOFF } as const

export const NO_MACHINE: MachineOptions = { hz: 250, monotonicAtZeroNs: 0, unqueuedNs: 0, timerNs: 0, backToBackNs: 0 }

const IDEAL_HOST: HostOptions = {
  timerServiceNs: 0,
  marketDataServiceNs: 0,
  ackServiceNs: 0,
  sendServiceNs: 0,
  taskCountMax: 100_000,
  stalls: { kind: 'none' }
}

/** 42 bytes of Ethernet, IP and UDP headers (reference of fq); message sizes of a binary order protocol, rounded (assumed). */
export const SESSION: SessionOptions = {
  name: 'orders',
  transport: 'udp',
  maxPacingRateBytesPerSecond: Infinity,
  headerBytes: 42,
  sendBufferBytes: 212_992,
  nodelay: true,
  autocork: true,
  tso: true,
  mssBytes: 1448,
  rttNs: 0,
  newMessageBytes: 200,
  replaceMessageBytes: 200,
  cancelMessageBytes: 120
}

const IDEAL: PathOptions = {
  host: IDEAL_HOST,
  sessions: [SESSION],
  qdisc: { kind: 'none' },
  machine: NO_MACHINE,
  link: NO_LINK,
  gate: NO_GATE,
  gateway: NO_GATEWAY,
  acks: NO_ACKS,
  orders: FIX_ORDERS,
  retry: RETRY_AT_ONCE,
  clamps: []
}

const COLO: PathOptions = {
  ...IDEAL,
  host: { ...IDEAL_HOST, timerServiceNs: US, marketDataServiceNs: 2 * US, ackServiceNs: 2 * US, sendServiceNs: 3 * US },
  sessions: [{ ...SESSION, rttNs: 60 * US }],
  qdisc: FQ,
  link: {
    ...NO_LINK,
    delayNs: 25 * US,
    returnDelayNs: 25 * US,
    feedDelayNs: 20 * US,
    weather: { law: 'exponential', meanNs: 2 * US }
  },
  gate: { ...NO_GATE, service: { law: 'lognormal', medianNs: 5 * US, sigma: 0.3 } },
  gateway: { ...NO_GATEWAY, service: { law: 'lognormal', medianNs: 10 * US, sigma: 0.5 }, backgroundLoad: 0.3 },
  acks: { ...NO_ACKS, service: { law: 'lognormal', medianNs: 10 * US, sigma: 0.5 }, backgroundLoad: 0.3 }
}

export const PATH_PRESETS = { ideal: IDEAL, colo: COLO } as const
