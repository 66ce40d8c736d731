/*
 * tailtax's own CSV: a tape's rows as text, for whatever no other format reads, and back without loss (`inspect --rows` writes it). Lines
 * `# key: value` (csv-head.ts), a head that names the columns in any order, then one row per event:
 *   tNs       ns since local midnight, not less than in the row before; or `time`, an ISO instant or a count since 1970
 *   kind      as in tape.ts: add, reduce, delete, execute, execute-hidden, trade, level-set, clear, halt, resume, cross
 *   side      bid or ask (of the resting order); empty where a row has none
 *   price     a decimal; or `priceTicks`, whole ticks
 *   lots      whole lots; or `quantity`, a decimal
 *   orderId   up to 2^53; may be missing or empty
 *   flags     may be missing or empty: added, between, added+between
 * The rules of a tape are checked, not mended: time that goes back, an order added while live, a price off the tick are errors at their line.
 * A row of an order that is not live is kept and counted (`unknownIdRows`): it takes from what the level holds beside known orders.
 */
import { ROW_FLAG, ROW_KIND, type Tape, type TapeHeader } from '../market/tape.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { ANY_UNIT } from './byte-lines.ts'
import { CsvHead, stepOf } from './csv-head.ts'
import { decimalsOfStep, LOTS_MAX, TICKS_MAX } from './decimal-grid.ts'
import type { Format, ImportOptions } from './format.ts'
import { baseName } from './lobster-name.ts'
import { OrderCheck } from './order-check.ts'
import { RowLog } from './row-log.ts'
import { TextScanner } from './text-scanner.ts'
import { WordList } from './word-list.ts'

const KIND = ROW_KIND.of
const KINDS = new WordList(ROW_KIND.names)
const SIDES = new WordList(['ask', '', 'bid', '-1', '0', '1'])
const FLAGS = new WordList(['', 'added', 'between', 'added+between'])
const FLAG_BITS = [0, ROW_FLAG.added, ROW_FLAG.between, ROW_FLAG.added | ROW_FLAG.between]
const PRICE_DECIMALS = 9
const QUANTITY_DECIMALS = 8

const COLUMNS = ['tNs', 'time', 'kind', 'side', 'price', 'priceTicks', 'lots', 'quantity', 'orderId', 'flags'] as const
const COLUMN = Object.fromEntries(COLUMNS.map((name, index) => [name, index])) as Record<(typeof COLUMNS)[number], number>
const USUAL = ['tNs', 'kind', 'side', 'price', 'lots', 'orderId', 'flags'] as const
const EITHER: readonly (readonly [(typeof COLUMNS)[number], (typeof COLUMNS)[number]])[] = [
  ['tNs', 'time'],
  ['price', 'priceTicks'],
  ['lots', 'quantity']
]
/** What the rows already are is not mended. */
const REFUSED = ['fromNs', 'toNs', 'gapRule', 'crossedRule', 'clock'] as const

export const CSV: Format = {
  name: 'csv',
  title: "tailtax's own CSV of a tape's rows, for everybody else",
  book: 'L3, L2',
  trades: true,
  hidden: true,
  gaps: false,
  files: 'one file; its columns: tNs,kind,side,price,lots,orderId,flags (docs/csv-format.md)',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'docs/csv-format.md',
  read: ([file], options) => new CsvReader(file, options).read()
}

class CsvReader {
  private readonly scanner: TextScanner
  private readonly options: ImportOptions
  private readonly head = new CsvHead()
  private readonly check = new OrderCheck()
  private cells: Int8Array = new Int8Array(0)
  private priceDecimals = PRICE_DECIMALS
  private quantityDecimals = QUANTITY_DECIMALS
  private isByPrice = true

  // The current row.
  private tNs = 0
  private kind = 0
  private side = 0
  private price = 0
  private quantity = 0
  private orderId = 0
  private flags = 0
  private hasTicks = false
  private isUsual = false
  private hasLots = false

  constructor(file: ByteChunks, options: ImportOptions) {
    this.scanner = new TextScanner(file)
    this.options = options
  }

  async read(): Promise<Tape> {
    const { scanner, options, head } = this
    const refused = REFUSED.find((name) => options[name] !== undefined)
    if (refused !== undefined) scanner.fail(`the option ${refused} is not for csv, whose rows are a tape already; leave it out`)
    await this.readHead()
    const log = this.openLog()
    do {
      if (this.isUsual) while (scanner.advance()) this.readUsualRow(log)
      else while (scanner.advance()) this.readRow(log)
    } while (await scanner.fill())
    const { unknownCount } = this.check
    if (unknownCount > 0 && !head.notes.has('unknownIdRows')) log.count('unknownIdRows', unknownCount)
    const { words } = head
    const isByPrice = words.has('book') ? words.get('book') === 'by-price' : this.isByPrice
    if (isByPrice && !this.isByPrice)
      scanner.fail('the book is by-price but there are rows of orders; leave the line "# book" out')
    return this.withHeader(log.finish(isByPrice ? 'by-price' : 'by-order'))
  }

