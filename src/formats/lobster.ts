/*
 * LOBSTER message and orderbook files (lobsterdata.com, levels from NASDAQ TotalView-ITCH) to a tape.
 *   With the orderbook file: the book after every recorded row equals the file's row on all its levels (resync.ts).
 *   Without it: orders that must have rested before are inferred and stale levels dropped (resting-orders.ts); the book is then an
 *   estimate.
 * Message types: 1 add, 2 reduce, 3 delete, 4 execute, 5 execute-hidden, 7 halt (price -1, and 0: quotes only) and resume (1).
 * Type 6, a cross, does not match continuous orders: left out and counted. Rows stream through: memory holds columns, never
 * a file. Errors: InputError `file:line: what; what to do`.
 */
import { InputError } from '../kernel/assert.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder, type TapeHeader } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'
import type { Format } from './format.ts'
import { ImportBook } from './import-book.ts'
import { baseName, type LobsterName, parseLobsterName } from './lobster-name.ts'
import {
  depthOf,
  emptyMessage,
  HALT_PRICE,
  Levels,
  MESSAGE_TYPE,
  type Message,
  parseTickSize,
  readLevels,
  readMessage,
  type TickSize
} from './lobster-rows.ts'
import { placeRestingOrders, RestingOrders } from './resting-orders.ts'
import { Resync } from './resync.ts'
import { TextScanner } from './text-scanner.ts'

export interface LobsterOptions {
  /** Symbol, date (YYYY-MM-DD) and bounds of the session: needed when the file's name is not of LOBSTER's standard form. */
  readonly symbol?: string
  readonly date?: string
  readonly openNs?: number
  readonly closeNs?: number
  /** Default NASDAQ and America/New_York: what LOBSTER covers. */
  readonly venue?: string
  readonly zone?: string
  /** Smallest price step in dollars, a multiple of 0.0001. Default "0.01". */
  readonly tick?: string
}

export const LOBSTER: Format = {
  name: 'lobster',
  title: 'LOBSTER message and orderbook files',
  book: 'L3',
  trades: true,
  hidden: true,
  gaps: false,
  files: 'messages [orderbook]; the orderbook file is needed where the files are of limited depth',
  fileCountMin: 1,
  fileCountMax: 2,
  source: 'LOBSTER sample files ReadMe (2013) and output description',
  read([messages, orderbook], options) {
    const { symbol, date, openNs, closeNs, venue, zone, tick, ...others } = options
    const [other] = Object.keys(others)
    if (other !== undefined) throw new InputError(`lobster: the option ${other} is not for this format; leave it out`)
    return importLobster(messages, orderbook ?? null, definedOf({ symbol, date, openNs, closeNs, venue, zone, tick }))
  }
}

/** US regular session, where neither name nor options say otherwise. */
const OPEN_NS = 9.5 * 3600 * NS_PER_SECOND
const CLOSE_NS = 16 * 3600 * NS_PER_SECOND

/** The tape of one day. `orderbook` null: rebuilt from the messages alone. */
export async function importLobster(
  messages: ByteChunks,
  orderbook: ByteChunks | null,
  options: LobsterOptions = {}
): Promise<Tape> {
  const reader = new LobsterReader(messages, orderbook, options)
  return orderbook === null ? reader.readMessages() : reader.readWithBook(orderbook)
}

class LobsterReader {
  private readonly scanner: TextScanner
  private readonly message: Message = emptyMessage()
  private readonly book = new ImportBook()
  private readonly rows = new TapeBuilder()
  private readonly tick: TickSize
  private readonly session: Omit<TapeHeader, 'notes'>
  private readonly depth: number | null
  private lastNs = 0
  private halted = false
  private readonly counts = { recordedRows: 0, unknownIdRows: 0, hiddenRows: 0, offGridPrints: 0, haltRows: 0, crossesLeftOut: 0 }

