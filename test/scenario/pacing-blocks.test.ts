/* The finding of the fq recordings in whole runs of the shipped scenario. */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { BLOCK_GAP_NS, type SessionWire, wireBlocks } from '../../src/metrics/wire-blocks.ts'
import { readScenario } from '../../src/node/scenario-file.ts'
import { prepare, type ReadyScenario } from '../../src/node/worlds.ts'
import { simulate } from '../../src/simulate.ts'

const FILE = fileURLToPath(new URL('../../scenarios/pacing-blocks.yaml', import.meta.url))
const MS = 1_000_000

function ready(...set: string[]): Promise<ReadyScenario> {
  const progress = { say: () => undefined, clear: () => undefined }
  return prepare(readScenario(FILE, { set }), { cache: 'none', progress })
}

function wireOf({ world }: ReadyScenario, policy: string, seed: number): SessionWire {
  const { ledger } = simulate(world(policy, seed))
  const sessions = wireBlocks(ledger, { fromNs: 0, toNs: Number.POSITIVE_INFINITY, blockGapNs: BLOCK_GAP_NS })
  expect(sessions).toHaveLength(1)
  return sessions[0]
}

describe('scenarios/pacing-blocks.yaml', () => {
  let shipped: ReadyScenario
  beforeAll(async () => {
    shipped = await ready()
  })

  it.each([1, 2, 3])('baseline: 63 at line rate, then blocks of 12 or 13 every 15.14 ms (seed %d)', (seed) => {
    const { blocks, bytesPerSecondAfterFirstBlock } = wireOf(shipped, 'baseline', seed)
    const [first, ...others] = blocks
    const last = others.pop()
    // 15140 / 242 = 62.6: the packet that takes the credit below nothing still goes.
    expect(first.messageCount).toBe(63)
    expect(others.length).toBeGreaterThan(5)
    for (const { messageCount } of others) expect([12, 13]).toContain(messageCount)
    // 3028 / 242 = 12.51 on average, so both kinds are there.
    expect(new Set(others.map(({ messageCount }) => messageCount)).size).toBe(2)
    expect(last?.messageCount).toBeLessThanOrEqual(13)
    // The first stall may be late by the timer's slack of 10 us; the next charge makes up for it.
    const [early, ...settled] = others.map(({ gapNs }) => gapNs)
    expect(Math.abs((early ?? 0) - 15.14 * MS)).toBeLessThanOrEqual(10_000)
    for (const gapNs of settled) expect(gapNs).toBe(15.14 * MS)
    expect(blocks.reduce((sum, { messageCount }) => sum + messageCount, 0)).toBe(150)
    // 87 messages are 6 whole quanta and a rest: within a block of the cap.
    expect(Math.abs((bytesPerSecondAfterFirstBlock ?? 0) / 200_000 - 1)).toBeLessThan(12.5 / 87)
  })

  it('controlled: the very same messages one by one every 1.21 ms, the first at the same instant', () => {
    const even = wireOf(shipped, 'controlled', 1)
    const lumpy = wireOf(shipped, 'baseline', 1)
    expect(even.blocks.map(({ messageCount }) => messageCount)).toEqual(Array.from({ length: 150 }, () => 1))
    for (const { gapNs } of even.blocks.slice(2)) expect(gapNs).toBe(1.21 * MS)
    expect(even.blocks[0].startNs).toBe(lumpy.blocks[0].startNs)
    expect([even.packetCount, even.bytes]).toEqual([lumpy.packetCount, lumpy.bytes])
    expect(even.bytesPerSecond).toBeCloseTo(200_000, -2)
  })

  it('a second burst of the same socket has no 63: it begins with a stall of half a quantum after what credit was left', async () => {
    const { blocks } = wireOf(await ready('parents.count=4'), 'baseline', 1)
    const later = blocks.findIndex(({ gapNs }) => gapNs !== null && gapNs > 100 * MS)
    expect(later).toBeGreaterThan(5)
    expect(blocks[later].messageCount).toBeLessThanOrEqual(13)
    expect(Math.abs((blocks[later + 1].gapNs ?? 0) - 7.57 * MS)).toBeLessThanOrEqual(10_000)
    expect(blocks.slice(1).every(({ messageCount }) => messageCount <= 13)).toBe(true)
  })

  it('with the default flow_limit later bursts lose datagrams', async () => {
    const limited = await ready('parents.count=4', 'path.qdisc.flowLimit=100')
    expect(wireOf(limited, 'baseline', 1).droppedCount).toBeGreaterThan(0)
    expect(wireOf(await ready('parents.count=4'), 'baseline', 1).droppedCount).toBe(0)
  })
})
