/* ITCH 5.0 to a tape: what each message means for the book, in a day file and in packets. */
import { describe, expect, it } from 'vitest'
import type { ImportOptions } from '../../src/formats/format.ts'
import { ITCH_FILE } from '../../src/formats/itch.ts'
import { ITCH_PCAP } from '../../src/formats/itch-pcap.ts'
import type { Tape } from '../../src/market/tape.ts'
import { chunksOf } from './byte-chunks.ts'
import { checkRules } from './fuzz.ts'
import { dayFile, frame, message, moldPacket, OPEN, pcap, pcapng } from './itch-encoder.ts'
import { rowsOf } from './tape-rows.ts'

const DATE = { date: '2020-01-02' }
const ABC = message.directory(3, 'ABC')

async function importDay(messages: readonly Uint8Array[], options: ImportOptions = DATE, zeroLengths = false): Promise<Tape> {
  const tape = await ITCH_FILE.read([chunksOf('day.itch', dayFile(messages, zeroLengths))], options)
  checkRules(tape)
  return tape
}

const bid = (t: number, ref: number | bigint, shares: number, price: number): Uint8Array =>
  message.add(3, OPEN + t, ref, 'B', shares, 'ABC', price)
const ask = (t: number, ref: number | bigint, shares: number, price: number): Uint8Array =>
  message.add(3, OPEN + t, ref, 'S', shares, 'ABC', price)