  constructor(messages: ByteChunks, orderbook: ByteChunks | null, options: LobsterOptions) {
    this.scanner = new TextScanner(messages)
    this.tick = parseTickSize(options.tick ?? '0.01')
    const name = nameOf(messages, 'message')
    const bookName = orderbook === null ? null : nameOf(orderbook, 'orderbook')
    if (name !== null && bookName !== null) checkSameDay(messages.name, name, bookName)
    this.depth = bookName?.depth ?? null
    this.session = sessionOf(messages, orderbook, name, options, this.tick)
  }

  async readWithBook(orderbook: ByteChunks): Promise<Tape> {
    const { scanner, message, book, rows } = this
    const bookScanner = new TextScanner(orderbook)
    const resync = new Resync(book, rows)
    let levels: Levels | null = null
    let seededLevels = 0
    let mayCross = false
    for (;;) {
      if (!scanner.advance()) {
        if (await scanner.fill()) continue
        break
      }
      while (!bookScanner.advance()) {
        if (!(await bookScanner.fill())) {
          bookScanner.fail(`the file ends here, but ${scanner.name} goes on; both have a row for each message: fetch them again`)
        }
      }
      this.readRow()
      const first = levels === null
      levels ??= this.windowOf(bookScanner)
      // Quotes may cross while trading is halted, and until the first row after it that shows them apart.
      mayCross ||= this.halted
      const crossed = readLevels(bookScanner, this.tick, mayCross, levels)
      if (!crossed && !this.halted) mayCross = false
      if (first) seededLevels = resync.seed(message, levels)
      this.record()
      resync.meet(message.tNs, levels)
    }
    while (!bookScanner.advance()) {
      if (!(await bookScanner.fill())) {
        if (bookScanner.isOpenRow && !scanner.isOpenRow) {
          bookScanner.fail('the last row has no line end, unlike that of the message file; the file is cut off: fetch it again')
        }
        const { rowCount: resyncRows, resyncedCount: resyncedRows, touchCount: touchResyncedRows } = resync
        const depth = levels?.depth ?? 0
        return this.finish(rows, { depth, seededLevels, resyncRows, resyncedRows, touchResyncedRows })
      }
    }
    return scanner.fail(`the file ends here, but ${bookScanner.name} goes on; both have a row for each message: fetch them again`)
  }

  /** In two passes over the rows: what rested before shows only in the end. */
  async readMessages(): Promise<Tape> {
    const { scanner, message } = this
    const resting = new RestingOrders()
    for (;;) {
      if (!scanner.advance()) {
        if (await scanner.fill()) continue
        break
      }
      this.readRow()
      const { type, orderId, side, priceTicks, lots } = message
      if (type === MESSAGE_TYPE.add) {
        if (resting.isInferred(orderId))
          scanner.fail(`order ${orderId} is added after a row took from it; the rows are out of order`)
        resting.onAdd(orderId)
      } else if (type <= MESSAGE_TYPE.execute) {
        const fault = resting.onTake(orderId, side, priceTicks, lots)
        if (fault !== null) scanner.fail(`order ${orderId} ${fault}`)
      }
      this.record()
    }
    const recorded = this.rows.finish({ ...this.session, notes: {} })
    const rows = new TapeBuilder(Math.max(1, recorded.count))
    const placed = placeRestingOrders(recorded, resting, rows)
    return this.finish(rows, { ...placed })
  }

  private windowOf(bookScanner: TextScanner): Levels {
    const depth = depthOf(bookScanner)
    if (this.depth !== null && this.depth !== depth) {
      bookScanner.fail(`the row has ${depth} levels, but the file's name says ${this.depth}; rename the file or fetch it again`)
    }
    return new Levels(depth)
  }

  private readRow(): void {
    const { scanner, message } = this
    readMessage(scanner, this.tick, message)
    if (message.tNs < this.lastNs)
      scanner.fail('the time goes back; a message file is sorted by time: sort it with its orderbook file')
    this.lastNs = message.tNs
    if (message.type === MESSAGE_TYPE.halt) this.halted = message.priceTicks !== HALT_PRICE.trading
  }

