/* The path: presets and what was given over them, to PathOptions. */
import { CORRELATION_BLOCKS_MAX } from '../path/correlated-scores.ts'
import { DEFAULT_BANDS } from '../path/flow-bands.ts'
import type {
  FqOptions,
  GateOptions,
  GatewayOptions,
  HostOptions,
  LinkOptions,
  MachineOptions,
  PathOptions,
  QdiscOptions,
  RetryOptions,
  SessionOptions,
  StallOptions,
  VenuePathOptions
} from '../path/options.ts'
import { ScenarioFault } from './fault.ts'
import { overlay } from './fields.ts'
import {
  FQ,
  NO_ACKS,
  NO_GATE,
  NO_GATEWAY,
  NO_HAZARD,
  NO_LINK,
  ORDER_PRESETS,
  PATH_PRESETS,
  RETRY_PRESETS,
  TBF
} from './path-presets.ts'
import type { PathInput, QdiscInput, RetryInput, SessionInput, VenuePathInput } from './path-schema.ts'
import { type ResolvedStalls, resolveStalls } from './resolve-stalls.ts'
import { accountsOf, resolveThrottle } from './resolve-throttle.ts'
import type { StallTraceOptions } from './scenario.ts'

type At = readonly (string | number)[]

export interface ResolvedPath {
  readonly path: PathOptions
  readonly stallTrace: StallTraceOptions | null
}

export function resolvePath(input: PathInput | undefined, at: At): ResolvedPath {
  const base = PATH_PRESETS[input?.preset ?? 'colo']
  const stalls = resolveStalls(base.host.stalls, input?.host?.stalls, [...at, 'host', 'stalls'])
  const path: PathOptions = {
    host: resolveHost(base.host, input?.host, withActions(stalls, input?.host, [...at, 'host'])),
    sessions: resolveSessions(base.sessions[0], input, at),
    qdisc: resolveQdisc(base.qdisc, input?.qdisc, [...at, 'qdisc']),
    machine: resolveMachine(base.machine, input?.machine),
    ...resolveVenuePart(base, input, accountsOf(input?.sessions), at),
    retry: resolveRetry(base.retry, input?.retry, [...at, 'retry']),
    clamps: []
  }
  return { path, stallTrace: stalls.trace }
}

/** What is of one venue. `accounts`: by session number. */
export function resolveVenuePart(
  base: VenuePathOptions,
  input: VenuePathInput | undefined,
  accounts: readonly number[] | undefined,
  at: At
): VenuePathOptions {
  return {
    link: resolveLink(base.link, input?.link, [...at, 'link']),
    gate: resolveGate(base.gate, input?.gate),
    gateway: resolveGateway(base.gateway, input?.gateway, accounts, [...at, 'gateway', 'throttle']),
    acks: overlay(
      input?.acks?.preset === 'none' ? NO_ACKS : base.acks,
      pick(input?.acks, ['service', 'backgroundLoad', 'whileDown'])
    ),
    orders: overlay(
      input?.orders?.preset === undefined ? base.orders : ORDER_PRESETS[input.orders.preset],
      pick(input?.orders, ['inFlightMitigation', 'tooLate', 'whilePending', 'sizeDownKeepsPriority'])
    )
  }
}

/** Only these keys of the given ones. */
function pick<T extends object, K extends keyof T>(given: T | undefined, keys: readonly K[]): Pick<T, K> | undefined {
  return given === undefined ? undefined : (Object.fromEntries(keys.map((key) => [key, given[key]])) as Pick<T, K>)
}

/** The stalls with the host's memory actions in force. */
function withActions({ options, trace }: ResolvedStalls, host: PathInput['host'], at: At): StallOptions {
  const { prefault = false, pinned = false, backgroundFreeze = false } = host ?? {}
  if (options.kind === 'generated' && (prefault || pinned || backgroundFreeze)) {
    return { ...options, actions: { prefault, pinned, backgroundFreeze } }
  }
  for (const [key, on] of Object.entries({ prefault, pinned, backgroundFreeze })) {
    if (on) throw new ScenarioFault([...at, key], trace === null ? 'has no effect without stalls' : 'has no effect on a trace')
  }
  return options
}

function resolveHost(base: HostOptions, host: PathInput['host'], stalls: StallOptions): HostOptions {
  return overlay(base, {
    timerServiceNs: host?.timerService,
    marketDataServiceNs: host?.marketDataService,
    ackServiceNs: host?.ackService,
    sendServiceNs: host?.sendService,
    taskCountMax: host?.taskCountMax,
    stalls
  })
}

