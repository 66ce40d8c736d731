/*
 * Races of one order: the real host, desk, engine and ack server, with a wire between them that holds every message and every report until it is
 * told to let the next one go, and a market that trades when it is told to. What may happen next is a list of steps; somebody else
 * chooses. Steps are 1 us apart and settle at once, so an order of steps is all there is to a race. Many races run in one
 * world, one parent each, one after the other.
 */
import { DeskControllers } from '../../src/control/desk-controllers.ts'
import { CONTROL_OFF } from '../../src/control/presets.ts'
import type { ChildOrder } from '../../src/desk/child-order.ts'
import { Desk } from '../../src/desk/desk.ts'
import { Feed } from '../../src/desk/feed.ts'
import { Gauges } from '../../src/desk/gauges.ts'
import { type Component, Simulation } from '../../src/kernel/simulation.ts'
import { createLedger } from '../../src/ledger/ledger.ts'
import { MARKET_PHASE, type Market, type MarketEvents, type Touch } from '../../src/market/market.ts'
import { PLAIN_MATCHING } from '../../src/market/matching-options.ts'
import { FILL_CAUSE, REASON, REJECTED_BY } from '../../src/order/words.ts'
import { ACKS, AckServer } from '../../src/path/acks.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { ENGINE, Engine } from '../../src/path/engine.ts'
import { FeedClock } from '../../src/path/feed-clock.ts'
import { HOST, Host } from '../../src/path/host.ts'
import { Messages } from '../../src/path/messages.ts'
import type { OrderRules } from '../../src/path/options.ts'
import { PHASE } from '../../src/path/phases.ts'
import { addRefusal } from '../../src/path/refusal.ts'
import { Reports } from '../../src/path/reports.ts'
import type { IntentBuffer, Policy, PolicyView } from '../../src/policy/view.ts'
import { NO_LINK, PATH_PRESETS } from '../../src/scenario/path-presets.ts'
import { drawTape, parent } from './worlds.ts'

export const STEP_NS = 1_000
/** No answer for this long and the desk gives a message up; only the step `wait` lets so much time pass before a parent ends. */
export const ACK_TIMEOUT_NS = 100_000
/** Each parent has this long, and as long again until the next one starts. */
const PARENT_NS = 10_000_000

export const PRICE = 100
export const CHILD_LOTS = 4
/** More than the child: a replace that a fill could race needs the room. */
export const PARENT_LOTS = 12

/** A market of own orders only: they rest, and trade when told to. */
class QuietMarket implements Market {
  readonly tape = drawTape('1 add bid 100 5 1\n2 add ask 102 5 2')
  readonly matching = PLAIN_MATCHING
  readonly wasSelfMatched = false
  private readonly open = new Map<number, { lots: number; priceTicks: number }>()
  private events: MarketEvents | undefined

  bind(events: MarketEvents): void {
    this.events = events
  }
  fill(own: number, lots: number): void {
    const order = this.open.get(own)
    if (order === undefined || lots > order.lots) throw new Error(`${own} does not rest with ${lots} lots`)
    order.lots -= lots
    if (order.lots === 0) this.open.delete(own)
    this.events?.onFill(own, lots, order.priceTicks, FILL_CAUSE.of.behind, 0)
  }
  nextNs(): number {
    return Number.POSITIVE_INFINITY
  }
  step(): void {}
  advanceTo(): void {}
  phase(): number {
    return MARKET_PHASE.of.open
  }
  readTouch(out: Touch): void {
    Object.assign(out, { bidTicks: 100, bidLots: 5, askTicks: 102, askLots: 5 })
  }
  readTouchAt(_viewNs: number, out: Touch): void {
    this.readTouch(out)
  }
  tradedLotsAt(): number {
    return 0
  }
  offeredLots(): number {
    return 0
  }
  takeableLots(): number {
    return 0
  }
  take(): number {
    return 0
  }
  meetsOwn(): boolean {
    return false
  }
  join(own: number, _side: number, priceTicks: number, lots: number): number {
    this.open.set(own, { lots, priceTicks })
    return 0
  }
  reduceTo(own: number, lots: number): void {
    const order = this.open.get(own)
    if (order === undefined) throw new Error(`${own} does not rest`)
    order.lots = lots
  }
  leave(own: number): void {
    this.open.delete(own)
  }
  lotsAhead(): number {
    return 0
  }
  openLots(own: number): number {
    return this.open.get(own)?.lots ?? 0
  }
  priceTicks(own: number): number {
    return this.open.get(own)?.priceTicks ?? Number.NaN
  }
  watchTouch(): void {}
}

/** `replace n@p` asks for n open lots at price p. */
export type Wish = 'cancel' | 'cancel if it is easy' | 'size down' | 'reprice' | `replace ${number}@${number}`

