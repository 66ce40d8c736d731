/*
 * What a tape looks like, in the stylised facts of the generator's sources: event mix, time-weighted spread and depth, life times,
 * day shape, sign memory, gaps, moves. Fed row by row with the touch after the row, so that a generated tape (through NaiveBook)
 * and a LOBSTER day (through its orderbook file) are measured by the same code.
 */
import { ROW_KIND, type Tape } from '../../src/market/tape.ts'

interface NaiveOrder {
  readonly id: number
  readonly side: number
  readonly price: number
  lots: number
}

/** A book from plain maps and arrays that refuses every row the rules of a tape do not allow. */
export class NaiveBook {
  readonly orders = new Map<number, NaiveOrder>()
  private readonly levels = new Map<number, NaiveOrder[]>()
  private readonly seen = new Set<number>()
  bid = Number.NEGATIVE_INFINITY
  ask = Number.POSITIVE_INFINITY

  /** Applies one row; gives what is wrong with it, or '' when nothing is. */
  apply(tape: Tape, row: number): string {
    const kind = ROW_KIND.names[tape.kind[row]]
    const side = tape.side[row]
    const price = tape.priceTicks[row]
    const lots = tape.lots[row]
    const id = tape.orderId[row]
    if (kind === 'execute-hidden') {
      const at = price + ((tape.flags[row] & 2) !== 0 ? 0.5 : 0)
      return at > this.bid && at < this.ask && id === 0 ? '' : `a hidden print at ${at} is outside ${this.bid} to ${this.ask}`
    }
    if (kind === 'add') {
      if (this.seen.has(id)) return `order ${id} is added twice`
      if (side === 1 ? price >= this.ask : price <= this.bid) return `a bid or ask at ${price} meets ${this.bid} to ${this.ask}`
      const order = { id, side, price, lots }
      this.seen.add(id)
      this.orders.set(id, order)
      const level = this.levels.get(price)
      if (level === undefined) this.levels.set(price, [order])
      else level.push(order)
      if (side === 1) this.bid = Math.max(this.bid, price)
      else this.ask = Math.min(this.ask, price)
      return ''
    }
    const order = this.orders.get(id)
    if (order === undefined) return `order ${id} is not live`
    if (order.side !== side || order.price !== price) return `order ${id} rests elsewhere`
    const level = this.levels.get(price) ?? []
    if (kind === 'execute') {
      if (level[0] !== order || price !== (side === 1 ? this.bid : this.ask)) return `an execution passes the head of the queue`
      if (lots > order.lots) return `more executes than rests`
    } else if (kind === 'delete' ? lots !== order.lots : kind !== 'reduce' || lots >= order.lots)
      return `a ${kind} of ${lots} does not fit`
    order.lots -= lots
    if (order.lots === 0) this.drop(order, level)
    return ''
  }

  lotsAt(price: number): number {
    return (this.levels.get(price) ?? []).reduce((sum, order) => sum + order.lots, 0)
  }

  private drop(order: NaiveOrder, level: NaiveOrder[]): void {
    this.orders.delete(order.id)
    level.splice(level.indexOf(order), 1)
    if (level.length > 0) return
    this.levels.delete(order.price)
    if (order.price !== this.bid && order.price !== this.ask) return
    const sign = order.side
    let best = Number.NEGATIVE_INFINITY
    for (const [price, queue] of this.levels) if (queue[0].side === sign) best = Math.max(best, sign * price)
    if (sign === 1) this.bid = best
    else this.ask = -best
  }
}

export interface Facts {
  rows: number
  seconds: number
  /** Share of rows by kind. */
  mix: Record<string, number>
  /** Share of time with a spread of at most n ticks, index n. */
  spreadCdf: number[]
  /** Quartiles, time-weighted, of lots at a best price. */
  depthQuartiles: [number, number, number]
  /** Deletes per add; life to delete in seconds: quartiles and mean. */
  deletesPerAdd: number
  lifeQuartiles: [number, number, number]
  lifeMean: number
  /** Autocorrelation of the signs of takes (rows of one instant and side are one take) at lags 1, 2, 5, 10, 20. */
  signMemory: number[]
  takesPerSecond: number
  /** Coefficient of variation of gaps, and median over mean. */
  gapVariation: number
  gapMedianShare: number
  /** Rows per tenth of the session relative to the mean. */
  shape: number[]
  /** Standard deviation of the mid's moves over 1, 10, 60 s, in ticks per root second. */
  moves: number[]
  /** Mean move of the mid in the direction of the take, ticks: 1, 10, 60 s after it. */
  impact: number[]
  /** Share of hidden rows in executions; mean effective half-spread of executions, ticks. */
  hiddenShare: number
  halfSpread: number
  roundShare: number
}

