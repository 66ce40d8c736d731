import { describe, expect, it } from 'vitest'
import { importLobster, type LobsterOptions } from '../../src/formats/lobster.ts'
import type { Tape } from '../../src/market/tape.ts'
import { chunksOf, MESSAGES } from './byte-chunks.ts'
import { rowsOf } from './tape-rows.ts'

const BOOK = MESSAGES.replace('message', 'orderbook')

/** Messages and, if given, orderbook rows, one per line. */
function imported(messages: string[], orderbook?: string[], options: LobsterOptions = {}, name = MESSAGES): Promise<Tape> {
  const file = (lines: string[]): string => lines.map((line) => `${line}\n`).join('')
  const book = orderbook === undefined ? null : chunksOf(name.replace('message', 'orderbook'), file(orderbook))
  return importLobster(chunksOf(name, file(messages)), book, options)
}

const EMPTY_ASK = '9999999999,0'
const EMPTY_BID = '-9999999999,0'

describe('message types', () => {
  it('1 to 5 and 7 become rows; a cross (6) is left out and counted', async () => {
    const tape = await imported([
      '34200,1,11,30,1000000,1',
      '34200.000000001,2,11,5,1000000,1',
      '34200.000000001,4,11,10,1000000,1',
      '34200.5,3,11,15,1000000,1',
      '34200.5,5,0,7,1000000,-1',
      '34201,6,-1,900,1000000,-1',
      '34202,7,0,0,-1,-1',
      '34203,7,0,0,0,-1',
      '34204,7,0,0,1,-1'
    ])
    expect(rowsOf(tape)).toEqual([
      '0 add bid 10000 30 #11',
      '1 reduce bid 10000 5 #11',
      '1 execute bid 10000 10 #11',
      '500000000 delete bid 10000 15 #11',
      '500000000 execute-hidden ask 10000 7 #0',
      '2000000000 halt - 0 0 #0',
      // Quotes resume, trading does not: still halted.
      '3000000000 halt - 0 0 #0',
      '4000000000 resume - 0 0 #0'
    ])
    expect(tape.header.notes).toMatchObject({ recordedRows: 8, crossesLeftOut: 1, hiddenRows: 1, haltRows: 3, unknownIdRows: 0 })
  })

  it('a hidden execution between two ticks is floored and marked; it counts as off-grid', async () => {
    const tape = await imported(['34200,5,0,7,1000050,1', '34200,5,0,7,1000001,-1', '34200,5,0,7,1000100,1'])
    expect(rowsOf(tape)).toEqual([
      '0 execute-hidden bid 10000 7 #0 ~',
      '0 execute-hidden ask 10000 7 #0 ~',
      '0 execute-hidden bid 10001 7 #0'
    ])
    expect(tape.header.notes.offGridPrints).toBe(2)
  })

  it('a seventh column (the participant of recent files) is passed over', async () => {
    expect(rowsOf(await imported(['34200,1,11,30,1000000,1,null']))).toEqual(['0 add bid 10000 30 #11'])
  })
})

