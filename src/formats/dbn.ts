/*
 * Databento Binary Encoding, versions 1 to 3 (dbn's record layouts): MBO to an order tape; MBP-10, MBP-1, TBBO and trades to a level tape.
 * The first record of one of these says which; other kinds of records are stepped over and counted (`skippedRecords`), but for status
 * (halt and resume) and symbol mappings. What the records mean is in databento-book.ts.
 * Leaves out consolidated schemas and bars.
 */
import type { Tape } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { ByteWindow } from './byte-window.ts'
import { DatabentoDepth, DatabentoOrders, type DepthRecord, type MboRecord } from './databento-book.ts'
import { datasetFacts } from './databento-dataset.ts'
import { DATABENTO_FLAG } from './databento-flags.ts'
import { type DbnHeader, readDbnHeader } from './dbn-header.ts'
import type { Format, ImportOptions } from './format.ts'
import { InstrumentChoice } from './instrument-choice.ts'
import { LevelTape } from './level-tape.ts'
import { baseName } from './lobster-name.ts'
import { OrderTape } from './order-tape.ts'

const RTYPE = { trades: 0x00, mbp1: 0x01, mbp10: 0x0a, status: 0x12, symbolMapping: 0x16, mbo: 0xa0 } as const
/** Least bytes of a record by what is read of it. */
const BYTES = { header: 16, mbo: 56, trades: 48, level: 32, status: 31 } as const
const RECORD_BYTES_MAX = 255 * 4
const TWO_32 = 4_294_967_296
/** Databento prices are in 10^-9. */
const PRICE_DECIMALS = 9
const YES = 89
const NO = 78
/** StatusAction: trading, halt, pause, suspend. */
const STATUS = { trading: 7, halt: 8, suspend: 10 } as const

export const DBN: Format = {
  name: 'dbn',
  title: 'Databento Binary Encoding 1 to 3: MBO, MBP-10, MBP-1, TBBO, trades',
  book: 'L3, L2',
  trades: true,
  hidden: true,
  gaps: true,
  files: 'one .dbn file, plain or .zst',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'Databento: DBN encoding, MBO and MBP schemas; databento/dbn',
  read: ([file], options) => new DbnReader(file, options).read()
}

class DbnReader {
  private readonly window: ByteWindow
  private readonly options: ImportOptions
  private readonly choice: InstrumentChoice
  private readonly publisherAsked: number
  private publisher = -1
  private header: DbnHeader | null = null
  private orders: OrderTape | null = null
  private book: DatabentoOrders | null = null
  private levels: LevelTape | null = null
  private depth: DatabentoDepth | null = null
  /** The kind of record that the tape is made of. */
  private rtype = -1
  private skipped = 0
  private readonly mbo: MboRecord = { tNs: 0, action: 0, side: 0, idHigh: 0, idLow: 0, price: 0, size: 0, flags: 0 }
  private shown: DepthRecord = emptyDepth(0)

  constructor(file: ByteChunks, options: ImportOptions) {
    this.window = new ByteWindow(file)
    this.options = options
    this.choice = new InstrumentChoice(options.symbol)
    // A number names a publisher: a dataset of several venues has several books of one instrument.
    this.publisherAsked = /^\d{1,5}$/.test(options.venue ?? '') ? Number(options.venue) : -1
  }

  async read(): Promise<Tape> {
    const { window, choice } = this
    const header = await readDbnHeader(window)
    this.header = header
    for (const [symbol, ids] of header.instruments) for (const id of ids) choice.name(symbol, id)
    if (header.schema !== '') choice.requireKnown(window.name)
    for (;;) {
      this.readWhole()
      if (this.isPast() || !(await window.more())) break
    }
    if (window.left > 0 && !this.isPast()) window.fail('the file ends inside a record; it is cut off: fetch it again')
    this.book?.end()
    const tape = this.orders ?? this.levels
    if (tape === null) {
      choice.requireKnown(window.name)
      const ours = choice.symbol === null ? '' : ` of ${choice.symbol}`
      return window.fail(`has no MBO, MBP or trade records${ours} (${this.skipped} others)`)
    }
    if (this.skipped > 0) tape.log.count('skippedRecords', this.skipped)
    return tape.finish()
  }

