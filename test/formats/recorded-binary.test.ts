/*
 * Recorded binary files of ../shared/data (not part of the project): what PROVENANCE.md there counts in them with independent readers is what
 * the formats find.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DBN } from '../../src/formats/dbn.ts'
import { ITCH_FILE } from '../../src/formats/itch.ts'
import { ITCH_PCAP } from '../../src/formats/itch-pcap.ts'
import { InputError } from '../../src/kernel/assert.ts'
import { Book } from '../../src/market/book.ts'
import { ROW_FLAG, ROW_KIND, type Tape } from '../../src/market/tape.ts'
import { importFiles } from '../../src/node/market-import.ts'
import { checkRules } from './fuzz.ts'

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const HAVE_DATA = existsSync(DATA)
const SKIPPED = HAVE_DATA ? '' : ' (skipped: ../shared/data is absent)'

/** The notes of a tape, or those that an import without rows tells in its error. */
async function notesOf(read: Promise<Tape>): Promise<Record<string, number>> {
  try {
    const tape = await read
    checkRules(tape)
    return tape.header.notes
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const told = /there are no rows(?: of \S+)? to make a tape of \((.*)\)$/.exec(error.message)
    if (told === null) throw error
    return Object.fromEntries(told[1].split(', ').map((note) => [note.split(' ')[0], Number(note.split(' ')[1])]))
  }
}

const typesOf = (notes: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(notes)
      .filter(([name]) => name.startsWith('messages'))
      .map(([name, count]) => [name.slice(8), count])
  )

describe.skipIf(!HAVE_DATA)(`ITCH day files${SKIPPED}`, () => {
  it('the first thousand messages of a day', async () => {
    const file = join(DATA, 'itch_binary/sample_1000msgs.itch.gz')
    expect(typesOf(await notesOf(importFiles(ITCH_FILE, [file], { date: '2020-01-02' })))).toEqual({ S: 1, R: 993, H: 3, Y: 3 })
  })

  it('a made-up day whose lengths are zero', async () => {
    const file = join(DATA, 'itch_binary/SYNTHETIC_ex20101224.TEST_ITCH_50.gz')
    let rows = 0
    for (const symbol of ['ALC', 'BOB', 'CHAR']) {
      const tape = await importFiles(ITCH_FILE, [file], { symbol })
      checkRules(tape)
      const types = typesOf(tape.header.notes)
      expect(types).toEqual({ A: 4997, F: 3, P: 5000, D: 1745, E: 198, X: 45, U: 12, S: 6, R: 3, H: 3 })
      const { unknownIdRows = 0, addsWithoutIdOrQuantity = 0 } = tape.header.notes
      // A replace makes two rows.
      const replaced = tape.count + unknownIdRows + addsWithoutIdOrQuantity
      rows += replaced
    }
    expect(rows).toBe(4997 + 3 + 5000 + 1745 + 198 + 45 + 12 + (await replacesFound(file)))
  })

  async function replacesFound(file: string): Promise<number> {
    // Of the file's 12 replaces, those of a known order: each has a delete and an add of another id at one instant.
    let found = 0
    for (const symbol of ['ALC', 'BOB', 'CHAR']) {
      const { count, tNs, kind, orderId } = await importFiles(ITCH_FILE, [file], { symbol })
      for (let row = 1; row < count; row++)
        if (
          kind[row] === ROW_KIND.of.add &&
          kind[row - 1] === ROW_KIND.of.delete &&
          tNs[row] === tNs[row - 1] &&
          orderId[row] !== orderId[row - 1]
        )
          found++
    }
    return found
  }
})

describe.skipIf(!HAVE_DATA)(`ITCH packets${SKIPPED}`, () => {
  const of = (directory: string): string[] =>
    readdirSync(join(DATA, 'exchange_pcap/Nasdaq', directory)).map((name) => join(DATA, 'exchange_pcap/Nasdaq', directory, name))
  const TYPES: Readonly<Record<string, string>> = {
    AddOrderNoMPID: 'A',
    AddOrderWithMPID: 'F',
    CrossTrade: 'Q',
    LULDAuctionCollar: 'J',
    MarketParticipantPosition: 'L',
    NetOrderImbalanceIndicator: 'I',
    NonCrossTrade: 'P',
    OrderCancel: 'X',
    OrderDelete: 'D',
    OrderExecuted: 'E',
    OrderExecutedWithPrice: 'C',
    OrderReplace: 'U',
    RegSHORestriction: 'Y',
    StockTradingAction: 'H',
    SystemEvent: 'S'
  }

  it.skipIf(!HAVE_DATA)('each file holds the type that its name says, in every packet', async () => {
    const files = HAVE_DATA ? of('Nasdaq.Equities.TotalView.Itch.v5.0.20230822') : []
    expect(files).toHaveLength(Object.keys(TYPES).length)
    for (const file of files) {
      const notes = await notesOf(importFiles(ITCH_PCAP, [file], {}))
      const name = /(\w+)\.pcap$/.exec(file)?.[1] ?? ''
      expect([name, Object.keys(typesOf(notes))]).toEqual([name, [TYPES[name]]])
      expect(notes.otherPackets).toBeUndefined()
    }
  })

  it('all 23 files: 80 packets, none of another kind', async () => {
    let packets = 0
    for (const file of [...of('Nasdaq.Equities.TotalView.Itch.v5.0.20230822'), ...of('Nasdaq.Equities.TotalView.Itch.v5.0')]) {
      const several = file.endsWith('Multiple.Packets.pcap')
      const notes = await notesOf(importFiles(ITCH_PCAP, [file], several ? { symbol: 'META' } : {}))
      expect(notes.otherPackets).toBeUndefined()
      packets += notes.packets
    }
    expect(packets).toBe(80)
  })

  it('order entry is not market data', async () => {
    for (const file of of('Nasdaq.Nsm.Ouch.v5.0'))
      await expect(importFiles(ITCH_PCAP, [file], {})).rejects.toThrow('has no MoldUDP64 packets with ITCH 5.0 messages')
  })
})