describe('header', () => {
  it('comes from the standard file name', async () => {
    const { header } = await imported(['34200,1,11,30,1000000,1'])
    expect(header).toMatchObject({
      symbol: 'ABC',
      date: '2020-01-02',
      venue: 'NASDAQ',
      zone: 'America/New_York',
      openNs: 34_200_000_000_000,
      closeNs: 57_600_000_000_000,
      tickUnits: 1,
      priceDecimals: 2,
      source: `LOBSTER ${MESSAGES}`
    })
  })

  it('comes from options for any other name, which then must give symbol and date', async () => {
    const row = ['34200,1,11,30,1000000,1']
    await expect(imported(row, undefined, { symbol: 'X' }, 'some/day.csv')).rejects.toThrow(
      'some/day.csv: the name does not say symbol and date; rename it as LOBSTER does, or give symbol and date'
    )
    const { header } = await imported(row, undefined, { symbol: 'X', date: '2021-03-04', openNs: 5, closeNs: 9 }, 'some/day.csv')
    expect(header).toMatchObject({ symbol: 'X', date: '2021-03-04', openNs: 5, closeNs: 9, source: 'LOBSTER day.csv' })
  })

  it.each([
    ['0.01', 10_000, 1, 2],
    ['0.05', 2000, 5, 2],
    ['0.0001', 1_000_000, 1, 4],
    ['1', 100, 1, 0]
  ])('with a tick of %s a price of 100 dollars is %i ticks', async (tick, ticks, tickUnits, priceDecimals) => {
    const tape = await imported(['34200,1,11,30,1000000,1'], undefined, { tick })
    expect(tape.priceTicks[0]).toBe(ticks)
    expect(tape.header).toMatchObject({ tickUnits, priceDecimals })
  })

  it.each(['0', '-0.01', '0.00001', 'x', '1e-2'])('a tick of "%s" is refused', async (tick) => {
    await expect(imported(['34200,1,11,30,1000000,1'], undefined, { tick })).rejects.toThrow(`tick: "${tick}" is not a tick size`)
  })
})

describe('seed from the first orderbook row', () => {
  // The book after the first message is 100.00 x 50 against 100.02 x 8 in each case; the message is undone.
  const AFTER = ['1000200,8,1000000,50']
  it.each([
    ['an add to a level', '34200,1,11,30,1000000,1', ['0 level-set bid 10000 20 #0 +', '0 level-set ask 10002 8 #0 +']],
    ['an add that made the level', '34200,1,11,50,1000000,1', ['0 level-set ask 10002 8 #0 +']],
    ['a reduce', '34200,2,11,30,1000000,1', ['0 level-set bid 10000 80 #0 +', '0 level-set ask 10002 8 #0 +']],
    ['an execution of an ask', '34200,4,11,3,1000200,-1', ['0 level-set bid 10000 50 #0 +', '0 level-set ask 10002 11 #0 +']],
    [
      'a delete that emptied a better level',
      '34200,3,11,5,1000100,1',
      ['0 level-set bid 10000 50 #0 +', '0 level-set bid 10001 5 #0 +', '0 level-set ask 10002 8 #0 +']
    ],
    ['a hidden execution', '34200,5,0,5,1000100,1', ['0 level-set bid 10000 50 #0 +', '0 level-set ask 10002 8 #0 +']]
  ])('undoes %s', async (_case, message, seed) => {
    const tape = await imported([message], AFTER)
    expect(rowsOf(tape).slice(0, -1)).toEqual(seed)
    expect(tape.header.notes).toMatchObject({ seededLevels: seed.length, resyncRows: 0, recordedRows: 1 })
  })
})