/** Sends one resting child at its start, then what it is told to wish for. */
class WishingPolicy implements Policy {
  wish: Wish | undefined
  private hasPlaced = false
  private readonly childLots: number

  constructor(childLots: number) {
    this.childLots = childLots
  }

  decide(view: PolicyView, out: IntentBuffer): void {
    if (!this.hasPlaced) {
      this.hasPlaced = true
      out.place({ venueIndex: 0, tactic: 'passive', limitTicks: PRICE, lots: this.childLots, slice: 0, scheduledNs: view.nowNs })
      return
    }
    const [order] = view.orders
    if (order === undefined) return
    const { wish } = this
    this.wish = undefined
    if (wish === 'cancel') out.cancel(order.childId, true)
    else if (wish === 'cancel if it is easy') out.cancel(order.childId, false)
    else if (wish === 'size down') out.replace(order.childId, order.priceTicks, Math.max(1, order.openLots - 2))
    else if (wish === 'reprice') out.replace(order.childId, order.priceTicks + 1, order.openLots)
    else if (wish !== undefined) {
      const [lots, priceTicks] = wish.slice('replace '.length).split('@').map(Number)
      out.replace(order.childId, priceTicks, lots)
    }
  }
}

/** Holds messages on their way up, reports before the ack server, and reports on their way down. */
class Wire implements Component {
  readonly name = 'wire'
  readonly up: number[] = []
  readonly outbox: number[] = []
  readonly down: number[] = []

  onEvent(kind: number, subject: number): void {
    ;[this.up, this.outbox, this.down][kind].push(subject)
  }
}

export type Step =
  | { readonly step: 'deliver' | 'refuse' | 'lose' | 'send' | 'read' | 'disconnect' | 'wait' }
  | { readonly step: 'fill'; readonly lots: number }
  | { readonly step: 'wish'; readonly wish: Wish }

export interface RaceWorld {
  readonly ledger: ReturnType<typeof createLedger>
  readonly messages: Messages
  readonly reports: Reports
  readonly wire: Wire
  readonly market: QuietMarket
  /** The child of a race as its host knows it. */
  child(race: number): ChildOrder
}

/** Decides the steps of races and looks on. */
export interface Referee {
  /** The next step; undefined ends the race: then its parent's end comes, and everything that is held is let go in order. */
  choose(race: number, world: RaceWorld): Step | undefined
  /** After each step, when nothing more happens by itself. */
  settled(race: number, world: RaceWorld): void
  /** When nothing of the race is under way any more. */
  ended(race: number, world: RaceWorld): void
}

/** A step in a word. */
export type Word = 'deliver' | 'refuse' | 'lose' | 'send' | 'read' | 'disconnect' | 'wait' | `fill ${number}` | Wish

export function stepOf(word: Word): Step {
  if (word.startsWith('fill ')) return { step: 'fill', lots: Number(word.slice('fill '.length)) }
  const plain = (['deliver', 'refuse', 'lose', 'send', 'read', 'disconnect', 'wait'] as const).find((name) => name === word)
  return plain === undefined ? { step: 'wish', wish: word as Wish } : { step: plain }
}

/** One race, its steps given; nothing is looked at. */
export function scripted(words: readonly Word[]): Referee {
  let next = 0
  return {
    choose: () => {
      const word = words[next++]
      return word === undefined ? undefined : stepOf(word)
    },
    settled: () => {},
    ended: () => {}
  }
}