  private async readHead(): Promise<void> {
    const { scanner } = this
    for (;;) {
      if (!(await scanner.nextLine())) scanner.fail(`has no head; it is tNs,kind,side,price,lots,orderId`)
      const remark = scanner.remark()
      if (remark === null) break
      const fault = this.head.read(remark)
      if (fault !== null) scanner.fail(fault)
    }
    this.cells = Int8Array.from(scanner.head(COLUMNS, ['kind', 'side']))
    for (const pair of EITHER) {
      const count = pair.filter((name) => this.cells.includes(COLUMN[name])).length
      if (count === 0) scanner.fail(`has neither a column ${pair[0]} nor ${pair[1]}`)
      if (count === 2) scanner.fail(`has the columns ${pair[0]} and ${pair[1]}; it may have one of them`)
    }
    this.hasTicks = this.cells.includes(COLUMN.priceTicks)
    this.hasLots = this.cells.includes(COLUMN.lots)
    this.isUsual = this.cells.join() === USUAL.map((name) => COLUMN[name]).join()
    if (this.cells.includes(-1)) scanner.fail(`has a column that is not known; there are ${COLUMNS.join(', ')}`)
  }

  private openLog(): RowLog {
    const { scanner, options } = this
    const { words, times } = this.head
    const openNs = options.openNs ?? times.get('open')
    const closeNs = options.closeNs ?? times.get('close')
    const tick = options.tick ?? words.get('tick') ?? (this.hasTicks ? '1' : undefined)
    const lot = options.lot ?? words.get('lot') ?? (this.hasLots ? '1' : undefined)
    this.priceDecimals = decimalsOfStep(tick, PRICE_DECIMALS)
    this.quantityDecimals = decimalsOfStep(lot, QUANTITY_DECIMALS)
    const facts = {
      symbol: words.get('symbol') ?? baseName(scanner.name).replace(/\.csv(\.gz|\.zst)?$/, ''),
      venue: words.get('venue') ?? 'unknown',
      zone: words.get('zone') ?? 'UTC',
      date: words.get('date') ?? null,
      session: null,
      priceDecimals: this.priceDecimals,
      usualTick: null,
      quantityDecimals: this.quantityDecimals,
      usualLot: null,
      source: words.get('source') ?? `CSV ${baseName(scanner.name)}`
    }
    const steps = { ...(tick === undefined ? {} : { tick }), ...(lot === undefined ? {} : { lot }) }
    const session = { ...(openNs === undefined ? {} : { openNs }), ...(closeNs === undefined ? {} : { closeNs }) }
    const nothing = (): void => undefined
    try {
      return new RowLog(
        facts,
        { ...options, ...steps, ...session },
        () => scanner.where(),
        nothing,
        (prices, lots) => this.check.scale(prices, lots)
      )
    } catch (error) {
      return scanner.fail((error as Error).message)
    }
  }

  /** A row of the columns as they are exported: the same, without a look at each cell's column. */
  private readUsualRow(log: RowLog): void {
    const { scanner } = this
    const tNs = log.clock.ofMidnightNs(scanner.integer('tNs'))
    const kind = scanner.neededChoice('kind', KINDS)
    const side = (scanner.neededChoice('side', SIDES) % 3) - 1
    const price = scanner.decimal('price', this.priceDecimals)
    const lots = scanner.isEmptyField() ? scanner.decimal('lots', 0) : scanner.integer('lots')
    scanner.id('orderId')
    const orderId = this.orderIdRead()
    const flags = FLAG_BITS[scanner.neededChoice('flags', FLAGS)]
    if (scanner.hasField()) this.failCells()
    this.push(log, tNs, kind, side, price, lots, orderId, flags)
  }

  private readRow(log: RowLog): void {
    for (let index = 0; index < this.cells.length; index++) this.readCell(this.cells[index], log)
    if (this.scanner.hasField()) this.failCells()
    this.push(log, this.tNs, this.kind, this.side, this.price, this.quantity, this.orderId, this.flags)
  }

  private failCells(): never {
    this.scanner.fail(`the row has more than the ${this.cells.length} cells of the head`)
  }

  private orderIdRead(): number {
    const { scanner } = this
    if (scanner.idHigh >= 1 << 21) scanner.fail('the orderId is 2^53 or more, which a tape cannot hold; give smaller numbers')
    return scanner.idHigh * 4_294_967_296 + scanner.idLow
  }

