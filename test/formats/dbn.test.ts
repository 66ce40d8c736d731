/* Databento's binary encoding to a tape: what records mean for the book, and how the file is read. */
import { describe, expect, it } from 'vitest'
import { DBN } from '../../src/formats/dbn.ts'
import type { ImportOptions } from '../../src/formats/format.ts'
import { Book } from '../../src/market/book.ts'
import type { Tape } from '../../src/market/tape.ts'
import { chunksOf } from './byte-chunks.ts'
import { type DepthLevel, dbn, FLAG, type HeaderOptions, mbo, mbp, status } from './dbn-encoder.ts'
import { checkRules } from './fuzz.ts'
import { rowsOf } from './tape-rows.ts'

async function read(records: readonly Uint8Array[], header: HeaderOptions = {}, options: ImportOptions = {}): Promise<Tape> {
  const tape = await DBN.read([chunksOf('day.dbn', dbn(records, header))], options)
  checkRules(tape)
  return tape
}

const NOT_LAST = 0
const snapshot = (side: string, id: number, price: number, size: number, flags: number = FLAG.snapshot): Uint8Array =>
  mbo('A', side, { at: -9_000_000_000, id, price, size, flags })

describe('order by order', () => {
  it('a snapshot is the seed, at the time of the first event; its clear of an empty book is no row', async () => {
    const tape = await read([
      mbo('R', 'N', { at: -9e9, flags: FLAG.snapshot }),
      snapshot('B', 5, 5000.25, 3),
      snapshot('A', 4, 5000.5, 2, FLAG.snapshot | FLAG.last),
      mbo('A', 'B', { at: 7, id: 6, price: 5000.25, size: 1 })
    ])
    expect(rowsOf(tape)).toEqual(['7 add bid 20001 3 #5 +', '7 add ask 20002 2 #4 +', '7 add bid 20001 1 #6'])
    expect(tape.header).toMatchObject({
      symbol: 'ESM4',
      venue: 'GLBX.MDP3',
      date: '2024-05-08',
      zone: 'America/Chicago',
      tickUnits: 25,
      priceDecimals: 2
    })
    expect(tape.header.notes).toMatchObject({ seededOrders: 2 })
  })

  it('a snapshot in mid-file replaces the book: rows that the import added', async () => {
    const tape = await read([
      mbo('A', 'B', { at: 1, id: 6, price: 5000.25, size: 1 }),
      mbo('R', 'N', { at: 2, flags: FLAG.snapshot }),
      snapshot('B', 8, 5000, 2, FLAG.snapshot | FLAG.last),
      mbo('A', 'A', { at: 9, id: 9, price: 5000.5, size: 4 })
    ])
    expect(rowsOf(tape)).toEqual(['1 add bid 20001 1 #6', '1 clear - 0 0 #0 +', '1 add bid 20000 2 #8 +', '9 add ask 20002 4 #9'])
  })

  const resting = [
    mbo('A', 'A', { at: 1, id: 1, price: 10, size: 5 }),
    mbo('A', 'A', { at: 2, id: 2, price: 10, size: 7 }),
    mbo('A', 'B', { at: 2, id: 3, price: 9, size: 4 })
  ]
  const trade = (at: number, size: number, side = 'B', price = 10): Uint8Array =>
    mbo('T', side, { at, price, size, flags: NOT_LAST })
  const fill = (at: number, id: number, size: number, price = 10): Uint8Array =>
    mbo('F', 'A', { at, id, price, size, flags: FLAG.last })
  const cancel = (at: number, id: number, size: number): Uint8Array => mbo('C', 'A', { at, id, price: 10, size })
  const modify = (at: number, id: number, size: number, price = 10): Uint8Array => mbo('M', 'A', { at, id, price, size })

  it('a trade over several orders: each fill is an execution where its order changes', async () => {
    const tape = await read([...resting, trade(5, 8), fill(5, 1, 5), fill(5, 2, 3), cancel(5, 1, 5), modify(5, 2, 4)])
    expect(rowsOf(tape).slice(3)).toEqual(['5 execute ask 10 5 #1', '5 execute ask 10 3 #2'])
  })

  it('what a change takes beyond the fill is a cancel; a cancel without a fill is one', async () => {
    const tape = await read([...resting, trade(5, 2), fill(5, 1, 2), cancel(5, 1, 5), cancel(6, 2, 3), modify(7, 2, 1)])
    expect(rowsOf(tape).slice(3)).toEqual([
      '5 execute ask 10 2 #1',
      '5 delete ask 10 3 #1',
      '6 reduce ask 10 3 #2',
      '7 reduce ask 10 3 #2'
    ])
  })

  it('an iceberg that shows more after its fill joins the queue anew', async () => {
    const tape = await read([...resting, trade(5, 5), fill(5, 1, 5), modify(5, 1, 5)])
    expect(rowsOf(tape).slice(3)).toEqual(['5 execute ask 10 5 #1', '5 add ask 10 5 #1'])
    expect(tape.header.notes).toMatchObject({ refreshedOrders: 1 })
  })

  it('less at the same price keeps its place; more, or another price, loses it', async () => {
    const tape = await read([...resting, modify(5, 1, 4), modify(6, 1, 6), modify(7, 2, 7, 11), modify(8, 2, 7, 11)])
    expect(rowsOf(tape).slice(3)).toEqual([
      '5 reduce ask 10 1 #1',
      '6 delete ask 10 4 #1',
      '6 add ask 10 6 #1',
      '7 delete ask 10 7 #2',
      '7 add ask 11 7 #2'
    ])
  })

  it('a trade that no fill explains met what the book does not show: on the side against the aggressor, or of the mid', async () => {
    const tape = await read([...resting, trade(5, 2, 'A', 9), trade(6, 3, 'N', 10), trade(7, 5), fill(7, 1, 4), cancel(7, 1, 4)])
    expect(rowsOf(tape).slice(3)).toEqual([
      '5 execute-hidden bid 9 2 #0',
      '6 execute-hidden ask 10 3 #0',
      '7 execute-hidden ask 10 1 #0',
      '7 execute ask 10 4 #1'
    ])
  })

  it('a fill whose order does not change is a print', async () => {
    const tape = await read([...resting, trade(5, 2), fill(5, 1, 2), mbo('A', 'B', { at: 6, id: 9, price: 8, size: 1 })])
    expect(rowsOf(tape).slice(3)).toEqual(['5 trade ask 10 2 #0', '6 add bid 8 1 #9'])
    expect(tape.header.notes).toMatchObject({ fillsWithoutChange: 1 })
  })

  it('unknown orders are left out and counted; an unknown order that is modified joins', async () => {
    const tape = await read([...resting, cancel(4, 99, 1), modify(5, 98, 2)])
    expect(rowsOf(tape).slice(3)).toEqual(['5 add ask 10 2 #98'])
    expect(tape.header.notes).toMatchObject({ unknownIdRows: 2 })
  })

  it('times that go back are held at the last, and counted', async () => {
    const tape = await read([resting[0], mbo('A', 'B', { at: 0, id: 5, price: 9, size: 1 }), resting[1]])
    expect(rowsOf(tape).map((line) => line.split(' ', 1)[0])).toEqual(['1', '1', '2'])
    expect(tape.header.notes).toMatchObject({ clampedTimeRows: 1, clampedNsMax: 1, receiveDelayNsMin: 1000 })
  })

  it('a crossed book is counted once an event is complete; by the rule drop the older side goes', async () => {
    const crossing = [...resting, mbo('A', 'B', { at: 5, id: 7, price: 10, size: 1 }), cancel(6, 1, 5), cancel(7, 2, 7)]
    const kept = await read(crossing)
    expect(kept.header.notes).toMatchObject({ crossedEvents: 1 })
    expect(rowsOf(kept)).toHaveLength(6)
    const dropped = await read(crossing, {}, { crossedRule: 'drop' })
    expect(rowsOf(dropped).slice(3)).toEqual(['5 add bid 10 1 #7', '5 level-set ask 10 0 #0 +'])
    expect(dropped.header.notes).toMatchObject({ droppedLevels: 1, unknownIdRows: 2 })
  })

  it('a book that may be bad is a gap, until it is good again', async () => {
    const bad = (at: number, id: number): Uint8Array => mbo('A', 'B', { at, id, price: 8, size: 1, flags: FLAG.last | FLAG.bad })
    const good = mbo('A', 'B', { at: 9, id: 22, price: 8, size: 1 })
    const records = [...resting, bad(5, 20), bad(6, 21), good]
    expect((await read(records)).header.notes).toMatchObject({ gaps: 1 })
    expect(rowsOf(await read(records, {}, { gapRule: 'halt' })).slice(3)).toEqual([
      '5 halt - 0 0 #0',
      '5 add bid 8 1 #20',
      '6 add bid 8 1 #21',
      '9 resume - 0 0 #0',
      '9 add bid 8 1 #22'
    ])
  })

  it('status records halt and resume', async () => {
    const tape = await read([...resting, status(5, 8, 'N'), status(6, 7, 'Y'), status(7, 9, '~'), status(8, 7, '~')])
    expect(rowsOf(tape).slice(3)).toEqual(['5 halt - 0 0 #0', '6 resume - 0 0 #0', '7 halt - 0 0 #0', '8 resume - 0 0 #0'])
  })

  it('a window keeps what rests at its start as the seed, oldest first, and ends at its end', async () => {
    const nine = 34_200_000_000_000
    const tape = await read(
      [...resting, cancel(6, 1, 2), cancel(8, 1, 1), cancel(20, 1, 1)],
      {},
      { fromNs: nine + 7, toNs: nine + 10 }
    )
    expect(rowsOf(tape)).toEqual(['8 add ask 10 3 #1 +', '8 add ask 10 7 #2 +', '8 add bid 9 4 #3 +', '8 reduce ask 10 1 #1'])
  })
})