describe('re-sync', () => {
  it('a level that comes into the window is set; one behind the window keeps its last state', async () => {
    const tape = await imported(
      [
        '34200,1,11,10,1000000,1',
        // A better bid hides 100.00 behind the window; when it goes, 100.00 is back with the order that is known.
        '34201,1,12,10,1000100,1',
        '34202,3,12,10,1000100,1',
        // Hidden again; meanwhile somebody joins and ours stays: the known 10 fit into 25.
        '34203,1,13,10,1000100,1',
        '34204,3,13,10,1000100,1'
      ],
      [`1000200,8,1000000,10`, `1000200,8,1000100,10`, `1000200,8,1000000,10`, `1000200,8,1000100,10`, `1000200,8,1000000,25`]
    )
    expect(rowsOf(tape)).toEqual([
      '0 level-set ask 10002 8 #0 +',
      '0 add bid 10000 10 #11',
      '1000000000 add bid 10001 10 #12',
      '2000000000 delete bid 10001 10 #12',
      '3000000000 add bid 10001 10 #13',
      '4000000000 delete bid 10001 10 #13',
      '4000000000 level-set bid 10000 25 #0 +'
    ])
    expect(tape.header.notes).toMatchObject({ resyncRows: 1, resyncedRows: 1, touchResyncedRows: 1, unknownIdRows: 0 })
  })

  it('a level inside the window that the file does not have is emptied, before others are set', async () => {
    const tape = await imported(
      ['34200,5,0,1,1000100,1', '34201,5,0,1,1000100,1'],
      ['1000300,5,1000200,8', '1000200,8,1000000,50']
    )
    expect(rowsOf(tape)).toEqual([
      '0 level-set bid 10002 8 #0 +',
      '0 level-set ask 10003 5 #0 +',
      '0 execute-hidden bid 10001 1 #0',
      '1000000000 execute-hidden bid 10001 1 #0',
      // The ask at 100.03 is behind the new best: it keeps its state. No row here crosses the book.
      '1000000000 level-set bid 10002 0 #0 +',
      '1000000000 level-set bid 10000 50 #0 +',
      '1000000000 level-set ask 10002 8 #0 +'
    ])
  })

  it('known orders that no longer fit are dropped: a later row of theirs has an unknown id', async () => {
    const tape = await imported(
      ['34200,1,11,10,1000000,1', '34201,5,0,1,1000100,1', '34202,3,11,10,1000000,1'],
      [`${EMPTY_ASK},1000000,10`, `${EMPTY_ASK},1000000,4`, `${EMPTY_ASK},${EMPTY_BID}`]
    )
    expect(rowsOf(tape)).toEqual([
      '0 add bid 10000 10 #11',
      '1000000000 execute-hidden bid 10001 1 #0',
      '1000000000 level-set bid 10000 4 #0 +',
      '2000000000 delete bid 10000 10 #11'
    ])
    expect(tape.header.notes).toMatchObject({ unknownIdRows: 1, resyncRows: 1 })
  })

  it('quotes may cross while trading is halted and until they part again', async () => {
    const tape = await imported(
      ['34200,1,11,10,1000000,1', '34201,7,0,0,-1,-1', '34202,1,12,5,1000000,-1', '34203,7,0,0,1,-1', '34204,4,11,10,1000000,1'],
      [
        `${EMPTY_ASK},1000000,10`,
        `${EMPTY_ASK},1000000,10`,
        '1000000,5,1000000,10',
        '1000000,5,1000000,10',
        `1000000,5,${EMPTY_BID}`
      ]
    )
    expect(tape.header.notes).toMatchObject({ haltRows: 2, resyncRows: 0 })
  })
})