export const SIGN_LAGS = [1, 2, 5, 10, 20] as const

/** Collects rows in order; times in seconds from the open. */
export class FactsCollector {
  private readonly counts = new Map<string, number>()
  private readonly spread: number[] = []
  private readonly depth = new Map<number, number>()
  private readonly added = new Map<number, number>()
  private readonly lives: number[] = []
  private readonly signs: number[] = []
  private readonly gaps: number[] = []
  private readonly tenths = new Array<number>(10).fill(0)
  private readonly mids: number[] = []
  private readonly executions: { second: number; sign: number; mid: number }[] = []
  private readonly seconds: number
  private rows = 0
  private lastT = 0
  private bid = 0
  private ask = 0
  private bidLots = 0
  private askLots = 0
  private lastTake = ''
  private edge = 0
  private round = 0

  constructor(seconds: number) {
    this.seconds = seconds
  }

  /** A row and the touch after it; `side` is the resting side. */
  row(
    t: number,
    kind: string,
    side: number,
    lots: number,
    id: number,
    bid: number,
    bidLots: number,
    ask: number,
    askLots: number
  ): void {
    if (this.rows > 0) {
      const dt = t - this.lastT
      this.gaps.push(dt)
      const width = this.ask - this.bid
      this.spread[width] = (this.spread[width] ?? 0) + dt
      this.depth.set(this.bidLots, (this.depth.get(this.bidLots) ?? 0) + dt)
      this.depth.set(this.askLots, (this.depth.get(this.askLots) ?? 0) + dt)
      for (let second = this.mids.length; second <= t && second < this.seconds; second++)
        this.mids.push((this.bid + this.ask) / 2)
    }
    this.rows++
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1)
    this.tenths[Math.min(9, Math.floor((t / this.seconds) * 10))]++
    if (kind === 'add') {
      this.added.set(id, t)
      if (lots % 100 === 0) this.round++
    }
    const placed = this.added.get(id)
    if (kind === 'delete' && placed !== undefined) this.lives.push(t - placed)
    if (kind === 'execute' && this.rows > 1) {
      const mid = (this.bid + this.ask) / 2
      this.executions.push({ second: Math.floor(t), sign: -side, mid })
      this.edge += (this.ask - this.bid) / 2
      const take = `${t} ${side}`
      if (take !== this.lastTake) this.signs.push(-side)
      this.lastTake = take
    }
    this.lastT = t
    this.bid = bid
    this.ask = ask
    this.bidLots = bidLots
    this.askLots = askLots
  }

  finish(): Facts {
    const count = (kind: string): number => this.counts.get(kind) ?? 0
    const time = this.spread.reduce((sum, x) => sum + (x ?? 0), 0)
    let sum = 0
    const spreadCdf = Array.from({ length: 61 }, (_, n) => {
      sum += this.spread[n] ?? 0
      return sum / time
    })
    const gapMean = mean(this.gaps)
    const gapSd = Math.sqrt(mean(this.gaps.map((gap) => (gap - gapMean) ** 2)))
    const lives = quartiles(this.lives)
    const executed = count('execute') + count('execute-hidden')
    return {
      rows: this.rows,
      seconds: this.seconds,
      mix: Object.fromEntries([...this.counts].map(([kind, n]) => [kind, n / this.rows])),
      spreadCdf,
      depthQuartiles: weightedQuartiles(this.depth),
      deletesPerAdd: count('delete') / count('add'),
      lifeQuartiles: lives,
      lifeMean: mean(this.lives),
      signMemory: SIGN_LAGS.map((lag) => autocorrelation(this.signs, lag)),
      takesPerSecond: this.signs.length / this.seconds,
      gapVariation: gapSd / gapMean,
      gapMedianShare: quartiles(this.gaps)[1] / gapMean,
      shape: this.tenths.map((n) => (n * 10) / this.rows),
      moves: [1, 10, 60].map((lag) => rootMove(this.mids, lag)),
      impact: [1, 10, 60].map((lag) => this.impact(lag)),
      hiddenShare: count('execute-hidden') / executed,
      halfSpread: this.edge / this.executions.length,
      roundShare: this.round / count('add')
    }
  }

  private impact(lag: number): number {
    const moves: number[] = []
    for (const { second, sign, mid } of this.executions) {
      if (second + lag + 1 < this.mids.length) moves.push(sign * (this.mids[second + lag + 1] - mid))
    }
    return mean(moves)
  }
}

