/*
 * Worlds drawn from a seed: every friction is absent, mild or extreme, one by one, so that whole frictions are off in many worlds and rare
 * meetings (a resend beside a disconnect, a full buffer beside a stall) happen in some. Equal seeds, equal worlds.
 */

import type { ControlOptions } from '../../src/control/options.ts'
import { CONTROL_OFF, controlFor } from '../../src/control/presets.ts'
import type { Law } from '../../src/kernel/law.ts'
import { openStream } from '../../src/kernel/random.ts'
import type { Tape } from '../../src/market/tape.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import {
  CLAMP_TARGETS,
  type ClampOptions,
  type OrderRules,
  type PathOptions,
  type QdiscOptions,
  type RetryOptions,
  type SessionOptions,
  type StallOptions,
  type ThrottleOptions
} from '../../src/path/options.ts'
import type { ExecutionOptions, ScheduleOptions } from '../../src/policy/options.ts'
import { FQ, PATH_PRESETS, TBF } from '../../src/scenario/path-presets.ts'
import { STALL_PRESETS } from '../../src/scenario/stall-presets.ts'
import type { World } from '../../src/simulate.ts'
import { randomTape } from '../market/random-tape.ts'

const US = 1_000
const MS = 1_000_000
const INFINITE = Number.POSITIVE_INFINITY

/** All of a world but its markets, which a test makes from the tape. */
export interface RandomWorld {
  readonly tape: Tape
  readonly world: Omit<World, 'markets'>
}

/** Draws what a test wants to know of a seed. */
export class Draws {
  private readonly next: () => number

  constructor(seed: number, name: string) {
    this.next = openStream(seed, name).next
  }

  /** One of the values, all equally likely. */
  of<T>(...values: readonly T[]): T {
    return values[Math.floor(this.next() * values.length)]
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }
}

/** A random tape stretched so that its rows lie microseconds to milliseconds apart, as those of a market. */
export function stretchedTape(seed: number, factor: number, rowCount: number): Tape {
  const tape = randomTape(seed, { rowCount })
  const tNs = tape.tNs.map((ns) => ns * factor)
  return { ...tape, tNs, header: { ...tape.header, closeNs: tNs[tNs.length - 1] + 1 } }
}

export function randomWorld(seed: number, rowCount = 200): RandomWorld {
  const draws = new Draws(seed, 'random-world')
  const tape = stretchedTape(seed, draws.of(1, US, 100 * US, MS), rowCount)
  const firstNs = tape.tNs[0]
  const spanNs = tape.tNs[tape.count - 1] - firstNs
  return {
    tape,
    world: {
      seed,
      parents: randomParents(draws, firstNs, spanNs),
      path: randomPath(draws, spanNs),
      execution: randomExecution(draws, spanNs),
      control: randomControl(draws, spanNs),
      eventCountMax: 5_000_000
    }
  }
}

export function randomParents(draws: Draws, firstNs: number, spanNs: number): ParentOrder[] {
  const parents: ParentOrder[] = []
  for (let parentId = 0; parentId < draws.of(1, 2, 3, 6); parentId++) {
    const startNs = firstNs + draws.below(spanNs)
    parents.push({
      parentId,
      venue: 0,
      side: draws.of(1, -1),
      quantityLots: 1 + draws.below(draws.of(3, 30, 300)),
      startNs,
      endNs: startNs + 1 + draws.below(draws.of(1, 2) * spanNs),
      limitTicks: draws.chance(0.3) ? 95 + draws.below(10) : Number.NaN
    })
  }
  return parents
}

function randomSchedule(draws: Draws): ScheduleOptions {
  return draws.of<ScheduleOptions>(
    { kind: 'twap' },
    { kind: 'vwap', curves: [{ startNs: 0, binNs: 1000, lots: Float64Array.of(3, 1, 2) }] },
    { kind: 'front-loaded', kappaPerSecond: 0.5 },
    { kind: 'pov', min: 0.1, share: 0.5, max: 2 }
  )
}

export function randomExecution(draws: Draws, spanNs: number): ExecutionOptions {
  return {
    schedule: randomSchedule(draws),
    sliceNs: Math.max(1, Math.floor(spanNs / draws.of(1, 3, 10))),
    childLotsMax: draws.of(1, 5, 1000),
    tactic: draws.of('passive-then-take', 'passive-then-take', 'take', 'join', 'peg'),
    urgency: draws.of(
      [],
      [],
      [{ after: 0, urgency: 'passive' }],
      [
        { after: 0.2, urgency: 'passive' },
        { after: 0.6, urgency: 'urgent' }
      ]
    ),
    limitFromStartTicks: draws.of(Number.POSITIVE_INFINITY, 3),
    participationMax: draws.of(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0.3),
    takeAfterShare: draws.of(0, 0.3, 0.7, 1),
    takeThroughTicks: draws.of(0, 1, 5),
    repriceTicks: draws.of(1, 2),
    minimumRestNs: draws.of(0, 0, Math.floor(spanNs / 50)),
    reprice: draws.of('replace', 'cancel-new'),
    cancelImbalance: draws.of(0, 0.6, 1),
    catchUp: draws.of('full', 'capped', 'none'),
    catchUpShare: 0.5,
    finishNs: draws.of(0, Math.floor(spanNs / 10))
  }
}

