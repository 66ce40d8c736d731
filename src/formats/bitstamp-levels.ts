/*
 * Captures of Bitstamp's websocket feed by price (capture-scanner.ts): diff_order_book_<pair> sets levels, live_trades_<pair> prints (type: the taker's
 * side, 0 buys). The whole book comes from REST answers (…/order_book/<pair>), in the same capture or in a second file; updates no newer than
 * it are dropped (`updatesBeforeSnapshot`). Without one the book builds up from updates (`startedWithoutSnapshot`). The tape's time is the message's
 * microtimestamp. There are no sequence numbers: holes cannot be seen. A file of several pairs needs `symbol`. Errors: InputError `file:line: what`.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { Tape } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { CaptureScanner, LINE } from './capture-scanner.ts'
import { decimalsOfStep } from './decimal-grid.ts'
import type { Format, ImportOptions } from './format.ts'
import { END } from './json-scanner.ts'
import { BOOK_EVENT, LevelFeed } from './level-feed.ts'
import { LevelTape } from './level-tape.ts'
import { baseName } from './lobster-name.ts'
import { SymbolFilter } from './symbol-filter.ts'
import { WordList } from './word-list.ts'

const DECIMALS = 8
const US_DIGITS = 6
/** How far the channels of one pair may be apart, assumed. */
const WAIT_NS = NS_PER_SECOND
const UNDERSCORE = 95

const NAMES = ['data', 'channel', 'microtimestamp', 'bids', 'asks', 'price_str', 'amount_str', 'price', 'amount', 'type'] as const
const KEYS = new WordList(NAMES)
const KEY = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Record<(typeof NAMES)[number], number>
const CHANNELS = new WordList(['diff_order_book', 'live_trades'])
const CHANNEL = { none: -1, book: 0, trades: 1 } as const
const CHANNEL_BYTES = CHANNELS.words.map(({ length }) => length + 1)

export const BITSTAMP_LEVELS: Format = {
  name: 'bitstamp-l2',
  title: 'Bitstamp websocket captures: diff_order_book and live_trades',
  book: 'L2',
  trades: true,
  hidden: false,
  gaps: false,
  files: 'capture of lines "<time>: <message>" [capture of REST order books]',
  fileCountMin: 1,
  fileCountMax: 2,
  source: 'Bitstamp: websocket API v2, order book; cryptofeed raw data collection',
  read: ([file, answers], options) => new BitstampReader(file, answers ?? null, options).read()
}

class BitstampReader {
  private scanner: CaptureScanner
  private readonly file: ByteChunks
  private readonly answers: ByteChunks | null
  private readonly tape: LevelTape
  private readonly feed: LevelFeed
  private readonly symbol: SymbolFilter
  private readonly options: ImportOptions
  private readonly priceDecimals: number
  private readonly quantityDecimals: number
  /** Time of the newest whole book. */
  private snapshotNs = Number.NEGATIVE_INFINITY
  private hasBook = false

  // The current message.
  private channel: number = CHANNEL.none
  private isTaken = false
  private tNs = Number.NaN
  private price = Number.NaN
  private amount = Number.NaN
  private takerSide = 0
  private readonly levels = { values: new Float64Array(3 * 1024), count: 0 }

  constructor(file: ByteChunks, answers: ByteChunks | null, options: ImportOptions) {
    this.file = file
    this.answers = answers
    this.scanner = new CaptureScanner(answers ?? file)
    this.options = options
    this.priceDecimals = decimalsOfStep(options.tick, DECIMALS)
    this.quantityDecimals = decimalsOfStep(options.lot, DECIMALS)
    this.symbol = new SymbolFilter(options.symbol)
    const facts = {
      symbol: '',
      venue: 'bitstamp',
      zone: 'UTC',
      date: null,
      session: null,
      priceDecimals: this.priceDecimals,
      usualTick: null,
      quantityDecimals: this.quantityDecimals,
      usualLot: null,
      source: `Bitstamp capture ${baseName(file.name)}`
    }
    this.tape = new LevelTape(facts, options, () => this.scanner.where())
    this.feed = new LevelFeed(this.tape, options.clock === 'receive' ? 0 : WAIT_NS)
  }

