/*
 * Captures of Coinbase Exchange's websocket feed (capture-scanner.ts), level2 and matches channels: a snapshot replaces a product's book, an
 * l2update sets levels, a match is a print whose side is that of the maker. The tape's time is the message's; snapshots have none, and hold from the
 * next message on. last_match, the trade before the subscription, and ticker, which tells nothing that is not in the others and is not in step with
 * them, are left out (counted). level2 has no sequence numbers: holes cannot be seen but in the trade ids (`missingTrades`). A file of
 * several products needs `symbol`. Errors: InputError `file:line: what; what to do`.
 */
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { Tape } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { CaptureScanner, LINE } from './capture-scanner.ts'
import { decimalsOfStep } from './decimal-grid.ts'
import type { Format, ImportOptions } from './format.ts'
import { END, pushLevel } from './json-scanner.ts'
import { BOOK_EVENT, LevelFeed } from './level-feed.ts'
import { LevelTape } from './level-tape.ts'
import { baseName } from './lobster-name.ts'
import { SymbolFilter } from './symbol-filter.ts'
import { WordList } from './word-list.ts'

const DECIMALS = 8
const SECOND_DIGITS = 0
/** How far the channels of one product may be apart, assumed. */
const WAIT_NS = NS_PER_SECOND

const NAMES = ['type', 'product_id', 'bids', 'asks', 'changes', 'time', 'side', 'price', 'size', 'trade_id'] as const
const KEYS = new WordList(NAMES)
const KEY = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Record<(typeof NAMES)[number], number>
const TYPES = new WordList(['snapshot', 'l2update', 'match', 'last_match', 'ticker'])
const TYPE = { none: -1, snapshot: 0, update: 1, match: 2, lastMatch: 3, ticker: 4 } as const
const SIDES = new WordList(['sell', 'buy'])

export const COINBASE: Format = {
  name: 'coinbase',
  title: 'Coinbase Exchange websocket captures: level2 and matches',
  book: 'L2',
  trades: true,
  hidden: false,
  gaps: false,
  files: 'one file of lines "<time>: <message>"',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'Coinbase Exchange: websocket channels; cryptofeed raw data collection',
  read: ([file], options) => new CoinbaseReader(file, options).read()
}

class CoinbaseReader {
  private readonly scanner: CaptureScanner
  private readonly tape: LevelTape
  private readonly feed: LevelFeed
  private readonly symbol: SymbolFilter
  private readonly options: ImportOptions
  private readonly priceDecimals: number
  private readonly quantityDecimals: number
  private lastTradeId = Number.NaN

  // The current message.
  private type: number = TYPE.none
  private isTaken = false
  private tNs = Number.NaN
  private side = 0
  private price = Number.NaN
  private size = Number.NaN
  private tradeId = Number.NaN
  private readonly levels = { values: new Float64Array(3 * 1024), count: 0 }

  constructor(file: ByteChunks, options: ImportOptions) {
    this.scanner = new CaptureScanner(file)
    this.options = options
    this.priceDecimals = decimalsOfStep(options.tick, DECIMALS)
    this.quantityDecimals = decimalsOfStep(options.lot, DECIMALS)
    this.symbol = new SymbolFilter(options.symbol)
    const facts = {
      symbol: '',
      venue: 'coinbase',
      zone: 'UTC',
      date: null,
      session: null,
      priceDecimals: this.priceDecimals,
      usualTick: null,
      quantityDecimals: this.quantityDecimals,
      usualLot: null,
      source: `Coinbase capture ${baseName(file.name)}`
    }
    this.tape = new LevelTape(facts, options, () => this.scanner.where())
    this.feed = new LevelFeed(this.tape, options.clock === 'receive' ? 0 : WAIT_NS)
  }

  async read(): Promise<Tape> {
    const { scanner, feed, tape, symbol } = this
    do {
      while (scanner.advance()) this.readLine()
    } while (!tape.log.isPastWindow && (await scanner.fill()))
    if (symbol.taken === '') scanner.fail(symbol.absence())
    feed.endTrades()
    feed.endBook()
    tape.log.symbol = symbol.taken
    return tape.finish()
  }

