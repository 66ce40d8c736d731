/*
 * The path's options in the model's units (integer ns, bytes, lots): what a scenario resolves to. The scenario room owns names,
 * defaults and units for people; each stage's file says what an option does.
 */
import type { Law } from '../kernel/law.ts'
import type { BandOptions } from './flow-bands.ts'

/** Service times of the faults of one kind: their law, and the correlation of successive log service times (0..1). */
export interface StallService {
  readonly law: Law
  readonly serialCorrelation: number
}

/** Faults per second by kind, and what differs from the options' own laws while these rates hold. */
export interface FaultRates {
  readonly minorPerSecond: number
  readonly majorPerSecond: number
  readonly reclaimPerSecond: number
  readonly compactionPerSecond: number
  /**
   * Variance-to-mean of the counts in 10 ms: 1 (Poisson) when absent, below it where a loop faults at most once a tick (binomial), above
   * it where faults cluster (negative binomial). `reclaim` holds for reclaim and compaction.
   */
  readonly dispersion?: { readonly minor?: number; readonly major?: number; readonly reclaim?: number }
  readonly services?: Partial<Readonly<Record<FaultKind, StallService>>>
}

export type FaultKind = 'minor' | 'major' | 'reclaim' | 'compaction'

/** One regime of the host's memory. It may have bursts or an onset, not both. */
export interface StallRegime extends FaultRates {
  readonly name: 'clean' | 'warming' | 'storm' | 'recovery'
  /** Mean dwell before the next regime of the list begins. */
  readonly dwellMeanNs: number
  /** Exponential when absent; constant: each dwell is the mean. */
  readonly dwell?: 'exponential' | 'constant'
  /** Bursts inside the regime: their own rates, for an exponential time `dwellMeanNs`, `gapMeanNs` apart. */
  readonly burst?: FaultRates & { readonly dwellMeanNs: number; readonly gapMeanNs: number }
  /** First touches on entry: rates on top of the regime's, held for `holdNs`, then falling by a factor e in each `decayNs`. */
  readonly onset?: FaultRates & { readonly holdNs: number; readonly decayNs: number }
}

/** What a host does about its memory; path/stall-actions.ts says what each changes. */
export interface StallActions {
  readonly prefault: boolean
  readonly pinned: boolean
  readonly backgroundFreeze: boolean
}

export type StallOptions =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'generated'
      readonly regimes: readonly StallRegime[]
      readonly minor: Law
      readonly major: Law
      readonly reclaim: Law
      readonly compaction: Law
      /** Correlation of successive log service times, 0..1. */
      readonly serialCorrelation: number
      /** In force all the time; none when absent. */
      readonly actions?: StallActions
    }
  | {
      readonly kind: 'trace'
      /** Sorted instants and durations, relative to the trace's start; repeated from `startNs` every `periodNs`. */
      readonly atNs: Float64Array
      readonly stallNs: Float64Array
      readonly stallKind: Uint8Array
      readonly startNs: number
      readonly periodNs: number
    }

export interface HostOptions {
  /** CPU time of one task of each kind, and of handing one message to the socket. */
  readonly timerServiceNs: number
  readonly marketDataServiceNs: number
  readonly ackServiceNs: number
  readonly sendServiceNs: number
  /** CPU time of one telemetry sample; 0 when absent (another thread takes it). */
  readonly sampleServiceNs?: number
  /** Tasks that may wait; a market-data task beyond it is merged into the waiting ones, others break the run. */
  readonly taskCountMax: number
  readonly stalls: StallOptions
}

export interface FqOptions {
  readonly kind: 'fq'
  /** Whose rules; absent: 6.1. */
  readonly kernel?: '6.1' | '6.12'
  readonly limit: number
  readonly flowLimit: number
  readonly quantum: number
  readonly initialQuantum: number
  readonly lowRateThresholdBytesPerSecond: number
  /** Infinity = none. */
  readonly maxrateBytesPerSecond: number
  readonly refillDelayNs: number
  readonly timerSlackNs: number
  readonly horizonNs: number
  readonly horizonDrop: boolean
  readonly pacing: boolean
  /** 6.12: bands of priority; absent: the kernel's own. */
  readonly bands?: BandOptions
  /** 6.12: what is due within this leaves at once, for a device that paces; absent: 0. */
  readonly offloadHorizonNs?: number
}

export interface TbfOptions {
  readonly kind: 'tbf'
  readonly rateBytesPerSecond: number
  readonly burstBytes: number
  readonly limitBytes: number
  /** 0 = none. */
  readonly peakrateBytesPerSecond: number
  readonly mtuBytes: number
  readonly child?: FqOptions
}

export type QdiscOptions = FqOptions | TbfOptions | { readonly kind: 'none' }