describe('level by level', () => {
  const NONE: DepthLevel = [null, 0, null, 0]
  const ten = (...levels: DepthLevel[]): DepthLevel[] => [...levels, ...Array.from({ length: 10 - levels.length }, () => NONE)]

  it('ten levels become the changes between them, ended levels first; a side that is not full is whole', async () => {
    const tape = await read([
      mbp('A', 'B', { at: 1, price: 99, size: 5 }, ten([99, 5, 101, 6], [98, 4, 102, 7])),
      mbp('T', 'A', { at: 2, price: 99, size: 5 }, ten([99, 5, 101, 6], [98, 4, 102, 7])),
      mbp('C', 'B', { at: 2, price: 99, size: 5 }, ten([98, 4, 101, 6], [null, 0, 102, 7])),
      mbp('A', 'B', { at: 3, price: 101.5, size: 5 }, ten([98, 4, 102, 7]))
    ])
    expect(tape.header.book).toBe('by-price')
    expect(rowsOf(tape)).toEqual(
      [
        '1 level-set bid 198 5 #0',
        '1 level-set bid 196 4 #0',
        '1 level-set ask 202 6 #0',
        '1 level-set ask 204 7 #0',
        '2 trade bid 198 5 #0',
        '2 level-set bid 198 0 #0',
        '3 level-set ask 202 0 #0'
      ].map((line) => line.replace(/ (\d+) (\d+) #0/, (_, ticks: string, lots: string) => ` ${Number(ticks) / 2} ${lots} #0`))
    )
  })

  it('a level that leaves a full window is kept until it is seen to be gone', async () => {
    const full = (best: number): DepthLevel[] => Array.from({ length: 10 }, (_, at): DepthLevel => [best - at, 1 + at, null, 0])
    const tape = await read([
      mbp('A', 'B', { at: 1, price: 50, size: 1 }, full(50)),
      mbp('A', 'B', { at: 2, price: 51, size: 1 }, full(51))
    ])
    const book = new Book()
    for (let row = 0; row < tape.count; row++) book.apply(tape, row)
    // 51 to 42 as shown, and 41 as it was.
    expect([book.levelCount(1), book.totalLots(1, 42), book.totalLots(1, 41)]).toEqual([11, 10, 10])
  })

  it('trades alone make a tape of prints', async () => {
    const tape = await read([mbp('T', 'B', { at: 1, price: 10, size: 3 }, []), mbp('T', 'N', { at: 2, price: 10, size: 4 }, [])])
    expect(rowsOf(tape).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(['1 trade ask', '2 trade bid'])
    expect(tape.header.notes).toMatchObject({ tradeSidesInferred: 1 })
  })
})

describe('the file', () => {
  const one = mbo('A', 'B', { at: 1, id: 6, price: 5000.25, size: 1 })
  it('of versions 1, 2 and 3 gives the same tape', async () => {
    const [first, ...others] = await Promise.all(([1, 2, 3] as const).map((version) => read([one], { version })))
    for (const other of others) expect([rowsOf(other), other.header]).toEqual([rowsOf(first), first.header])
  })

  it('of several instruments needs the symbol, or takes the number of one', async () => {
    const two = mbo('A', 'B', { at: 2, id: 7, price: 70, size: 1, instrument: 9 })
    const symbols = [
      ['ESM4', 7],
      ['CLM4', 9]
    ] as const
    await expect(read([one, two], { symbols })).rejects.toThrow(
      /^day\.dbn: byte \d+: the file has several instruments; name one of CLM4, ESM4$/
    )
    await expect(read([one, two], { symbols }, { symbol: 'GCM4' })).rejects.toThrow(/^day\.dbn: has no GCM4; it has CLM4, ESM4$/)
    expect(rowsOf(await read([one, two], { symbols }, { symbol: 'CLM4' }))).toEqual(['2 add bid 1 1 #7'])
    expect(rowsOf(await read([one, two], { symbols }, { symbol: '9', tick: '10' }))).toEqual(['2 add bid 7 1 #7'])
  })

  it('of several publishers needs the number of one', async () => {
    const other = mbo('A', 'B', { at: 2, id: 7, price: 5000, size: 1, publisher: 40 })
    await expect(read([one, other])).rejects.toThrow('books of several publishers, 1 and 40; choose one, such as --venue 40')
    expect(rowsOf(await read([one, other], {}, { venue: '40', tick: '0.25' }))).toEqual(['2 add bid 20000 1 #7'])
  })

  it('refines the tick to what the prices say, and refuses a price off one that is given', async () => {
    const fine = mbo('A', 'A', { at: 2, id: 7, price: 5001.125, size: 1 })
    const tape = await read([one, fine])
    expect(tape.header).toMatchObject({ tickUnits: 125, priceDecimals: 3 })
    expect(rowsOf(tape)).toEqual(['1 add bid 40002 1 #6', '2 add ask 40009 1 #7'])
    await expect(read([one, fine], {}, { tick: '0.25' })).rejects.toThrow(
      /^day\.dbn: byte \d+: the price 5001\.125 is not a whole number of the tick 0\.25; give a smaller tick$/
    )
  })

  it('without book records is an error that counts the others', async () => {
    await expect(read([status(1, 7, 'Y')])).rejects.toThrow(/^day\.dbn: byte \d+: has no MBO, MBP or trade records/)
  })
})
