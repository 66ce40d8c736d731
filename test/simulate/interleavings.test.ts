/*
 * Every interleaving of what can happen to one order: fills, cancels and replaces on their way, their answers on their way back, a disconnect, a
 * message refused on its way, an answer waited for in vain. Nothing is drawn: `Exhaustive` takes every order of steps there is, through the real
 * desk, engine and ack server (race-rig.ts), beside a model of the venue's order by hand (venue-model.ts). A step is possible when there is something
 * for it to do, so no two races are the same.
 */
import { describe, expect, it } from 'vitest'
import type { ChildState } from '../../src/desk/child-order.ts'
import { ATTEMPT_OUTCOME, CANCEL_OUTCOME, CHILD_OUTCOME, REASON, REPORT_TYPE } from '../../src/order/words.ts'
import type { OrderRules } from '../../src/path/options.ts'
import { FIX_ORDERS } from '../../src/scenario/path-presets.ts'
import { Exhaustive } from './exhaustive.ts'
import { CHILD_LOTS, PARENT_LOTS, type RaceWorld, runRaces, type Step, type Wish } from './race-rig.ts'
import { VenueModel } from './venue-model.ts'

/** What may happen in one race, each thing once unless a count is given. */
interface Family {
  readonly wishes: readonly Wish[]
  /** Sizes of partial fills; and one fill of all that is open. */
  readonly partials?: readonly number[]
  readonly full?: boolean
  readonly disconnects?: number
  /** Times that an answer is waited for in vain, and messages that are refused or lost on their way. */
  readonly waits?: number
  readonly refusals?: number
  readonly losses?: number
  /** That the venue's answer leaves is a step of its own: it matters where a venue refuses what comes before. */
  readonly holds?: boolean
}

/** From each state of a child to those that one step may bring it to. */
const MAY_BECOME: Readonly<Record<ChildState, readonly ChildState[]>> = {
  waiting: ['pending-new', 'live', 'pending-cancel', 'done'],
  'pending-new': ['waiting', 'live', 'pending-cancel', 'done'],
  live: ['pending-replace', 'pending-cancel', 'done'],
  'pending-replace': ['live', 'pending-cancel', 'done'],
  // Only a cancel that was not essential is given up when it is refused.
  'pending-cancel': ['pending-new', 'live', 'pending-replace', 'done'],
  done: []
}

const RACES_PER_WORLD = 500

/** All races of a family under the rules, one after the other. */
class EveryRace {
  readonly faults: string[] = []
  /** What was read, and in which state of the host: "filled while pending-cancel". */
  readonly seen = new Set<string>()
  /** Orders by how they ended at the host, and those that filled more than they were sent with. */
  readonly ends = new Map<string, number>()
  overfilledCount = 0
  private readonly family: Family
  private readonly rules: OrderRules
  private readonly choices = new Exhaustive()
  /** False when there is no race left for the world that is running. */
  private racing = true
  private race = -1
  private steps: string[] = []
  private left: Required<Family>
  private venue: VenueModel
  private life: ChildState = 'pending-new'
  private reportRow = 0

  constructor(family: Family, rules: OrderRules) {
    this.family = family
    this.rules = rules
    this.left = this.budget()
    this.venue = new VenueModel(rules)
    while (this.racing) {
      this.race = -1
      this.reportRow = 0
      this.checkLedger(runRaces(rules, RACES_PER_WORLD, this))
    }
  }

  get count(): number {
    return this.choices.runCount
  }

  private budget(): Required<Family> {
    return { partials: [], full: false, disconnects: 0, waits: 0, refusals: 0, losses: 0, holds: false, ...this.family }
  }

  /** The next step of a race, or undefined when there is nothing left to happen. */
  choose(race: number, world: RaceWorld): Step | undefined {
    if (race !== this.race) {
      this.race = race
      this.racing = this.choices.nextRun()
      this.steps = []
      this.left = this.budget()
      this.venue = new VenueModel(this.rules)
      this.life = 'pending-new'
    }
    const possible = this.racing ? this.possible(world) : []
    if (possible.length === 0) return undefined
    const step = possible[this.choices.below(possible.length)]
    this.note(step, world)
    return step
  }

