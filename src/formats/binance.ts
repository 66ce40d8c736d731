/*
 * Recordings of Binance's websocket streams, spot, USD-M and COIN-M futures: a line is the recorder's time (a count since 1970, of ns in
 * hftbacktest's collector), a blank and the message, of a combined stream or a single one. depthUpdate and REST snapshots make the book
 * (binance-book.ts); trade or aggTrade, whichever comes first, the prints; bookTicker is a check (book-ticker.ts). The tape's time is the exchange's:
 * the transaction time T, or the event time E where there is none (spot); or the recorder's with `clock: receive`. Delays are the recorder's time
 * less E. Streams wait for each other; they are merged by time (level-feed.ts). Trades that are not of the book (insurance fund, ADL)
 * are left out (`tradesOffBook`). Errors: InputError `file:line: what; what to do`.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { Tape } from '../market/tape.ts'
import { BinanceBook } from './binance-book.ts'
import { BookTicker } from './book-ticker.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { ANY_UNIT } from './byte-lines.ts'
import { decimalsOfStep } from './decimal-grid.ts'
import type { Format, ImportOptions } from './format.ts'
import { END, JsonScanner } from './json-scanner.ts'
import { LevelFeed } from './level-feed.ts'
import { LevelTape } from './level-tape.ts'
import { baseName } from './lobster-name.ts'
import { lookAhead } from './look-ahead.ts'
import { SymbolFilter } from './symbol-filter.ts'
import { WordList } from './word-list.ts'

/** Binance has at most eight decimals, for prices and quantities alike. */
const DECIMALS = 8
const MS_DIGITS = 3
/** How far the streams of one symbol may be apart, assumed; the most in recordings is 0.17 s. */
const WAIT_NS = NS_PER_SECOND

const NAMES = [
  'data',
  'e',
  'E',
  'T',
  's',
  'symbol',
  'U',
  'u',
  'pu',
  'lastUpdateId',
  'b',
  'bids',
  'a',
  'asks',
  'B',
  'A',
  'p',
  'q',
  'm',
  'X',
  'ps',
  'pair'
] as const
const KEYS = new WordList(NAMES)
const KEY = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Record<(typeof NAMES)[number], number>
const EVENTS = new WordList(['depthUpdate', 'bookTicker', 'trade', 'aggTrade'])
const EVENT = { none: -1, depth: 0, ticker: 1, trade: 2, aggTrade: 3, snapshot: 4 } as const
const ORDINARY = new WordList(['MARKET'])

export const BINANCE: Format = {
  name: 'binance',
  title: 'Binance websocket recordings: depth, trades, bookTicker; spot, USD-M, COIN-M',
  book: 'L2',
  trades: true,
  hidden: false,
  gaps: true,
  files: 'one file of lines "<receive time> <message>"',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'Binance: diff depth, trade and bookTicker streams, local order book rules; hftbacktest collector',
  async read([file], options) {
    const { source, isThere } = await lookAhead(file, 'lastUpdateId')
    return new BinanceReader(source, options, isThere).read()
  }
}

class BinanceReader {
  private readonly scanner: JsonScanner
  private readonly tape: LevelTape
  private readonly feed: LevelFeed
  private readonly book: BinanceBook
  private readonly check: BookTicker
  private readonly symbol: SymbolFilter
  private readonly options: ImportOptions
  private readonly priceDecimals: number
  private readonly quantityDecimals: number
  /** The stream that prints are taken from. */
  private tradeEvent: number = EVENT.none

  // The current message.
  private event: number = EVENT.none
  private isTaken = true
  private isDerivative = false
  private isCoinMargined = false
  private eventNs = Number.NaN
  private transactionNs = Number.NaN
  private firstId = Number.NaN
  private lastId = Number.NaN
  private pu = Number.NaN
  private readonly levels = { values: new Float64Array(3 * 1024), count: 0 }
  private readonly touch = { bid: Number.NaN, bidQuantity: Number.NaN, ask: Number.NaN, askQuantity: Number.NaN }
  private price = Number.NaN
  private quantity = Number.NaN
  private makerSide = 0
  private isOffBook = false

  constructor(file: ByteChunks, options: ImportOptions, hasSnapshot: boolean) {
    this.scanner = new JsonScanner(file)
    this.options = options
    this.priceDecimals = decimalsOfStep(options.tick, DECIMALS)
    this.quantityDecimals = decimalsOfStep(options.lot, DECIMALS)
    this.symbol = new SymbolFilter(options.symbol)
    const facts = {
      symbol: '',
      venue: 'binance',
      zone: 'UTC',
      date: null,
      session: null,
      priceDecimals: this.priceDecimals,
      usualTick: null,
      quantityDecimals: this.quantityDecimals,
      usualLot: null,
      source: `Binance recording ${baseName(file.name)}`
    }
    this.tape = new LevelTape(facts, options, () => this.scanner.where())
    this.check = new BookTicker(this.tape)
    this.feed = new LevelFeed(this.tape, options.clock === 'receive' ? 0 : WAIT_NS, (id) => this.check.book(id))
    this.book = new BinanceBook(this.tape, this.feed, hasSnapshot)
  }

  async read(): Promise<Tape> {
    const { scanner, feed, tape, symbol } = this
    do {
      while (scanner.advance()) this.readLine()
    } while (!tape.log.isPastWindow && (await scanner.fill()))
    if (symbol.taken === '' && this.options.symbol !== undefined) scanner.fail(symbol.absence())
    feed.endTrades()
    feed.endBook()
    tape.log.symbol = symbol.taken
    return tape.finish()
  }

