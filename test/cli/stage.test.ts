/*
 * Each stage of the path driven by itself through the built command line: on cases done by hand, on recordings of a real kernel with the
 * configuration that their manifest states, and on faulty input.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CaseDescription, FIXTURES, GOLDEN, hasGolden, readManifest, readRows } from '../path/fq-recordings.ts'
import { buildProgram, type Outcome, tailtax } from './program.ts'

let directory = ''

beforeAll(() => {
  buildProgram()
  directory = mkdtempSync(join(tmpdir(), 'tailtax-stage-'))
})

afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

const put = (name: string, text: string): void => writeFileSync(join(directory, name), text)
const lines = (name: string): string[] => readFileSync(join(directory, name), 'utf8').trimEnd().split('\n')

/** Drives a stage and gives its JSON summary; the departures are in out.csv. */
function drive(stage: string, config: string, arrivals: string, more: readonly string[] = []): Record<string, unknown> {
  put('config.yaml', config)
  put('in.csv', arrivals)
  const args = ['stage', stage, '--config', 'config.yaml', '--in', 'in.csv', '--out', 'out.csv', '--json', ...more]
  const { code, out, error } = tailtax(args, directory)
  expect([code, error]).toEqual([0, ''])
  return JSON.parse(out) as Record<string, unknown>
}

