import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/kernel/assert.ts'
import { parseTcBytes, parseTcBytesPerSecond } from '../../src/kernel/units.ts'
import { parseEdit } from '../../src/scenario/document.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { parseAckStage, parseHostStage, parseQdiscStage, parseThrottleStage } from '../../src/scenario/stage-config.ts'

const source = (text: string, ...sets: string[]) => ({ text, fileName: 'c.yaml', edits: sets.map(parseEdit) })

describe("tc's notation", () => {
  it.each([
    ['550kbit', 68_750],
    ['2mbit', 250_000],
    ['200kbps', 200_000],
    ['8000', 1000],
    ['1.5Mbit', 187_500],
    ['1kibit', 128],
    ['200000B/s', 200_000],
    ['200kB/s', 200_000],
    ['1gbps', 1e9]
  ])('the rate %s is %d bytes per second', (text, expected) => {
    expect(parseTcBytesPerSecond(text)).toBe(expected)
  })

  it.each([
    ['3028', 3028],
    ['20kb', 20_480],
    ['20k', 20_480],
    ['1M', 1_048_576],
    ['8kbit', 1024],
    ['5b', 5]
  ])('the size %s is %d bytes', (text, expected) => {
    expect(parseTcBytes(text)).toBe(expected)
  })
})