  private readLine(): void {
    const { scanner, tape, options } = this
    this.reset()
    if (!scanner.leadingInstant(ANY_UNIT))
      scanner.fail('the row does not begin with the time when it was received; is it a recording?')
    const receivedNs = tape.log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
    scanner.openObject('message')
    this.readObject(false)
    scanner.endLine()
    if (!this.isTaken) return
    if (!Number.isNaN(this.eventNs)) tape.log.received(receivedNs - this.eventNs)
    const exchangeNs = Number.isNaN(this.transactionNs) ? this.eventNs : this.transactionNs
    this.act(options.clock === 'receive' ? receivedNs : exchangeNs)
  }

  private reset(): void {
    this.event = EVENT.none
    this.isTaken = true
    this.eventNs = Number.NaN
    this.transactionNs = Number.NaN
    this.firstId = Number.NaN
    this.lastId = Number.NaN
    this.pu = Number.NaN
    this.levels.count = 0
    this.touch.askQuantity = Number.NaN
    this.price = Number.NaN
    this.quantity = Number.NaN
    this.isOffBook = false
  }

  private readObject(isInner: boolean): void {
    const { scanner } = this
    for (let key = scanner.key(KEYS); key !== END; key = scanner.key(KEYS)) {
      if (key === KEY.data && !isInner) {
        scanner.openObject('data')
        this.readObject(true)
      } else if (key < 0) scanner.skip()
      else this.readValue(key)
    }
  }

  private readValue(key: number): void {
    const { scanner, touch, priceDecimals, quantityDecimals } = this
    switch (key) {
      case KEY.e:
        this.event = scanner.choice('event', EVENTS)
        break
      case KEY.E:
        this.eventNs = this.readTime('E')
        break
      case KEY.T:
        this.transactionNs = this.readTime('T')
        break
      case KEY.s:
      case KEY.symbol:
        this.isTaken = scanner.isTaken(this.symbol)
        break
      case KEY.U:
        this.firstId = scanner.integer('U')
        break
      case KEY.u:
        this.lastId = scanner.integer('u')
        break
      case KEY.pu:
        this.pu = scanner.integer('pu')
        break
      case KEY.lastUpdateId:
        this.lastId = scanner.integer('lastUpdateId')
        this.event = EVENT.snapshot
        break
      case KEY.b:
      case KEY.bids:
        if (isArray(scanner)) scanner.levels(1, priceDecimals, quantityDecimals, this.levels)
        else touch.bid = scanner.decimal('b', priceDecimals)
        break
      case KEY.a:
      case KEY.asks:
        if (isArray(scanner)) scanner.levels(-1, priceDecimals, quantityDecimals, this.levels)
        else touch.ask = scanner.decimal('a', priceDecimals)
        break
      default:
        this.readOther(key)
    }
  }

  private readOther(key: number): void {
    const { scanner, touch } = this
    switch (key) {
      case KEY.B:
        touch.bidQuantity = scanner.decimal('B', this.quantityDecimals)
        break
      case KEY.A:
        touch.askQuantity = scanner.decimal('A', this.quantityDecimals)
        // The bookTicker of spot does not say what it is.
        if (this.event === EVENT.none) this.event = EVENT.ticker
        break
      case KEY.p:
        this.price = scanner.decimal('p', this.priceDecimals)
        break
      case KEY.q:
        this.quantity = scanner.decimal('q', this.quantityDecimals)
        break
      case KEY.m:
        this.makerSide = scanner.boolean('m') ? 1 : -1
        break
      case KEY.X:
        this.isOffBook = scanner.choice('X', ORDINARY) < 0
        break
      default:
        this.isCoinMargined ||= key === KEY.ps || key === KEY.pair
        scanner.skip()
    }
  }

  private readTime(what: string): number {
    const { scanner } = this
    scanner.instant(what, MS_DIGITS)
    return this.tape.log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
  }

  private act(tNs: number): void {
    const { scanner, book, tape, touch, levels } = this
    switch (this.event) {
      case EVENT.depth:
        if (Number.isNaN(this.firstId + this.lastId + tNs))
          scanner.fail('the depthUpdate lacks one of U, u and E; is it damaged?')
        this.nameVenue()
        book.update(tNs, this.firstId, this.lastId, this.pu, levels.values, levels.count)
        break
      case EVENT.snapshot:
        book.snapshot(this.options.clock === 'receive' ? Number.NaN : tNs, this.lastId, levels.values, levels.count)
        break
      case EVENT.ticker:
        if (!Number.isNaN(this.lastId + touch.bid + touch.bidQuantity + touch.ask + touch.askQuantity))
          this.check.ticker(this.lastId, touch.bid, touch.bidQuantity, touch.ask, touch.askQuantity)
        break
      case EVENT.trade:
      case EVENT.aggTrade:
        if (Number.isNaN(this.price + this.quantity + tNs)) scanner.fail('the trade lacks one of p, q and T; is it damaged?')
        this.trade(tNs)
        break
      default:
        tape.log.count('otherMessages')
    }
  }

  private trade(tNs: number): void {
    const { log } = this.tape
    if (this.tradeEvent === EVENT.none) this.tradeEvent = this.event
    if (this.event !== this.tradeEvent) log.count(this.event === EVENT.trade ? 'tradesLeftOut' : 'aggTradesLeftOut')
    else if (this.isOffBook) log.count('tradesOffBook')
    else {
      log.count('trades')
      this.feed.trade(tNs, this.makerSide, this.price, this.quantity)
    }
  }

  private nameVenue(): void {
    this.isDerivative ||= !Number.isNaN(this.pu)
    this.tape.log.venue = this.isCoinMargined ? 'binance-coin-m' : this.isDerivative ? 'binance-usd-m' : 'binance'
  }
}

function isArray(scanner: JsonScanner): boolean {
  return scanner.peek() === 91
}