  private isPast(): boolean {
    return (this.orders ?? this.levels)?.log.isPastWindow === true
  }

  /** All records that are here whole. */
  private readWhole(): void {
    const { window } = this
    while (window.left > 0) {
      const length = window.bytes[window.at] * 4
      if (length < BYTES.header || length > RECORD_BYTES_MAX) window.fail(`a record of ${length} bytes; is the file damaged?`)
      if (window.left < length) return
      this.record(window.at, length)
      window.at += length
    }
  }

  private record(at: number, length: number): void {
    const { view } = this.window
    const rtype = view.getUint8(at + 1)
    if (rtype === RTYPE.symbolMapping) this.mapSymbol(at, length)
    const isBook = rtype === RTYPE.mbo || rtype === RTYPE.mbp10 || rtype === RTYPE.mbp1 || rtype === RTYPE.trades
    if (!isBook && rtype !== RTYPE.status) {
      this.skipped++
      return
    }
    if (!this.choice.takes(view.getUint32(at + 4, true), (what) => this.window.fail(what))) return
    if (rtype === RTYPE.status) this.status(at, length)
    else if (this.rtype === -1) {
      this.begin(rtype)
      this.bookRecord(at, length, rtype)
    } else if (rtype === this.rtype) this.bookRecord(at, length, rtype)
    else this.skipped++
  }

  private begin(rtype: number): void {
    this.rtype = rtype
    const dataset = this.header?.dataset ?? ''
    const facts = {
      ...datasetFacts(dataset),
      symbol: this.choice.taken,
      venue: dataset,
      date: null,
      priceDecimals: PRICE_DECIMALS,
      quantityDecimals: 0,
      usualLot: '1',
      source: `Databento DBN ${baseName(this.window.name)}`
    }
    const options =
      this.publisherAsked < 0 ? this.options : { ...this.options, venue: `${dataset} publisher ${this.publisherAsked}` }
    const where = (): string => this.window.where()
    if (rtype === RTYPE.mbo) {
      this.orders = new OrderTape(facts, options, where)
      this.book = new DatabentoOrders(this.orders)
    } else {
      this.levels = new LevelTape(facts, options, where)
      this.depth = new DatabentoDepth(this.levels, this.header?.schema === 'tbbo')
      this.shown = emptyDepth(rtype === RTYPE.mbp10 ? 10 : rtype === RTYPE.mbp1 ? 1 : 0)
    }
  }

  private bookRecord(at: number, length: number, rtype: number): void {
    const publisher = this.window.view.getUint16(at + 2, true)
    if (publisher !== this.publisher) {
      if (this.publisherAsked >= 0 && publisher !== this.publisherAsked) return
      if (this.publisher >= 0)
        this.window.fail(
          `the file has books of several publishers, ${this.publisher} and ${publisher}; choose one, such as --venue ${publisher}`
        )
      this.publisher = publisher
    }
    if (rtype === RTYPE.mbo) this.readMbo(at, length)
    else this.readDepth(at, length)
  }

  private readMbo(at: number, length: number): void {
    const { mbo, window, orders, book } = this
    const { view } = window
    if (length < BYTES.mbo) window.fail(`an MBO record of ${length} bytes; it has ${BYTES.mbo}: is the file damaged?`)
    if (orders === null || book === null) return
    mbo.idLow = view.getUint32(at + 16, true)
    mbo.idHigh = view.getUint32(at + 20, true)
    mbo.price = priceAt(view, at + 24)
    mbo.size = view.getUint32(at + 32, true)
    mbo.flags = view.getUint8(at + 36)
    mbo.action = view.getUint8(at + 38)
    mbo.side = view.getUint8(at + 39)
    mbo.tNs = this.timeOf(at + 8, at + 40, mbo.flags, orders)
    book.apply(mbo)
  }

