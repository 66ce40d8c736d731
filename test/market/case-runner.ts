/*
 * Rule cases as text, and the runner that plays one on any Market.
 *
 *   tape     `time kind side price lots id [flag]`, one row a line; id `-` is none; rows number from 0.
 *   script   `time verb ... -> answer`, own actions and questions; own orders are letters. Rows due are stepped first.
 *              join A bid 100 4 -> lotsAhead     take A buy 101 9 -> taken       reduce A 2      leave A
 *              ahead A -> lots                   open A -> lots                  watch on
 *              offered ask 101 -> lots           takeable buy 101 9 -> lots      phase -> open
 *              stopped -> yes                    meets buy 101 -> no
 *              touch -> 5@100 3@101              touch-at 15 -> 5@100 -          (`-`: that side is empty)
 *   events   what the market said, in order: `row own lots@price cause`, `row touch` for a notice, `own self-matched`.
 *
 * Every case also runs mirrored (bids become asks, price p becomes 200 - p), as no rule prefers a side.
 */
import { expect } from 'vitest'
import { MARKET_PHASE, type Market, type Touch } from '../../src/market/market.ts'
import { type MatchingOptions, PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import { checkTape, ROW_FLAG, ROW_KIND, type Tape, TapeBuilder } from '../../src/market/tape.ts'
import { FILL_CAUSE } from '../../src/order/words.ts'
import { TEST_HEADER } from './random-tape.ts'

export interface RuleCase {
  readonly title: string
  /** A tape by price (L2). */
  readonly byPrice?: true
  readonly matching?: Partial<MatchingOptions>
  readonly tape: string
  readonly script: string
  readonly events: string
}

const MIRROR = 200

export type MakeMarket = (tape: Tape, matching: MatchingOptions) => Market

/** Plays the case, as written and mirrored, and expects its answers and events. */
export function runCase(makeMarket: MakeMarket, ruleCase: RuleCase): void {
  for (const side of [1, -1]) {
    const played = play(makeMarket, ruleCase, side)
    const script = linesOf(ruleCase.script)
    const events = linesOf(ruleCase.events)
    expect(played, side === 1 ? 'as written' : 'mirrored').toEqual({ script, events })
  }
}

/** `front` is 1 as written, -1 mirrored. What comes back is always in the words of the case as written. */
function play(makeMarket: MakeMarket, ruleCase: RuleCase, front: number): { script: string[]; events: string[] } {
  const matching = { ...PLAIN_MATCHING, ...ruleCase.matching }
  const market = makeMarket(parseTape(ruleCase.tape, front, ruleCase.byPrice === true), matching)
  const price = (word: string | number): number => (front === 1 ? Number(word) : MIRROR - Number(word))
  const events: string[] = []
  market.bind({
    onFill: (own, lots, priceTicks, cause, row) => {
      events.push(`${row} ${String.fromCharCode(65 + own)} ${lots}@${price(priceTicks)} ${FILL_CAUSE.names[cause]}`)
    },
    onTouch: (row) => events.push(`${row} touch`),
    onSelfMatch: (own) => events.push(`${String.fromCharCode(65 + own)} self-matched`)
  })
  const touch: Touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
  const touchWords = (): string => {
    if (touch.bidLots === 0) expect(touch.bidTicks, 'price of an empty bid').toBe(0)
    if (touch.askLots === 0) expect(touch.askTicks, 'price of an empty ask').toBe(0)
    const bid = touch.bidLots === 0 ? '-' : `${touch.bidLots}@${price(touch.bidTicks)}`
    const ask = touch.askLots === 0 ? '-' : `${touch.askLots}@${price(touch.askTicks)}`
    return front === 1 ? `${bid} ${ask}` : `${ask} ${bid}`
  }
  const answer = ([verb, ...words]: string[]): string | number | undefined => {
    const own = words[0]?.charCodeAt(0) - 65
    const side = front * sideOf(words[verb === 'join' || verb === 'take' ? 1 : 0])
    switch (verb) {
      case 'join':
        return market.join(own, side, price(words[2]), Number(words[3]))
      case 'take':
        return market.take(own, side, price(words[2]), Number(words[3]))
      case 'reduce':
        market.reduceTo(own, Number(words[1]))
        return undefined
      case 'leave':
        market.leave(own)
        return undefined
      case 'watch':
        market.watchTouch(words[0] === 'on')
        return undefined
      case 'ahead':
        return market.lotsAhead(own)
      case 'open':
        return market.openLots(own)
      case 'offered':
        return market.offeredLots(side, price(words[1]))
      case 'takeable':
        return market.takeableLots(side, price(words[1]), Number(words[2]))
      case 'stopped':
        return market.wasSelfMatched ? 'yes' : 'no'
      case 'meets':
        return market.meetsOwn(side, price(words[1])) ? 'yes' : 'no'
      case 'phase':
        return MARKET_PHASE.names[market.phase()]
      case 'touch':
        market.readTouch(touch)
        return touchWords()
      case 'touch-at':
        market.readTouchAt(Number(words[0]), touch)
        return touchWords()
      default:
        throw new Error(`a rule case has no verb ${verb}`)
    }
  }
  const script = linesOf(ruleCase.script).map((line) => {
    const [action] = line.split(' -> ')
    const [time, ...words] = action.split(' ')
    while (market.nextNs() <= Number(time)) market.step()
    market.advanceTo(Number(time))
    const said = answer(words)
    return said === undefined ? action : `${action} -> ${said}`
  })
  while (market.nextNs() < Number.POSITIVE_INFINITY) market.step()
  return { script, events }
}

function parseTape(text: string, front: number, byPrice: boolean): Tape {
  const builder = new TapeBuilder(16)
  for (const line of linesOf(text)) {
    const [time, kind, side, price, lots, id, flag] = line.split(' ')
    if (!(kind in ROW_KIND.of)) throw new Error(`a rule case has no row kind ${kind}`)
    const flags = flag === undefined ? 0 : ROW_FLAG[flag as keyof typeof ROW_FLAG]
    // Strictly between x and x + 1 is, mirrored, strictly between 200 - x - 1 and 200 - x.
    const mirror = flags === ROW_FLAG.between ? MIRROR - 1 : MIRROR
    const priceTicks = front === 1 ? Number(price) : mirror - Number(price)
    const orderId = id === undefined || id === '-' ? 0 : Number(id.slice(1))
    const rowKind = ROW_KIND.of[kind as keyof typeof ROW_KIND.of]
    builder.push(
      Number(time),
      rowKind,
      side === undefined ? 1 : front * sideOf(side),
      priceTicks || 0,
      Number(lots ?? 0),
      orderId,
      flags
    )
  }
  const tape = builder.finish(byPrice ? { ...TEST_HEADER, book: 'by-price' } : TEST_HEADER)
  checkTape(tape)
  return tape
}

function sideOf(word: string | undefined): number {
  if (word === 'bid' || word === 'buy') return 1
  return word === 'ask' || word === 'sell' ? -1 : 0
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .filter((line) => line !== '')
}