const socketOf = (given: SessionInput | undefined): Partial<SessionOptions> =>
  overlay({} as Partial<SessionOptions>, {
    name: given?.name,
    transport: given?.transport,
    maxPacingRateBytesPerSecond: given?.maxPacingRate,
    priority: given?.priority,
    headerBytes: given?.header,
    sendBufferBytes: given?.sendBuffer,
    backlogCountMax: given?.backlogCountMax,
    nodelay: given?.nodelay,
    autocork: given?.autocork,
    tso: given?.tso,
    mssBytes: given?.mss,
    rttNs: given?.rtt,
    newMessageBytes: given?.newMessage,
    replaceMessageBytes: given?.replaceMessage,
    cancelMessageBytes: given?.cancelMessage
  })

/** `session` sets all sockets; each of `sessions` its own over that. Without a list there is one. */
export function resolveSessions(
  base: SessionOptions,
  input: Pick<PathInput, 'session' | 'sessions'> | undefined,
  at: At
): SessionOptions[] {
  const every = overlay(base, socketOf(input?.session))
  checkSession(every, [...at, 'session'])
  if (input?.sessions === undefined) return [every]
  const names = new Set<string>()
  return input.sessions.map((given, index) => {
    const session = overlay({ ...every, name: `session ${index}` }, socketOf(given))
    if (names.has(session.name)) throw new ScenarioFault([...at, 'sessions', index, 'name'], `"${session.name}" is there twice`)
    names.add(session.name)
    checkSession(session, [...at, 'sessions', index])
    return session
  })
}

function checkSession(session: SessionOptions, at: At): void {
  for (const key of ['new', 'replace', 'cancel'] as const) {
    const bytes = session[`${key}MessageBytes`]
    if (bytes < 1) throw new ScenarioFault([...at, `${key}Message`], 'must be at least 1B')
    if (bytes + session.headerBytes > session.sendBufferBytes) {
      throw new ScenarioFault(
        [...at, 'sendBuffer'],
        `of ${session.sendBufferBytes} bytes cannot hold one message of ${bytes} bytes`
      )
    }
  }
  if (session.mssBytes < 1) throw new ScenarioFault([...at, 'mss'], 'must be at least 1B')
}

/** A policy's own socket options, over every session. */
export function withSocket(sessions: readonly SessionOptions[], given: SessionInput | undefined, at: At): SessionOptions[] {
  return sessions.map((session) => {
    const changed = overlay(session, socketOf(given))
    checkSession(changed, at)
    return changed
  })
}

/** `base` changed where it is of the kind that is given, else that kind with its defaults. */
export function resolveQdisc(base: QdiscOptions, given: QdiscInput | undefined, at: At): QdiscOptions {
  if (given === undefined) return base
  if (given.kind === 'none') return { kind: 'none' }
  if (given.kind === 'fq') return resolveFq(base.kind === 'fq' ? base : FQ, given, at)
  const tbf = overlay(base.kind === 'tbf' ? base : TBF, {
    rateBytesPerSecond: given.rate,
    burstBytes: given.burst,
    limitBytes: given.limit,
    peakrateBytesPerSecond: given.peakrate,
    mtuBytes: given.mtu
  })
  if (tbf.burstBytes < 1) throw new ScenarioFault([...at, 'burst'], 'must be at least 1B')
  if (tbf.peakrateBytesPerSecond > 0 && tbf.peakrateBytesPerSecond <= tbf.rateBytesPerSecond) {
    throw new ScenarioFault([...at, 'peakrate'], 'must be above rate')
  }
  return given.child === undefined ? tbf : { ...tbf, child: resolveFq(tbf.child ?? FQ, given.child, [...at, 'child']) }
}

function resolveFq(base: FqOptions, given: Extract<QdiscInput, { kind: 'fq' }>, at: At): FqOptions {
  const fq = overlay(base, {
    kernel: given.kernel,
    limit: given.limit,
    flowLimit: given.flowLimit,
    quantum: given.quantum,
    initialQuantum: given.initialQuantum,
    lowRateThresholdBytesPerSecond: given.lowRateThreshold,
    maxrateBytesPerSecond: given.maxrate,
    refillDelayNs: given.refillDelay,
    timerSlackNs: given.timerSlack,
    horizonNs: given.horizon,
    horizonDrop: given.horizonDrop,
    pacing: given.pacing,
    ...newerFq(given, at)
  })
  if (fq.quantum < 1) throw new ScenarioFault([...at, 'quantum'], 'must be at least 1B')
  return fq
}

