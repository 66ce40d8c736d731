/* Reads recordings of a real kernel (test/fixtures/fq says what they are): a manifest with each case, and one CSV per case. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseBytesPerSecond, parseDurationNs } from '../../src/kernel/units.ts'
import type { EgressArrivals } from '../../src/path/drive-egress.ts'
import type { NetworkStackOptions } from '../../src/path/network-stack.ts'
import type { FqOptions, MachineOptions, QdiscOptions, SessionOptions } from '../../src/path/options.ts'

export const GOLDEN = fileURLToPath(new URL('../../../shared/golden/fq/', import.meta.url))
export const FIXTURES = fileURLToPath(new URL('../fixtures/fq/', import.meta.url))
export const hasGolden = existsSync(`${GOLDEN}manifest.json`)

interface FlowDescription {
  readonly id: number
  readonly proto: 'udp' | 'tcp'
  readonly max_pacing_rate_Bps: number | null
}

export interface CaseDescription {
  readonly qdisc: string
  readonly flows: readonly FlowDescription[]
  readonly rx_netem: string | null
  readonly tso: number
  readonly tcp_nodelay: boolean
  readonly autocork: number
  readonly protocol: 'udp' | 'tcp'
  readonly t0_monotonic_ns: number
  readonly drops: number
  /** TCP: of each flow at the end, as ss shows it. */
  readonly tcp_info_end?: Readonly<Record<string, { readonly cwnd: number; readonly pacing: number }>>
}

export interface Manifest {
  readonly cases: Readonly<Record<string, CaseDescription>>
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')) as Manifest
}

/** Defaults of Linux 6.1 at an MTU of 1500. */
export const FQ: FqOptions = {
  kind: 'fq',
  limit: 10_000,
  flowLimit: 100,
  quantum: 3028,
  initialQuantum: 15_140,
  lowRateThresholdBytesPerSecond: 68_750,
  maxrateBytesPerSecond: Infinity,
  refillDelayNs: 40_000_000,
  timerSlackNs: 10_000,
  horizonNs: 10_000_000_000,
  horizonDrop: true,
  pacing: true
}

export const UDP: SessionOptions = {
  name: 'udp',
  transport: 'udp',
  maxPacingRateBytesPerSecond: Infinity,
  headerBytes: 42,
  sendBufferBytes: 8_000_000,
  nodelay: true,
  autocork: true,
  tso: true,
  mssBytes: 1448,
  rttNs: 0,
  newMessageBytes: 200,
  replaceMessageBytes: 200,
  cancelMessageBytes: 200
}

export const TCP: SessionOptions = { ...UDP, name: 'tcp', transport: 'tcp', headerBytes: 66 }

/** No costs of the machine: what the rules alone say. */
export const NO_MACHINE: MachineOptions = { hz: 250, monotonicAtZeroNs: 0, unqueuedNs: 0, timerNs: 0, backToBackNs: 0 }

/** The guest's latencies, as its manifest states them. */
export function guestMachine(monotonicAtZeroNs: number): MachineOptions {
  return { hz: 250, monotonicAtZeroNs, unqueuedNs: 1850, timerNs: 1150, backToBackNs: 1935 }
}

function parseFq(words: readonly string[]): FqOptions {
  const options: { -readonly [K in keyof FqOptions]: FqOptions[K] } = { ...FQ }
  for (let i = 0; i < words.length; i++) {
    const value = words[i + 1]
    if (words[i] === 'limit') options.limit = Number(value)
    else if (words[i] === 'flow_limit') options.flowLimit = Number(value)
    else if (words[i] === 'quantum') options.quantum = Number(value)
    else if (words[i] === 'initial_quantum') options.initialQuantum = Number(value)
    else if (words[i] === 'maxrate') options.maxrateBytesPerSecond = parseBytesPerSecond(value)
    else if (words[i] === 'timer_slack') options.timerSlackNs = Number(value)
    else if (words[i] === 'horizon') options.horizonNs = parseDurationNs(value)
    else if (words[i] === 'horizon_drop') options.horizonDrop = true
    else if (words[i] === 'horizon_cap') options.horizonDrop = false
    else if (words[i] === 'nopacing') options.pacing = false
    else if (words[i] === 'refill_delay') options.refillDelayNs = parseDurationNs(value)
  }
  return options
}

function parseTbf(words: readonly string[], child: FqOptions | undefined): QdiscOptions {
  const value = (name: string): string | undefined => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined)
  return {
    kind: 'tbf',
    rateBytesPerSecond: parseBytesPerSecond(value('rate') ?? ''),
    burstBytes: Number(value('burst')),
    limitBytes: Number(value('limit')),
    peakrateBytesPerSecond: value('peakrate') === undefined ? 0 : parseBytesPerSecond(value('peakrate') ?? ''),
    mtuBytes: Number(value('mtu') ?? 0),
    ...(child === undefined ? {} : { child })
  }
}