export function randomControl(draws: Draws, spanNs: number): ControlOptions {
  if (draws.chance(0.4)) return CONTROL_OFF
  const on = controlFor(draws.of(1, 20, 1000))
  const sampleNs = Math.max(10 * MS, Math.floor(spanNs / draws.of(5, 50)))
  const dwellNs = draws.of(0, sampleNs)
  return {
    ...on,
    sampleNs,
    transport: { ...on.transport, enabled: draws.chance(0.6), dwellNs },
    fault: { ...on.fault, enabled: draws.chance(0.6), dwellNs },
    throttle: { ...on.throttle, enabled: draws.chance(0.6), dwellNs },
    cancel: { ...on.cancel, enabled: draws.chance(0.6), dwellNs }
  }
}

/** Nothing, about 20 us, or about a millisecond with a tail. */
function randomService(draws: Draws): Law {
  return draws.of<Law>(
    { law: 'constant', valueNs: 0 },
    { law: 'constant', valueNs: 20 * US },
    { law: 'exponential', meanNs: 5 * US },
    { law: 'lognormal', medianNs: draws.of(10 * US, MS), sigma: 1 },
    { law: 'two-part', medianNs: 10 * US, sigma: 0.5, tailProbability: 0.05, tailMedianNs: MS, tailSigma: 1 }
  )
}

export function randomPath(draws: Draws, spanNs: number): PathOptions {
  const { ideal } = PATH_PRESETS
  const linkDelayNs = draws.of(0, 25 * US, 2 * MS)
  return {
    host: {
      timerServiceNs: draws.of(0, US),
      marketDataServiceNs: draws.of(0, 2 * US),
      ackServiceNs: draws.of(0, 2 * US),
      sendServiceNs: draws.of(0, 3 * US, 200 * US),
      taskCountMax: 100_000,
      stalls: randomStalls(draws, spanNs)
    },
    sessions: randomSessions(draws, ideal.sessions[0], 2 * linkDelayNs),
    qdisc: randomQdisc(draws),
    machine: draws.chance(0.5)
      ? ideal.machine
      : { hz: 250, monotonicAtZeroNs: 12_345, unqueuedNs: 500, timerNs: 900, backToBackNs: 100 },
    link: {
      delayNs: linkDelayNs,
      returnDelayNs: draws.of(0, linkDelayNs),
      feedDelayNs: draws.of(0, 20 * US, 5 * MS),
      weather: randomService(draws),
      weatherBlockNs: draws.of(0, 100 * US, MS),
      weatherCorrelationNs: draws.of(0, 50 * US, 20 * MS),
      jitter: randomService(draws)
    },
    gate: {
      service: randomService(draws),
      orderLotsMax: draws.of(INFINITE, INFINITE, 3),
      orderTickLotsMax: draws.of(INFINITE, INFINITE, 400),
      openOrderCountMax: draws.of(INFINITE, INFINITE, 1, 0),
      messageCountMax: draws.of(INFINITE, INFINITE, 2),
      messageWindowNs: draws.of(0, MS),
      hazard: draws.chance(0.6)
        ? ideal.gate.hazard
        : { intercept: draws.of(-3, 0), utilisation: 0.1, burst: 0.1, latencyJitter: 1, stress: 1 }
    },
    gateway: {
      service: randomService(draws),
      backgroundLoad: draws.of(0, 0.3, 0.9),
      queueCountMax: draws.of(100_000, 3),
      throttle: randomThrottle(draws)
    },
    acks: { service: randomService(draws), backgroundLoad: draws.of(0, 0.3, 0.9), whileDown: draws.of('sent', 'held') },
    orders: randomOrders(draws),
    retry: randomRetry(draws),
    clamps: draws.chance(0.5) ? [] : [randomClamp(draws, spanNs)]
  }
}

function randomStalls(draws: Draws, spanNs: number): StallOptions {
  const kind = draws.of('none', 'generated', 'trace')
  if (kind === 'none') return { kind }
  if (kind === 'generated') return STALL_PRESETS['storm-file']
  return {
    kind,
    atNs: Float64Array.of(0, 200 * US, 900 * US),
    stallNs: Float64Array.of(50 * US, 600 * US, 10 * US),
    stallKind: Uint8Array.of(0, 1, 2),
    startNs: 0,
    periodNs: Math.max(2 * MS, Math.floor(spanNs / 5))
  }
}

