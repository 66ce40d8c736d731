/*
 * Recordings of Bitstamp's live_orders feed, order by order: as a log (`<receive time> <event> <JSON>`, with trades and published order books), or as
 * a table of the same orders (id, timestamp, price, volume in 10^-8, action, direction; neither trades nor books). What the events mean is in
 * bitstamp-orders.ts. The tape's time is the recorder's: the exchange's is in whole seconds. Amounts are in satoshis; a lot is ten of them,
 * so that orders of up to 214 BTC fit in 32 bits (`roundedAmounts`; a `lot` of 0.00000001 is exact up to 21 BTC). Errors: InputError `file:line: what; what to do`.
 * Source: Bitstamp websocket API (live_orders, 2015); ob-analytics (package documentation), whose data these are.
 */
import type { Tape } from '../market/tape.ts'
import { BitstampOrders } from './bitstamp-orders.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { ANY_UNIT } from './byte-lines.ts'
import type { Format, ImportOptions } from './format.ts'
import { END, JsonScanner } from './json-scanner.ts'
import { baseName } from './lobster-name.ts'
import { lookAhead } from './look-ahead.ts'
import { OrderTape } from './order-tape.ts'
import { TextScanner } from './text-scanner.ts'
import { WordList } from './word-list.ts'

const PRICE_DECIMALS = 8
/** Amounts are satoshis. */
const AMOUNT_DECIMALS = 8
const SIGN = 2 ** 53

const EVENTS = new WordList(['order_created', 'order_changed', 'order_deleted', 'trade', 'order_book'])
const EVENT = { created: 0, changed: 1, deleted: 2, trade: 3, book: 4 } as const
const NAMES = ['price', 'amount', 'id', 'order_type', 'bids', 'asks'] as const
const KEYS = new WordList(NAMES)
const KEY = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Record<(typeof NAMES)[number], number>

const COLUMNS = ['id', 'timestamp', 'price', 'volume', 'action', 'direction'] as const
const COLUMN = Object.fromEntries(COLUMNS.map((name, index) => [name, index])) as Record<(typeof COLUMNS)[number], number>
const ACTIONS = new WordList(['created', 'changed', 'deleted'])
const DIRECTIONS = new WordList(['ask', 'bid'])

export const BITSTAMP: Format = {
  name: 'bitstamp',
  title: 'Bitstamp live_orders recordings, order by order',
  book: 'L3',
  trades: true,
  hidden: false,
  gaps: false,
  files: 'one log of lines "<time> <event> <message>", or the table of its orders',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'Bitstamp: websocket live_orders; ob-analytics',
  async read([file], options) {
    const { source, isThere } = await lookAhead(file, 'direction')
    return isThere ? readTable(source, options) : new LogReader(source, options).read()
  }
}

function openTape(file: ByteChunks, options: ImportOptions, where: () => string): OrderTape {
  const facts = {
    symbol: 'BTCUSD',
    venue: 'bitstamp',
    zone: 'UTC',
    date: null,
    session: null,
    priceDecimals: PRICE_DECIMALS,
    usualTick: '0.01',
    quantityDecimals: AMOUNT_DECIMALS,
    usualLot: '0.0000001',
    source: `Bitstamp recording ${baseName(file.name)}`
  }
  return new OrderTape(facts, options, where)
}

class LogReader {
  private readonly scanner: JsonScanner
  private readonly tape: OrderTape
  private readonly book: BitstampOrders
  private price = Number.NaN
  private amount = Number.NaN
  private id = Number.NaN
  private side = 0
  private readonly levels = { values: new Float64Array(3 * 64), count: 0 }

  constructor(file: ByteChunks, options: ImportOptions) {
    this.scanner = new JsonScanner(file)
    this.tape = openTape(file, options, () => this.scanner.where())
    this.book = new BitstampOrders(this.tape)
  }

  async read(): Promise<Tape> {
    const { scanner, tape } = this
    do {
      while (scanner.advance()) this.readLine()
    } while (!tape.log.isPastWindow && (await scanner.fill()))
    this.book.end()
    return tape.finish()
  }

