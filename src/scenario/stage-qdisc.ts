/*
 * The network egress by itself, as people write it: a queueing discipline in the words and the notation of tc(8), tc-fq(8) and tc-tbf(8), the sockets
 * behind it, the machine under it. Rates: tc's notation, where a bare number is bits per second, or B/s, kB/s, MB/s. A socket's
 * max_pacing_rate is no option of tc and SO_MAX_PACING_RATE counts bytes, so there a bare number is a fault. Sizes: a bare number is bytes.
 */
import { z } from 'zod'
import type { FqOptions, MachineOptions, QdiscOptions, SessionOptions, TbfOptions } from '../path/options.ts'
import { tbfLimitBytes } from '../path/qdisc.ts'
import { ScenarioFault } from './fault.ts'
import { choose, duration, flag, isMap, overlay, strict, tcRate, tcSize, whole } from './fields.ts'
import { FQ, NO_MACHINE, SESSION, TBF } from './path-presets.ts'
import { KERNEL, PRIOMAP, WEIGHTS } from './path-schema.ts'
import { newerFq } from './resolve-path.ts'

export interface EgressConfig {
  readonly qdisc: QdiscOptions
  readonly machine: MachineOptions
  /** By the flow's id. */
  readonly flows: ReadonlyMap<number, SessionOptions>
  /** A flow that the configuration does not name: a datagram socket without a rate of its own. */
  readonly otherFlow: (id: number) => SessionOptions
}

const socketRate = () =>
  choose<number>(
    (input) =>
      /^\s*[\d.e+-]+\s*$/i.test(String(input))
        ? `"${input}" has no unit; write ${input}B/s for bytes or ${input}bit for bits per second`
        : (tcRate() as z.ZodType<number>),
    [z.string()]
  )

const PACKETS = z
  .string()
  .regex(/^\s*[1-9]\d{0,9}p\s*$/, 'needs a number of packets such as 100 or 100p')
  .transform((text) => Number.parseInt(text, 10))

/** A number, alone or with tc's p for packets. */
const packets = () =>
  choose<number>((input) => (typeof input === 'string' ? PACKETS : (whole(1) as z.ZodType<number>)), [whole(1), PACKETS])

const FQ_KEYS = {
  kind: z.literal('fq'),
  kernel: KERNEL.optional(),
  limit: packets().optional(),
  flow_limit: packets().optional(),
  quantum: tcSize().optional(),
  initial_quantum: tcSize().optional(),
  low_rate_threshold: tcRate().optional(),
  maxrate: tcRate().optional(),
  refill_delay: duration().optional(),
  timer_slack: duration().optional(),
  horizon: duration().optional(),
  horizon_drop: flag().optional(),
  nopacing: flag().optional(),
  priomap: PRIOMAP.optional(),
  weights: WEIGHTS.optional(),
  offload_horizon: duration().optional()
}

const CHILD = strict(FQ_KEYS)

const TBF_KEYS = {
  kind: z.literal('tbf'),
  rate: tcRate(),
  burst: tcSize().optional(),
  limit: tcSize().optional(),
  latency: duration().optional(),
  peakrate: tcRate().optional(),
  mtu: tcSize().optional(),
  child: CHILD.optional()
}

const FLOW = strict({
  transport: z.enum(['udp', 'tcp']).optional(),
  max_pacing_rate: socketRate().optional(),
  priority: whole(0, 15).optional(),
  header_bytes: whole(0, 1000).optional(),
  nodelay: flag().optional(),
  autocork: flag().optional(),
  tso: flag().optional(),
  gso: flag().optional(),
  rtt: duration().optional(),
  mss: whole(1, 65_535).optional(),
  send_buffer: tcSize().optional()
})

const MACHINE = strict({
  hz: whole(1, 10_000).optional(),
  monotonicAtZeroNs: whole(0).optional(),
  unqueuedNs: whole(0).optional(),
  timerNs: whole(0).optional(),
  backToBackNs: whole(0).optional()
})

const SHARED = {
  /** Of a fair queue, also of one below a tbf; tbf and none are the same in both. */
  kernel: KERNEL.optional(),
  flows: z.record(z.string().regex(/^\d{1,15}$/, 'is not the number of a flow'), FLOW).optional(),
  machine: MACHINE.optional()
}

const FORMS = {
  fq: strict({ ...FQ_KEYS, ...SHARED }),
  tbf: strict({ ...TBF_KEYS, ...SHARED }),
  none: strict({ kind: z.literal('none'), ...SHARED })
}