describe('without an orderbook file', () => {
  it('orders first seen by what is taken off them rest from before, in the order of their ids', async () => {
    const tape = await imported([
      '34200,1,50,10,1000000,1',
      '34201,4,7,3,1000200,-1',
      '34202,2,5,4,999900,1',
      '34203,3,7,5,1000200,-1',
      '34204,4,5,1,999900,1'
    ])
    expect(rowsOf(tape).slice(0, 4)).toEqual([
      '0 add bid 9999 5 #5 +',
      '0 add ask 10002 8 #7 +',
      '0 add bid 10000 10 #50',
      '1000000000 execute ask 10002 3 #7'
    ])
    expect(tape.header.notes).toMatchObject({ seededOrders: 2, lateOrders: 0, recordedRows: 5 })
  })

  it('one whose id is higher than a recorded add arrived after that add', async () => {
    const tape = await imported([
      '34200,1,50,10,1000000,1',
      '34201,5,0,1,1000100,1',
      '34202,1,60,10,1000000,1',
      '34203,3,55,4,999900,1'
    ])
    expect(rowsOf(tape)).toEqual([
      '0 add bid 10000 10 #50',
      '0 add bid 9999 4 #55 +',
      '1000000000 execute-hidden bid 10001 1 #0',
      '2000000000 add bid 10000 10 #60',
      '3000000000 delete bid 9999 4 #55'
    ])
    expect(tape.header.notes).toMatchObject({ seededOrders: 0, lateOrders: 1 })
  })

  it('levels that a new order would cross, or that a worse execution shows to be gone, are emptied', async () => {
    const tape = await imported([
      '34200,1,1,10,1000000,1',
      '34200,1,2,10,1000100,1',
      // An ask at 100.01 locks the bid at 100.01: that bid must have gone.
      '34201,1,3,10,1000100,-1',
      '34202,1,4,10,999900,1',
      // A bid trades at 99.99 though one rests at 100.00: gone too.
      '34203,4,4,10,999900,1'
    ])
    expect(rowsOf(tape)).toEqual([
      '0 add bid 10000 10 #1',
      '0 add bid 10001 10 #2',
      '1000000000 add ask 10001 10 #3',
      '1000000000 level-set bid 10001 0 #0 +',
      '2000000000 add bid 9999 10 #4',
      '3000000000 execute bid 9999 10 #4',
      '3000000000 level-set bid 10000 0 #0 +'
    ])
    expect(tape.header.notes.staleLevels).toBe(2)
  })

  it('a hidden ask that trades between 100.02 and 100.03 shows the ask at 100.02 to be gone, a bid there does not', async () => {
    const gone = await imported(['34200,1,1,10,1000200,-1', '34201,5,0,1,1000250,-1'])
    expect(gone.header.notes.staleLevels).toBe(1)
    const stays = await imported(['34200,1,1,10,1000200,1', '34201,5,0,1,1000250,1'])
    expect(stays.header.notes.staleLevels).toBe(0)
  })
})