  private possible(world: RaceWorld): Step[] {
    const { wire, market } = world
    const { left } = this
    if (wire.outbox.length > 0 && !left.holds) return [{ step: 'send' }]
    const steps: Step[] = []
    if (wire.up.length > 0) steps.push({ step: 'deliver' })
    if (wire.up.length > 0 && left.refusals > 0) steps.push({ step: 'refuse' })
    if (wire.up.length > 0 && left.losses > 0) steps.push({ step: 'lose' })
    if (wire.outbox.length > 0) steps.push({ step: 'send' })
    if (wire.down.length > 0) steps.push({ step: 'read' })
    const { life } = world.child(this.race)
    if (life !== 'done' && left.waits > 0) steps.push({ step: 'wait' })
    for (const wish of left.wishes) {
      const isCancel = wish === 'cancel' || wish === 'cancel if it is easy'
      if (isCancel ? life !== 'done' && life !== 'pending-cancel' : life === 'live') steps.push({ step: 'wish', wish })
    }
    const open = market.openLots(this.race)
    for (const lots of left.partials) if (lots < open) steps.push({ step: 'fill', lots })
    if (open > 0 && left.full) steps.push({ step: 'fill', lots: open })
    if (open > 0 && left.disconnects > 0) steps.push({ step: 'disconnect' })
    return steps
  }

  private note(step: Step, { reports, wire, market, child }: RaceWorld): void {
    const { left } = this
    if (step.step === 'wish') this.left = { ...left, wishes: left.wishes.filter((wish) => wish !== step.wish) }
    else if (step.step === 'fill' && step.lots === market.openLots(this.race)) this.left = { ...left, full: false }
    else if (step.step === 'fill') this.left = { ...left, partials: left.partials.filter((lots) => lots !== step.lots) }
    else if (step.step === 'disconnect') this.left = { ...left, disconnects: left.disconnects - 1 }
    else if (step.step === 'wait') this.left = { ...left, waits: left.waits - 1 }
    else if (step.step === 'refuse') this.left = { ...left, refusals: left.refusals - 1 }
    else if (step.step === 'lose') this.left = { ...left, losses: left.losses - 1 }
    else if (step.step === 'read') {
      const [row] = wire.down
      const words = [REPORT_TYPE.names[reports.type.values[row]], REASON.names[reports.reason.values[row]]]
      this.seen.add(`${words.filter((word) => word !== 'none').join(' ')} while ${child(this.race).life}`)
    }
    this.steps.push(step.step === 'wish' ? step.wish : step.step === 'fill' ? `fill ${step.lots}` : step.step)
  }

  private fault(text: string): void {
    if (this.faults.length < 10) this.faults.push(`${text}; after ${this.steps.join(', ')}`)
  }

  /** What must hold after every step. */
  settled(race: number, { reports, messages, market, child: childOf }: RaceWorld): void {
    if (race !== this.race || !this.racing) return
    const { venue } = this
    for (; this.reportRow < reports.count; this.reportRow++) {
      const wrong = venue.apply(reports, messages, this.reportRow)
      if (wrong !== undefined) this.fault(wrong)
    }
    const resting = market.openLots(race)
    if (resting !== venue.openLots) this.fault(`${resting} lots rest, ${venue.openLots} should be open`)
    const child = childOf(race)
    if (child.life !== this.life && !MAY_BECOME[this.life].includes(child.life)) this.fault(`${this.life} became ${child.life}`)
    this.life = child.life
    if (child.filledLots > venue.filledLots) this.fault('the host knows of a fill that was not')
    const mostLots = child.filledLots + (child.life === 'done' ? 0 : child.openLots)
    const venueLots = venue.filledLots + venue.openLots
    if (mostLots < venueLots) this.fault(`the host expects ${mostLots} lots at most, the venue may fill ${venueLots}`)
  }

