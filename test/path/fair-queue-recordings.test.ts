import { describe, expect, test } from 'vitest'
import { checkConservation } from '../../src/ledger/conservation.ts'
import { driveEgress } from '../../src/path/drive-egress.ts'
import {
  arrivalsOf,
  type CaseDescription,
  compareDatagrams,
  FIXTURES,
  GOLDEN,
  hasGolden,
  readManifest,
  readRows,
  stackOptions
} from './fq-recordings.ts'

/** What the model does with a case, driven by the recorded instants of entry into the discipline. */
function replay(folder: string, name: string, description: CaseDescription) {
  const rows = readRows(folder, name, description)
  const options = stackOptions(description)
  const record = driveEgress(
    options,
    arrivalsOf(rows, (row) => row.schedNs)
  )
  checkConservation(record.counts)
  const { qdisc } = options
  const slackNs = qdisc.kind === 'fq' ? qdisc.timerSlackNs : qdisc.kind === 'tbf' ? (qdisc.child?.timerSlackNs ?? 0) : 0
  return { comparison: compareDatagrams(rows, record.messageWireNs), slackNs }
}

function expectMet(folder: string, name: string, description: CaseDescription): string {
  const { comparison, slackNs } = replay(folder, name, description)
  expect(comparison.wrongDrops, `${name}: wrong drop verdicts`).toBe(0)
  expect(comparison.misordered, `${name}: packets out of the recorded order`).toBe(0)
  expect(comparison.errorNsMax, `${name}: largest departure error, ns`).toBeLessThanOrEqual(slackNs + 5000)
  expect(comparison.errorNsMedian, `${name}: median departure error, ns`).toBeLessThanOrEqual(1000)
  const { packets, errorNsMedian, errorNsMax } = comparison
  return [
    name.padEnd(22),
    String(packets).padStart(8),
    String(description.drops).padStart(6),
    '  all right',
    '  identical',
    `${(errorNsMedian / 1000).toFixed(2)} us`.padStart(10),
    `${(errorNsMax / 1000).toFixed(2)} us`.padStart(11)
  ].join('')
}

const HEADER = `${'case'.padEnd(22)} packets drops   verdicts    order     median    maximum`

const datagramCases = (folder: string) =>
  Object.entries(readManifest(folder).cases).filter(([, description]) => description.protocol === 'udp')

describe('fq and tbf against packet traces of Linux 6.1', () => {
  test.each(datagramCases(FIXTURES))('%s departs as recorded', (name, description) => {
    expectMet(FIXTURES, name, description)
  })

  test.skipIf(!hasGolden)('every recorded UDP and tbf case departs as recorded (skipped without ../shared/golden/fq)', () => {
    const lines = datagramCases(GOLDEN).map(([name, description]) => expectMet(GOLDEN, name, description))
    expect(lines.length).toBeGreaterThan(30)
    console.log([HEADER, ...lines].join('\n'))
  })

  test('the comparison sees a wrong rule: an initial quantum one message larger misses the recording', () => {
    const manifest = readManifest(FIXTURES).cases
    const description = manifest.udp_burst_200k
    const wrong = { ...description, qdisc: 'fq initial_quantum 15382' }
    const { comparison, slackNs } = replay(FIXTURES, 'udp_burst_200k', wrong)
    expect(comparison.errorNsMax).toBeGreaterThan(slackNs + 5000)
  })
})