  async read(): Promise<Tape> {
    const { tape, feed, symbol } = this
    await this.readFile()
    if (this.answers !== null) {
      this.scanner = new CaptureScanner(this.file)
      await this.readFile()
    }
    if (symbol.taken === '') this.scanner.fail(symbol.absence())
    feed.endTrades()
    feed.endBook()
    tape.log.symbol = symbol.taken
    return tape.finish()
  }

  private async readFile(): Promise<void> {
    const { scanner, tape } = this
    do {
      while (scanner.advance()) this.readLine()
    } while (!tape.log.isPastWindow && (await scanner.fill()))
  }

  private readLine(): void {
    const { scanner, tape } = this
    const line = scanner.head()
    if (line === LINE.sent || line === LINE.connected) return
    if (line === LINE.answered && !scanner.isAddressTaken(this.symbol)) return
    const receivedNs = tape.log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
    this.channel = CHANNEL.none
    this.isTaken = line === LINE.answered
    this.tNs = Number.NaN
    this.price = Number.NaN
    this.amount = Number.NaN
    this.levels.count = 0
    scanner.openObject('message')
    this.readObject(line === LINE.answered)
    scanner.endLine()
    if (!this.isTaken || Number.isNaN(this.tNs)) return
    if (line === LINE.answered) this.actOnAnswer()
    else {
      tape.log.received(receivedNs - this.tNs)
      this.act(this.options.clock === 'receive' ? receivedNs : this.tNs)
    }
  }

  private readObject(isInner: boolean): void {
    const { scanner } = this
    for (let key = scanner.key(KEYS); key !== END; key = scanner.key(KEYS)) {
      if (!isInner && key === KEY.data) {
        scanner.openObject('data')
        this.readObject(true)
      } else if (!isInner && key === KEY.channel) {
        this.channel = scanner.prefix(CHANNELS, UNDERSCORE)
        if (this.channel === CHANNEL.none) scanner.skip()
        else this.isTaken = scanner.isTaken(this.symbol, CHANNEL_BYTES[this.channel])
      } else if (isInner) this.readValue(key)
      else scanner.skip()
    }
  }

  private readValue(key: number): void {
    const { scanner, priceDecimals, quantityDecimals } = this
    switch (key) {
      case KEY.microtimestamp:
        scanner.instant('microtimestamp', US_DIGITS)
        this.tNs = this.tape.log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
        break
      case KEY.bids:
        scanner.levels(1, priceDecimals, quantityDecimals, this.levels)
        break
      case KEY.asks:
        scanner.levels(-1, priceDecimals, quantityDecimals, this.levels)
        break
      case KEY.price_str:
        this.price = scanner.decimal('price_str', priceDecimals)
        break
      case KEY.amount_str:
        this.amount = scanner.decimal('amount_str', quantityDecimals)
        break
      case KEY.price:
        // A double: the text beside it is exact, where there is one.
        this.price = Math.round(scanner.decimal('price', priceDecimals))
        break
      case KEY.amount:
        this.amount = Math.round(scanner.decimal('amount', quantityDecimals))
        break
      case KEY.type:
        this.takerSide = scanner.integer('type') === 0 ? 1 : -1
        break
      default:
        scanner.skip()
    }
  }

  private actOnAnswer(): void {
    if (this.levels.count === 0) return
    this.snapshotNs = Math.max(this.snapshotNs, this.tNs)
    this.hasBook = true
    // It holds from the next update on: the REST server is not in step with the feed.
    this.bookEvent(Number.NaN, BOOK_EVENT.whole)
  }

  private act(tNs: number): void {
    const { feed, scanner } = this
    const { log } = this.tape
    if (this.channel === CHANNEL.book) {
      if (this.tNs <= this.snapshotNs) {
        log.count('updatesBeforeSnapshot')
        return
      }
      if (!this.hasBook) log.count('startedWithoutSnapshot')
      this.hasBook = true
      log.count('bookUpdates')
      this.bookEvent(tNs, BOOK_EVENT.update)
    } else if (this.channel === CHANNEL.trades) {
      if (Number.isNaN(this.price + this.amount)) scanner.fail('the trade lacks its price or amount; is it damaged?')
      log.count('trades')
      feed.trade(tNs, -this.takerSide, this.price, this.amount)
    }
  }

  private bookEvent(tNs: number, kind: number): void {
    const { values, count } = this.levels
    for (let at = 0; at < 3 * count; at += 3) this.feed.level(values[at], values[at + 1], values[at + 2])
    this.feed.endEvent(tNs, kind)
  }
}