  /** What must hold when everything has come home. */
  ended(race: number, world: RaceWorld): void {
    if (race !== this.race || !this.racing) return
    const { venue } = this
    const child = world.child(race)
    const outcome = CHILD_OUTCOME.names[world.ledger.children.col.outcome[race]]
    this.ends.set(outcome, (this.ends.get(outcome) ?? 0) + 1)
    if (child.filledLots > CHILD_LOTS) this.overfilledCount++
    if (child.filledLots !== venue.filledLots)
      this.fault(`the host has ${child.filledLots} filled, the venue ${venue.filledLots}`)
    if (venue.open || child.life !== 'done') this.fault(`at the venue ${venue.open ? 'open' : 'done'}, at the host ${child.life}`)
    if (venue.known && child.priceTicks !== venue.priceTicks) this.fault('host and venue differ in the price')
    const expected = !venue.known ? ['aborted', 'rejected'] : venue.cancelled ? ['cancelled'] : ['filled']
    if (!expected.includes(outcome)) this.fault(`ended ${outcome}, not ${expected.join(' or ')}`)
  }

  private checkLedger({ ledger: { attempts, cancels, children, fills, parents } }: RaceWorld): void {
    for (let row = 0; row < parents.count; row++) {
      if (parents.col.filledLots[row] > PARENT_LOTS) this.faults.push(`parent ${row} is overfilled`)
    }
    for (let row = 0; row < fills.count; row++) {
      if (!(fills.col.reportNs[row] <= children.col.doneNs[fills.col.childId[row]]))
        this.faults.push(`fill ${row} was read too late`)
    }
    for (let row = 0; row < attempts.count; row++) {
      if (attempts.col.outcome[row] === ATTEMPT_OUTCOME.of.pending) this.faults.push(`attempt ${row} has no outcome`)
    }
    for (let row = 0; row < cancels.count; row++) {
      if (cancels.col.outcome[row] === CANCEL_OUTCOME.of.pending) this.faults.push(`cancel ${row} has no outcome`)
    }
  }
}

const MITIGATION = [true, false] as const
const TOO_LATE = ['rejected', 'silent'] as const
const WHILE_PENDING = ['served', 'replaces-refused', 'refused'] as const
const EVERY_RULE = MITIGATION.flatMap((inFlightMitigation) =>
  TOO_LATE.flatMap((tooLate) =>
    WHILE_PENDING.map((whilePending): OrderRules => ({ ...FIX_ORDERS, inFlightMitigation, tooLate, whilePending }))
  )
)

/** Runs a family under each of the rules, says how many races there were, and expects no fault. */
function raceAll(title: string, family: Family, everyRule: readonly OrderRules[]): EveryRace[] {
  const all = everyRule.map((rules) => new EveryRace(family, rules))
  const counts = all.map(({ count }) => count)
  const total = counts.reduce((sum, count) => sum + count, 0)
  console.log(
    `${title}: ${total} interleavings, ${Math.min(...counts)} to ${Math.max(...counts)} for each of ${all.length} rules`
  )
  for (const { faults } of all) expect(faults).toEqual([])
  return all
}

const seenBy = (all: readonly EveryRace[]): Set<string> => new Set(all.flatMap(({ seen }) => [...seen]))