describe('stage qdisc', () => {
  it('gives packets in order of departure, drops at their instant, each with its flow, number and reason', () => {
    // 242 bytes at 242,000 B/s are 1 ms; a quantum of one packet makes fq space each. The third finds two in the queue.
    const summary = drive(
      'qdisc',
      'kind: fq\nquantum: 242\ninitial_quantum: 242\nflow_limit: 1\ntimer_slack: 0\nflows: { 7: { max_pacing_rate: 242000B/s } }\n',
      'flow,tNs,payloadBytes,txTimeNs\n7,0,200,\n7,100,200,\n7,200,200,\n9,300,58,\n'
    )
    expect(lines('out.csv')).toEqual([
      'flow,seq,arriveNs,departNs,bytes,streamOffset,dropped,reason',
      '7,0,0,0,242,,0,',
      '7,2,200,,242,,1,flow-limit',
      '9,0,300,300,100,,0,',
      '7,1,100,1000000,242,,0,'
    ])
    expect(summary).toMatchObject({
      stage: 'qdisc',
      count: 4,
      packets: 3,
      waitNs: { count: 3, max: 999_900 },
      burstinessIndex: 2 / 3,
      drops: { count: 1, byReason: { 'flow-limit': 1 } }
    })
  })

  it('gives a row per TCP segment with its offset on the stream, and the socket as ss shows it', () => {
    const writes = Array.from({ length: 12 }, (_, i) => `1,${i * 400_000},200,`).join('\n')
    const summary = drive(
      'qdisc',
      'kind: fq\ntimer_slack: 0\nflows: { 1: { transport: tcp, max_pacing_rate: 200000B/s, rtt: 1ms } }\n',
      `flow,tNs,payloadBytes,txTimeNs\n${writes}\n`
    )
    const rows = lines('out.csv').slice(1)
    expect(rows[0]).toBe('1,0,0,0,266,0,0,')
    expect(rows[9]).toBe('1,9,3600000,3600000,266,1800,0,')
    // The tenth is charged 1 ms less the 0.4 ms since the ninth.
    expect(rows[10]).toBe('1,10,4000000,4200000,266,2000,0,')
    expect(summary.flows).toEqual([
      {
        flow: 1,
        transport: 'tcp',
        pacingBytesPerSecond: 200_000,
        capBytesPerSecond: 200_000,
        deliveredBytes: 2400,
        unsentBytes: 0,
        windowSegments: expect.any(Number)
      }
    ])
  })

  it('holds a datagram for its departure time over fq only', () => {
    const arrivals = 'flow,tNs,payloadBytes,txTimeNs\n1,0,58,5000\n1,10,58,\n'
    const departures = (config: string): string[] => {
      drive('qdisc', config, arrivals)
      return lines('out.csv')
        .slice(1)
        .map((line) => line.split(',').slice(1, 4).join(' '))
    }
    // The flow sleeps until 5 us; what came later is due before, and leaves first when it wakes.
    expect(departures('{ kind: fq, timer_slack: 0 }')).toEqual(['1 10 5000', '0 0 5000'])
    expect(departures('kind: none')).toEqual(['0 0 0', '1 10 10'])
    // 100 bytes at 8 Mbit/s are 100 us; the bucket holds one packet.
    expect(departures('{ kind: tbf, rate: 8mbit, burst: 100, limit: 1000 }')).toEqual(['0 0 0', '1 10 100000'])
  })

  /** The manifest's case in the command's own words. */
  function configOf(description: CaseDescription): string {
    const [root, child] = description.qdisc.replace('root: ', '').split(' ; child: ')
    const words = (text: string): Record<string, unknown> => {
      const [kind, ...rest] = text.trim().split(/\s+/)
      const config: Record<string, unknown> = { kind }
      for (let i = 0; i < rest.length; i++) {
        if (rest[i] === 'nopacing' || rest[i] === 'horizon_drop') config[rest[i]] = true
        else {
          const value = rest[i + 1]
          config[rest[i]] = rest[i] === 'timer_slack' ? `${value}ns` : /^\d+$/.test(value) ? Number(value) : value
          i++
        }
      }
      return config
    }
    const flows = description.flows.map(({ id, proto, max_pacing_rate_Bps }) => {
      const rate = max_pacing_rate_Bps === null ? {} : { max_pacing_rate: `${max_pacing_rate_Bps}B/s` }
      const delay = /delay (\S+)/.exec(description.rx_netem ?? '')?.[1]
      const tcp = {
        header_bytes: 66,
        nodelay: description.tcp_nodelay,
        autocork: description.autocork === 1,
        tso: description.tso === 1,
        gso: description.tso === 1,
        ...(delay === undefined ? {} : { rtt: delay })
      }
      return [id, { transport: proto, ...rate, ...(proto === 'tcp' ? tcp : { header_bytes: 42 }) }]
    })
    return JSON.stringify({
      ...words(root),
      ...(child === undefined ? {} : { child: words(child) }),
      flows: Object.fromEntries(flows),
      machine: { hz: 250, monotonicAtZeroNs: description.t0_monotonic_ns, unqueuedNs: 1850, timerNs: 1150, backToBackNs: 1935 }
    })
  }

  function meets(folder: string, name: string, description: CaseDescription): void {
    const rows = readRows(folder, name, description)
    const cells = (row: (typeof rows)[number]): string =>
      `${description.flows[row.session].id},${row.schedNs},${row.payloadBytes},${Number.isNaN(row.txTimeNs) ? '' : row.txTimeNs}`
    drive('qdisc', configOf(description), `flow,tNs,payloadBytes,txTimeNs\n${rows.map(cells).join('\n')}\n`)
    const keyOf = (flow: number, seq: number): string => `${flow} ${seq}`
    const recorded = new Map<string, (typeof rows)[number]>()
    const seen = new Map<number, number>()
    for (const row of rows) {
      const { id } = description.flows[row.session]
      const seq = seen.get(id) ?? 0
      seen.set(id, seq + 1)
      recorded.set(keyOf(id, seq), row)
    }
    const slackNs = Number(/timer_slack (\d+)/.exec(description.qdisc)?.[1] ?? 10_000)
    const departed = lines('out.csv').slice(1)
    expect(departed.length, name).toBe(rows.length)
    const order: string[] = []
    for (const line of departed) {
      const [flow, seq, arriveNs, departNs, bytes, , dropped] = line.split(',')
      const key = keyOf(Number(flow), Number(seq))
      const row = recorded.get(key)
      if (row === undefined) throw new Error(`${name}: ${line} was not sent`)
      expect([dropped === '1', Number(arriveNs), Number(bytes)], `${name}: ${line}`).toEqual([
        row.dropped,
        row.schedNs,
        row.payloadBytes + 42
      ])
      if (dropped === '1') continue
      order.push(key)
      expect(Math.abs(Number(departNs) - row.wireNs), `${name}: ${line}`).toBeLessThanOrEqual(slackNs + 5000)
    }
    const wire = [...recorded].filter(([, row]) => !row.dropped).sort(([, a], [, b]) => a.wireNs - b.wireNs)
    expect(order, `${name}: order of departure`).toEqual(wire.map(([key]) => key))
  }

  const datagramCases = (folder: string) =>
    Object.entries(readManifest(folder).cases).filter(([, { protocol }]) => protocol === 'udp')

  it.each(datagramCases(FIXTURES))('meets the recording %s', (name, description) => meets(FIXTURES, name, description))

  it.skipIf(!hasGolden)(
    'meets every recorded UDP and tbf case (skipped without ../shared/golden/fq)',
    { timeout: 120_000 },
    () => {
      const cases = datagramCases(GOLDEN)
      expect(cases.length).toBeGreaterThan(30)
      for (const [name, description] of cases) meets(GOLDEN, name, description)
    }
  )

  it('cuts the stream of the recording over 40 ms where the kernel did', () => {
    const { tcp_rtt40_200k } = readManifest(FIXTURES).cases
    const rows = readRows(FIXTURES, 'tcp_rtt40_200k', tcp_rtt40_200k)
    const writes = rows.filter(({ kind }) => kind === 'write').map((row) => `1,${row.appNs},${row.payloadBytes},`)
    drive('qdisc', configOf(tcp_rtt40_200k), `flow,tNs,payloadBytes,txTimeNs\n${writes.join('\n')}\n`)
    const segments = lines('out.csv')
      .slice(1)
      .map((line) => line.split(','))
      .map(([, , , , bytes, offset]) => [Number(offset), Number(bytes) - 66])
    expect(segments).toEqual(rows.filter(({ kind }) => kind === 'seg').map((row) => [row.streamOffset, row.payloadBytes]))
  })
})

