/*
 * hftbacktest's own data, version 2 (its `types` module; "Data" in its documentation): an .npz or .npy of events with the fields ev, exch_ts,
 * local_ts, px, qty, order_id, ival, fval. `ev` holds a kind in its low byte and flags: bit 31 the exchange's view, bit 30 the local one, bit
 * 29 buy, bit 28 sell. Only rows of the exchange's view are taken, at exch_ts (ns since 1970); a row that is only local is the same event seen
 * later (`localOnlyRows`).
 *   L2 kinds: 1 a level's total, 2 a trade (its flag is the aggressor's side), 3 levels up to px end, 4 a level of a snapshot, 5 best prices (left out).
 *   L3 kinds: 10 add, 11 cancel, 12 modify, 13 fill, 2 trade, 3 clear, with the meaning of Databento's MBO (databento-book.ts): a fill
 *   changes nothing, the cancel or modify that follows does.
 * The file does not say its symbol. Prices and quantities are doubles: their decimals are those of the first rows, and two more.
 */
import type { Tape } from '../market/tape.ts'
import { ByteWindow } from './byte-window.ts'
import { DATABENTO_ACTION, DatabentoOrders, type MboRecord } from './databento-book.ts'
import { DATABENTO_FLAG } from './databento-flags.ts'
import type { Format, ImportOptions } from './format.ts'
import { LevelTape } from './level-tape.ts'
import { baseName } from './lobster-name.ts'
import { type ArrayHead, readArrayHead } from './npy.ts'
import { openArray } from './npz.ts'
import { OrderTape } from './order-tape.ts'
import type { FileFacts } from './row-log.ts'

const EXCHANGE = 0x80000000
const BUY = 0x20000000
const SELL = 0x10000000
const KIND = { depth: 1, trade: 2, clear: 3, snapshot: 4, best: 5, add: 10, cancel: 11, modify: 12, fill: 13 } as const
const FIELDS = ['ev', 'exch_ts', 'local_ts', 'px', 'qty'] as const
/** Rows that are looked at before the first is read. */
const PEEKED_ROWS = 2000
const DECIMALS_MAX = 12
const UNITS_MAX = 2 ** 49
/** Assumed: more than any price or quantity. */
const VALUE_MAX = 1e12

export const HFTBACKTEST: Format = {
  name: 'hftbacktest',
  title: 'hftbacktest 2 event arrays, L2 or L3',
  book: 'L3, L2',
  trades: true,
  hidden: false,
  gaps: false,
  files: 'one .npz or .npy file',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'hftbacktest 2: types module and data documentation; NEP 1; PKWARE APPNOTE',
  async read([file], options) {
    const window = new ByteWindow(await openArray(file))
    const head = await readArrayHead(window)
    return new EventReader(window, head, options).read()
  }
}

class EventReader {
  private readonly window: ByteWindow
  private readonly head: ArrayHead
  private readonly options: ImportOptions
  private readonly at: Readonly<Record<(typeof FIELDS)[number] | 'order_id', number>>
  private orders: OrderTape | null = null
  private book: DatabentoOrders | null = null
  private levels: LevelTape | null = null
  private row = 0
  private priceScale = 1
  private quantityScale = 1
  private readonly mbo: MboRecord = { tNs: 0, action: 0, side: 0, idHigh: 0, idLow: 0, price: 0, size: 0, flags: 0 }

  constructor(window: ByteWindow, head: ArrayHead, options: ImportOptions) {
    this.window = window
    this.head = head
    this.options = options
    const offsetOf = (name: string): number => {
      const field = head.fields.get(name)
      if (field === undefined) return -1
      if (!/^[uif]8$/.test(field.type)) window.fail(`the field ${name} is of type ${field.type}; it must have 8 bytes`)
      return field.offset
    }
    const missing = FIELDS.find((name) => !head.fields.has(name))
    if (missing !== undefined) window.fail(`the array has no field ${missing}; it needs ${FIELDS.join(', ')}`)
    this.at = {
      ev: offsetOf('ev'),
      exch_ts: offsetOf('exch_ts'),
      local_ts: offsetOf('local_ts'),
      px: offsetOf('px'),
      qty: offsetOf('qty'),
      order_id: offsetOf('order_id')
    }
  }

  async read(): Promise<Tape> {
    const { window, head } = this
    await window.need(Math.min(head.rowCount, PEEKED_ROWS) * head.rowBytes)
    this.begin()
    const tape = this.orders ?? this.levels
    if (tape === null) return window.fail('the array has no rows')
    for (;;) {
      const whole = Math.min(Math.floor(window.left / head.rowBytes), head.rowCount - this.row)
      for (let index = 0; index < whole; index++) {
        this.event(window.at)
        window.at += head.rowBytes
        this.row++
      }
      if (this.row === head.rowCount || tape.log.isPastWindow) break
      if (!(await window.more()))
        window.fail(`the array ends at row ${this.row} of ${head.rowCount}; the file is cut off: fetch it again`)
    }
    this.book?.end()
    return tape.finish()
  }

