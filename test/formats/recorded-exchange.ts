/*
 * A small exchange that knows its whole book and writes what LOBSTER would record of it: message rows for orders inside the
 * best `depth` levels (before or after the event), and the orderbook row after each. The truth that an import is held
 * against; orders are plain objects, searched from end to end.
 */
import { openStream } from '../../src/kernel/random.ts'

interface Resting {
  readonly id: number
  readonly side: number
  readonly priceTicks: number
  lots: number
}

export interface Recording {
  readonly messages: string
  readonly orderbook: string
  /** Levels of the whole book after each recorded message: `[side, priceTicks, lots]`, best first, bids before asks. */
  readonly truth: readonly (readonly (readonly [number, number, number])[])[]
}

export interface RecordingOptions {
  readonly depth: number
  readonly eventCount: number
  /** Orders that rest before the recording starts. */
  readonly before: number
  /** Cancel everything at the end, so that every order is named by a message. */
  readonly drain?: boolean
}

const CENTRE = 1000
const SPAN = 12

export function recordExchange(seed: number, options: RecordingOptions): Recording {
  const stream = openStream(seed, 'exchange')
  const below = (bound: number): number => Math.floor(stream.next() * bound)
  const orders: Resting[] = []
  const messages: string[] = []
  const rows: string[] = []
  const truth: (readonly [number, number, number])[][] = []
  let nextId = 1
  let now = 34_200_000_000_000

  const levels = (side: number): [number, number, number][] => {
    const totals = new Map<number, number>()
    for (const order of orders) {
      if (order.side === side) totals.set(order.priceTicks, (totals.get(order.priceTicks) ?? 0) + order.lots)
    }
    return [...totals].sort((a, b) => (b[0] - a[0]) * side).map(([price, lots]) => [side, price, lots])
  }
  const inWindow = (side: number, priceTicks: number): boolean =>
    levels(side)
      .slice(0, options.depth)
      .some((level) => level[1] === priceTicks)

  const record = (type: number, id: number, lots: number, price: number, side: number): void => {
    messages.push(`${secondsOf(now)},${type},${id},${lots},${price},${side}`)
    const asks = levels(-1)
    const bids = levels(1)
    const cells: number[] = []
    for (let level = 0; level < options.depth; level++) {
      cells.push(...(level < asks.length ? [asks[level][1] * 100, asks[level][2]] : [9_999_999_999, 0]))
      cells.push(...(level < bids.length ? [bids[level][1] * 100, bids[level][2]] : [-9_999_999_999, 0]))
    }
    rows.push(cells.join())
    truth.push([...bids, ...asks])
  }
  const happen = (type: number, order: Resting, lots: number, change: () => void, recorded: boolean): void => {
    const before = inWindow(order.side, order.priceTicks)
    change()
    const seen = before || inWindow(order.side, order.priceTicks)
    if (seen && recorded) record(type, order.id, lots, order.priceTicks * 100, order.side)
  }
  const takeOff = (order: Resting, lots: number): void => {
    order.lots -= lots
    if (order.lots === 0) orders.splice(orders.indexOf(order), 1)
  }
  const add = (recorded: boolean): void => {
    const side = below(2) === 0 ? 1 : -1
    const [opposite] = levels(-side)
    let priceTicks = CENTRE + below(2 * SPAN) - SPAN
    if (opposite !== undefined && (priceTicks - opposite[1]) * side >= 0) priceTicks = opposite[1] - side * (1 + below(SPAN))
    const order = { id: nextId++, side, priceTicks, lots: 1 + below(9) }
    happen(1, order, order.lots, () => orders.push(order), recorded)
  }

  for (let count = 0; count < options.before; count++) add(false)
  for (let event = 0; event < options.eventCount; event++) {
    if (below(3) > 0) now += 1 + below(2_000_000_000)
    const kind = below(10)
    if (kind < 4 || orders.length === 0) {
      add(true)
      continue
    }
    const order = orders[below(orders.length)]
    if (kind < 6) happen(3, order, order.lots, () => takeOff(order, order.lots), true)
    else if (kind === 6 && order.lots > 1) {
      const lots = 1 + below(order.lots - 1)
      happen(2, order, lots, () => takeOff(order, lots), true)
    } else if (kind < 9) {
      const [best] = levels(order.side)
      const head = orders.find((other) => other.side === order.side && other.priceTicks === best[1])
      if (head === undefined) continue
      const lots = 1 + below(head.lots)
      happen(4, head, lots, () => takeOff(head, lots), true)
    } else {
      // A hidden execution between the best prices: half of them between two ticks.
      const [bid] = levels(1)
      const [ask] = levels(-1)
      if (bid === undefined || ask === undefined) continue
      const price = bid[1] * 100 + 50 * (1 + below(2 * (ask[1] - bid[1]) - 1))
      record(5, 0, 1 + below(5), price, below(2) === 0 ? 1 : -1)
    }
  }
  while (options.drain === true && orders.length > 0) {
    const order = orders[below(orders.length)]
    happen(3, order, order.lots, () => takeOff(order, order.lots), true)
  }
  const text = (lines: string[]): string => lines.map((line) => `${line}\n`).join('')
  return { messages: text(messages), orderbook: text(rows), truth }
}

/** Seconds with nine decimals less their trailing zeros, as LOBSTER writes them. */
export function secondsOf(ns: number): string {
  const whole = Math.floor(ns / 1e9)
  const fraction = String(ns - whole * 1e9)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return fraction === '' ? String(whole) : `${whole}.${fraction}`
}