function randomSessions(draws: Draws, base: SessionOptions, rttNs: number): SessionOptions[] {
  const session = (name: string): SessionOptions => ({
    ...base,
    name,
    transport: draws.of('udp', 'tcp'),
    maxPacingRateBytesPerSecond: draws.of(INFINITE, 1_000_000, 60_000, 5_000),
    sendBufferBytes: draws.of(212_992, 4_096, 300),
    backlogCountMax: draws.of(1024, 1024, 1),
    nodelay: draws.chance(0.7),
    autocork: draws.chance(0.5),
    tso: draws.chance(0.5),
    rttNs
  })
  return draws.chance(0.5) ? [session('orders')] : [session('orders'), session('take')]
}

function randomQdisc(draws: Draws): QdiscOptions {
  const kind = draws.of('none', 'fq', 'fq', 'tbf')
  if (kind === 'none') return { kind }
  if (kind === 'tbf') return { ...TBF, rateBytesPerSecond: draws.of(20_000, 10_000_000), limitBytes: draws.of(65_536, 1_600) }
  return {
    ...FQ,
    flowLimit: draws.of(100, 100, 1),
    limit: draws.of(10_000, 2),
    quantum: draws.of(3028, 300),
    initialQuantum: draws.of(15_140, 300),
    maxrateBytesPerSecond: draws.of(INFINITE, 30_000)
  }
}

function randomThrottle(draws: Draws): ThrottleOptions {
  const { throttle } = PATH_PRESETS.ideal.gateway
  const limit = draws.of(1, 3, 20, 1000)
  const cancelLimit = draws.of(1, 20)
  const main: ThrottleOptions = {
    ...throttle,
    window: draws.of('none', 'fixed-clock', 'fixed-first', 'sliding', 'token-bucket', 'leaky-credits', 'in-flight'),
    limit,
    windowNs: draws.of(MS, 50 * MS, 1000 * MS),
    burst: draws.of(1, 20),
    overLimit: draws.of('reject', 'queue', 'disconnect'),
    countsRejects: draws.chance(0.2),
    queueCountMax: draws.of(1000, 1),
    relogonNs: draws.of(0, MS, 100 * MS),
    cancelOnDisconnect: draws.chance(0.5),
    cancelOnDisconnectShare: draws.of(1, 0.5),
    cancels: draws.of('counted', 'own-bucket', 'exempt', 'never-refused'),
    cancelLimit,
    scope: draws.of('session', 'gateway', 'account'),
    inFlightUntil: draws.of('processed', 'answered')
  }
  if (main.window === 'in-flight') return main
  return {
    ...main,
    ...(draws.chance(0.3) ? { disconnectLimit: 2 * limit, cancelDisconnectLimit: 2 * cancelLimit } : {}),
    ...(draws.chance(0.2) ? { also: [{ ...main, window: 'in-flight', limit: 5, overLimit: 'reject' }] } : {})
  }
}

function randomOrders(draws: Draws): OrderRules {
  return {
    inFlightMitigation: draws.chance(0.5),
    tooLate: draws.of('rejected', 'silent'),
    whilePending: draws.of('served', 'replaces-refused', 'refused'),
    sizeDownKeepsPriority: draws.chance(0.5)
  }
}

function randomRetry(draws: Draws): RetryOptions {
  return {
    attemptCountMax: draws.of(1, 2, 5),
    timeBudgetNs: draws.of(MS, 1000 * MS),
    backoff: draws.of('immediate', 'fixed', 'exponential'),
    backoffNs: draws.of(10 * US, 5 * MS),
    backoffNsMax: 200 * MS,
    jitterShare: draws.of(0, 0.5, 1),
    // The shorter ones are below many round trips: copies meet copies.
    ackTimeoutNs: draws.of(MS, 20 * MS, 2000 * MS, INFINITE)
  }
}

export function randomClamp(draws: Draws, spanNs: number): ClampOptions {
  const startNs = draws.below(spanNs)
  return {
    target: draws.of(...CLAMP_TARGETS),
    shape: draws.of<ClampOptions['shape']>(
      { shape: 'step', factor: draws.of(0.1, 0.5, 3) },
      { shape: 'ramp', from: 1, to: 0.2 },
      {
        shape: 'pulse',
        factor: 0.3,
        periodNs: Math.max(1000, Math.floor(spanNs / 7)),
        onNs: Math.max(500, Math.floor(spanNs / 20))
      }
    ),
    startNs,
    endNs: startNs + 1 + draws.below(spanNs)
  }
}
