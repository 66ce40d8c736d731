/*
 * Tardis.dev's downloadable CSV: incremental_book_L2, and trades beside it if there are any, columns by name. Rows of one message share both
 * times; rows of a snapshot (`is_snapshot`), which come after each reconnection, replace the whole book. `timestamp` (of the exchange) is
 * the tape's time, or `local_timestamp` (of the collector) with `clock: receive`; both are microseconds since 1970. The files are
 * sorted by local_timestamp; the two are merged by the tape's time, a trade before a change of its instant (level-feed.ts). The side of a trade is
 * that of the aggressor. Several symbols in a file need `symbol`. Errors: InputError `file:line: what; what to do`.
 */
import type { Tape } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { decimalsOfStep } from './decimal-grid.ts'
import type { Format, ImportOptions } from './format.ts'
import { BOOK_EVENT, LevelFeed } from './level-feed.ts'
import { LevelTape } from './level-tape.ts'
import { baseName } from './lobster-name.ts'
import { SymbolFilter } from './symbol-filter.ts'
import { TextScanner } from './text-scanner.ts'
import { WordList } from './word-list.ts'

/** Enough for every venue of Tardis: the finest tick is 1e-8 or coarser, or the user gives it. */
const DECIMALS = 8
const US_DIGITS = 6
const TRUTH = new WordList(['false', 'true'])
const BOOK_SIDES = new WordList(['ask', 'bid'])
const TRADE_SIDES = new WordList(['sell', 'unknown', 'buy'])

const COLUMNS = ['exchange', 'symbol', 'timestamp', 'local_timestamp', 'is_snapshot', 'side', 'price', 'amount'] as const
type Column = (typeof COLUMNS)[number]
const COLUMN = Object.fromEntries(COLUMNS.map((name, index) => [name, index])) as Record<Column, number>

export const TARDIS: Format = {
  name: 'tardis',
  title: 'Tardis.dev CSV: incremental_book_L2 and trades',
  book: 'L2',
  trades: true,
  hidden: false,
  gaps: false,
  files: 'incremental_book_L2 [trades]',
  fileCountMin: 1,
  fileCountMax: 2,
  source: 'Tardis.dev: downloadable CSV files, data types and schemas',
  read: ([book, trades], options) => new TardisReader(book, trades ?? null, options).read()
}

class TardisReader {
  private readonly rows: TardisRows
  private readonly tradeRows: TardisRows | null
  private readonly tape: LevelTape
  private readonly feed: LevelFeed
  private readonly takesReceived: boolean
  /** The message whose rows are being read; NaN before the first. */
  private messageNs = Number.NaN
  private messageLocalNs = Number.NaN
  private isSnapshot = false

  constructor(book: ByteChunks, trades: ByteChunks | null, options: ImportOptions) {
    const decimals = decimalsOfStep(options.tick, DECIMALS)
    const quantityDecimals = decimalsOfStep(options.lot, DECIMALS)
    this.rows = new TardisRows(book, options.symbol, decimals, quantityDecimals, BOOK_SIDES)
    this.tradeRows = trades === null ? null : new TardisRows(trades, options.symbol, decimals, quantityDecimals, TRADE_SIDES)
    const names = [book, ...(trades === null ? [] : [trades])].map(({ name }) => baseName(name))
    const facts = {
      symbol: '',
      venue: '',
      zone: 'UTC',
      date: null,
      session: null,
      priceDecimals: decimals,
      usualTick: null,
      quantityDecimals,
      usualLot: null,
      source: `Tardis.dev ${names.join(', ')}`
    }
    this.tape = new LevelTape(facts, options, () => this.current.scanner.where())
    this.current = this.rows
    this.feed = new LevelFeed(this.tape, Number.POSITIVE_INFINITY)
    this.takesReceived = options.clock === 'receive'
  }

  /** The file that is being read, for errors. */
  private current: TardisRows

  async read(): Promise<Tape> {
    const { rows, tradeRows, feed, tape } = this
    await rows.readHead(COLUMNS)
    if (tradeRows === null) feed.endTrades()
    else await tradeRows.readHead(COLUMNS.filter((name) => name !== 'is_snapshot'))
    let bookLeft = true
    let tradesLeft = tradeRows !== null
    while ((bookLeft || tradesLeft) && !tape.log.isPastWindow) {
      if (bookLeft && (!tradesLeft || feed.bookKey <= feed.tradeKey)) {
        this.current = rows
        this.readBook()
        if (rows.scanner.isAtRow || (await rows.scanner.fill())) continue
        bookLeft = false
        if (!Number.isNaN(this.messageNs)) this.endMessage()
        feed.endBook()
      } else if (tradeRows !== null) {
        this.current = tradeRows
        this.readTrades(tradeRows)
        if (tradeRows.scanner.isAtRow || (await tradeRows.scanner.fill())) continue
        tradesLeft = false
        feed.endTrades()
      }
    }
    if (rows.symbol.taken === '') rows.scanner.fail(rows.symbol.absence())
    tape.log.symbol = rows.symbol.taken
    tape.log.venue = rows.exchange
    return tape.finish()
  }

