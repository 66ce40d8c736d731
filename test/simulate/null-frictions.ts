/*
 * Frictions that are there and can never cost anything, each beside the same world without it and beside one in which it bites.
 */
import type { ControlOptions } from '../../src/control/options.ts'
import { CONTROL_OFF, CONTROL_ON } from '../../src/control/presets.ts'
import type { Law } from '../../src/kernel/law.ts'
import {
  CLAMP_TARGETS,
  type ClampOptions,
  type ClampTarget,
  type PathOptions,
  type SessionOptions,
  type StallOptions,
  type StallRegime,
  type ThrottleOptions
} from '../../src/path/options.ts'
import { FQ, NO_ACKS, NO_GATE, NO_GATEWAY, NO_RETRY, PATH_PRESETS, TBF } from '../../src/scenario/path-presets.ts'
import { STALL_PRESETS } from '../../src/scenario/stall-presets.ts'
import { THROTTLE_OFF } from '../../src/scenario/venue-throttles.ts'
import type { RandomWorld } from './random-world.ts'

export type TestWorld = RandomWorld['world']
type Change = (world: TestWorld) => TestWorld

export interface NullFriction {
  readonly title: string
  /** What every world of the comparison is given first, so that nothing else decides whether the friction can bite. */
  readonly given?: Change
  readonly without: Change
  readonly present: Change
  /** The same friction where it costs something: some world must change. */
  readonly biting: Change
  /** Tables, or `table.column`, that say that the friction is there. */
  readonly unlike?: readonly string[]
}

const US = 1_000
const MS = 1_000_000
const SECOND = 1_000_000_000
const HUGE = 1_000_000_000
const IDEAL = PATH_PRESETS.ideal

const path =
  (change: (path: PathOptions) => Partial<PathOptions>): Change =>
  (world) => ({ ...world, path: { ...world.path, ...change(world.path) } })

const inSessions = (fields: Partial<SessionOptions>): Change =>
  path(({ sessions }) => ({ sessions: sessions.map((session) => ({ ...session, ...fields })) }))

const all =
  (...changes: readonly Change[]): Change =>
  (world) =>
    changes.reduce((changed, change) => change(changed), world)

const host = (fields: Partial<PathOptions['host']>): Change => path(({ host }) => ({ host: { ...host, ...fields } }))
const gate = (fields: Partial<PathOptions['gate']>): Change => path(({ gate }) => ({ gate: { ...gate, ...fields } }))
const gateway = (fields: Partial<PathOptions['gateway']>): Change =>
  path(({ gateway }) => ({ gateway: { ...gateway, ...fields } }))
const acks = (fields: Partial<PathOptions['acks']>): Change => path(({ acks }) => ({ acks: { ...acks, ...fields } }))
const link = (fields: Partial<PathOptions['link']>): Change => path(({ link }) => ({ link: { ...link, ...fields } }))
const retry = (fields: Partial<PathOptions['retry']>): Change => path(({ retry }) => ({ retry: { ...retry, ...fields } }))
const throttle = (fields: Partial<ThrottleOptions>): Change =>
  path(({ gateway }) => ({ gateway: { ...gateway, throttle: { ...THROTTLE_OFF, ...fields } } }))
const clamp = (...clamps: readonly ClampOptions[]): Change => path((before) => ({ clamps: [...before.clamps, ...clamps] }))
const qdisc = (options: PathOptions['qdisc']): Change => path(() => ({ qdisc: options }))

const SLOW: Law = { law: 'constant', valueNs: 20 * US }
const FREE: Law = { law: 'constant', valueNs: 0 }

const NO_FAULTS = { minorPerSecond: 0, majorPerSecond: 0, reclaimPerSecond: 0, compactionPerSecond: 0 }

function stormOf(change: (regime: StallRegime) => StallRegime): StallOptions {
  const storm = STALL_PRESETS['storm-file']
  return storm.kind === 'generated' ? { ...storm, regimes: storm.regimes.map(change) } : storm
}

const stalls: readonly NullFriction[] = [
  {
    title: 'stalls of a generator whose rates are 0',
    without: host({ stalls: { kind: 'none' } }),
    present: host({ stalls: stormOf(({ name, dwellMeanNs }) => ({ name, dwellMeanNs, ...NO_FAULTS })) }),
    biting: host({ stalls: stormOf((regime) => regime) })
  },
  {
    title: 'a recording without a stall',
    without: host({ stalls: { kind: 'none' } }),
    present: host({
      stalls: {
        kind: 'trace',
        atNs: new Float64Array(0),
        stallNs: new Float64Array(0),
        stallKind: new Uint8Array(0),
        startNs: 0,
        periodNs: SECOND
      }
    }),
    biting: host({
      stalls: {
        kind: 'trace',
        atNs: Float64Array.of(0),
        stallNs: Float64Array.of(MS),
        stallKind: Uint8Array.of(1),
        startNs: 0,
        periodNs: 2 * MS
      }
    })
  }
]