describe('stage host', () => {
  it('holds tasks while a stall lasts and runs them back to back after it', () => {
    put('faults.csv', 't_ns,kind,service_ns,regime\n100,major,50,storm\n400,none,999,storm\n')
    // The second is interrupted after 10 ns, for 50; the third waits for it; the fourth comes when all is over.
    const summary = drive('host', 'stalls: ./faults.csv\n', 'tNs,serviceNs\n0,10\n90,20\n120,5\n300,7\n')
    expect(lines('out.csv')).toEqual(['tNs,startNs,endNs,delayNs', '0,0,10,0', '90,90,160,0', '120,160,165,40', '300,300,307,0'])
    expect(summary).toMatchObject({ stage: 'host', count: 4, waitNs: { max: 40 }, burstinessIndex: 1, drops: { count: 0 } })
  })

  it('takes a preset of generated stalls, which the seed decides', () => {
    const tasks = `tNs,serviceNs\n${Array.from({ length: 2000 }, (_, i) => `${i * 100_000},5000`).join('\n')}\n`
    const outputs = ['1', '1', '2'].map((seed) => {
      drive('host', 'stalls: storm-file\n', tasks, ['--seed', seed])
      return lines('out.csv').join('\n')
    })
    expect(outputs[1]).toBe(outputs[0])
    expect(outputs[2]).not.toBe(outputs[0])
  })
})

describe('stage throttle', () => {
  it('adds to each message what became of it', () => {
    const messages = 'tNs,session,type\n0,5,new\n1,5,replace\n2,5,cancel\n3,6,new\n1000000000,5,new\n'
    const summary = drive('throttle', '{ kind: fixed-clock, limit: 1, window: 1s, cancels: exempt }', messages)
    expect(lines('out.csv')).toEqual([
      'tNs,session,type,outcome,releaseNs,reason',
      '0,5,new,pass,0,',
      '1,5,replace,reject,,throttled',
      '2,5,cancel,pass,2,',
      '3,6,new,pass,3,',
      '1000000000,5,new,pass,1000000000,'
    ])
    expect(summary).toMatchObject({ outcomes: { pass: 4, reject: 1 }, drops: { byReason: { throttled: 1 } } })
  })

  it('holds and releases, or closes the session until it is logged on again', () => {
    const messages = 'tNs,session,type\n0,0,new\n1,0,new\n2,0,new\n30,0,new\n'
    drive('throttle', '{ kind: sliding, limit: 1, window: 10ns, overLimit: queue, queueCountMax: 1 }', messages)
    expect(lines('out.csv').slice(1)).toEqual([
      '0,0,new,pass,0,',
      '1,0,new,queue,10,',
      '2,0,new,reject,,throttle-queue-full',
      '30,0,new,pass,30,'
    ])
    drive('throttle', '{ kind: sliding, limit: 1, window: 10ns, overLimit: disconnect, relogon: 5ns }', messages)
    expect(lines('out.csv').slice(1)).toEqual([
      '0,0,new,pass,0,',
      '1,0,new,disconnect,,throttled',
      '2,0,new,reject,,session-down',
      '30,0,new,pass,30,'
    ])
    // Refused beyond the first limit, closed beyond the second, which counts what is refused.
    drive('throttle', '{ kind: sliding, limit: 1, window: 10ns, disconnectLimit: 2, relogon: 5ns }', messages)
    expect(lines('out.csv').slice(1)).toEqual([
      '0,0,new,pass,0,',
      '1,0,new,reject,,throttled',
      '2,0,new,disconnect,,throttled',
      '30,0,new,pass,30,'
    ])
  })
})