  /** Rows that are here, as long as the trades are not behind. */
  private readBook(): void {
    const { rows, feed, tape } = this
    while (feed.bookKey <= feed.tradeKey && !tape.log.isPastWindow && rows.next()) {
      const tNs = this.timeOf(rows)
      const isSameMessage = tNs === this.messageNs && rows.localNs === this.messageLocalNs
      if (!(isSameMessage || (this.isSnapshot && rows.isSnapshot)) || this.isSnapshot !== rows.isSnapshot) {
        if (!Number.isNaN(this.messageNs)) this.endMessage()
        this.isSnapshot = rows.isSnapshot
      }
      this.messageNs = tNs
      this.messageLocalNs = rows.localNs
      feed.level(rows.side, rows.price, rows.amount)
    }
  }

  private endMessage(): void {
    this.feed.endEvent(this.messageNs, this.isSnapshot ? BOOK_EVENT.whole : BOOK_EVENT.update)
  }

  private readTrades(rows: TardisRows): void {
    const { feed, tape } = this
    while (feed.tradeKey < feed.bookKey && !tape.log.isPastWindow && rows.next()) {
      feed.trade(this.timeOf(rows), -rows.side, rows.price, rows.amount)
    }
  }

  private timeOf(rows: TardisRows): number {
    const { clock } = this.tape.log
    rows.localNs = clock.ofEpochSeconds(rows.localSeconds, rows.localNanos)
    if (this.takesReceived) return rows.localNs
    const tNs = clock.ofEpochSeconds(rows.seconds, rows.nanos)
    this.tape.log.received(rows.localNs - tNs)
    return tNs
  }
}

/** One file's rows, as numbers of the current row. */
class TardisRows {
  readonly scanner: TextScanner
  readonly symbol: SymbolFilter
  exchange = ''
  seconds = 0
  nanos = 0
  localSeconds = 0
  localNanos = 0
  localNs = 0
  isSnapshot = false
  /** +1 bid or buy, -1 ask or sell, 0 unknown. */
  side = 0
  price = 0
  amount = 0
  private cells: Int8Array = new Int8Array(0)
  private readonly priceDecimals: number
  private readonly amountDecimals: number
  private readonly sides: WordList
  private isTaken = false

  constructor(file: ByteChunks, symbol: string | undefined, priceDecimals: number, amountDecimals: number, sides: WordList) {
    this.scanner = new TextScanner(file)
    this.symbol = new SymbolFilter(symbol)
    this.priceDecimals = priceDecimals
    this.amountDecimals = amountDecimals
    this.sides = sides
  }

  async readHead(needed: readonly Column[]): Promise<void> {
    const { scanner } = this
    if (!(await scanner.nextLine())) scanner.fail(`is empty; its head is ${needed.join(',')}`)
    this.cells = Int8Array.from(scanner.head(COLUMNS, needed))
  }

  /** Reads the next row of the symbol that is taken; false when more bytes are needed. */
  next(): boolean {
    const { scanner, cells } = this
    while (scanner.advance()) {
      for (let index = 0; index < cells.length; index++) this.readCell(cells[index])
      if (scanner.hasField()) scanner.fail(`the row has more than the ${cells.length} cells of the head`)
      if (this.isTaken) return true
    }
    return false
  }

  private readCell(cell: number): void {
    const { scanner } = this
    switch (cell) {
      case COLUMN.exchange:
        if (this.exchange === '') this.exchange = scanner.word('exchange')
        else scanner.skipField()
        break
      case COLUMN.symbol:
        this.isTaken = scanner.isTaken(this.symbol)
        break
      case COLUMN.timestamp:
        scanner.neededInstant('timestamp', US_DIGITS)
        this.seconds = scanner.seconds
        this.nanos = scanner.nanos
        break
      case COLUMN.local_timestamp:
        scanner.neededInstant('local_timestamp', US_DIGITS)
        this.localSeconds = scanner.seconds
        this.localNanos = scanner.nanos
        break
      case COLUMN.is_snapshot:
        this.isSnapshot = scanner.neededChoice('is_snapshot', TRUTH) === 1
        break
      case COLUMN.side: {
        const place = scanner.neededChoice('side', this.sides)
        this.side = this.sides === TRADE_SIDES ? place - 1 : 2 * place - 1
        break
      }
      case COLUMN.price:
        this.price = scanner.neededDecimal('price', this.priceDecimals)
        break
      case COLUMN.amount:
        this.amount = scanner.neededDecimal('amount', this.amountDecimals)
        if (this.amount < 0) scanner.failWord('amount', 'a quantity')
        break
      default:
        scanner.skipNeeded()
    }
  }
}