const FREE_MACHINE = path(() => ({ machine: IDEAL.machine }))
const UNCAPPED = inSessions({ maxPacingRateBytesPerSecond: Number.POSITIVE_INFINITY })
const WIDE = inSessions({ sendBufferBytes: 212_992, backlogCountMax: 1024 })

const network: readonly NullFriction[] = [
  {
    title: 'a pacing cap far above the traffic',
    given: all(qdisc(FQ), WIDE),
    without: UNCAPPED,
    // A quantum of fq is charged 0.003 ns.
    present: inSessions({ maxPacingRateBytesPerSecond: 1e15 }),
    biting: inSessions({ maxPacingRateBytesPerSecond: 5_000 }),
    unlike: ['telemetry.capBytesPerSecond', 'telemetry.pacingBytesPerSecond']
  },
  {
    title: 'fq without a cap on a machine that costs nothing',
    // TCP paces itself once there is a fair queue below it.
    given: all(FREE_MACHINE, UNCAPPED, WIDE, inSessions({ transport: 'udp' })),
    without: qdisc({ kind: 'none' }),
    present: qdisc(FQ),
    biting: qdisc({ ...FQ, maxrateBytesPerSecond: 5_000 })
  },
  {
    title: 'a token bucket of a rate and a burst far above the traffic',
    given: all(FREE_MACHINE, UNCAPPED, WIDE),
    without: qdisc({ kind: 'none' }),
    present: qdisc({ ...TBF, rateBytesPerSecond: 1e12, burstBytes: HUGE, limitBytes: HUGE }),
    biting: qdisc({ ...TBF, rateBytesPerSecond: 5_000 })
  },
  {
    title: 'a send buffer that is never full',
    given: WIDE,
    without: inSessions({ sendBufferBytes: HUGE, backlogCountMax: HUGE }),
    present: inSessions({ sendBufferBytes: 10_000_000, backlogCountMax: 100_000 }),
    biting: inSessions({ sendBufferBytes: 300, backlogCountMax: 1, maxPacingRateBytesPerSecond: 5_000 })
  },
  {
    title: 'link weather that is always 0, whatever its blocks',
    // A clamp on the delay of market data is sampled once a block.
    given: path(() => ({ clamps: [] })),
    without: link({ weather: FREE, weatherBlockNs: MS, weatherCorrelationNs: 0 }),
    present: link({ weather: { law: 'uniform', lowNs: 0, highNs: 1 }, weatherBlockNs: 100 * US, weatherCorrelationNs: 20 * MS }),
    biting: link({ weather: { law: 'exponential', meanNs: MS } })
  },
  {
    title: 'link jitter that is always 0',
    without: link({ jitter: FREE }),
    present: link({ jitter: { law: 'uniform', lowNs: 0, highNs: 1 } }),
    biting: link({ jitter: { law: 'exponential', meanNs: MS } })
  },
  {
    title: 'a clamp on a link without delay',
    given: link({ delayNs: 0, returnDelayNs: 0, feedDelayNs: 0, weather: FREE, jitter: FREE }),
    without: clamp(),
    present: clamp({ target: 'link.delay', shape: { shape: 'step', factor: 7 }, startNs: 0, endNs: HUGE * HUGE }),
    biting: all(
      link({ delayNs: 10 * US }),
      clamp({ target: 'link.delay', shape: { shape: 'step', factor: 70 }, startNs: 0, endNs: HUGE * HUGE })
    )
  }
]

const NOTHING_LOST = all(qdisc({ kind: 'none' }), WIDE)

