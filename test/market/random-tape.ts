/*
 * Small random tapes (T1-T4) and scripts of own actions, for comparing two books or two markets. The tapes are dense in
 * what is rare in real ones: equal times, unknown ids, ids used again, reductions beyond the rest, level-sets, clears, halts,
 * hidden prints between ticks, executions off the head of the queue, locked and crossed books. Prices stay near 100 (or
 * any `centreTicks`) so that everything meets.
 */
import { openStream } from '../../src/kernel/random.ts'
import type { Market, Touch } from '../../src/market/market.ts'
import { ROW_FLAG, ROW_KIND, type Tape, TapeBuilder, type TapeHeader } from '../../src/market/tape.ts'
import { NaiveBook } from './naive-book.ts'

const KIND = ROW_KIND.of

export interface RandomTapeOptions {
  readonly rowCount?: number
  readonly centreTicks?: number
  /** Prices lie within this many ticks of the centre. */
  readonly spanTicks?: number
  /** Largest lots of an order. */
  readonly lotsMax?: number
  /** Share of rows that carry the time of the row before. */
  readonly sameTime?: number
  /** Share of adds and level-sets that may lock or cross the book. */
  readonly crossing?: number
  /** Share of rows that are a halt, a resume or a clear. */
  readonly exceptional?: number
}

export const TEST_HEADER: TapeHeader = {
  symbol: 'TEST',
  venue: 'X',
  date: '2020-01-02',
  zone: 'America/New_York',
  tickUnits: 1,
  priceDecimals: 2,
  lotUnits: 1,
  lotDecimals: 0,
  openNs: 0,
  closeNs: 1_000_000,
  source: 'test',
  notes: {}
}

/** A valid tape of `rowCount` rows (200 by default). Equal arguments, equal tapes. */
export function randomTape(seed: number, options: RandomTapeOptions = {}): Tape {
  return new Generator(seed, options).run()
}

class Generator {
  private readonly builder = new TapeBuilder(256)
  private readonly book = new NaiveBook()
  private readonly next: () => number
  private readonly rowCount: number
  private readonly centre: number
  private readonly span: number
  private readonly lotsMax: number
  private readonly sameTime: number
  private readonly crossing: number
  private readonly exceptional: number
  private readonly dead: number[] = []
  private tNs = 1000
  private lastId = 0

  constructor(seed: number, options: RandomTapeOptions) {
    this.next = openStream(seed, 'random-tape').next
    this.rowCount = options.rowCount ?? 200
    this.centre = options.centreTicks ?? 100
    this.span = options.spanTicks ?? 6
    this.lotsMax = options.lotsMax ?? 9
    this.sameTime = options.sameTime ?? 0.4
    this.crossing = options.crossing ?? 0.06
    this.exceptional = options.exceptional ?? 0.01
  }

  run(): Tape {
    for (let i = this.below(5); i > 0; i--) {
      const side = this.side()
      this.push(KIND['level-set'], side, this.quietPrice(side), this.lots(), 0, ROW_FLAG.added)
    }
    while (this.builder.count < this.rowCount) {
      if (this.next() >= this.sameTime) this.tNs += 1 + this.below(40)
      if (this.book.isCrossed() && this.next() < 0.5) this.uncross()
      else this.row()
    }
    return this.builder.finish(TEST_HEADER)
  }

  private row(): void {
    const luck = this.next()
    const side = this.side()
    if (luck < this.exceptional) this.exception()
    else if (luck < 0.4) this.add(side)
    else if (luck < 0.5) this.cancel(KIND.reduce, side)
    else if (luck < 0.62) this.cancel(KIND.delete, side)
    else if (luck < 0.8) this.execute(side)
    else if (luck < 0.9) this.print(side)
    else this.setLevel(side)
  }

  private add(side: number): void {
    const reuse = this.dead.length > 0 && this.next() < 0.1
    const id = reuse ? this.dead.splice(this.below(this.dead.length), 1)[0] : ++this.lastId
    // Some ids are beyond 32 bits, as those of real feeds.
    const wide = !reuse && this.next() < 0.2 ? id + 2 ** 40 : id
    this.push(KIND.add, side, this.price(side), this.lots(), wide)
  }

  private cancel(kind: number, side: number): void {
    const order = this.next() < 0.8 ? this.anyOrder() : undefined
    if (order === undefined) {
      this.push(kind, side, this.nearPrice(side), this.lots(), this.strangerId())
      return
    }
    const lots = kind === KIND.delete && this.next() < 0.9 ? order.rest : this.lots()
    this.push(kind, order.side, order.priceTicks, lots, order.id)
  }