/** Runs `raceCount` races under the rules, each of a child of that size whose parent is that much larger. */
export function runRaces(
  rules: OrderRules,
  raceCount: number,
  referee: Referee,
  childLots = CHILD_LOTS,
  parentLots = PARENT_LOTS
): RaceWorld {
  const simulation = new Simulation()
  const ledger = createLedger()
  const messages = new Messages()
  const reports = new Reports()
  const clamps = new ClampSchedule([])
  const market = new QuietMarket()
  const wire = new Wire()
  const feedClock = new FeedClock(NO_LINK, clamps, 1)
  const { ideal } = PATH_PRESETS
  const host = new Host(simulation, messages, reports, ideal.host, clamps, 1)
  const engine = new Engine(simulation, market, { messages, reports, ledger }, 0, feedClock, rules)
  const acks = new AckServer(simulation, reports, ideal.acks, clamps, 1)
  const wireTarget = simulation.register(wire)
  const hostTarget = simulation.register(host)
  const engineTarget = simulation.register(engine)
  const acksTarget = simulation.register(acks)
  host.connect({ self: hostTarget, session: { target: wireTarget, kind: 0, phase: PHASE.upstream } })
  engine.connect(engineTarget, {
    answer: { target: wireTarget, kind: 1, phase: PHASE.downstream },
    touch: { target: hostTarget, kind: HOST.touch, phase: PHASE.hostData }
  })
  acks.connect({ self: acksTarget, down: { target: wireTarget, kind: 2, phase: PHASE.downstream } })
  const policies: WishingPolicy[] = []
  const parents = Array.from({ length: raceCount }, (_, parentId) =>
    parent({
      parentId,
      quantityLots: parentLots,
      startNs: (2 * parentId + 1) * PARENT_NS,
      endNs: (2 * parentId + 2) * PARENT_NS
    })
  )
  const desk = new Desk(
    {
      seed: 1,
      parents,
      sessions: ideal.sessions,
      retry: { ...ideal.retry, attemptCountMax: 2, timeBudgetNs: PARENT_NS, backoff: 'immediate', ackTimeoutNs: ACK_TIMEOUT_NS },
      venues: [{ symbol: 0, orders: rules, cancelsOvertake: false }],
      control: CONTROL_OFF,
      hostTarget
    },
    {
      simulation,
      host,
      sockets: {
        setPacingRate: () => {},
        readGauge: () => {}
      },
      counters: {
        faultCounts: () => ({ minor: 0, major: 0 }),
        faultDispersion: () => Number.NaN,
        majorServiceP95Ns: () => Number.NaN
      },
      memory: { act: () => false },
      messages,
      reports,
      ledger,
      feed: new Feed([market], [feedClock]),
      gauges: new Gauges(1, CONTROL_OFF),
      controllers: new DeskControllers(CONTROL_OFF, 1),
      createPolicy: () => {
        const policy = new WishingPolicy(childLots)
        policies.push(policy)
        return policy
      }
    }
  )
  host.bind(desk)
  // One child a race, in the order of the races. No policy could tell: it is the desk that knows.
  const { entry } = desk as unknown as { entry: { children: readonly ChildOrder[] } }
  const child = (race: number): ChildOrder => entry.children[race]
  const world: RaceWorld = { ledger, messages, reports, wire, market, child }

  const shift = (queue: number[]): number => {
    const [first] = queue.splice(0, 1)
    if (first === undefined) throw new Error('a step found nothing to do')
    return first
  }
  const touch = (): void => simulation.at(simulation.nowNs, PHASE.hostData, hostTarget, HOST.touch, 0)
  const take = (race: number, step: Step): void => {
    const { nowNs } = simulation
    if (step.step === 'deliver') {
      const message = shift(wire.up)
      messages.gatewayNs.values[message] = nowNs
      simulation.at(nowNs, PHASE.engine, engineTarget, ENGINE.message, message)
    } else if (step.step === 'refuse') {
      const refusal = addRefusal(reports, messages, shift(wire.up), REJECTED_BY.of.session, REASON.of['session-down'], nowNs)
      simulation.at(nowNs, PHASE.downstream, wireTarget, 1, refusal)
    } else if (step.step === 'lose') shift(wire.up)
    else if (step.step === 'send') simulation.at(nowNs, PHASE.downstream, acksTarget, ACKS.down, shift(wire.outbox))
    else if (step.step === 'read') simulation.at(nowNs, PHASE.hostData, hostTarget, HOST.report, shift(wire.down))
    else if (step.step === 'disconnect') simulation.at(nowNs, PHASE.engine, engineTarget, ENGINE.disconnect, 0)
    else if (step.step === 'fill') market.fill(race, step.lots)
    else if (step.step === 'wish') {
      policies[race].wish = step.wish
      touch()
    }
  }

  /** Kind 0: the next chosen step of a race; kind 1: its parent has ended, and what is held goes on in order. */
  const conductor: Component = {
    name: 'conductor',
    onEvent: (kind, race) => {
      const { nowNs } = simulation
      referee.settled(race, world)
      if (kind === 0) {
        const step = referee.choose(race, world)
        if (step === undefined) {
          simulation.at(parents[race].endNs + STEP_NS, PHASE.clamp, conductorTarget, 1, race)
          return
        }
        take(race, step)
        const pauseNs = step.step === 'wait' ? ACK_TIMEOUT_NS + STEP_NS : STEP_NS
        simulation.at(nowNs + pauseNs, PHASE.clamp, conductorTarget, 0, race)
        return
      }
      const step = wire.up.length > 0 ? 'deliver' : wire.outbox.length > 0 ? 'send' : wire.down.length > 0 ? 'read' : undefined
      if (step === undefined) {
        referee.ended(race, world)
        return
      }
      take(race, { step })
      simulation.at(nowNs + STEP_NS, PHASE.clamp, conductorTarget, 1, race)
    }
  }
  const conductorTarget = simulation.register(conductor)
  for (let race = 0; race < raceCount; race++) {
    simulation.at(parents[race].startNs + STEP_NS, PHASE.clamp, conductorTarget, 0, race)
  }
  desk.start()
  simulation.run({ endNs: (2 * raceCount + 2) * PARENT_NS, eventCountMax: Number.MAX_SAFE_INTEGER })
  desk.close()
  return world
}