  private readCell(cell: number, log: RowLog): void {
    const { scanner } = this
    switch (cell) {
      case COLUMN.tNs:
        this.tNs = log.clock.ofMidnightNs(scanner.integer('tNs'))
        break
      case COLUMN.time:
        scanner.neededInstant('time', ANY_UNIT)
        this.tNs = log.clock.ofEpochSeconds(scanner.seconds, scanner.nanos)
        break
      case COLUMN.kind:
        this.kind = scanner.neededChoice('kind', KINDS)
        break
      case COLUMN.side:
        this.side = (scanner.neededChoice('side', SIDES) % 3) - 1
        break
      case COLUMN.price:
        this.price = scanner.decimal('price', this.priceDecimals)
        break
      case COLUMN.priceTicks:
        this.price = scanner.isEmptyField() ? scanner.decimal('priceTicks', 0) : scanner.integer('priceTicks')
        break
      case COLUMN.lots:
        this.quantity = scanner.isEmptyField() ? scanner.decimal('lots', 0) : scanner.integer('lots')
        break
      case COLUMN.quantity:
        this.quantity = scanner.decimal('quantity', this.quantityDecimals)
        break
      case COLUMN.orderId:
        scanner.id('orderId')
        this.orderId = this.orderIdRead()
        break
      default:
        this.flags = FLAG_BITS[scanner.neededChoice('flags', FLAGS)]
    }
  }

  private push(
    log: RowLog,
    tNs: number,
    kind: number,
    side: number,
    price: number,
    quantity: number,
    orderId: number,
    flags: number
  ): void {
    if (tNs < log.nowNs || tNs < 0) this.failTime(tNs, log.nowNs)
    const isPrint = kind === KIND['execute-hidden'] || kind === KIND.trade
    const isBare = kind >= KIND.clear && kind <= KIND.resume
    const priceTicks = Number.isNaN(price) && isBare ? 0 : this.ticksOf(log, price, isPrint)
    const lots = Number.isNaN(quantity) ? 0 : this.lotsOf(log, quantity)
    if (kind <= KIND['level-set'] && side === 0) this.scanner.fail('the row has no side; write bid or ask')
    if (lots <= 0 && (kind < KIND['level-set'] || lots < 0)) this.scanner.fail('the row has no quantity; it must be more than 0')
    const between = isPrint && !this.hasTicks ? log.printFlag(price) : 0
    log.enter(tNs)
    this.follow(kind, side, priceTicks, lots, orderId)
    log.push(kind, side, priceTicks, lots, orderId, flags | between)
  }

  private failTime(tNs: number, lastNs: number): never {
    this.scanner.fail(`the time ${tNs} goes back, from ${lastNs}; times do not go below 0, and rows are sorted by them`)
  }

  private ticksOf(log: RowLog, price: number, isPrint: boolean): number {
    const { scanner } = this
    if (Number.isNaN(price)) scanner.fail('the row has no price; restore it')
    if (!this.hasTicks) {
      const ticks = isPrint ? log.printTicks(price) : log.priceTicks(price)
      if (Number.isNaN(ticks)) scanner.fail(log.tick.faultOf(price))
      return ticks
    }
    if (Math.abs(price) > TICKS_MAX) scanner.fail(`the price is ${price} ticks; at most ${TICKS_MAX} fit: give a larger tick`)
    return price
  }

  private lotsOf(log: RowLog, quantity: number): number {
    if (!this.hasLots) return log.lots(quantity)
    if (quantity > LOTS_MAX) this.scanner.fail(`the row has ${quantity} lots; at most ${LOTS_MAX} fit: give a larger lot`)
    return quantity
  }

  /** T3, and what the rows show. */
  private follow(kind: number, side: number, priceTicks: number, lots: number, orderId: number): void {
    const { check } = this
    if (kind <= KIND['execute-hidden']) this.isByPrice = false
    if (kind === KIND.add) {
      if (!check.add(orderId, side, priceTicks, lots))
        this.scanner.fail(`order ${orderId} is added while it is live; delete it first, or give it another id`)
    } else if (kind <= KIND.execute) check.take(orderId, side, priceTicks, lots, kind === KIND.delete)
    else if (kind === KIND['level-set']) check.set(side, priceTicks, lots)
    else if (kind === KIND.clear) check.clear()
  }

  /** What the file says of the tape, word for word, where the user says nothing else. */
  private withHeader(tape: Tape): Tape {
    const { options } = this
    const { words, notes, days } = this.head
    const tick = stepOf(options.tick ?? words.get('tick') ?? (this.hasTicks ? '1' : ''))
    const lot = stepOf(options.lot ?? words.get('lot') ?? (this.hasLots ? '1' : ''))
    const header: TapeHeader = {
      ...tape.header,
      ...(tick === null ? {} : { tickUnits: tick.units, priceDecimals: tick.decimals }),
      ...(lot === null ? {} : { lotUnits: lot.units, lotDecimals: lot.decimals }),
      ...(days.length === 0 ? {} : { days }),
      notes: { ...tape.header.notes, ...Object.fromEntries(notes) }
    }
    return { ...tape, header }
  }
}