  private readLine(): void {
    const { scanner, tape } = this
    if (scanner.head() !== LINE.received) return
    const receivedNs = tape.log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
    this.type = TYPE.none
    this.isTaken = false
    this.tNs = Number.NaN
    this.price = Number.NaN
    this.size = Number.NaN
    this.tradeId = Number.NaN
    this.levels.count = 0
    scanner.openObject('message')
    for (let key = scanner.key(KEYS); key !== END; key = scanner.key(KEYS)) this.readValue(key)
    scanner.endLine()
    if (!this.isTaken) return
    const isTimed = !Number.isNaN(this.tNs)
    if (isTimed && (this.type === TYPE.update || this.type === TYPE.match)) tape.log.received(receivedNs - this.tNs)
    this.act(this.options.clock === 'receive' ? receivedNs : this.tNs)
  }

  private readValue(key: number): void {
    const { scanner, priceDecimals, quantityDecimals } = this
    switch (key) {
      case KEY.type:
        this.type = scanner.choice('type', TYPES)
        break
      case KEY.product_id:
        this.isTaken = scanner.isTaken(this.symbol)
        break
      case KEY.bids:
        scanner.levels(1, priceDecimals, quantityDecimals, this.levels)
        break
      case KEY.asks:
        scanner.levels(-1, priceDecimals, quantityDecimals, this.levels)
        break
      case KEY.changes:
        this.readChanges()
        break
      case KEY.time:
        scanner.instant('time', SECOND_DIGITS)
        this.tNs = this.tape.log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
        break
      case KEY.side:
        this.side = this.readSide()
        break
      case KEY.price:
        this.price = scanner.decimal('price', priceDecimals)
        break
      case KEY.size:
        this.size = scanner.decimal('size', quantityDecimals)
        break
      case KEY.trade_id:
        this.tradeId = scanner.integer('trade_id')
        break
      default:
        scanner.skip()
    }
  }

  private readChanges(): void {
    const { scanner } = this
    scanner.openArray('list of changes')
    while (scanner.element()) {
      scanner.openArray('change')
      const side = this.readSide()
      if (!scanner.element()) scanner.fail('the change has no price; is the file damaged?')
      const price = scanner.decimal('price', this.priceDecimals)
      if (!scanner.element()) scanner.fail('the change has no size; is the file damaged?')
      pushLevel(this.levels, side, price, scanner.decimal('size', this.quantityDecimals))
      scanner.closeArray()
    }
  }

  private readSide(): number {
    const place = this.scanner.choice('side', SIDES)
    if (place < 0) this.scanner.fail('the side is neither buy nor sell; is the file damaged?')
    return 2 * place - 1
  }

  private act(tNs: number): void {
    const { scanner, feed, tape, levels, type } = this
    const { log } = tape
    if (type === TYPE.snapshot || type === TYPE.update) {
      if (type === TYPE.update && Number.isNaN(tNs)) scanner.fail('the l2update has no time; is it damaged?')
      log.count(type === TYPE.snapshot ? 'snapshotMessages' : 'bookUpdates')
      const { values, count } = levels
      for (let at = 0; at < 3 * count; at += 3) feed.level(values[at], values[at + 1], values[at + 2])
      feed.endEvent(tNs, type === TYPE.snapshot ? BOOK_EVENT.whole : BOOK_EVENT.update)
      return
    }
    if (type === TYPE.match || type === TYPE.lastMatch) {
      if (this.tradeId > this.lastTradeId + 1) log.count('missingTrades', this.tradeId - this.lastTradeId - 1)
      this.lastTradeId = this.tradeId
    }
    if (type === TYPE.match) {
      if (Number.isNaN(this.price + this.size + tNs)) scanner.fail('the match lacks one of price, size and time; is it damaged?')
      log.count('trades')
      feed.trade(tNs, this.side, this.price, this.size)
    } else log.count(type === TYPE.lastMatch ? 'lastMatches' : type === TYPE.ticker ? 'tickers' : 'otherMessages')
  }
}