/** What only fq of 6.12 knows. Errors: ScenarioFault. */
export function newerFq(given: NewerFqInput, at: At): Pick<FqOptions, 'bands' | 'offloadHorizonNs'> {
  for (const key of ['priomap', 'weights', 'offloadHorizon', 'offload_horizon'] as const) {
    if (given[key] !== undefined && given.kernel !== '6.12') throw new ScenarioFault([...at, key], 'needs kernel: "6.12"')
  }
  const offloadHorizonNs = given.offloadHorizon ?? given.offload_horizon
  return {
    ...(given.priomap === undefined && given.weights === undefined
      ? {}
      : { bands: overlay(DEFAULT_BANDS, { priomap: given.priomap, weights: given.weights }) }),
    ...(offloadHorizonNs === undefined ? {} : { offloadHorizonNs })
  }
}

interface NewerFqInput {
  readonly kernel?: string | undefined
  readonly priomap?: readonly number[] | undefined
  readonly weights?: readonly number[] | undefined
  readonly offloadHorizon?: number | undefined
  readonly offload_horizon?: number | undefined
}

function resolveMachine(base: MachineOptions, given: PathInput['machine']): MachineOptions {
  return overlay(base, {
    hz: given?.hz,
    monotonicAtZeroNs: given?.monotonicAtZero,
    unqueuedNs: given?.unqueued,
    timerNs: given?.timer,
    backToBackNs: given?.backToBack
  })
}

function resolveLink(base: LinkOptions, given: PathInput['link'], at: At): LinkOptions {
  const link = overlay(given?.preset === 'none' ? NO_LINK : base, {
    delayNs: given?.delay,
    returnDelayNs: given?.returnDelay,
    feedDelayNs: given?.feedDelay,
    weather: given?.weather,
    weatherBlockNs: given?.weatherBlock,
    weatherCorrelationNs: given?.weatherCorrelation,
    jitter: given?.jitter
  })
  if (link.weatherCorrelationNs > CORRELATION_BLOCKS_MAX * link.weatherBlockNs) {
    throw new ScenarioFault([...at, 'weatherCorrelation'], 'is too long for such short blocks; give a longer weatherBlock')
  }
  return link
}

function resolveGate(base: GateOptions, given: PathInput['gate']): GateOptions {
  const start = given?.preset === 'none' ? NO_GATE : base
  const hazard = given?.hazard
  return overlay(start, {
    service: given?.service,
    orderLotsMax: given?.orderLotsMax,
    orderTickLotsMax: given?.orderTickLotsMax,
    openOrderCountMax: given?.openOrderCountMax,
    messageCountMax: given?.messageCountMax,
    messageWindowNs: given?.messageWindow,
    hazard: overlay(
      hazard?.preset === 'none' ? NO_HAZARD : start.hazard,
      pick(hazard, ['intercept', 'utilisation', 'burst', 'latencyJitter', 'stress'])
    )
  })
}

function resolveGateway(
  base: GatewayOptions,
  given: PathInput['gateway'],
  accounts: readonly number[] | undefined,
  throttleAt: At
): GatewayOptions {
  const start = given?.preset === 'none' ? NO_GATEWAY : base
  return overlay(start, {
    service: given?.service,
    backgroundLoad: given?.backgroundLoad,
    queueCountMax: given?.queueCountMax,
    throttle: resolveThrottle(start.throttle, given?.throttle, accounts, throttleAt)
  })
}

export function resolveRetry(base: RetryOptions, given: RetryInput | undefined, at: At): RetryOptions {
  if (given === undefined) return base
  const retry = overlay<RetryOptions>(given.preset === undefined ? base : RETRY_PRESETS[given.preset], {
    attemptCountMax: given.attemptCountMax,
    timeBudgetNs: given.timeBudget,
    backoff: given.backoff,
    backoffNs: given.backoffFirst,
    backoffNsMax: given.backoffMax,
    jitterShare: given.jitterShare,
    ackTimeoutNs: given.ackTimeout
  })
  if (retry.backoff !== 'immediate' && retry.backoffNs === 0) {
    throw new ScenarioFault([...at, 'backoff'], `is ${retry.backoff}, which needs backoffFirst above 0`)
  }
  if (retry.backoff === 'exponential' && retry.backoffNsMax < retry.backoffNs) {
    throw new ScenarioFault([...at, 'backoffMax'], 'must be at least backoffFirst')
  }
  return retry
}