/** Facts of a tape that NaiveBook accepts; throws at the first row it does not, or that leaves the book crossed, locked or one-sided. */
export function tapeFacts(tape: Tape): Facts {
  const { openNs, closeNs } = tape.header
  const book = new NaiveBook()
  const facts = new FactsCollector((closeNs - openNs) / 1e9)
  for (let row = 0; row < tape.count; row++) {
    const wrong = book.apply(tape, row)
    if (wrong !== '') throw new Error(`row ${row}: ${wrong}`)
    if ((tape.flags[row] & 1) !== 0) continue
    if (!(book.bid < book.ask && Number.isFinite(book.bid) && Number.isFinite(book.ask)))
      throw new Error(`row ${row}: ${book.bid} to ${book.ask}`)
    const t = (tape.tNs[row] - openNs) / 1e9
    const kind = ROW_KIND.names[tape.kind[row]]
    facts.row(
      t,
      kind,
      tape.side[row],
      tape.lots[row],
      tape.orderId[row],
      book.bid,
      book.lotsAt(book.bid),
      book.ask,
      book.lotsAt(book.ask)
    )
  }
  return facts.finish()
}

/** Facts of a LOBSTER day from its two files' text (prices x 10000, tick 0.01). */
export function lobsterFacts(messages: string, orderbook: string, openSecond: number, closeSecond: number): Facts {
  const kinds = ['', 'add', 'reduce', 'delete', 'execute', 'execute-hidden']
  const facts = new FactsCollector(closeSecond - openSecond)
  const books = orderbook.trim().split('\n')
  messages
    .trim()
    .split('\n')
    .forEach((line, i) => {
      const [t, type, id, lots, , direction] = line.split(',').map(Number)
      const [ask, askLots, bid, bidLots] = books[i].split(',', 4).map(Number)
      facts.row(t - openSecond, kinds[type], direction, lots, id, bid / 100, bidLots, ask / 100, askLots)
    })
  return facts.finish()
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length
}

function quartiles(values: readonly number[]): [number, number, number] {
  const sorted = Float64Array.from(values).sort()
  const at = (p: number): number => sorted[Math.floor(p * (sorted.length - 1))]
  return [at(0.25), at(0.5), at(0.75)]
}

function weightedQuartiles(weights: ReadonlyMap<number, number>): [number, number, number] {
  const sorted = [...weights].sort((a, b) => a[0] - b[0])
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0)
  const at = (p: number): number => {
    let sum = 0
    for (const [value, weight] of sorted) {
      sum += weight
      if (sum >= p * total) return value
    }
    return Number.NaN
  }
  return [at(0.25), at(0.5), at(0.75)]
}

export function autocorrelation(values: readonly number[], lag: number): number {
  const centre = mean(values)
  let product = 0
  let square = 0
  values.forEach((x, i) => {
    square += (x - centre) ** 2
    if (i + lag < values.length) product += (x - centre) * (values[i + lag] - centre)
  })
  return product / square
}

function rootMove(mids: readonly number[], lag: number): number {
  let sum = 0
  for (let i = 0; i + lag < mids.length; i++) sum += (mids[i + lag] - mids[i]) ** 2
  return Math.sqrt(sum / (mids.length - lag) / lag)
}