  private readLine(): void {
    const { scanner, tape } = this
    if (!scanner.leadingInstant(ANY_UNIT))
      scanner.fail('the row does not begin with the time when it was received; is it a recording?')
    const tNs = tape.log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
    const event = scanner.leadingWord(EVENTS)
    this.price = Number.NaN
    this.amount = Number.NaN
    this.id = Number.NaN
    this.side = 0
    this.levels.count = 0
    scanner.openObject('message')
    for (let key = scanner.key(KEYS); key !== END; key = scanner.key(KEYS)) this.readValue(key)
    scanner.endLine()
    this.act(event, tNs)
  }

  private readValue(key: number): void {
    const { scanner } = this
    switch (key) {
      case KEY.price:
        // Those of trades are doubles: the nearest unit is what was meant.
        this.price = Math.round(scanner.decimal('price', PRICE_DECIMALS))
        break
      case KEY.amount:
        this.amount = Math.round(scanner.decimal('amount', AMOUNT_DECIMALS))
        break
      case KEY.id:
        this.id = scanner.integer('id')
        break
      case KEY.order_type:
        this.side = scanner.integer('order_type') === 0 ? 1 : -1
        break
      case KEY.bids:
        scanner.levels(1, PRICE_DECIMALS, AMOUNT_DECIMALS, this.levels)
        break
      case KEY.asks:
        scanner.levels(-1, PRICE_DECIMALS, AMOUNT_DECIMALS, this.levels)
        break
      default:
        scanner.skip()
    }
  }

  private act(event: number, tNs: number): void {
    const { scanner, book, id, side, price, amount, levels } = this
    if (event === EVENT.book) {
      book.published(tNs, levels.values, levels.count)
      return
    }
    if (event < 0) {
      this.tape.log.count('otherMessages')
      return
    }
    if (Number.isNaN(price + amount)) scanner.fail('the message lacks its price or amount; is it damaged?')
    if (event === EVENT.trade) {
      book.trade(tNs, price, amount)
      return
    }
    if (!(id > 0 && id < SIGN) || side === 0) scanner.fail('the message lacks its id or order_type; is it damaged?')
    if (event === EVENT.created) book.created(tNs, id, side, price, amount)
    else if (event === EVENT.changed) book.changed(tNs, id, side, price, amount)
    else book.deleted(tNs, id, side, price, amount)
  }
}

async function readTable(file: ByteChunks, options: ImportOptions): Promise<Tape> {
  const scanner = new TextScanner(file)
  const tape = openTape(file, options, () => scanner.where())
  const book = new BitstampOrders(tape)
  if (!(await scanner.nextLine())) scanner.fail(`is empty; its head is ${COLUMNS.join(',')}`)
  const cells = scanner.head(COLUMNS, COLUMNS)
  const values = new Float64Array(COLUMNS.length)
  const readCell = (cell: number): void => {
    if (cell === COLUMN.price) values[cell] = scanner.neededDecimal('price', PRICE_DECIMALS)
    else if (cell === COLUMN.action) values[cell] = scanner.neededChoice('action', ACTIONS)
    else if (cell === COLUMN.direction) values[cell] = 2 * scanner.neededChoice('direction', DIRECTIONS) - 1
    else if (cell === COLUMN.timestamp) {
      scanner.neededInstant('timestamp', ANY_UNIT)
      values[cell] = tape.log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
    } else if (cell < 0) scanner.skipNeeded()
    else values[cell] = scanner.integer(COLUMNS[cell], true)
  }
  do {
    while (scanner.advance()) {
      for (const cell of cells) readCell(cell)
      if (scanner.hasField()) scanner.fail(`the row has more than the ${cells.length} cells of the head`)
      const [id, tNs, price, volume, action, side] = values
      if (!(id > 0) || volume < 0) scanner.fail('the id must be more than 0 and the volume not less; correct the row')
      if (action === EVENT.created) book.created(tNs, id, side, price, volume)
      else if (action === EVENT.changed) book.changed(tNs, id, side, price, volume)
      else book.deleted(tNs, id, side, price, volume)
    }
  } while (!tape.log.isPastWindow && (await scanner.fill()))
  book.end()
  return tape.finish()
}