export interface SessionOptions {
  readonly name: string
  /** Number of the venue it is of; absent: 0. */
  readonly venue?: number
  readonly transport: 'udp' | 'tcp'
  /** SO_MAX_PACING_RATE; Infinity = not set. */
  readonly maxPacingRateBytesPerSecond: number
  /** SO_PRIORITY, 0..15; absent: 0. fq sends by it. */
  readonly priority?: number
  readonly headerBytes: number
  readonly sendBufferBytes: number
  /** Messages that may wait before a full send buffer; beyond it they are refused. Default: BACKLOG_COUNT_MAX of session.ts. */
  readonly backlogCountMax?: number
  readonly nodelay: boolean
  readonly autocork: boolean
  readonly tso: boolean
  readonly mssBytes: number
  /** Round-trip time of TCP acknowledgements. */
  readonly rttNs: number
  readonly newMessageBytes: number
  readonly replaceMessageBytes: number
  readonly cancelMessageBytes: number
}

/** Costs of the machine under the qdisc; all 0 by default. */
export interface MachineOptions {
  readonly hz: number
  readonly monotonicAtZeroNs: number
  readonly unqueuedNs: number
  readonly timerNs: number
  readonly backToBackNs: number
}

export interface LinkOptions {
  /** One-way delay and weather towards the venue, back from it, and of its market data. */
  readonly delayNs: number
  readonly returnDelayNs: number
  readonly feedDelayNs: number
  /** Extra delay, the same for everyone in one block of time: a law sampled per block. */
  readonly weather: Law
  readonly weatherBlockNs: number
  /** Lag at which the autocorrelation of the blocks' normal scores is 1/e; 0 = blocks are independent. */
  readonly weatherCorrelationNs: number
  /** Extra delay of each message and report, its own. */
  readonly jitter: Law
}

export interface GateOptions {
  readonly service: Law
  /** Limits; Infinity = none. */
  readonly orderLotsMax: number
  readonly orderTickLotsMax: number
  readonly openOrderCountMax: number
  readonly messageCountMax: number
  readonly messageWindowNs: number
  /** Logistic hazard of a stress reject: a0 + a1 rho + a2 burst + a3 latencyJitter + a4 stress; intercept -Infinity = off. */
  readonly hazard: {
    readonly intercept: number
    readonly utilisation: number
    readonly burst: number
    readonly latencyJitter: number
    readonly stress: number
  }
}

/** Weight of a message of each type; 0: not counted and never refused. Whole numbers. */
export interface MessageWeights {
  readonly new: number
  readonly replace: number
  readonly cancel: number
}

/** Weight that is added while the order is young: entry i for ages below underNs[i] (ascending) and not below the one before. */
export interface AgeWeights {
  readonly underNs: readonly number[]
  readonly replace: readonly number[]
  readonly cancel: readonly number[]
}

export interface ThrottleOptions {
  readonly window: 'none' | 'fixed-clock' | 'fixed-first' | 'sliding' | 'token-bucket' | 'leaky-credits' | 'in-flight'
  /**
   * Weight per window; tokens per window (token-bucket refills evenly); most credits that may be spent at once (leaky-credits); messages
   * inside the gateway (in-flight).
   */
  readonly limit: number
  readonly windowNs: number
  /** Bucket size; token-bucket only. */
  readonly burst: number
  /** Credits that come back per window, evenly; leaky-credits only. Default: limit. */
  readonly refill?: number
  /** A second limit, on all that is offered, refused messages too: beyond it the session is closed. Default: none. */
  readonly disconnectLimit?: number
  readonly overLimit: 'reject' | 'queue' | 'disconnect'
  /** Refused messages use the limit up as well. Default: false. */
  readonly countsRejects?: boolean
  /** Messages held at most when queueing. */
  readonly queueCountMax: number
  readonly relogonNs: number
  readonly cancelOnDisconnect: boolean
  /** How long after the logout the venue cancels, and on which share of logouts it does at all (best effort). Default: 0 and 1. */
  readonly cancelOnDisconnectDelayNs?: number
  readonly cancelOnDisconnectShare?: number
  /** `never-refused`: counted with the rest, but let through beyond the limit. */
  readonly cancels: 'counted' | 'own-bucket' | 'exempt' | 'never-refused'
  readonly cancelLimit: number
  readonly cancelDisconnectLimit?: number
  /** Default: 1 each. */
  readonly weights?: MessageWeights
  readonly ageWeights?: AgeWeights
  readonly scope: 'session' | 'gateway' | 'account'
  /** Account of each session, for scope account. Default: one account for all. */
  readonly accounts?: readonly number[]
  /** When a message is no longer in flight: it left the gateway, or its answer left the venue. Default: processed. */
  readonly inFlightUntil?: 'processed' | 'answered'
  /** Further limits that a message has to meet as well (an account's beside a session's, a day's beside a second's). They never queue. */
  readonly also?: readonly ThrottleOptions[]
}