/** Every window with every way over the limit; what cancels count for goes round. */
function throttles(): NullFriction[] {
  const windows = ['fixed-clock', 'fixed-first', 'sliding', 'token-bucket', 'leaky-credits', 'in-flight'] as const
  const overLimits = ['reject', 'queue', 'disconnect'] as const
  const cancelRules = ['counted', 'own-bucket', 'exempt', 'never-refused'] as const
  const rules = windows.flatMap((window) => overLimits.map((overLimit) => ({ window, overLimit })))
  return rules.map(({ window, overLimit }, index) => {
    const cancels = cancelRules[index % cancelRules.length]
    const rule = { window, overLimit, cancels, windowNs: SECOND, queueCountMax: 1000 }
    const [wide, narrow] = [1_000_000, 1].map((limit) => ({ ...rule, limit, burst: limit, cancelLimit: limit }))
    return {
      title: `a throttle of a million: ${window}, ${overLimit}, cancels ${cancels}`,
      // Where a cancel may pass the order that it is for, "unknown order" does not tell the host that a lost order is lost. So none is.
      ...(overLimit === 'queue' && cancels !== 'counted' ? { given: NOTHING_LOST } : {}),
      without: throttle({}),
      present: throttle(wide),
      biting: all(gateway({ service: SLOW }), throttle(narrow))
    }
  })
}

const venue: readonly NullFriction[] = [
  {
    title: 'a stress hazard of a millionth of nothing',
    without: gate({ hazard: NO_GATE.hazard }),
    present: gate({ hazard: { intercept: -1e6, utilisation: 0.1, burst: 0.1, latencyJitter: 1, stress: 1 } }),
    biting: gate({ hazard: { intercept: 0, utilisation: 0, burst: 0, latencyJitter: 0, stress: 0 } })
  },
  {
    title: 'risk limits far above the traffic',
    given: gate({ hazard: NO_GATE.hazard }),
    without: gate({
      orderLotsMax: Number.POSITIVE_INFINITY,
      orderTickLotsMax: Number.POSITIVE_INFINITY,
      openOrderCountMax: Number.POSITIVE_INFINITY,
      messageCountMax: Number.POSITIVE_INFINITY
    }),
    present: gate({ orderLotsMax: HUGE, orderTickLotsMax: HUGE, openOrderCountMax: HUGE, messageCountMax: HUGE }),
    biting: gate({ orderLotsMax: 3, openOrderCountMax: 1, messageCountMax: 2 })
  },
  ...(['gateway', 'acks'] as const).flatMap((stage): NullFriction[] => {
    const set = (service: Law, backgroundLoad: number): Change =>
      stage === 'gateway' ? gateway({ service, backgroundLoad }) : acks({ service, backgroundLoad })
    return [
      {
        title: `strangers at a server of no service time (${stage})`,
        without: set(FREE, 0),
        present: set(FREE, 0.9),
        biting: set(SLOW, 0.9)
      },
      {
        title: `strangers who come once in hours (${stage})`,
        without: set(SLOW, 0),
        present: set(SLOW, 1e-9),
        biting: set(SLOW, 0.9)
      }
    ]
  }),
  {
    title: 'a line at the gateway that is never full',
    without: gateway({ service: SLOW, queueCountMax: HUGE }),
    present: gateway({ service: SLOW, queueCountMax: 10_000 }),
    biting: gateway({ service: { law: 'constant', valueNs: MS }, queueCountMax: 1 })
  },
  ...throttles(),
  {
    title: 'a rule for those over a limit that nobody reaches',
    without: throttle({}),
    present: throttle({ overLimit: 'disconnect', relogonNs: SECOND, cancelOnDisconnect: true }),
    biting: throttle({ window: 'sliding', limit: 1, windowNs: SECOND, overLimit: 'disconnect', cancelOnDisconnect: true })
  }
]

/** Nothing is refused on the way, so nothing is sent again. */
const NO_REFUSALS = all(
  path(() => ({ gate: NO_GATE, gateway: NO_GATEWAY, acks: NO_ACKS, qdisc: { kind: 'none' }, clamps: [] })),
  WIDE,
  UNCAPPED,
  inSessions({ transport: 'udp' })
)

const retries: readonly NullFriction[] = [
  {
    title: 'a backoff where nothing is refused',
    given: NO_REFUSALS,
    without: retry({ ...NO_RETRY, ackTimeoutNs: Number.POSITIVE_INFINITY }),
    present: retry({
      attemptCountMax: 5,
      timeBudgetNs: SECOND,
      backoff: 'exponential',
      backoffNs: MS,
      backoffNsMax: 200 * MS,
      jitterShare: 0.5,
      ackTimeoutNs: Number.POSITIVE_INFINITY
    }),
    biting: all(
      throttle({ window: 'sliding', limit: 1, windowNs: 10 * MS }),
      retry({ attemptCountMax: 5, timeBudgetNs: SECOND, backoff: 'fixed', backoffNs: MS })
    )
  },
  {
    title: 'a timeout longer than any answer takes',
    given: retry({ attemptCountMax: 5, timeBudgetNs: SECOND }),
    without: retry({ ackTimeoutNs: Number.POSITIVE_INFINITY }),
    present: retry({ ackTimeoutNs: 3600 * SECOND }),
    biting: retry({ ackTimeoutNs: 10 * US })
  }
]

