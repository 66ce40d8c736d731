/*
 * Databento's CSV: MBO, and MBP-10, MBP-1 or trades, told apart by the columns of the head, which may come in any order and with others
 * between. Prices are decimals, or whole numbers of 10^-9 (a file whose prices never have a point); times are ISO 8601 or ns since 1970. What
 * the records mean is in databento-book.ts, for DBN and CSV alike. A file of several instruments needs `symbol` (its name, or its number).
 * Errors: InputError `file:line: what; what to do`.
 */
import type { Tape } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { DatabentoDepth, DatabentoOrders, type DepthRecord, type MboRecord } from './databento-book.ts'
import { datasetFacts, datasetOfPublisher } from './databento-dataset.ts'
import { DATABENTO_FLAG } from './databento-flags.ts'
import type { Format, ImportOptions } from './format.ts'
import { LevelTape } from './level-tape.ts'
import { baseName } from './lobster-name.ts'
import { OrderTape } from './order-tape.ts'
import { SymbolFilter } from './symbol-filter.ts'
import { TextScanner } from './text-scanner.ts'
import { WordList } from './word-list.ts'

const PRICE_DECIMALS = 9
const NS_DIGITS = 9
const PRICE_UNITS = 1e9
/** An undefined raw price is 2^63 - 1. */
const UNDEFINED_PRICE = 2 ** 63
/** What a cell is read as. Levels follow: level n from LEVEL + 4 n, in the order of LEVEL_PARTS. */
const CELL = {
  skipped: 0,
  received: 1,
  event: 2,
  publisher: 3,
  instrument: 4,
  action: 5,
  side: 6,
  price: 7,
  size: 8,
  orderId: 9,
  flags: 10,
  symbol: 11
} as const
const LEVEL = 16
const NAMES: Readonly<Record<string, number>> = {
  ts_recv: CELL.received,
  ts_event: CELL.event,
  publisher_id: CELL.publisher,
  instrument_id: CELL.instrument,
  action: CELL.action,
  side: CELL.side,
  price: CELL.price,
  size: CELL.size,
  order_id: CELL.orderId,
  flags: CELL.flags,
  symbol: CELL.symbol
}
const LEVEL_PARTS: readonly string[] = ['bid_px', 'ask_px', 'bid_sz', 'ask_sz']
const NEEDED = ['ts_event', 'action', 'side', 'price', 'size'] as const
const ACTIONS = new WordList(['A', 'C', 'F', 'M', 'N', 'R', 'T'])

export const DATABENTO_CSV: Format = {
  name: 'databento-csv',
  title: 'Databento CSV: MBO, MBP-10, MBP-1, trades',
  book: 'L3, L2',
  trades: true,
  hidden: true,
  gaps: true,
  files: 'one .csv file with its head',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'Databento: MBO and MBP schemas, CSV encoding',
  read: ([file], options) => new DatabentoRows(file, options).read()
}

const NONE = new Float64Array(0)

class DatabentoRows {
  private readonly scanner: TextScanner
  private readonly options: ImportOptions
  private readonly symbol: SymbolFilter
  /** The column that says the instrument: its name, or its number where that is asked for or all there is. */
  private symbolCell: number = CELL.skipped
  private isTaken = true
  private cells: Uint8Array = new Uint8Array(0)
  private orders: OrderTape | null = null
  private book: DatabentoOrders | null = null
  private levels: LevelTape | null = null
  private depth: DatabentoDepth | null = null
  private readonly mbo: MboRecord = { tNs: 0, action: 0, side: 0, idHigh: 0, idLow: 0, price: 0, size: 0, flags: 0 }
  private shown: DepthRecord = { ...this.mbo, bidPrice: NONE, bidSize: NONE, askPrice: NONE, askSize: NONE }
  /** Some price had a point: whole numbers are then prices too, and not 10^-9 of them. */
  private isDecimal = false
  private publisher = -1
  private publisherRead = -1
  private hasEvent = false
  private eventSeconds = 0
  private eventNanos = 0
  private hasReceived = false
  private receivedSeconds = 0
  private receivedNanos = 0

  constructor(file: ByteChunks, options: ImportOptions) {
    this.scanner = new TextScanner(file)
    this.options = options
    this.symbol = new SymbolFilter(options.symbol)
  }

