/*
 * Rule M2 with plain objects and arrays, searched from end to end: slow and obvious, to hold the book against.
 */
import { ROW_KIND, type Tape } from '../../src/market/tape.ts'

const KIND = ROW_KIND.of

export interface NaiveRow {
  readonly kind: number
  readonly side: number
  readonly priceTicks: number
  readonly lots: number
  readonly id: number
  readonly row: number
}

export interface NaiveLevel {
  readonly side: number
  readonly priceTicks: number
  anonymous: number
  orders: { id: number; row: number; rest: number }[]
}

export class NaiveBook {
  halted = false
  private all: NaiveLevel[] = []

  /** Applies a row and gives the ids of the orders that died. */
  apply(entry: NaiveRow): number[] {
    const before = this.ids()
    this.change(entry)
    for (const level of this.all) level.orders = level.orders.filter((order) => order.rest > 0)
    this.all = this.all.filter((level) => totalOf(level) > 0)
    const after = new Set(this.ids())
    return before.filter((id) => !after.has(id))
  }

  applyRow(tape: Tape, row: number): void {
    const { kind, side, priceTicks, lots, orderId } = tape
    this.apply({ kind: kind[row], side: side[row], priceTicks: priceTicks[row], lots: lots[row], id: orderId[row], row })
  }

  /** Occupied levels of a side, best first. */
  levels(side: number): NaiveLevel[] {
    return this.all.filter((level) => level.side === side).sort((a, b) => side * (b.priceTicks - a.priceTicks))
  }

  liveOrders(): { id: number; side: number; priceTicks: number; rest: number }[] {
    return this.all.flatMap(({ side, priceTicks, orders }) => orders.map(({ id, rest }) => ({ id, side, priceTicks, rest })))
  }

  isCrossed(): boolean {
    const [bid] = this.levels(1)
    const [ask] = this.levels(-1)
    return bid !== undefined && ask !== undefined && bid.priceTicks >= ask.priceTicks
  }

  private change({ kind, side, priceTicks, lots, id, row }: NaiveRow): void {
    if (kind === KIND.clear) this.all = []
    if (kind === KIND.halt) this.halted = true
    if (kind === KIND.resume) this.halted = false
    if (kind > KIND['level-set'] || kind === KIND['execute-hidden'] || kind === KIND.trade) return
    let level = this.all.find((one) => one.side === side && one.priceTicks === priceTicks)
    if (level === undefined) {
      level = { side, priceTicks, anonymous: 0, orders: [] }
      this.all.push(level)
    }
    if (kind === KIND.add) {
      level.orders.push({ id, row, rest: lots })
    } else if (kind === KIND['level-set']) {
      const known = level.orders.reduce((sum, order) => sum + order.rest, 0)
      if (known > lots) level.orders = []
      level.anonymous = known > lots ? lots : lots - known
    } else {
      const order = id === 0 ? undefined : level.orders.find((one) => one.id === id)
      if (order === undefined) level.anonymous -= Math.min(lots, level.anonymous)
      else order.rest -= kind === KIND.delete ? order.rest : Math.min(lots, order.rest)
    }
  }

  private ids(): number[] {
    return this.all.flatMap((level) => level.orders.map((order) => order.id))
  }
}

export function totalOf(level: NaiveLevel): number {
  return level.orders.reduce((sum, order) => sum + order.rest, level.anonymous)
}