  /** Looks at the first rows: single orders or levels, and how many decimals. */
  private begin(): void {
    const { window, head, at } = this
    const count = Math.min(head.rowCount, Math.floor(window.left / head.rowBytes), PEEKED_ROWS)
    const prices: number[] = []
    const quantities: number[] = []
    let isByOrder = false
    for (let index = 0; index < count; index++) {
      const row = window.at + index * head.rowBytes
      const kind = window.view.getUint8(row + at.ev)
      isByOrder ||= kind >= KIND.add && kind <= KIND.fill
      prices.push(window.view.getFloat64(row + at.px, true))
      quantities.push(window.view.getFloat64(row + at.qty, true))
    }
    if (count === 0) return
    const priceDecimals = decimalsOf(prices)
    const quantityDecimals = decimalsOf(quantities)
    this.priceScale = 10 ** priceDecimals
    this.quantityScale = 10 ** quantityDecimals
    const facts: FileFacts = {
      symbol: baseName(window.name).replace(/\.np[yz]$/, ''),
      venue: 'unknown',
      zone: 'UTC',
      date: null,
      session: null,
      priceDecimals,
      usualTick: null,
      quantityDecimals,
      usualLot: null,
      source: `hftbacktest ${baseName(window.name)}`
    }
    const where = (): string => `${window.name}: row ${this.row}`
    if (isByOrder) {
      this.orders = new OrderTape(facts, this.options, where)
      this.book = new DatabentoOrders(this.orders)
    } else this.levels = new LevelTape(facts, this.options, where)
  }

  private event(row: number): void {
    const { window, at, orders, book, levels } = this
    const { view } = window
    const event = view.getUint32(row + at.ev, true)
    const tape = orders ?? levels
    if (tape === null) return
    if ((event & EXCHANGE) === 0) {
      tape.log.count('localOnlyRows')
      return
    }
    const { clock } = tape.log
    const tNs = clock.ofEpochNs(view.getInt32(row + at.exch_ts + 4, true), view.getUint32(row + at.exch_ts, true))
    const localHigh = view.getInt32(row + at.local_ts + 4, true)
    if (localHigh > 0) tape.log.received(clock.ofEpochNs(localHigh, view.getUint32(row + at.local_ts, true)) - tNs)
    const side = (event & BUY) !== 0 ? 1 : (event & SELL) !== 0 ? -1 : 0
    const price = unitsOf(tape, view.getFloat64(row + at.px, true), this.priceScale, 'roundedPrices')
    const quantity = unitsOf(tape, view.getFloat64(row + at.qty, true), this.quantityScale, 'roundedQuantities')
    if (levels !== null) this.level(levels, event & 0xff, tNs, side, price, quantity)
    else if (orders !== null && book !== null) this.order(orders, book, event & 0xff, row, tNs, side, price, quantity)
  }

  private level(levels: LevelTape, kind: number, tNs: number, side: number, price: number, quantity: number): void {
    if (kind === KIND.clear) {
      if (side === 0) levels.clear(tNs)
      else levels.clearSide(tNs, side, price)
      return
    }
    if (!Number.isFinite(price) || !(quantity >= 0)) levels.log.count('rowsWithoutPriceOrQuantity')
    else if (kind === KIND.trade) levels.trade(tNs, -side, price, quantity)
    else if ((kind === KIND.depth || kind === KIND.snapshot) && side !== 0) levels.levelSet(tNs, side, price, quantity)
    else levels.log.count(kind === KIND.best ? 'bestPriceRowsLeftOut' : 'rowsOfOtherKinds')
    levels.settle()
  }

  private order(
    orders: OrderTape,
    book: DatabentoOrders,
    kind: number,
    row: number,
    tNs: number,
    side: number,
    price: number,
    quantity: number
  ): void {
    const { mbo, window, at } = this
    const action = ACTION_OF_KIND.get(kind)
    if (action === undefined || !(quantity >= 0 || action === DATABENTO_ACTION.clear)) {
      orders.log.count('rowsOfOtherKinds')
      return
    }
    mbo.tNs = tNs
    mbo.action = action
    mbo.side = side === 1 ? 66 : side === -1 ? 65 : 78
    mbo.idLow = at.order_id < 0 ? 0 : window.view.getUint32(row + at.order_id, true)
    mbo.idHigh = at.order_id < 0 ? 0 : window.view.getUint32(row + at.order_id + 4, true)
    mbo.price = price
    mbo.size = quantity
    mbo.flags = DATABENTO_FLAG.last
    book.apply(mbo)
  }
}

const ACTION_OF_KIND: ReadonlyMap<number, number> = new Map([
  [KIND.trade, DATABENTO_ACTION.trade],
  [KIND.clear, DATABENTO_ACTION.clear],
  [KIND.add, DATABENTO_ACTION.add],
  [KIND.cancel, DATABENTO_ACTION.cancel],
  [KIND.modify, DATABENTO_ACTION.modify],
  [KIND.fill, DATABENTO_ACTION.fill]
])

/** Whole units of a decimal that was kept as a double; one that lies between two is rounded and counted, and is nothing only when it was. */
function unitsOf(tape: OrderTape | LevelTape, value: number, scale: number, noteOfRounded: string): number {
  const scaled = value * scale
  const units = Math.round(scaled)
  if (Math.abs(scaled - units) <= 1e-9 * Math.abs(units)) return units
  if (!Number.isFinite(scaled)) return scaled
  tape.log.count(noteOfRounded)
  return units === 0 ? Math.sign(value) : units
}

/**
 * The fewest decimals that hold the values to a double's precision, and two more where they leave room. Values that no market has do not
 * count.
 */
function decimalsOf(values: readonly number[]): number {
  const finite = values.map(Math.abs).filter((value) => value < VALUE_MAX)
  const largest = finite.reduce((most, value) => Math.max(most, value), 0)
  let decimals = 0
  while (decimals < DECIMALS_MAX && !finite.every((value) => isDecimal(value, decimals))) decimals++
  for (let more = 0; more < 2 && largest * 10 ** (decimals + 1) < UNITS_MAX; more++) decimals++
  while (decimals > 0 && largest * 10 ** decimals >= UNITS_MAX) decimals--
  return decimals
}

function isDecimal(value: number, decimals: number): boolean {
  const scaled = value * 10 ** decimals
  return Math.abs(scaled - Math.round(scaled)) <= 1e-9 * Math.max(1, scaled) && Math.abs(scaled - Math.round(scaled)) < 1e-3
}
