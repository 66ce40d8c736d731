/*
 * Single rows of LOBSTER files. Prices there are dollars times 10,000; here they become whole ticks. A visible price off
 * the tick grid is an error; a hidden execution may print between two ticks (midpoint orders) and is then floored and
 * marked. Columns: LOBSTER_SampleFiles_ReadMe (01 Sept 2013); type 6 (cross trade): LOBSTER's current output description.
 */
import { InputError } from '../kernel/assert.ts'
import type { TextScanner } from './text-scanner.ts'

export const MESSAGE_TYPE = { add: 1, reduce: 2, delete: 3, execute: 4, hidden: 5, cross: 6, halt: 7 } as const
/** Prices of a type 7 row. */
export const HALT_PRICE = { halted: -1, quoting: 0, trading: 1 } as const

/** LOBSTER's price units (0.0001 dollar) per dollar: four decimals. */
const PRICE_DECIMALS = 4
const DUMMY_PRICE = 9_999_999_999
/** Columns of a tape hold 32-bit prices and lots. */
const INT32_MAX = 2_147_483_647
export const LOTS_MAX = INT32_MAX

export interface TickSize {
  /** 0.0001 dollars per tick. */
  readonly unitsPerTick: number
  /** As in TapeHeader: a price is ticks * tickUnits / 10^priceDecimals. */
  readonly tickUnits: number
  readonly priceDecimals: number
}

/** "0.01" to the tick size. Errors: InputError unless it is a positive multiple of 0.0001. */
export function parseTickSize(text: string): TickSize {
  const match = /^(\d{1,5})(?:\.(\d{1,4}))?$/.exec(text.trim())
  const decimals = match?.[2] ?? ''
  const tickUnits = match === null ? 0 : Number(match[1] + decimals)
  if (tickUnits === 0) throw new InputError(`tick: "${text}" is not a tick size; write a multiple of 0.0001, for example 0.01`)
  return { unitsPerTick: tickUnits * 10 ** (PRICE_DECIMALS - decimals.length), tickUnits, priceDecimals: decimals.length }
}

/** One message row, reused. Cross and halt rows carry type, time and (halt) the raw price only. */
export interface Message {
  tNs: number
  type: number
  orderId: number
  lots: number
  priceTicks: number
  /** The price lies between priceTicks and the next tick up. */
  between: boolean
  side: number
}

export function emptyMessage(): Message {
  return { tNs: 0, type: 0, orderId: 0, lots: 0, priceTicks: 0, between: false, side: 0 }
}

/** Reads the scanner's current row into `out`. Errors: InputError at the row. */
export function readMessage(scanner: TextScanner, tick: TickSize, out: Message): void {
  out.tNs = scanner.secondsToNs('time')
  out.type = scanner.integer('type')
  out.orderId = scanner.integer('order id')
  const size = scanner.integer('size')
  const price = scanner.integer('price')
  out.side = scanner.integer('direction')
  // Files of recent years carry a seventh column, the market participant; it is not used.
  if (scanner.hasField()) scanner.skipField()
  if (scanner.hasField()) scanner.fail('the row has more than 7 fields; is this a message file?')
  const { type } = out
  if (type < MESSAGE_TYPE.add || type > MESSAGE_TYPE.halt) {
    scanner.fail(`the type ${type} is unknown; a message file has types 1 to 7: is this a message file?`)
  }
  out.between = false
  if (type >= MESSAGE_TYPE.cross) {
    out.priceTicks = price
    out.lots = 0
    if (type === MESSAGE_TYPE.halt && (price < HALT_PRICE.halted || price > HALT_PRICE.trading)) {
      scanner.fail(`the halt's price is ${price}; it must be -1 (halted), 0 (quoting) or 1 (trading)`)
    }
    return
  }
  if (out.side !== 1 && out.side !== -1) scanner.fail(`the direction is ${out.side}; it must be 1 (buy) or -1 (sell)`)
  if (type !== MESSAGE_TYPE.hidden && out.orderId <= 0) {
    scanner.fail(`the order id is ${out.orderId}; only hidden executions have none: correct the row`)
  }
  out.lots = checkedLots(scanner, size)
  out.priceTicks = Math.floor(price / tick.unitsPerTick)
  if (price <= 0 || out.priceTicks > INT32_MAX) failPrice(scanner, price)
  if (out.priceTicks * tick.unitsPerTick !== price) {
    if (type !== MESSAGE_TYPE.hidden) failGrid(scanner, price)
    out.between = true
  }
}