describe.skipIf(!HAVE_DATA)(`Databento binary files${SKIPPED}`, () => {
  const file = (name: string): string => join(DATA, 'databento_dbn', name)
  const ES = 'orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst'

  it('ES: the snapshot is the seed, no unknown order, never locked or crossed', async () => {
    const tape = await importFiles(DBN, [file(ES)], {})
    checkRules(tape)
    const { seededOrders, unknownIdRows, crossedEvents, crossedEventsOutside } = tape.header.notes
    expect([seededOrders, unknownIdRows, crossedEvents, crossedEventsOutside]).toEqual([13_600, undefined, undefined, undefined])
    expect(tape.header).toMatchObject({
      symbol: 'ESM4',
      tickUnits: 25,
      priceDecimals: 2,
      date: '2024-05-07',
      zone: 'America/Chicago'
    })
    const executed = Array.from(tape.kind).filter((kind) => kind === ROW_KIND.of.execute).length
    expect(executed).toBe(5)
  })

  it('ES: every fill meets the head of its queue', async () => {
    const tape = await importFiles(DBN, [file(ES)], {})
    expect(fillsAtHead(tape)).toEqual({ fills: 5, atHead: 5 })
  })

  it('ES: a spread of one tick at every event, as the independent reader found', async () => {
    const tape = await importFiles(DBN, [file(ES)], {})
    const book = new Book()
    const spreads = new Set<number>()
    for (let row = 0; row < tape.count; row++) {
      book.apply(tape, row)
      const isLast = row + 1 === tape.count || tape.tNs[row + 1] > tape.tNs[row]
      if (isLast && (tape.flags[row] & ROW_FLAG.added) === 0) spreads.add(book.best(-1) - book.best(1))
    }
    expect([...spreads]).toEqual([1])
  })

  it('versions 1, 2 and 3 of one recording decode to the same', async () => {
    const told = await Promise.all(
      [
        'test_data.mbo.v1.dbn.zst',
        'test_data.mbo.v2.dbn.zst',
        'test_data.mbo.v3.dbn.zst',
        'test_data.mbo.v3.dbn',
        'test_data.mbo.dbn'
      ].map((name) => notesOf(importFiles(DBN, [file(name)], {})))
    )
    // Two cancels of orders that joined before.
    expect(told[0]).toMatchObject({ unknownIdRows: 2 })
    for (const notes of told) expect(notes).toEqual(told[0])
    const [old, now] = await Promise.all(
      ['test_data.mbp-10.dbn', 'test_data.mbp-10.v3.dbn.zst'].map((name) => importFiles(DBN, [file(name)], {}))
    )
    expect({ ...old, header: { ...old.header, source: '' } }).toEqual({ ...now, header: { ...now.header, source: '' } })
  })

  it.each([
    ['test_data.mbp-1.v3.dbn.zst', 0],
    ['test_data.tbbo.v3.dbn.zst', 2],
    ['test_data.trades.v3.dbn.zst', 2]
  ])('%s has %i trades', async (name, trades) => {
    const tape = await importFiles(DBN, [file(name)], {})
    checkRules(tape)
    expect(Array.from(tape.kind).filter((kind) => kind === ROW_KIND.of.trade)).toHaveLength(trades)
  })

  it.each(['test_data.status.v3.dbn.zst', 'test_data.imbalance.v3.dbn.zst'])('%s has no book', async (name) => {
    await expect(importFiles(DBN, [file(name)], {})).rejects.toThrow(/: has no MBO, MBP or trade records \(\d+ others\)$/)
  })
})

/** Executions of displayed orders, and those whose order was the oldest of its level. */
function fillsAtHead(tape: Tape): { fills: number; atHead: number } {
  const queues = new Map<string, Map<number, number>>()
  let fills = 0
  let atHead = 0
  for (let row = 0; row < tape.count; row++) {
    const key = `${tape.side[row]} ${tape.priceTicks[row]}`
    const queue = queues.get(key) ?? new Map<number, number>()
    queues.set(key, queue)
    const id = tape.orderId[row]
    const kind = ROW_KIND.names[tape.kind[row]]
    if (kind === 'execute') {
      fills++
      if (queue.keys().next().value === id) atHead++
    }
    if (kind === 'add') queue.set(id, tape.lots[row])
    else if (kind === 'execute' || kind === 'reduce' || kind === 'delete') {
      const rest = (queue.get(id) ?? 0) - tape.lots[row]
      if (rest > 0) queue.set(id, rest)
      else queue.delete(id)
    }
  }
  return { fills, atHead }
}