export function parseQdisc(text: string): QdiscOptions {
  const [root, child] = text.replace('root: ', '').split(' ; child: ')
  const words = root.trim().split(/\s+/)
  if (words[0] === 'fq') return parseFq(words)
  return parseTbf(words, child === undefined ? undefined : parseFq(child.split(/\s+/)))
}

/** The stack of a case; flow ids become session numbers in the order of the manifest. */
export function stackOptions(description: CaseDescription): NetworkStackOptions {
  const delay = /delay (\S+)/.exec(description.rx_netem ?? '')
  const rttNs = delay === null ? 0 : parseDurationNs(delay[1])
  return {
    sessions: description.flows.map(({ id, proto, max_pacing_rate_Bps }) => ({
      ...(proto === 'udp' ? UDP : TCP),
      name: String(id),
      maxPacingRateBytesPerSecond: max_pacing_rate_Bps ?? Infinity,
      tso: description.tso === 1,
      nodelay: description.tcp_nodelay,
      autocork: description.autocork === 1,
      rttNs
    })),
    qdisc: parseQdisc(description.qdisc),
    machine: guestMachine(description.t0_monotonic_ns)
  }
}

export interface Row {
  readonly kind: string
  readonly session: number
  readonly seq: number
  readonly payloadBytes: number
  readonly appNs: number
  readonly schedNs: number
  readonly wireNs: number
  readonly peerNs: number
  readonly txTimeNs: number
  readonly streamOffset: number
  readonly dropped: boolean
}

export function readRows(folder: string, name: string, description: CaseDescription): Row[] {
  const [header, ...lines] = readFileSync(`${folder}${name}.csv`, 'utf8').trim().split('\n')
  const columns = header.split(',')
  const at = (cells: readonly string[], column: string): number => {
    const cell = cells[columns.indexOf(column)]
    return cell === '' || cell === undefined ? Number.NaN : Number(cell)
  }
  return lines.map((line) => {
    const cells = line.split(',')
    return {
      kind: cells[0],
      session: description.flows.findIndex((flow) => flow.id === at(cells, 'flow')),
      seq: at(cells, 'seq'),
      payloadBytes: at(cells, 'payload_len'),
      appNs: at(cells, 't_app_ns'),
      schedNs: at(cells, 't_sched_ns'),
      wireNs: at(cells, 't_wire_ns'),
      peerNs: at(cells, 't_peer_ns'),
      txTimeNs: at(cells, 'txtime_ns'),
      streamOffset: at(cells, 'stream_off'),
      dropped: at(cells, 'dropped') === 1
    }
  })
}

/** Rows as arrivals, at the times that `when` gives. */
export function arrivalsOf(rows: readonly Row[], when: (row: Row) => number): EgressArrivals {
  return {
    count: rows.length,
    session: rows.map((row) => row.session),
    tNs: rows.map(when),
    payloadBytes: rows.map((row) => row.payloadBytes),
    txTimeNs: rows.map((row) => row.txTimeNs)
  }
}

export interface Comparison {
  readonly packets: number
  readonly wrongDrops: number
  /** Positions in the order of departure at which another packet was recorded. */
  readonly misordered: number
  readonly errorNsMax: number
  readonly errorNsMedian: number
  readonly errorsNs: readonly number[]
}

/** What the stack did against a recording of datagrams: `wireNs` by row, NaN = dropped. */
export function compareDatagrams(rows: readonly Row[], wireNs: ArrayLike<number>): Comparison {
  let wrongDrops = 0
  const errorsNs: number[] = []
  rows.forEach((row, i) => {
    const isDropped = Number.isNaN(wireNs[i])
    if (isDropped !== row.dropped) wrongDrops++
    else if (!isDropped) errorsNs.push(wireNs[i] - row.wireNs)
  })
  const order = (at: (i: number) => number): number[] =>
    rows
      .map((_, i) => i)
      .filter((i) => !Number.isNaN(at(i)))
      .sort((a, b) => at(a) - at(b))
  const recorded = order((i) => (rows[i].dropped ? Number.NaN : rows[i].wireNs))
  const modelled = order((i) => wireNs[i])
  const misordered = recorded.filter((row, i) => row !== modelled[i]).length
  const sizes = errorsNs.map(Math.abs).sort((a, b) => a - b)
  return {
    packets: rows.length,
    wrongDrops,
    misordered,
    errorNsMax: sizes[sizes.length - 1] ?? 0,
    errorNsMedian: sizes[sizes.length >> 1] ?? 0,
    errorsNs
  }
}