type QdiscStageInput = { [K in keyof typeof FORMS]: z.output<(typeof FORMS)[K]> }[keyof typeof FORMS]
type FqInput = z.output<typeof CHILD>
type FlowInput = z.output<typeof FLOW>

const NAMED = z.looseObject({ kind: z.enum(['fq', 'tbf', 'none']) })

export const QDISC_STAGE = choose<QdiscStageInput>((input) => {
  const kind = isMap(input) ? input.kind : undefined
  const known = typeof kind === 'string' && Object.hasOwn(FORMS, kind)
  return (known ? FORMS[kind as keyof typeof FORMS] : NAMED) as unknown as z.ZodType<QdiscStageInput>
}, Object.values(FORMS))

/** Errors: ScenarioFault. */
export function resolveEgress(input: QdiscStageInput): EgressConfig {
  const flows = new Map<number, SessionOptions>()
  for (const [id, flow] of Object.entries(input.flows ?? {})) flows.set(Number(id), flowOptions(id, flow))
  return {
    qdisc: input.kind === 'fq' ? fqOptions(input, []) : input.kind === 'tbf' ? tbfOptions(input) : { kind: 'none' },
    machine: overlay(NO_MACHINE, input.machine),
    flows,
    otherFlow: (id) => flowOptions(String(id), {})
  }
}

function fqOptions(given: FqInput, at: readonly string[]): FqOptions {
  if (given.quantum !== undefined && given.quantum < 1) throw new ScenarioFault([...at, 'quantum'], 'must be at least 1 byte')
  return overlay(FQ, {
    kernel: given.kernel,
    limit: given.limit,
    flowLimit: given.flow_limit,
    quantum: given.quantum,
    initialQuantum: given.initial_quantum,
    lowRateThresholdBytesPerSecond: given.low_rate_threshold,
    maxrateBytesPerSecond: given.maxrate,
    refillDelayNs: given.refill_delay,
    timerSlackNs: given.timer_slack,
    horizonNs: given.horizon,
    horizonDrop: given.horizon_drop,
    pacing: given.nopacing === undefined ? undefined : !given.nopacing,
    ...newerFq(given, at)
  })
}

function tbfOptions(given: Extract<QdiscStageInput, { kind: 'tbf' }>): TbfOptions {
  const { rate, burst = TBF.burstBytes, limit, latency, peakrate, mtu = TBF.mtuBytes, child } = given
  if (burst < 1) throw new ScenarioFault(['burst'], 'must be at least 1 byte')
  if (limit !== undefined && latency !== undefined) {
    throw new ScenarioFault(['latency'], 'has no effect beside limit; leave one of them out')
  }
  if (peakrate !== undefined && peakrate <= rate) throw new ScenarioFault(['peakrate'], 'must be above rate')
  let limitBytes = limit ?? TBF.limitBytes
  if (latency !== undefined) {
    limitBytes = tbfLimitBytes(rate, latency, burst)
    if (peakrate !== undefined) limitBytes = Math.min(limitBytes, tbfLimitBytes(peakrate, latency, mtu))
  }
  return {
    kind: 'tbf',
    rateBytesPerSecond: rate,
    burstBytes: burst,
    limitBytes,
    peakrateBytesPerSecond: peakrate ?? 0,
    mtuBytes: mtu,
    ...(child === undefined ? {} : { child: fqOptions({ kernel: given.kernel, ...child }, ['child']) })
  }
}

/** Ethernet, IP and UDP or TCP with timestamps. */
const HEADER_BYTES = { udp: 42, tcp: 66 } as const

/** The keys of tcp say nothing of a udp flow. */
function flowOptions(id: string, given: FlowInput): SessionOptions {
  const transport = given.transport ?? 'udp'
  return overlay<SessionOptions>(
    // Arrivals are those at the discipline: nothing waits for a send buffer unless one is given.
    { ...SESSION, name: id, transport, headerBytes: HEADER_BYTES[transport], sendBufferBytes: Number.POSITIVE_INFINITY },
    {
      maxPacingRateBytesPerSecond: given.max_pacing_rate,
      priority: given.priority,
      headerBytes: given.header_bytes,
      nodelay: given.nodelay,
      autocork: given.autocork,
      // Without TSO the device is given packets, whoever cuts the buffers.
      tso: given.tso,
      rttNs: given.rtt,
      mssBytes: given.mss,
      sendBufferBytes: given.send_buffer
    }
  )
}