  private execute(side: number): void {
    const level = this.book.levels(side)[this.next() < 0.85 ? 0 : 1]
    if (level === undefined || this.next() < 0.08) {
      this.push(KIND.execute, side, this.nearPrice(side), this.lots(), this.strangerId())
      return
    }
    const behindHead = this.next() < 0.25
    const order = behindHead ? level.orders[this.below(level.orders.length)] : level.orders[0]
    const isAnonymous = level.anonymous > 0 && !behindHead
    if (order === undefined || isAnonymous) this.push(KIND.execute, side, level.priceTicks, this.lots(), this.strangerId())
    else this.push(KIND.execute, side, level.priceTicks, this.next() < 0.4 ? order.rest : this.lots(), order.id)
  }

  private print(side: number): void {
    const kind = this.next() < 0.5 ? KIND['execute-hidden'] : KIND.trade
    this.push(kind, side, this.nearPrice(side), this.lots(), 0, this.next() < 0.4 ? ROW_FLAG.between : 0)
  }

  private setLevel(side: number): void {
    const isEmpty = this.next() < 0.2
    const added = this.next() < 0.3 ? ROW_FLAG.added : 0
    this.push(KIND['level-set'], side, this.price(side), isEmpty ? 0 : this.below(3 * this.lotsMax), 0, added)
  }

  private exception(): void {
    const luck = this.next()
    if (luck < 0.2) this.push(KIND.clear, this.side(), 0, 0, 0)
    else if (luck > 0.85) this.push(KIND.cross, this.side(), this.centre, this.lots(), 0)
    else this.push(this.book.halted || luck < 0.25 ? KIND.resume : KIND.halt, this.side(), 0, 0, 0)
  }

  /** Empties a best level, so that a locked or crossed book does not last. */
  private uncross(): void {
    const side = this.side()
    const level = this.book.levels(side)[0]
    this.push(KIND['level-set'], side, level.priceTicks, 0, 0)
  }

  private push(kind: number, side: number, priceTicks: number, lots: number, id: number, flags = 0): void {
    if (this.builder.count >= this.rowCount) return
    this.builder.push(this.tNs, kind, side, priceTicks, lots, id, flags)
    this.dead.push(...this.book.apply({ kind, side, priceTicks, lots, id, row: this.builder.count - 1 }))
  }

  /** A price of this side that leaves the book as it is, or now and then one that locks or crosses it. */
  private price(side: number): number {
    return this.next() < this.crossing ? this.nearPrice(side) : this.quietPrice(side)
  }

  private quietPrice(side: number): number {
    const away = this.book.levels(-side)[0]?.priceTicks ?? this.centre + side * this.below(3)
    return Math.min(this.centre + this.span, Math.max(this.centre - this.span, away - side * (1 + this.below(4))))
  }

  private nearPrice(side: number): number {
    const best = this.book.levels(side)[0]?.priceTicks ?? this.centre
    return Math.min(this.centre + this.span, Math.max(this.centre - this.span, best + this.below(5) - 2))
  }

  private anyOrder(): { id: number; side: number; priceTicks: number; rest: number } | undefined {
    const orders = this.book.liveOrders()
    return orders[this.below(orders.length)]
  }

  /** No id, one never seen, or one that is dead. */
  private strangerId(): number {
    const luck = this.next()
    if (luck < 0.5) return 0
    return luck < 0.75 || this.dead.length === 0 ? 1_000_000_000 + this.below(9) : this.dead[this.below(this.dead.length)]
  }

  private side(): number {
    return this.next() < 0.5 ? 1 : -1
  }

  private lots(): number {
    return 1 + this.below(this.lotsMax)
  }

  private below(bound: number): number {
    return Math.floor(this.next() * bound)
  }
}

/** One own action of a script. What does not fit the moment (a join of an own order that rests, say) is passed over. */
export interface OwnAction {
  readonly tNs: number
  readonly verb:
    | 'join'
    | 'take'
    | 'reduceTo'
    | 'leave'
    | 'ahead'
    | 'offered'
    | 'takeable'
    | 'touch'
    | 'touchAt'
    | 'phase'
    | 'watch'
    | 'meets'
  readonly own: number
  readonly side: number
  readonly priceTicks: number
  readonly lots: number
  /** touchAt: how far back. watch: on when even. */
  readonly delayNs: number
}

const VERBS = [
  ...Array<'join'>(6).fill('join'),
  ...Array<'take'>(3).fill('take'),
  ...([
    'reduceTo',
    'leave',
    'ahead',
    'ahead',
    'ahead',
    'offered',
    'offered',
    'takeable',
    'touch',
    'touchAt',
    'phase',
    'watch',
    'meets'
  ] as const)
] as const