describe('messages of one stock', () => {
  it('adds, executions, cancels, deletes and replaces by order; a replace keeps the side and joins the tail', async () => {
    const tape = await importDay([
      ABC,
      bid(0, 1, 100, 100_000),
      message.addAttributed(3, OPEN + 1, 2, 'S', 50, 'ABC', 100_200),
      message.execute(3, OPEN + 2, 2, 20),
      message.cancel(3, OPEN + 3, 1, 40),
      message.replace(3, OPEN + 4, 1, 4, 80, 100_100),
      message.execute(3, OPEN + 5, 2, 30),
      message.delete(3, OPEN + 6, 4)
    ])
    expect(rowsOf(tape)).toEqual([
      '0 add bid 1000 100 #1',
      '1 add ask 1002 50 #2',
      '2 execute ask 1002 20 #2',
      '3 reduce bid 1000 40 #1',
      '4 delete bid 1000 60 #1',
      '4 add bid 1001 80 #4',
      '5 execute ask 1002 30 #2',
      '6 delete bid 1001 80 #4'
    ])
    expect(tape.header).toMatchObject({
      symbol: 'ABC',
      venue: 'NASDAQ',
      date: '2020-01-02',
      zone: 'America/New_York',
      tickUnits: 1,
      priceDecimals: 2
    })
  })

  it('an execution at another price takes the order in its place when printable, and is no continuous execution when it is part of a cross', async () => {
    const tape = await importDay([
      ABC,
      bid(0, 1, 100, 100_000),
      message.executeAtPrice(3, OPEN + 1, 1, 30, 'Y', 99_900),
      message.executeAtPrice(3, OPEN + 2, 1, 30, 'N', 100_100),
      message.executeAtPrice(3, OPEN + 2, 1, 40, 'N', 100_100),
      message.cross(3, OPEN + 2, 5000, 'ABC', 100_100),
      message.cross(3, OPEN + 3, 0, 'ABC', 0)
    ])
    expect(rowsOf(tape)).toEqual([
      '0 add bid 1000 100 #1',
      '1 execute bid 1000 30 #1',
      '2 reduce bid 1000 30 #1',
      '2 delete bid 1000 40 #1',
      '2 cross - 1001 5000 #0'
    ])
    expect(tape.header.notes).toMatchObject({ executionsAtOtherPrice: 1, crossExecutions: 2, messagesC: 3, messagesQ: 2 })
  })

  it('prints against hidden orders rest on the side of the mid that they are on, unless the file itself says S', async () => {
    const book = [ABC, bid(0, 1, 100, 100_000), ask(0, 2, 100, 100_400)]
    const tape = await importDay([
      ...book,
      message.trade(3, OPEN + 1, 'B', 5, 'ABC', 100_300),
      message.trade(3, OPEN + 2, 'B', 6, 'ABC', 100_050),
      message.trade(3, OPEN + 3, 'B', 7, 'ABC', 100_200)
    ])
    expect(rowsOf(tape).slice(2)).toEqual([
      '1 execute-hidden ask 1003 5 #0',
      '2 execute-hidden bid 1000 6 #0 ~',
      '3 execute-hidden bid 1002 7 #0'
    ])
    expect(tape.header.notes).toMatchObject({ hiddenSidesInferred: 2, hiddenSidesUnknown: 1, offGridPrints: 1 })
    const old = await importDay([
      ...book,
      message.trade(3, OPEN + 1, 'S', 5, 'ABC', 100_050),
      message.trade(3, OPEN + 2, 'B', 5, 'ABC', 100_350)
    ])
    expect(rowsOf(old).slice(2)).toEqual(['1 execute-hidden ask 1000 5 #0 ~', '2 execute-hidden bid 1003 5 #0 ~'])
  })

  it('halts, pauses and quotation-only periods until trading resumes; an operational halt of the market too', async () => {
    const trading = (t: number, state: string): Uint8Array => message.trading(3, OPEN + t, 'ABC', state)
    const tape = await importDay([
      ABC,
      trading(-5, 'T'),
      bid(0, 1, 100, 100_000),
      trading(1, 'P'),
      trading(2, 'Q'),
      trading(3, 'T'),
      message.operational(3, OPEN + 4, 'ABC', 'H'),
      message.operational(3, OPEN + 5, 'ABC', 'T')
    ])
    expect(rowsOf(tape)).toEqual([
      '0 add bid 1000 100 #1',
      '1 halt - 0 0 #0',
      '3 resume - 0 0 #0',
      '4 halt - 0 0 #0',
      '5 resume - 0 0 #0'
    ])
  })

  it('a stock that begins halted is halted before its first order', async () => {
    const messages = [message.trading(3, OPEN - 9, 'ABC', 'H'), bid(0, 1, 100, 100_000), message.trading(3, OPEN + 5, 'ABC', 'T')]
    expect(rowsOf(await importDay(messages))).toEqual(['0 halt - 0 0 #0 +', '0 add bid 1000 100 #1', '5 resume - 0 0 #0'])
    expect(rowsOf(await importDay([ABC, ...messages], { ...DATE, symbol: 'ABC' }))[0]).toBe('-9 halt - 0 0 #0')
  })

  it('of order ids up to 2^64 keeps those that a double holds and names the others', async () => {
    const high = 2n ** 63n + 5n
    const tape = await importDay([
      ABC,
      bid(0, 2n ** 52n - 1n, 1, 100_000),
      bid(1, high, 2, 100_000),
      message.execute(3, OPEN + 2, high, 2)
    ])
    expect(Array.from(tape.orderId)).toEqual([2 ** 52 - 1, 2 ** 52, 2 ** 52])
    expect(tape.header.notes.aliasedIds).toBe(1)
  })

  it('every type of message is stepped over at its length, and counted', async () => {
    const lengths = {
      S: 12,
      R: 39,
      H: 25,
      Y: 20,
      L: 26,
      V: 35,
      W: 12,
      K: 28,
      J: 35,
      h: 21,
      A: 36,
      F: 40,
      E: 31,
      C: 36,
      X: 23,
      D: 19
    }
    const more = { U: 35, P: 44, Q: 40, B: 19, I: 50, N: 20, O: 48 }
    const others = Object.entries({ ...lengths, ...more }).filter(([type]) => !'AFP'.includes(type))
    for (const zeroLengths of [false, true]) {
      const tape = await importDay(
        [bid(0, 1, 100, 100_000), ...others.map(([type, bytes]) => message.other(type, bytes, 3))],
        DATE,
        zeroLengths
      )
      for (const [type] of others) expect(tape.header.notes[`messages${type}`]).toBe(1)
    }
  })
})

describe('a file of many stocks', () => {
  const XYZ = message.directory(9, 'XYZ')
  const other = message.add(9, OPEN + 3, 77, 'B', 10, 'XYZ', 50_000)
  it('gives the one that is asked for', async () => {
    const tape = await importDay([ABC, XYZ, bid(0, 1, 100, 100_000), other, message.delete(3, OPEN + 4, 1)], {
      ...DATE,
      symbol: 'XYZ'
    })
    expect(rowsOf(tape)).toEqual(['3 add bid 500 10 #77'])
  })

  it('is an error that lists them when none is asked for, or one that it does not have', async () => {
    const messages = [ABC, XYZ, bid(0, 1, 100, 100_000), other]
    await expect(importDay(messages)).rejects.toThrow(
      /^day\.itch: byte 120: the file has several instruments; name one of ABC, XYZ$/
    )
    await expect(importDay(messages, { ...DATE, symbol: 'QQQ' })).rejects.toThrow(
      /^day\.itch: byte \d+: has no QQQ; it has ABC, XYZ$/
    )
  })

  it('gives the only one that has orders', async () => {
    expect((await importDay([ABC, XYZ, other])).header.symbol).toBe('XYZ')
  })
})