  async read(): Promise<Tape> {
    const { scanner } = this
    if (!(await scanner.nextLine())) scanner.fail(`is empty; a Databento CSV has a head with ${NEEDED.join(', ')}`)
    const isByOrder = this.readHead()
    while (await this.someRows(isByOrder));
    this.book?.end()
    const tape = this.orders ?? this.levels
    if (tape === null)
      return scanner.fail(this.symbolCell === CELL.skipped ? 'there are no rows below the head' : this.symbol.absence())
    return tape.finish()
  }

  /** All rows that are here whole; false when there are no more, or none of use. */
  private async someRows(isByOrder: boolean): Promise<boolean> {
    const { scanner } = this
    while (scanner.advance()) {
      this.readRow()
      this.record(isByOrder)
    }
    return (this.orders ?? this.levels)?.log.isPastWindow !== true && scanner.fill()
  }

  /** True when the rows are orders. */
  private readHead(): boolean {
    const { scanner } = this
    const cells: number[] = []
    const names: string[] = []
    let depth = 0
    while (scanner.hasField()) {
      const name = scanner.word('head').replace(/^\?{3}/, '')
      if (name !== '' && names.includes(name)) scanner.fail(`the column ${name} is there twice`)
      names.push(name)
      const level = /^(bid_px|ask_px|bid_sz|ask_sz)_0(\d)$/.exec(name)
      if (level === null) cells.push(NAMES[name] ?? CELL.skipped)
      else {
        const part = LEVEL_PARTS.indexOf(level[1])
        cells.push(LEVEL + 4 * Number(level[2]) + part)
        depth = Math.max(depth, Number(level[2]) + 1)
      }
    }
    const missing = NEEDED.find((name) => !names.includes(name))
    if (missing !== undefined) scanner.fail(`has no column ${missing}; a Databento CSV has ${NEEDED.join(', ')}`)
    for (let level = 0; level < depth; level++)
      for (const part of LEVEL_PARTS)
        if (!names.includes(`${part}_0${level}`)) scanner.fail(`has levels but no column ${part}_0${level}`)
    this.cells = Uint8Array.from(cells)
    const column = (): Float64Array => new Float64Array(depth).fill(Number.NaN)
    this.shown = { ...this.mbo, bidPrice: column(), bidSize: column(), askPrice: column(), askSize: column() }
    const isNumber = /^\d+$/.test(this.options.symbol ?? '')
    if (names.includes('symbol') && !isNumber) this.symbolCell = CELL.symbol
    else if (names.includes('instrument_id')) this.symbolCell = CELL.instrument
    return depth === 0 && names.includes('order_id')
  }