describe('the configuration of an egress', () => {
  it('has the defaults of Linux 6.1 where it says nothing', () => {
    expect(parseQdiscStage(source('kind: fq')).qdisc).toMatchObject({
      limit: 10_000,
      flowLimit: 100,
      quantum: 3028,
      initialQuantum: 15_140,
      lowRateThresholdBytesPerSecond: 68_750,
      maxrateBytesPerSecond: Infinity,
      refillDelayNs: 40e6,
      timerSlackNs: 10_000,
      horizonNs: 10e9,
      horizonDrop: true,
      pacing: true
    })
  })

  it('reads every key in the words of tc-fq, its flows and its machine', () => {
    const { qdisc, machine, flows, otherFlow } = parseQdiscStage(
      source(`
kind: fq
kernel: 6.12
limit: 500
flow_limit: 20
quantum: 1514
initial_quantum: 3k
low_rate_threshold: 100kbit
maxrate: 2mbit
refill_delay: 50ms
timer_slack: 1us
horizon: 2s
horizon_drop: false
nopacing: true
flows:
  7: { max_pacing_rate: 200kbps }
  9: { transport: tcp, max_pacing_rate: 200000B/s, nodelay: false, autocork: false, tso: false, gso: true, rtt: 40ms, mss: 1000 }
machine: { hz: 1000, monotonicAtZeroNs: 4466000000, unqueuedNs: 1850, timerNs: 1150, backToBackNs: 1935 }
`)
    )
    expect(qdisc).toEqual({
      kind: 'fq',
      kernel: '6.12',
      limit: 500,
      flowLimit: 20,
      quantum: 1514,
      initialQuantum: 3072,
      lowRateThresholdBytesPerSecond: 12_500,
      maxrateBytesPerSecond: 250_000,
      refillDelayNs: 50e6,
      timerSlackNs: 1000,
      horizonNs: 2e9,
      horizonDrop: false,
      pacing: false
    })
    expect(machine).toEqual({ hz: 1000, monotonicAtZeroNs: 4_466_000_000, unqueuedNs: 1850, timerNs: 1150, backToBackNs: 1935 })
    expect(flows.get(7)).toMatchObject({ transport: 'udp', headerBytes: 42, maxPacingRateBytesPerSecond: 200_000 })
    expect(flows.get(9)).toMatchObject({
      transport: 'tcp',
      headerBytes: 66,
      maxPacingRateBytesPerSecond: 200_000,
      nodelay: false,
      autocork: false,
      tso: false,
      rttNs: 40e6,
      mssBytes: 1000
    })
    expect(otherFlow(3)).toMatchObject({ transport: 'udp', headerBytes: 42, maxPacingRateBytesPerSecond: Infinity })
  })

  it('has the bands and the offload horizon of a newer kernel, and priorities of sockets', () => {
    const priomap = new Array(16).fill(2).fill(0, 6, 7)
    const { qdisc, flows } = parseQdiscStage(
      source(
        `{ kind: fq, kernel: "6.12", weights: [300000, 200000, 100000], priomap: [${priomap}], offload_horizon: 2ms, flows: { 1: { priority: 6 } } }`
      )
    )
    expect(qdisc).toMatchObject({
      kernel: '6.12',
      bands: { weights: [300_000, 200_000, 100_000], priomap },
      offloadHorizonNs: 2e6
    })
    expect(flows.get(1)).toMatchObject({ priority: 6 })
    expect(parseQdiscStage(source('{ kind: fq, kernel: "6.12" }')).qdisc).not.toHaveProperty('bands')
    for (const key of ['offload_horizon: 2ms', 'weights: [20000, 20000, 20000]']) {
      expect(() => parseQdiscStage(source(`kind: fq\n${key}`))).toThrow(/^c\.yaml:2:\d+: \w+: needs kernel: "6\.12"$/)
    }
    expect(() => parseQdiscStage(source('{ kind: fq, kernel: "6.12", weights: [1, 2, 3] }'))).toThrow('must be at least 16384')
  })

  it('says the same as a scenario in other words', () => {
    const text = `
market: { venues: [ { tape: { generate: liquid } } ] }
path:
  sessions: [ { name: "1", priority: 6, maxPacingRate: 2mbit, sendBuffer: 1MB } ]
  qdisc: { kind: fq, kernel: "6.12", flowLimit: 20, weights: [300000, 200000, 100000], offloadHorizon: 2ms }
`
    const { path } = parseScenario(text, { fileName: 's.yaml' })
    const { qdisc, flows } = parseQdiscStage(
      source(
        '{ kind: fq, kernel: "6.12", flow_limit: 20, weights: [300000, 200000, 100000], offload_horizon: 2ms, flows: { 1: { priority: 6, max_pacing_rate: 2mbit, send_buffer: 1000000 } } }'
      )
    )
    expect(qdisc).toEqual(path.qdisc)
    expect({ ...flows.get(1), rttNs: path.sessions[0].rttNs }).toEqual(path.sessions[0])
  })

  it('counts packets as tc prints them, too', () => {
    expect(parseQdiscStage(source('{ kind: fq, limit: 50p, flow_limit: 20 }')).qdisc).toMatchObject({ limit: 50, flowLimit: 20 })
    expect(() => parseQdiscStage(source('{ kind: fq, limit: 0p }'))).toThrow(
      'c.yaml:1:20: limit: needs a number of packets such as 100 or 100p'
    )
  })

  it('takes the kernel beside any discipline; a fair queue below a tbf has it unless it names its own', () => {
    expect(parseQdiscStage(source('{ kind: none, kernel: "6.1" }')).qdisc).toEqual({ kind: 'none' })
    const childOf = (child: string) =>
      (
        parseQdiscStage(source(`{ kind: tbf, rate: 2mbit, burst: 5000, kernel: "6.12", child: ${child} }`)).qdisc as {
          child: object
        }
      ).child
    expect(childOf('{ kind: fq }')).toMatchObject({ kernel: '6.12' })
    expect(childOf('{ kind: fq, kernel: "6.1" }')).toMatchObject({ kernel: '6.1' })
  })

  it('a tbf has its limit in bytes, or what it sends in a latency: with a peak rate the smaller of both buckets', () => {
    const limitOf = (text: string) => (parseQdiscStage(source(text)).qdisc as { limitBytes: number }).limitBytes
    expect(limitOf('{ kind: tbf, rate: 2mbit, burst: 5000, limit: 20000 }')).toBe(20_000)
    // 250,000 B/s x 50 ms + 5000.
    expect(limitOf('{ kind: tbf, rate: 2mbit, burst: 5000, latency: 50ms }')).toBe(17_500)
    // 300,000 B/s x 50 ms + 1600 is less than 250,000 B/s x 50 ms + 9000.
    expect(limitOf('{ kind: tbf, rate: 2mbit, burst: 9000, latency: 50ms, peakrate: 2400kbit, mtu: 1600 }')).toBe(16_600)
  })

  it('a tbf may have a fair queue inside', () => {
    const { qdisc } = parseQdiscStage(source('{ kind: tbf, rate: 4mbit, burst: 3000, child: { kind: fq, quantum: 600 } }'))
    expect(qdisc).toMatchObject({ kind: 'tbf', burstBytes: 3000, child: { kind: 'fq', quantum: 600, initialQuantum: 15_140 } })
  })

  it.each([
    ['', 'c.yaml:1:1: is empty; it needs a map of keys such as kind, flows and machine'],
    ['limit: 5', 'c.yaml:1:1: kind: is missing; it needs one of fq, tbf, none'],
    ['kind: sfq', 'c.yaml:1:7: kind: is the text "sfq"; it needs one of fq, tbf, none'],
    ['kind: fq\nqantum: 3028', 'c.yaml:2:1: qantum: is not a known key; did you mean quantum?'],
    ['kind: fq\nrefill_delay: 40', 'c.yaml:2:15: refill_delay: "40" has no unit'],
    [
      'kind: fq\nflows:\n  1: { max_pacing_rate: 200000 }',
      'c.yaml:3:25: flows.1.max_pacing_rate: "200000" has no unit; write 200000B/s'
    ],
    [
      'kind: fq\nflows:\n  1: { max_pacing_rte: 2mbit }',
      'c.yaml:3:8: flows.1.max_pacing_rte: is not a known key; did you mean max_pacing_rate?'
    ],
    ['kind: fq\nflows:\n  a: { transport: udp }', 'c.yaml:3:'],
    ['kind: fq\nmaxrate: 2mbyte', 'c.yaml:2:10: maxrate: "mbyte" is not a unit of a rate'],
    ['kind: fq\nkernel: 5.4', 'c.yaml:2:9: kernel: is'],
    ['kind: fq\nquantum: 0', 'c.yaml:2:10: quantum: must be at least 1 byte'],
    ['kind: tbf', 'c.yaml:1:1: rate: is missing'],
    ['{ kind: tbf, rate: 2mbit, limit: 5000, latency: 5ms }', 'c.yaml:1:49: latency: has no effect beside limit'],
    ['{ kind: tbf, rate: 2mbit, peakrate: 1mbit }', 'c.yaml:1:37: peakrate: must be above rate']
  ])('%j is a located fault', (text, message) => {
    expect(() => parseQdiscStage(source(text))).toThrow(message)
  })

  it('an edit is checked like what stands in the file', () => {
    expect(parseQdiscStage(source('kind: fq', 'flow_limit=20')).qdisc).toMatchObject({ flowLimit: 20 })
    expect(() => parseQdiscStage(source('kind: fq', 'flow_limt=20'))).toThrow('--set flow_limt=20: is not a known key')
  })
})