describe('the date', () => {
  it.each([
    ['01302020.NASDAQ_ITCH50', '2020-01-30'],
    ['20190730.PSX_ITCH_50.gz', '2019-07-30'],
    ['S030220-v50.txt.gz', '2020-03-02'],
    ['ex20101224.TEST_ITCH_50', '2010-12-24']
  ])('is in the name %s', async (name, date) => {
    expect((await ITCH_FILE.read([chunksOf(name, dayFile([bid(0, 1, 1, 100_000)]))], {})).header.date).toBe(date)
  })

  it('is asked for where it is not', async () => {
    const day = dayFile([bid(0, 1, 1, 100_000)])
    await expect(ITCH_FILE.read([chunksOf('day.itch', day)], {})).rejects.toThrow(
      /^day\.itch: neither the file nor its name says the date/
    )
  })
})

describe('packets', () => {
  const first = [ABC, bid(0, 1, 100, 100_000)]
  const second = [ask(1, 2, 50, 100_200)]
  const rows = ['0 add bid 1000 100 #1', '1 add ask 1002 50 #2']
  const read = (bytes: Uint8Array, options: ImportOptions = {}): Promise<Tape> =>
    ITCH_PCAP.read([chunksOf('day.pcap', bytes)], options)

  it.each([
    ['us, little-endian', pcap],
    ['us, big-endian', (frames: readonly Uint8Array[]) => pcap(frames, { little: false })],
    ['ns, little-endian', (frames: readonly Uint8Array[]) => pcap(frames, { nanoseconds: true })],
    ['ns, big-endian', (frames: readonly Uint8Array[]) => pcap(frames, { little: false, nanoseconds: true })],
    ['pcapng, little-endian', pcapng],
    ['pcapng, big-endian', (frames: readonly Uint8Array[]) => pcapng(frames, { little: false })]
  ])('of a capture in %s, with and without VLAN tags', async (_, capture) => {
    const tape = await read(capture([frame(moldPacket('S', 1, first)), frame(moldPacket('S', 3, second), 2)]))
    expect(rowsOf(tape)).toEqual(rows)
    // 14:30 UTC of 2020-01-02.
    expect(tape.header.date).toBe('2020-01-02')
  })

  it('that come twice are dropped, those that are missing counted', async () => {
    const frames = [
      frame(moldPacket('S', 1, first)),
      frame(moldPacket('S', 1, first)),
      frame(moldPacket('S', 2, [first[1], ...second])),
      frame(moldPacket('S', 9, [message.execute(3, OPEN + 4, 2, 10)])),
      frame(moldPacket('S', 10, []))
    ]
    const tape = await read(pcap(frames))
    expect(rowsOf(tape)).toEqual([...rows, '4 execute ask 1002 10 #2'])
    expect(tape.header.notes).toMatchObject({ duplicateMessages: 3, gaps: 1, gapMessages: 5 })
  })

  it('after a hole the book is emptied, or nothing matches, by the rule that is asked for', async () => {
    const frames = [frame(moldPacket('S', 1, first)), frame(moldPacket('S', 9, [bid(5, 3, 7, 99_900)]))]
    const tail = '5 add bid 999 7 #3'
    expect(rowsOf(await read(pcap(frames), { gapRule: 'clear' }))).toEqual([rows[0], '0 clear - 0 0 #0 +', tail])
    expect(rowsOf(await read(pcap(frames), { gapRule: 'halt' }))).toEqual([rows[0], '0 halt - 0 0 #0', tail])
    expect(rowsOf(await read(pcap(frames), { gapRule: 'keep' }))).toEqual([rows[0], tail])
  })

  it('of a new session count from its own first number; others than MoldUDP64 are counted', async () => {
    const frames = [
      frame(moldPacket('S', 90, first)),
      frame(moldPacket('T', 1, second)),
      frame(new Uint8Array(30)),
      new Uint8Array(60)
    ]
    const tape = await read(pcap(frames))
    expect(rowsOf(tape)).toEqual(rows)
    expect(tape.header.notes).toMatchObject({ newSessions: 1, otherPackets: 2 })
    expect(tape.header.notes.gaps).toBeUndefined()
  })
})