/** The levels of one orderbook row, best first, reused. Empty levels are left out: the counts say how many there are. */
export class Levels {
  readonly depth: number
  /** Asks in [0], bids in [1], as in the file. */
  readonly priceTicks: readonly [Int32Array, Int32Array]
  readonly lots: readonly [Int32Array, Int32Array]
  readonly count: [number, number] = [0, 0]

  constructor(depth: number) {
    this.depth = depth
    this.priceTicks = [new Int32Array(depth), new Int32Array(depth)]
    this.lots = [new Int32Array(depth), new Int32Array(depth)]
  }
}

/** Depth of an orderbook file, by its first row. */
export function depthOf(scanner: TextScanner): number {
  const fields = scanner.fieldCount()
  if (fields % 4 !== 0)
    scanner.fail(`the row has ${fields} fields; an orderbook row has four for each level: is this an orderbook file?`)
  return fields / 4
}

/**
 * Reads the scanner's current row into `out`; true when its best bid is at or above its best ask. Errors: InputError at the
 * row; such a book is one unless `mayCross`.
 */
export function readLevels(scanner: TextScanner, tick: TickSize, mayCross: boolean, out: Levels): boolean {
  out.count[0] = 0
  out.count[1] = 0
  for (let level = 0; level < out.depth; level++) {
    readLevel(scanner, tick, level, 0, out)
    readLevel(scanner, tick, level, 1, out)
  }
  if (scanner.hasField()) scanner.fail(`the row has more than ${4 * out.depth} fields, unlike the first row; the file is damaged`)
  const [ask, bid] = out.priceTicks
  const crossed = out.count[0] > 0 && out.count[1] > 0 && bid[0] >= ask[0]
  if (crossed && !mayCross) {
    scanner.fail('the best bid is not below the best ask though trading is not halted; the file is damaged: fetch it again')
  }
  return crossed
}

function readLevel(scanner: TextScanner, tick: TickSize, level: number, half: 0 | 1, out: Levels): void {
  const price = scanner.integer(half === 0 ? 'ask price' : 'bid price')
  const size = scanner.integer(half === 0 ? 'ask size' : 'bid size')
  if (size === 0 && Math.abs(price) === DUMMY_PRICE) return
  const priceTicks = Math.floor(price / tick.unitsPerTick)
  if (price <= 0 || priceTicks > INT32_MAX) failPrice(scanner, price)
  if (priceTicks * tick.unitsPerTick !== price) failGrid(scanner, price)
  const prices = out.priceTicks[half]
  const count = out.count[half]
  if (count < level) scanner.fail(`level ${level + 1} is present but the level before it is empty; the file is damaged`)
  if (count > 0 && (half === 0 ? priceTicks <= prices[count - 1] : priceTicks >= prices[count - 1])) {
    scanner.fail(`level ${level + 1} is not behind level ${level} on the ${half === 0 ? 'ask' : 'bid'} side; the file is damaged`)
  }
  prices[count] = priceTicks
  out.lots[half][count] = checkedLots(scanner, size)
  out.count[half] = count + 1
}

function checkedLots(scanner: TextScanner, size: number): number {
  if (size <= 0) scanner.fail(`the size is ${size}; it must be positive: correct the row`)
  if (size > INT32_MAX) scanner.fail(`the size ${size} is more than ${INT32_MAX}; is the file damaged?`)
  return size
}

function failPrice(scanner: TextScanner, price: number): never {
  scanner.fail(
    `the price ${price} (in 0.0001 dollars) is not a positive price that fits; correct the row or give a larger tick size`
  )
}

function failGrid(scanner: TextScanner, price: number): never {
  scanner.fail(`the price ${price} (in 0.0001 dollars) is not a whole number of ticks; give a smaller tick size`)
}