describe('bad input is one line that says where, what and what to do', () => {
  const ADD = '34200,1,11,30,1000000,1'
  it.each([
    ['a truncated row', [ADD, '34201,1,12,30'], `${MESSAGES}:2: the row ends before its price; the file is cut off`],
    ['a word for a number', [ADD, '34201,1,12,3o,1000000,1'], `${MESSAGES}:2: the size "3o" is not a whole number; correct`],
    [
      'time going back',
      [ADD, '34199.999999999,3,11,30,1000000,1'],
      `${MESSAGES}:2: the time goes back; a message file is sorted`
    ],
    ['a negative quantity', ['34200,1,11,-30,1000000,1'], `${MESSAGES}:1: the size is -30; it must be positive: correct the row`],
    ['a zero quantity', ['34200,1,11,0,1000000,1'], `${MESSAGES}:1: the size is 0; it must be positive`],
    ['an unknown type', ['34200,8,11,1,1000000,1'], `${MESSAGES}:1: the type 8 is unknown; a message file has types 1 to 7`],
    ['an unknown direction', ['34200,1,11,1,1000000,0'], `${MESSAGES}:1: the direction is 0; it must be 1 (buy) or -1 (sell)`],
    ['an add without id', ['34200,1,0,1,1000000,1'], `${MESSAGES}:1: the order id is 0; only hidden executions have none`],
    [
      'a price off the grid',
      ['34200,1,11,1,1000001,1'],
      `${MESSAGES}:1: the price 1000001 (in 0.0001 dollars) is not a whole number of`
    ],
    ['a price of zero', ['34200,1,11,1,0,1'], `${MESSAGES}:1: the price 0 (in 0.0001 dollars) is not a positive price that fits`],
    ['an order added twice', [ADD, ADD], `${MESSAGES}:2: order 11 is added a second time while it rests`],
    ['an order that moved', [ADD, '34201,3,11,30,1000100,1'], `${MESSAGES}:2: order 11 was added with another side or price`],
    ['an order added after use', ['34200,3,11,30,1000000,1', ADD], `${MESSAGES}:2: order 11 is added after a row took from it`],
    [
      'one unseen order at two prices',
      ['34200,2,11,3,1000000,1', '34200,2,11,3,1000100,1'],
      `${MESSAGES}:2: order 11 had another side`
    ],
    ['an unknown halt', ['34200,7,0,0,5,-1'], `${MESSAGES}:1: the halt's price is 5; it must be -1 (halted), 0 (quoting) or 1`],
    ['an orderbook file', ['1000200,8,1000000,50,1000300,5,999900,7'], `${MESSAGES}:1: `],
    ['no rows', [], `${MESSAGES}:1: the file has no rows; give a message file with at least one`]
  ])('%s', async (_case, messages, message) => {
    await expect(imported(messages)).rejects.toThrow(message)
  })

  it.each([
    [
      'fewer book rows',
      [ADD, ADD.replace('11', '12')],
      ['1000200,8,1000000,30'],
      `${BOOK}:1: the file ends here, but ${MESSAGES} goes on`
    ],
    ['more book rows', [ADD], Array(2).fill('1000200,8,1000000,30'), `${MESSAGES}:1: the file ends here, but ${BOOK} goes on`],
    [
      'a crossed book',
      [ADD],
      ['1000000,8,1000000,30'],
      `${BOOK}:1: the best bid is not below the best ask though trading is not halted`
    ],
    [
      'levels out of order',
      [ADD],
      ['1000300,8,1000000,30,1000200,8,999900,1'],
      `${BOOK}:1: level 2 is not behind level 1 on the ask side`
    ],
    [
      'equal bid levels',
      [ADD],
      ['1000200,8,1000000,30,1000300,8,1000000,1'],
      `${BOOK}:1: level 2 is not behind level 1 on the bid side`
    ],
    [
      'a hole',
      [ADD],
      [`${EMPTY_ASK},1000000,30,1000200,8,${EMPTY_BID}`],
      `${BOOK}:1: level 2 is present but the level before it is empty`
    ],
    ['three fields', [ADD], ['1000200,8,1000000'], `${BOOK}:1: the row has 3 fields; an orderbook row has four for each level`],
    ['an empty real level', [ADD], ['1000200,0,1000000,30'], `${BOOK}:1: the size is 0; it must be positive`],
    [
      'a level off the grid',
      [ADD],
      ['1000250,8,1000000,30'],
      `${BOOK}:1: the price 1000250 (in 0.0001 dollars) is not a whole number of`
    ]
  ])('%s', async (_case, messages, orderbook, message) => {
    const name = MESSAGES.replace('_1.csv', `_${orderbook[0].split(',').length > 4 ? 2 : 1}.csv`)
    const located = message.replaceAll(MESSAGES, name).replaceAll(BOOK, name.replace('message', 'orderbook'))
    await expect(imported(messages, orderbook, {}, name)).rejects.toThrow(located)
  })

  it('a book row shorter than the first', async () => {
    const deep = MESSAGES.replace('_1.csv', '_2.csv')
    const orderbook = [`1000200,8,1000000,30,1000300,1,${EMPTY_BID}`, '1000200,8,1000000,30']
    await expect(imported([ADD, '34201,5,0,1,1000100,1'], orderbook, {}, deep)).rejects.toThrow(
      `${deep.replace('message', 'orderbook')}:2: the row ends before its ask price; the file is cut off`
    )
  })

  it('a window that is not the one of the name', async () => {
    await expect(imported([ADD], ['1000200,8,1000000,30'], {}, MESSAGES.replace('_1.csv', '_5.csv'))).rejects.toThrow(
      "the row has 1 levels, but the file's name says 5"
    )
  })

  it('files of two days, and files given the wrong way round', async () => {
    const other = chunksOf(BOOK.replace('2020-01-02', '2020-01-03'), '')
    await expect(importLobster(chunksOf(MESSAGES, ''), other)).rejects.toThrow(
      `${MESSAGES}: the names of message and orderbook file differ in date; give the two files of one day`
    )
    await expect(importLobster(chunksOf(BOOK, ''), chunksOf(MESSAGES, ''))).rejects.toThrow(
      `${BOOK}: by its name this is the orderbook file, not the message file; give them the other way round`
    )
  })
})