export interface GatewayOptions {
  readonly service: Law
  /** Load by others: share of the server's time, 0..1, met as work that arrived before ours. */
  readonly backgroundLoad: number
  readonly queueCountMax: number
  readonly throttle: ThrottleOptions
}

/** What a venue's engine does with cancels and replaces in flight: in what venues differ (FIX 4.4 appendix D, CME iLink, OUCH). */
export interface OrderRules {
  /**
   * A replace's quantity is the order's, filled lots included (FIX OrderQty; CME iLink with tag 9768); else it is the open quantity, and a
   * fill that races the replace overfills (CME by default, Revolut X): of 15, 2 filled, replaced to 10, 12 fill.
   */
  readonly inFlightMitigation: boolean
  /**
   * A cancel or replace that finds the order done: refused (FIX CxlRejReason 0), or no answer at all (as OUCH, not verified). An order never seen is
   * refused as unknown by both.
   */
  readonly tooLate: 'rejected' | 'silent'
  /**
   * A request that comes while an earlier cancel or replace of its order is pending: served in its turn (FIX 5.0 SP2 D.2.b), or refused as already
   * pending (CxlRejReason 3, FIX 4.3 D21): replaces only, or cancels too.
   */
  readonly whilePending: 'served' | 'replaces-refused' | 'refused'
  /** Size down at the same price keeps priority (CME); else every replace rejoins at the tail (OUCH, third party). */
  readonly sizeDownKeepsPriority: boolean
}

export interface AckOptions {
  readonly service: Law
  readonly backgroundLoad: number
  /** Reports of a session that was logged out: sent all the same (a second line), or held until it is logged on again. */
  readonly whileDown: 'sent' | 'held'
}

export interface RetryOptions {
  readonly attemptCountMax: number
  readonly timeBudgetNs: number
  readonly backoff: 'immediate' | 'fixed' | 'exponential'
  readonly backoffNs: number
  readonly backoffNsMax: number
  /** Share of the backoff that is drawn at random, 0..1. */
  readonly jitterShare: number
  /** No answer for this long: the outcome is unknown, and the same client order id is sent again. */
  readonly ackTimeoutNs: number
}

export const CLAMP_TARGETS = [
  'session.maxPacingRate',
  'qdisc.rate',
  'gate.service',
  'throttle.limit',
  'gateway.rate',
  'acks.rate',
  'host.faults',
  'link.delay'
] as const
export type ClampTarget = (typeof CLAMP_TARGETS)[number]

/** One factor over time on one capacity or intensity; 1 outside [startNs, endNs). */
export interface ClampOptions {
  readonly target: ClampTarget
  /** The venue whose path it is on; absent: all venues. What the host shares (host.faults, qdisc.rate) is of no venue. */
  readonly venue?: number
  readonly shape:
    | { readonly shape: 'step'; readonly factor: number }
    | { readonly shape: 'ramp'; readonly from: number; readonly to: number }
    | { readonly shape: 'pulse'; readonly factor: number; readonly periodNs: number; readonly onNs: number }
    | { readonly shape: 'curve'; readonly atNs: readonly number[]; readonly factors: readonly number[] }
  readonly startNs: number
  readonly endNs: number
}

/** What lies between the host's network card and the engine of one venue, and the way back. */
export interface VenuePathOptions {
  readonly link: LinkOptions
  readonly gate: GateOptions
  readonly gateway: GatewayOptions
  readonly acks: AckOptions
  readonly orders: OrderRules
}

/** Host, sockets, qdisc and machine are shared by all venues; a session is of one venue. */
export interface PathOptions extends VenuePathOptions {
  readonly host: HostOptions
  /** All of the desk, by session number. Every venue has at least one. */
  readonly sessions: readonly SessionOptions[]
  readonly qdisc: QdiscOptions
  readonly machine: MachineOptions
  readonly retry: RetryOptions
  /** Of the parents of a canary; absent: the same. */
  readonly canaryRetry?: RetryOptions
  readonly clamps: readonly ClampOptions[]
  /** By venue number; absent: every venue has the link, gate, gateway, acks and order rules above. */
  readonly venues?: readonly VenuePathOptions[]
}

/** The same sessions for every venue: those of venue 0 first. */
export function sessionsPerVenue(sessions: readonly SessionOptions[], venueCount: number): SessionOptions[] {
  return Array.from({ length: venueCount }, (_, venue) => sessions.map((session) => ({ ...session, venue }))).flat()
}

/** The path of one venue. */
export function venuePath(path: PathOptions, venue: number): VenuePathOptions {
  return path.venues?.[venue] ?? path
}