describe('a damaged configuration', () => {
  it('is one that can be, or one located sentence', () => {
    const text = `kind: fq
kernel: "6.12"
limit: 10000
maxrate: 2mbit
refill_delay: 40ms
horizon_drop: true
flows:
  1: { transport: udp, max_pacing_rate: 200000B/s, header_bytes: 42 }
  2: { transport: tcp, nodelay: true, rtt: 40ms, mss: 1448 }
machine: { hz: 250, monotonicAtZeroNs: 4466000000 }
`
    const edit = fc.record({ at: fc.nat(text.length), cut: fc.nat(4), put: fc.stringMatching(/^[ -~\n]{0,4}$/) })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let damaged = text
        for (const { at, cut, put } of edits) damaged = damaged.slice(0, at) + put + damaged.slice(at + cut)
        try {
          const { qdisc, flows } = parseQdiscStage(source(damaged))
          expect(['fq', 'tbf', 'none']).toContain(qdisc.kind)
          for (const { maxPacingRateBytesPerSecond } of flows.values()) expect(maxPacingRateBytesPerSecond).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(InputError)
          expect((error as Error).message).toMatch(/^c\.yaml:\d+:\d+: [^\n]+$/)
        }
      }),
      { seed: 17, numRuns: 1500 }
    )
  })
})

describe('throttle, acks and host are written as in a scenario', () => {
  it('a throttle has the keys and presets of path.gateway.throttle', () => {
    expect(parseThrottleStage(source('{ preset: bybit, limit: 20 }'))).toMatchObject({
      window: 'sliding',
      limit: 20,
      windowNs: 1e9
    })
    expect(() => parseThrottleStage(source('kind: sliding\nlimt: 5'))).toThrow(
      'c.yaml:2:1: limt: is not a known key; did you mean limit?'
    )
    expect(() => parseThrottleStage(source('limit: 5'))).toThrow('c.yaml:1:8: limit: has no effect without a kind of window')
  })

  it('acks have the keys of path.acks', () => {
    expect(parseAckStage(source('{ service: 10us, backgroundLoad: 0.5 }'))).toEqual({
      service: { law: 'constant', valueNs: 10_000 },
      backgroundLoad: 0.5,
      whileDown: 'sent'
    })
    expect(() => parseAckStage(source('service: { law: exponential, mean: 5 }'))).toThrow(
      'c.yaml:1:36: service.mean: "5" has no unit'
    )
  })

  it('a host has a file, which is played once, a preset, or a map as in path.host.stalls', () => {
    expect(parseHostStage(source('stalls: faults.csv.gz'))).toMatchObject({
      trace: { file: 'faults.csv.gz', startNs: 0, periodNs: Infinity }
    })
    expect(parseHostStage(source('stalls: storm-file'))).toMatchObject({ stalls: { kind: 'generated' }, trace: null })
    expect(parseHostStage(source('stalls: { trace: f.csv, start: 1s, period: 2s }'))).toMatchObject({
      trace: { file: 'f.csv', startNs: 1e9, periodNs: 2e9 }
    })
    expect(() => parseHostStage(source('stalls: storm-fil'))).toThrow(
      'c.yaml:1:9: stalls: is the text "storm-fil"; it needs one of'
    )
    expect(() => parseHostStage(source('stals: f.csv'))).toThrow('c.yaml:1:1: stals: is not a known key; did you mean stalls?')
    expect(() => parseHostStage(source('{}'))).toThrow('c.yaml:1:1: stalls is missing')
  })
})