/** Own actions at random instants of the tape, among a few own orders, near the prices of the tape. */
export function randomScript(seed: number, tape: Tape, actionCount = 60): OwnAction[] {
  const { next } = openStream(seed, 'random-script')
  const below = (bound: number): number => Math.floor(next() * bound)
  const startNs = tape.count > 0 ? tape.tNs[0] - 5 : 0
  const spanNs = tape.count > 0 ? tape.tNs[tape.count - 1] - startNs + 10 : 10
  const actions: OwnAction[] = []
  for (let i = 0; i < actionCount; i++) {
    const row = below(Math.max(1, tape.count))
    // Half of the instants are exactly those of rows, where ties matter.
    const tNs = next() < 0.5 && tape.count > 0 ? tape.tNs[row] : startNs + below(spanNs)
    const priceTicks = (tape.count > 0 && tape.priceTicks[row] !== 0 ? tape.priceTicks[row] : 100) + below(3) - 1
    const side = next() < 0.5 ? 1 : -1
    actions.push({
      tNs,
      verb: VERBS[below(VERBS.length)],
      own: below(6),
      side,
      priceTicks,
      lots: 1 + below(9),
      delayNs: below(60)
    })
  }
  return actions.sort((a, b) => a.tNs - b.tNs)
}

/** Everything a market says while a script runs on it, line by line, fills and notices in their order. */
export function playScript(market: Market, script: readonly OwnAction[]): string[] {
  const log: string[] = []
  const open = new Map<number, number>()
  const touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  let viewNs = Number.NEGATIVE_INFINITY
  market.bind({
    onFill: (own, lots, priceTicks, cause, row) => {
      // Asked from inside the fill, the market is that after the row.
      market.readTouch(touch)
      const after = `${saysTouch()}, open ${market.openLots(own)}`
      log.push(`row ${row}: own ${own} gets ${lots} at ${priceTicks}, cause ${cause}; then ${after}`)
      const rest = open.get(own)
      if (rest !== undefined && rest === lots) open.delete(own)
      else if (rest !== undefined) open.set(own, rest - lots)
    },
    onTouch: (row) => {
      market.readTouch(touch)
      log.push(`row ${row}: touch ${saysTouch()}`)
    },
    onSelfMatch: (own) => {
      log.push(`own ${own} is cancelled, ${market.openLots(own)} open`)
      open.delete(own)
    }
  })
  const saysTouch = (): string => `${touch.bidLots}@${touch.bidTicks} ${touch.askLots}@${touch.askTicks}`
  const act = ({ verb, own, side, priceTicks, lots, delayNs, tNs }: OwnAction): string | number => {
    const rest = open.get(own)
    switch (verb) {
      case 'join':
        if (rest !== undefined) return 'rests already'
        open.set(own, lots)
        return market.join(own, side, priceTicks, lots)
      case 'take':
        if (rest !== undefined) return 'rests already'
        return `${market.take(own, side, priceTicks, lots)}${market.wasSelfMatched ? ', stopped' : ''}`
      case 'reduceTo':
        if (rest === undefined) return 'does not rest'
        market.reduceTo(own, Math.min(rest, lots - 1))
        if (lots === 1) open.delete(own)
        else open.set(own, Math.min(rest, lots - 1))
        return 'reduced'
      case 'leave':
        if (rest === undefined) return 'does not rest'
        market.leave(own)
        open.delete(own)
        return 'left'
      case 'ahead':
        return rest === undefined ? 'does not rest' : `${market.lotsAhead(own)} of ${market.openLots(own)}`
      case 'offered':
        return market.offeredLots(side, priceTicks)
      case 'takeable':
        return market.takeableLots(side, priceTicks, 3 * lots)
      case 'touch':
        market.readTouch(touch)
        return saysTouch()
      case 'touchAt':
        viewNs = Math.max(viewNs, tNs - delayNs)
        market.readTouchAt(viewNs, touch)
        return `${saysTouch()}, ${market.tradedLotsAt(viewNs)} traded`
      case 'phase':
        return market.phase()
      case 'meets':
        return market.meetsOwn(side, priceTicks) ? 'yes' : 'no'
      case 'watch':
        market.watchTouch(delayNs % 2 === 0)
        return 'watch'
    }
  }
  for (const action of script) {
    while (market.nextNs() <= action.tNs) market.step()
    market.advanceTo(action.tNs)
    const answer = act(action)
    log.push(`${action.tNs} ${action.verb} ${action.own} ${action.side} ${action.lots}@${action.priceTicks}: ${answer}`)
  }
  while (market.nextNs() < Number.POSITIVE_INFINITY) market.step()
  return log
}