  /** Writes the message as a row and applies it. */
  private record(): void {
    const { scanner, message, book, rows, counts } = this
    const { tNs, type, side, priceTicks, lots, orderId } = message
    if (type === MESSAGE_TYPE.cross) {
      counts.crossesLeftOut++
      return
    }
    counts.recordedRows++
    if (type === MESSAGE_TYPE.halt) {
      counts.haltRows++
      // Quoting alone does not end a halt: no continuous match until trading resumes.
      rows.push(tNs, ROW_KIND.of[this.halted ? 'halt' : 'resume'], 0, 0, 0, 0)
      return
    }
    if (type === MESSAGE_TYPE.hidden) {
      counts.hiddenRows++
      if (message.between) counts.offGridPrints++
      rows.push(tNs, ROW_KIND.of['execute-hidden'], side, priceTicks, lots, 0, message.between ? ROW_FLAG.between : 0)
      return
    }
    const kind = KIND_OF_TYPE[type]
    if (type === MESSAGE_TYPE.add) {
      if (book.isLive(orderId)) scanner.fail(`order ${orderId} is added a second time while it rests; remove one of the rows`)
    } else if (!book.isLive(orderId)) {
      counts.unknownIdRows++
    } else if (!book.fits(orderId, side, priceTicks)) {
      scanner.fail(`order ${orderId} was added with another side or price; correct the row`)
    }
    rows.push(tNs, kind, side, priceTicks, lots, orderId)
    book.apply(kind, side, priceTicks, lots, orderId)
  }

  private finish(rows: TapeBuilder, more: Record<string, number>): Tape {
    if (this.scanner.line === 0) this.scanner.fail('the file has no rows; give a message file with at least one')
    return rows.finish({ ...this.session, notes: { ...this.counts, ...more } })
  }
}

/** Without the keys that are undefined. */
function definedOf(options: { [K in keyof LobsterOptions]-?: LobsterOptions[K] | undefined }): LobsterOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

const KIND_OF_TYPE = [0, ROW_KIND.of.add, ROW_KIND.of.reduce, ROW_KIND.of.delete, ROW_KIND.of.execute]

function nameOf(file: ByteChunks, content: LobsterName['content']): LobsterName | null {
  const name = parseLobsterName(file.name)
  if (name !== null && name.content !== content) {
    throw new InputError(
      `${file.name}: by its name this is the ${name.content} file, not the ${content} file; give them the other way round`
    )
  }
  return name
}

function checkSameDay(file: string, name: LobsterName, bookName: LobsterName): void {
  for (const key of ['symbol', 'date', 'openNs', 'closeNs', 'depth'] as const) {
    if (name[key] !== bookName[key]) {
      throw new InputError(
        `${file}: the names of message and orderbook file differ in ${WORD_OF_KEY[key]}; give the two files of one day`
      )
    }
  }
}

const WORD_OF_KEY = { symbol: 'symbol', date: 'date', openNs: 'start time', closeNs: 'end time', depth: 'level' } as const

function sessionOf(
  messages: ByteChunks,
  orderbook: ByteChunks | null,
  name: LobsterName | null,
  options: LobsterOptions,
  tick: TickSize
): Omit<TapeHeader, 'notes'> {
  const symbol = options.symbol ?? name?.symbol
  const date = options.date ?? name?.date
  if (symbol === undefined || date === undefined) {
    throw new InputError(
      `${messages.name}: the name does not say symbol and date; rename it as LOBSTER does, or give symbol and date`
    )
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new InputError(`date: "${date}" is not a date; write for example 2012-06-21`)
  const openNs = options.openNs ?? name?.openNs ?? OPEN_NS
  const closeNs = options.closeNs ?? name?.closeNs ?? CLOSE_NS
  if (closeNs <= openNs) throw new InputError(`${messages.name}: the session ends before it starts; give openNs < closeNs`)
  const files = [messages, ...(orderbook === null ? [] : [orderbook])].map((file) => baseName(file.name))
  return {
    symbol,
    venue: options.venue ?? 'NASDAQ',
    date,
    zone: options.zone ?? 'America/New_York',
    tickUnits: tick.tickUnits,
    priceDecimals: tick.priceDecimals,
    lotUnits: 1,
    lotDecimals: 0,
    openNs,
    closeNs,
    source: `LOBSTER ${files.join(' + ')}`
  }
}