  private readDepth(at: number, length: number): void {
    const { shown, window, levels, depth } = this
    const { view } = window
    const count = shown.bidPrice.length
    const bytes = BYTES.trades + count * BYTES.level
    if (length < bytes) window.fail(`an MBP record of ${length} bytes; it has ${bytes}: is the file damaged?`)
    if (levels === null || depth === null) return
    shown.price = priceAt(view, at + 16)
    shown.size = view.getUint32(at + 24, true)
    shown.action = view.getUint8(at + 28)
    shown.side = view.getUint8(at + 29)
    shown.flags = view.getUint8(at + 30)
    shown.tNs = this.timeOf(at + 8, at + 32, shown.flags, levels)
    for (let level = 0, from = at + BYTES.trades; level < count; level++, from += BYTES.level) {
      shown.bidPrice[level] = priceAt(view, from)
      shown.askPrice[level] = priceAt(view, from + 8)
      shown.bidSize[level] = view.getUint32(from + 16, true)
      shown.askSize[level] = view.getUint32(from + 20, true)
    }
    depth.apply(shown)
  }

  /** The exchange's time, but for what a snapshot holds: that is as of when the snapshot was received. */
  private timeOf(eventAt: number, receiveAt: number, flags: number, tape: OrderTape | LevelTape): number {
    const { view } = this.window
    const eventHigh = view.getUint32(eventAt + 4, true)
    const receiveHigh = view.getUint32(receiveAt + 4, true)
    const isUndefined = eventHigh === 0xffffffff
    if ((flags & DATABENTO_FLAG.snapshot) !== 0 || isUndefined) {
      if (receiveHigh === 0xffffffff) return tape.log.nowNs
      return tape.log.clock.ofEpochNs(receiveHigh, view.getUint32(receiveAt, true))
    }
    const eventNs = tape.log.clock.ofEpochNs(eventHigh, view.getUint32(eventAt, true))
    if ((flags & DATABENTO_FLAG.badReceiveTime) === 0 && receiveHigh !== 0xffffffff)
      tape.log.received(tape.log.clock.ofEpochNs(receiveHigh, view.getUint32(receiveAt, true)) - eventNs)
    return eventNs
  }

  private status(at: number, length: number): void {
    const tape = this.orders ?? this.levels
    const { view } = this.window
    // A status in front of the first book record: what it says of trading is not kept, as its time is not of the tape.
    if (tape === null || length < BYTES.status) {
      this.skipped++
      return
    }
    tape.log.count('statusRecords')
    const tNs = tape.log.clock.ofEpochNs(view.getUint32(at + 12, true), view.getUint32(at + 8, true))
    const action = view.getUint16(at + 24, true)
    const trading = view.getUint8(at + 30)
    if (trading === YES || (trading !== NO && action === STATUS.trading)) tape.resume(tNs)
    else if (trading === NO || (action >= STATUS.halt && action <= STATUS.suspend)) tape.halt(tNs)
  }

  private mapSymbol(at: number, length: number): void {
    const [from, bytes] = this.header?.version === 1 ? [16, 22] : [17, 71]
    if (length < from + bytes) return
    let symbol = ''
    for (let index = 0; index < bytes; index++) {
      const code = this.window.bytes[at + from + index]
      if (code === 0) break
      symbol += String.fromCharCode(code)
    }
    if (/^[\x21-\x7e]+$/.test(symbol)) this.choice.name(symbol, this.window.view.getUint32(at + 4, true))
  }
}

/** A signed 64-bit price; NaN where undefined. Those beyond 2^53 are refused by the tick grid. */
function priceAt(view: DataView, at: number): number {
  const high = view.getInt32(at + 4, true)
  return high === 0x7fffffff ? Number.NaN : high * TWO_32 + view.getUint32(at, true)
}

function emptyDepth(count: number): DepthRecord {
  const column = (): Float64Array => new Float64Array(count)
  return {
    tNs: 0,
    action: 0,
    side: 0,
    price: 0,
    size: 0,
    flags: 0,
    bidPrice: column(),
    askPrice: column(),
    bidSize: column(),
    askSize: column()
  }
}