const SHAPES: readonly (readonly [shape: ClampOptions['shape'], like: string])[] = [
  [{ shape: 'step', factor: 1 }, 'a step to 1'],
  [{ shape: 'ramp', from: 1, to: 1 }, 'a ramp from 1 to 1'],
  [{ shape: 'pulse', factor: 1, periodNs: MS, onNs: 300 * US }, 'pulses of 1'],
  [{ shape: 'curve', atNs: [0, MS, 5 * MS], factors: [1, 1, 1] }, 'a curve at 1']
]

/** Each target with something that it acts on. */
const ACTED_ON: Readonly<Record<ClampTarget, Change>> = {
  'session.maxPacingRate': all(qdisc(FQ), inSessions({ maxPacingRateBytesPerSecond: 60_000 })),
  'qdisc.rate': qdisc({ ...TBF, rateBytesPerSecond: 60_000, burstBytes: 1500 }),
  'gate.service': gate({ service: { law: 'lognormal', medianNs: 50 * US, sigma: 1 } }),
  'throttle.limit': throttle({ window: 'sliding', limit: 4, windowNs: 10 * MS }),
  'gateway.rate': gateway({ service: { law: 'exponential', meanNs: 50 * US }, backgroundLoad: 0.5 }),
  'acks.rate': acks({ service: { law: 'exponential', meanNs: 50 * US }, backgroundLoad: 0.5 }),
  'host.faults': host({ stalls: STALL_PRESETS['storm-file'] }),
  'link.delay': link({ delayNs: 25 * US, weather: { law: 'exponential', meanNs: 20 * US }, weatherBlockNs: 3 * MS })
}

const BITING_FACTOR: Readonly<Record<ClampTarget, number>> = {
  'session.maxPacingRate': 0.05,
  'qdisc.rate': 0.05,
  'gate.service': 20,
  'throttle.limit': 0.25,
  'gateway.rate': 0.3,
  'acks.rate': 0.3,
  'host.faults': 5,
  'link.delay': 20
}

const clamps: readonly NullFriction[] = CLAMP_TARGETS.flatMap((target) => {
  const whole = { target, startNs: 0, endNs: 100 * SECOND } as const
  const given = all(
    path(() => ({ clamps: [] })),
    ACTED_ON[target]
  )
  const biting = clamp({ ...whole, shape: { shape: 'step', factor: BITING_FACTOR[target] } })
  return [
    ...SHAPES.map(
      ([shape, like]): NullFriction => ({
        title: `${like} on ${target}`,
        given,
        without: clamp(),
        present: clamp({ ...whole, shape }),
        biting
      })
    ),
    {
      title: `a clamp on ${target} long after the run`,
      given,
      without: clamp(),
      present: clamp({ ...whole, shape: { shape: 'step', factor: 0.2 }, startNs: 90 * SECOND }),
      biting
    }
  ]
})

/** Thresholds that nothing reaches. */
function unreachable<T extends object>(machine: T): T {
  const isBand = (value: unknown): boolean => typeof value === 'object' && value !== null && 'enter' in value
  const OFF = { enter: Number.POSITIVE_INFINITY, exit: Number.POSITIVE_INFINITY }
  return Object.fromEntries(Object.entries(machine).map(([name, value]) => [name, isBand(value) ? OFF : value])) as T
}

const NEVER: ControlOptions = {
  ...CONTROL_ON,
  transport: unreachable(CONTROL_ON.transport),
  fault: unreachable(CONTROL_ON.fault),
  throttle: unreachable(CONTROL_ON.throttle),
  cancel: unreachable(CONTROL_ON.cancel)
}

const control: readonly NullFriction[] = [
  {
    title: 'controllers whose thresholds nothing reaches',
    without: (world) => ({ ...world, control: CONTROL_OFF }),
    present: (world) => ({ ...world, control: { ...NEVER, sampleNs: 10 * MS } }),
    biting: (world) => ({ ...world, control: { ...CONTROL_ON, sampleNs: 10 * MS } }),
    // They sample, and a sample meets the stall that is there.
    unlike: ['telemetry', 'stalls']
  }
]

export const NULL_FRICTIONS: readonly NullFriction[] = [...stalls, ...network, ...venue, ...retries, ...clamps, ...control]