describe('stage acks', () => {
  it('serves reports in order, one after the other', () => {
    const summary = drive('acks', 'service: 10ns', 'tNs,type\n0,accepted\n3,filled\n50,cancel-ack\n')
    expect(lines('out.csv')).toEqual(['tNs,type,departNs', '0,accepted,10', '3,filled,20', '50,cancel-ack,60'])
    expect(summary).toMatchObject({ count: 3, waitNs: { p50: 10, max: 17 } })
  })
})

describe('what a stage says', () => {
  it('is a short summary, without --json', () => {
    put('config.yaml', 'service: 10us')
    put('in.csv', 'tNs,type\n0,ack\n')
    const { code, out, error } = tailtax('stage acks --config config.yaml --in in.csv --out out.csv'.split(' '), directory)
    expect([code, error]).toEqual([0, ''])
    expect(out).toMatch(/^acks: 1 rows in, departures in out\.csv\n/)
    expect(out).toMatch(/^wait p50 +10us$/m)
    expect(out).toMatch(/^burstiness index, 250 us +1\.0000$/m)
    expect(out).toMatch(/^drops +0$/m)
  })

  it('takes a million rows', { timeout: 60_000 }, () => {
    const count = 1_000_000
    const rows = Array.from({ length: count }, (_, i) => `1,${i * 5000},200,\n`)
    const summary = drive('qdisc', 'kind: fq', `flow,tNs,payloadBytes,txTimeNs\n${rows.join('')}`)
    expect(summary).toMatchObject({ count, packets: count, waitNs: { max: 0 } })
  })
})

describe('faults are one line, exit code 1, and leave nothing behind', () => {
  const FQ = 'kind: fq\n'
  const ROWS = 'flow,tNs,payloadBytes,txTimeNs\n1,0,200,\n'
  const cases: [stage: string, config: string, arrivals: string, line: RegExp][] = [
    ['qdisk', FQ, ROWS, /^stage: "qdisk" is not a stage; there are host, qdisc, throttle, acks$/],
    ['qdisc', FQ, 'flow,tNs,bytes\n', /^in\.csv:1: has no column payloadBytes; its head is flow,tNs,payloadBytes,txTimeNs$/],
    ['qdisc', FQ, `${ROWS}1,x,200,\n`, /^in\.csv:3: the tNs "x" is not a whole number/],
    ['qdisc', FQ, `${ROWS}1,5,200,\n1,4,200,\n`, /^in\.csv:4: the tNs goes back in time, from 5 to 4; sort the rows by it$/],
    ['qdisc', FQ, `${ROWS}1,5,200\n`, /^in\.csv:3: the row ends before its txTimeNs/],
    ['qdisc', `${FQ}flow_limt: 5\n`, ROWS, /^config\.yaml:2:1: flow_limt: is not a known key; did you mean flow_limit\?$/],
    ['qdisc', `${FQ}horizon: 10\n`, ROWS, /^config\.yaml:2:10: horizon: "10" has no unit/],
    ['throttle', 'kind: slding\nlimit: 5', 'tNs,session,type\n', /^config\.yaml:1:7: kind: .*did you mean sliding\?$/],
    ['throttle', '{}', 'tNs,session,type\n0,0,buy\n', /^in\.csv:2: the type "buy" is not one of new, replace, cancel$/],
    ['host', 'stalls: nowhere.csv', 'tNs,serviceNs\n', /^nowhere\.csv: there is no such file or directory/],
    ['acks', 'service: 5', 'tNs,type\n', /^config\.yaml:1:10: service: "5" has no unit/]
  ]
  it.each(cases)('%s %j %j', (stage, config, arrivals, line) => {
    put('config.yaml', config)
    put('in.csv', arrivals)
    rmSync(join(directory, 'out.csv'), { force: true })
    const before = readdirSync(directory).sort()
    const args = ['stage', stage, '--config', 'config.yaml', '--in', 'in.csv', '--out', 'out.csv']
    const { code, out, error }: Outcome = tailtax(args, directory)
    expect([code, out]).toEqual([1, ''])
    expect(error.split('\n')).toEqual([expect.stringMatching(line), ''])
    expect(readdirSync(directory).sort()).toEqual(before)
  })
})