  private readRow(): void {
    const { scanner, cells, mbo } = this
    mbo.flags = 0
    mbo.idHigh = 0
    mbo.idLow = 0
    this.hasReceived = false
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]
      if (cell >= LEVEL) this.readLevel(cell - LEVEL)
      else this.readCell(cell)
    }
    if (scanner.hasField()) scanner.fail(`the row has more than the ${cells.length} cells of the head`)
  }

  private readCell(cell: number): void {
    const { scanner, mbo } = this
    switch (cell) {
      case CELL.received:
        this.hasReceived = scanner.instant('ts_recv', NS_DIGITS)
        this.receivedSeconds = scanner.seconds
        this.receivedNanos = scanner.nanos
        break
      case CELL.event:
        this.hasEvent = scanner.instant('ts_event', NS_DIGITS)
        this.eventSeconds = scanner.seconds
        this.eventNanos = scanner.nanos
        break
      case CELL.publisher:
        this.publisherRead = scanner.integer('publisher_id')
        break
      case CELL.action: {
        const action = scanner.choice('action', ACTIONS)
        if (action < 0) scanner.failWord('action', 'one of A, C, F, M, N, R and T')
        mbo.action = ACTIONS.words[action].charCodeAt(0)
        break
      }
      case CELL.side:
        mbo.side = scanner.letter('side')
        break
      case CELL.price:
        mbo.price = this.readPrice('price')
        break
      case CELL.size:
        mbo.size = this.readSize('size')
        break
      case CELL.orderId:
        scanner.id('order_id')
        mbo.idHigh = scanner.idHigh
        mbo.idLow = scanner.idLow
        break
      case CELL.flags:
        mbo.flags = scanner.integer('flags', true)
        break
      default:
        if (cell !== CELL.skipped && cell === this.symbolCell) this.isTaken = scanner.isTaken(this.symbol)
        else if (!scanner.hasField()) scanner.fail(`the row does not have the ${this.cells.length} cells of the head`)
        else scanner.skipField()
    }
  }

  private readLevel(cell: number): void {
    const { shown } = this
    const level = cell >> 2
    const part = cell & 3
    if (part === 0) shown.bidPrice[level] = this.readPrice('bid_px')
    else if (part === 1) shown.askPrice[level] = this.readPrice('ask_px')
    else if (part === 2) shown.bidSize[level] = this.readSize('bid_sz')
    else shown.askSize[level] = this.readSize('ask_sz')
  }

  /** In 10^-9; NaN where undefined. */
  private readPrice(what: string): number {
    const { scanner } = this
    const hasPoint = scanner.hasPoint()
    const units = scanner.decimal(what, PRICE_DECIMALS)
    if (hasPoint) {
      this.isDecimal = true
      return units
    }
    const raw = units / PRICE_UNITS
    if (raw >= UNDEFINED_PRICE) return Number.NaN
    return this.isDecimal ? units : raw
  }

  private readSize(what: string): number {
    const size = this.scanner.decimal(what, 0)
    if (size < 0 || size >= PRICE_UNITS * 10) this.scanner.failWord(what, 'a size')
    return Number.isNaN(size) ? 0 : size
  }

  private checkPublisher(publisher: number): void {
    if (this.publisher < 0) this.publisher = publisher
    else if (publisher !== this.publisher)
      this.scanner.fail(`the file has books of several publishers, ${this.publisher} and ${publisher}; split it by publisher_id`)
  }

  private record(isByOrder: boolean): void {
    const { mbo, shown } = this
    if (!this.isTaken) return
    if (this.publisherRead !== this.publisher) this.checkPublisher(this.publisherRead)
    const tape = this.orders ?? this.levels ?? this.begin(isByOrder)
    mbo.tNs = this.timeOf(tape)
    if (this.book !== null) {
      this.book.apply(mbo)
      return
    }
    shown.tNs = mbo.tNs
    shown.action = mbo.action
    shown.side = mbo.side
    shown.price = mbo.price
    shown.size = mbo.size
    shown.flags = mbo.flags
    this.depth?.apply(shown)
  }

  private begin(isByOrder: boolean): OrderTape | LevelTape {
    const { scanner, options } = this
    const dataset = datasetOfPublisher(this.publisher)
    const facts = {
      ...datasetFacts(dataset),
      symbol: this.symbol.taken,
      venue: dataset,
      date: null,
      priceDecimals: PRICE_DECIMALS,
      quantityDecimals: 0,
      usualLot: '1',
      source: `Databento CSV ${baseName(scanner.name)}`
    }
    const where = (): string => scanner.where()
    if (isByOrder) {
      this.orders = new OrderTape(facts, options, where)
      this.book = new DatabentoOrders(this.orders)
      return this.orders
    }
    this.levels = new LevelTape(facts, options, where)
    this.depth = new DatabentoDepth(this.levels)
    return this.levels
  }

  /** The exchange's time, but for what a snapshot holds: that is as of when the snapshot was received. */
  private timeOf(tape: OrderTape | LevelTape): number {
    const { clock } = tape.log
    const { flags } = this.mbo
    const takesReceived =
      !this.hasEvent || (flags & DATABENTO_FLAG.snapshot) !== 0 || (this.options.clock === 'receive' && this.hasReceived)
    if (takesReceived) {
      return this.hasReceived ? clock.ofEpochSeconds(this.receivedSeconds, this.receivedNanos) : tape.log.nowNs
    }
    const eventNs = clock.ofEpochSeconds(this.eventSeconds, this.eventNanos)
    if (this.hasReceived && (flags & DATABENTO_FLAG.badReceiveTime) === 0)
      tape.log.received(clock.ofEpochSeconds(this.receivedSeconds, this.receivedNanos) - eventNs)
    return eventNs
  }
}