describe('interleavings of one order', () => {
  it('are as many as a count by hand', () => {
    // New order: delivered (d), its ack read (r). Cancel: wished for (w), delivered (D), its ack read last. d before r and D, w before D. With D last of
    // the four: w at any of three places beside d, r. With r last: w and d in either order.
    expect(new EveryRace({ wishes: ['cancel'] }, FIX_ORDERS).count).toBe(3 + 2)
    // One fill of everything between d and D, or the cancel: d, fill, its report read (R after r). Without a wish there is one order of d, r against
    // fill, R: d first; r before or after the fill, then R; the parent's end cancels what is left, when nothing is.
    expect(new EveryRace({ wishes: [], full: true }, FIX_ORDERS).count).toBe(2)
  })

  it('of fills, a cancel, a replace, a disconnect and their answers', () => {
    const all = raceAll(
      'cancel and replace',
      { wishes: ['cancel', 'size down'], partials: [2, 3], full: true, disconnects: 1 },
      EVERY_RULE
    )
    const seen = seenBy(all)
    for (const state of ['live', 'pending-cancel', 'pending-replace']) {
      expect(seen).toContain(`filled while ${state}`)
      expect(seen).toContain(`cancelled session-down while ${state}`)
    }
    expect(seen).toContain('accepted while pending-cancel')
    expect(seen).toContain('cancelled while pending-cancel')
    expect(seen).toContain('replaced while pending-replace')
    expect(seen).toContain('replaced while pending-cancel')
    expect(seen).toContain('cancel-rejected too-late while done')
    expect(seen).toContain('replace-rejected too-late while done')
    for (const { rules, overfilledCount, ends, seen } of all.map((race, i) => ({ ...race, rules: EVERY_RULE[i] }))) {
      expect(overfilledCount > 0).toBe(!rules.inFlightMitigation)
      expect(seen.has('cancel-rejected too-late while done')).toBe(rules.tooLate === 'rejected')
      expect([...ends.keys()].sort()).toEqual(['cancelled', 'filled'])
    }
  })

  it('of a cancel and a replace, when an answer leaves the venue as a step of its own', () => {
    const all = raceAll('answers held', { wishes: ['cancel', 'size down'], full: true, holds: true }, EVERY_RULE)
    all.forEach(({ seen }, i) => {
      expect(seen.has('cancel-rejected already-pending while pending-cancel')).toBe(EVERY_RULE[i].whilePending === 'refused')
    })
    const rule: OrderRules = { ...FIX_ORDERS, inFlightMitigation: false, whilePending: 'refused' }
    raceAll('answers held, a disconnect', { wishes: ['cancel', 'size down'], partials: [2], disconnects: 1, holds: true }, [rule])
  })

  it('of two replaces, the second sent when the answer to the first was waited for in vain', () => {
    const rules: OrderRules[] = [FIX_ORDERS, { ...FIX_ORDERS, inFlightMitigation: false, whilePending: 'replaces-refused' }]
    const all = raceAll('two replaces', { wishes: ['size down', 'reprice'], partials: [2], waits: 1, holds: true }, rules)
    for (const { seen } of all) expect(seen).toContain('replaced while live')
    const refused = all.map(({ seen }) => seen.has('replace-rejected already-pending while pending-replace'))
    expect(refused).toEqual([false, true])
  })

  it('of a cancel, a replace and fills, when an answer is waited for in vain', () => {
    const rules = MITIGATION.flatMap((inFlightMitigation) =>
      TOO_LATE.map((tooLate): OrderRules => ({ ...FIX_ORDERS, inFlightMitigation, tooLate }))
    )
    raceAll('waits', { wishes: ['cancel', 'reprice'], full: true, waits: 1 }, rules)
  })

  it('of a cancel and messages lost on their way', () => {
    const rules: OrderRules[] = [FIX_ORDERS, { ...FIX_ORDERS, tooLate: 'silent' }]
    const all = raceAll('losses', { wishes: ['cancel'], full: true, waits: 1, losses: 1 }, rules)
    for (const { ends } of all) expect([...ends.keys()].sort()).toEqual(['cancelled', 'filled', 'rejected'])
  })

  it('of cancels that are given up, a replace, and messages refused on their way', () => {
    const rules = MITIGATION.map((inFlightMitigation): OrderRules => ({ ...FIX_ORDERS, inFlightMitigation }))
    const seen = seenBy(raceAll('refusals', { wishes: ['cancel', 'reprice'], partials: [1], full: true, refusals: 1 }, rules))
    for (const type of ['rejected session-down while pending-new', 'replace-rejected session-down while pending-cancel']) {
      expect(seen).toContain(type)
    }
    // Refused twice, a cancel that is not essential is given up: the order works on, or its replace is still pending.
    const given = seenBy(raceAll('given up', { wishes: ['cancel if it is easy', 'reprice'], full: true, refusals: 2 }, rules))
    expect(given).toContain('filled while live')
    expect(given).toContain('replaced while pending-replace')
  })
})
