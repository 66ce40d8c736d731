/* A policy sets the qdisc of its own host. */
import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

describe("a policy's own qdisc", () => {
  const MARKET = 'market:\n  venues: [{ tape: { generate: liquid } }]\n'

  it("changes the scenario's where it is of the same kind, and is that kind's defaults where not", () => {
    const text = `${MARKET}path:
  qdisc: { kind: fq, flowLimit: 1000, quantum: 500B }
policies:
  baseline: { qdisc: { lowRateThreshold: 200kB/s } }
  controlled: { qdisc: none }
  shaped: { qdisc: { kind: tbf, rate: 2mbit, child: { quantum: 700B } } }
`
    const { path, policies } = parseScenario(text, { fileName: 'a.yaml' })
    const qdisc = (name: string) => policies.get(name)?.path.qdisc
    expect(path.qdisc).toMatchObject({ kind: 'fq', flowLimit: 1000, quantum: 500, lowRateThresholdBytesPerSecond: 68_750 })
    expect(qdisc('baseline')).toEqual({ ...path.qdisc, lowRateThresholdBytesPerSecond: 200_000 })
    expect(qdisc('controlled')).toEqual({ kind: 'none' })
    expect(qdisc('shaped')).toMatchObject({ kind: 'tbf', rateBytesPerSecond: 250_000, child: { quantum: 700, flowLimit: 100 } })
    const faulty = text.replace('700B', '0')
    expect(() => parseScenario(faulty, { fileName: 'a.yaml' })).toThrow(
      /^a\.yaml:8:\d+: policies\.shaped\.qdisc\.child\.quantum: must be at least 1B/
    )
  })
})
