/*
 * The life of one parent or child order as its ledger has it: what happened to it and around it, in order of time, so that a
 * reader can follow why one policy ended elsewhere than another. Around it are the stalls that blocked the host and the
 * controllers' transitions within its life. Nothing is inferred: each event is a stamp of a row, and stamps that are none did not happen.
 * On one instant, upstream stages stand before downstream ones, as the path has them.
 */
import { formatDuration } from '../kernel/units.ts'
import { CONTROLLER, CONTROLLER_STATE, FEATURE, type Ledger, STALL_KIND } from '../ledger/ledger.ts'
import {
  ATTEMPT_OUTCOME,
  CANCEL_OUTCOME,
  CHILD_OUTCOME,
  FILL_CAUSE,
  LIQUIDITY,
  MESSAGE_TYPE,
  REASON,
  REJECTED_BY,
  TACTIC,
  TIME_IN_FORCE
} from '../order/words.ts'

export type StorySubject = 'parent' | 'child' | 'attempt' | 'cancel' | 'fill' | 'stall' | 'controller'

export interface StoryEvent {
  readonly atNs: number
  readonly subject: StorySubject
  /** Id of the subject; for a controller its number, for a stall its row. */
  readonly id: number
  /** Child of an attempt, cancel or fill; NaN where there is none. */
  readonly childId: number
  /** Of its child, or of a controller's path; NaN where it is of none. */
  readonly venue: number
  readonly event: string
  /** Since the stamp before of the same subject; NaN for its first. */
  readonly sinceNs: number
  /** NaN where the event has none. Mids are in half ticks, as in the ledger. */
  readonly priceTicks: number
  readonly midHalfTicks: number
  readonly lots: number
  /** What else there is to say: outcome, reason, cause. */
  readonly words: readonly string[]
}

export interface Story {
  readonly subject: 'parent' | 'child'
  readonly id: number
  /** 1 buy, -1 sell. */
  readonly side: number
  /** The venue whose tick its prices are in; and those that its orders were sent to (that one alone, when there were none). */
  readonly venue: number
  readonly venues: readonly number[]
  readonly quantityLots: number
  readonly filledLots: number
  readonly startNs: number
  readonly endNs: number
  readonly events: readonly StoryEvent[]
}

type Facts = Partial<Pick<StoryEvent, 'priceTicks' | 'midHalfTicks' | 'lots' | 'words' | 'venue'>>

const UPSTREAM = ['wireNs', 'gateNs', 'gateDoneNs', 'gatewayNs', 'throttleNs', 'engineNs', 'answerNs'] as const
const STAMP_EVENT = {
  wireNs: 'on the wire',
  gateNs: 'at the risk gate',
  gateDoneNs: 'through the gate',
  gatewayNs: 'at the gateway',
  throttleNs: 'through the throttle',
  engineNs: 'at the engine',
  answerNs: 'answer left the venue'
} as const

class Telling {
  readonly events: StoryEvent[] = []
  private readonly last = new Map<string, number>()
  private readonly venueOf: Float64Array

  constructor(ledger: Ledger) {
    this.venueOf = ledger.children.col.venue
  }

  tell(atNs: number, subject: StorySubject, id: number, childId: number, event: string, facts: Facts = {}): void {
    if (!Number.isFinite(atNs)) return
    const key = `${subject} ${id}`
    const sinceNs = atNs - (this.last.get(key) ?? Number.NaN)
    this.last.set(key, atNs)
    const venue = Number.isNaN(childId) ? Number.NaN : this.venueOf[childId]
    const none = { venue, priceTicks: Number.NaN, midHalfTicks: Number.NaN, lots: Number.NaN, words: [] }
    this.events.push({ atNs, subject, id, childId, event, sinceNs, ...none, ...facts })
  }
}

/** The story of a parent with all its children; null when the ledger has no such parent. */
export function parentStory(ledger: Ledger, parentId: number): Story | null {
  const { col, count } = ledger.parents
  const row = col.parentId.subarray(0, count).indexOf(parentId)
  if (row < 0) return null
  const telling = new Telling(ledger)
  telling.tell(col.startNs[row], 'parent', parentId, Number.NaN, 'starts', {
    lots: col.quantityLots[row],
    midHalfTicks: col.arrivalMidHalfTicks[row],
    priceTicks: col.limitTicks[row]
  })
  telling.tell(col.decisionNs[row], 'parent', parentId, Number.NaN, 'decides', { midHalfTicks: col.decisionMidHalfTicks[row] })
  telling.tell(col.doneNs[row], 'parent', parentId, Number.NaN, 'done', { lots: col.filledLots[row] })
  telling.tell(col.endNs[row], 'parent', parentId, Number.NaN, 'horizon ends', { midHalfTicks: col.endMidHalfTicks[row] })
  const children = rowsWhere(ledger.children.col.parentId, ledger.children.count, parentId)
  for (const child of children) tellChild(ledger, child, telling)
  const startNs = col.startNs[row]
  const endNs = Math.max(col.endNs[row], Number.isNaN(col.doneNs[row]) ? col.endNs[row] : col.doneNs[row])
  const filledLots = rowsWhere(ledger.fills.col.parentId, ledger.fills.count, parentId).reduce(
    (sum, fill) => sum + ledger.fills.col.lots[fill],
    0
  )
  return finish(ledger, telling, {
    subject: 'parent',
    id: parentId,
    side: col.side[row],
    venue: col.venue[row],
    venues: children.length === 0 ? [col.venue[row]] : distinct(children.map((child) => ledger.children.col.venue[child])),
    quantityLots: col.quantityLots[row],
    filledLots,
    startNs,
    endNs
  })
}

function distinct(venues: readonly number[]): number[] {
  return [...new Set(venues)].sort((a, b) => a - b)
}

/** The story of one child order; null when the ledger has no such child. */
export function childStory(ledger: Ledger, childId: number): Story | null {
  const { col, count } = ledger.children
  const row = col.childId.subarray(0, count).indexOf(childId)
  if (row < 0) return null
  const telling = new Telling(ledger)
  tellChild(ledger, row, telling)
  const startNs = Number.isNaN(col.scheduledNs[row]) ? col.intentNs[row] : Math.min(col.scheduledNs[row], col.intentNs[row])
  const endNs = telling.events.reduce((latest, { atNs }) => Math.max(latest, atNs), startNs)
  const filledLots = rowsWhere(ledger.fills.col.childId, ledger.fills.count, childId).reduce(
    (sum, fill) => sum + ledger.fills.col.lots[fill],
    0
  )
  return finish(ledger, telling, {
    subject: 'child',
    id: childId,
    side: col.side[row],
    venue: col.venue[row],
    venues: [col.venue[row]],
    quantityLots: col.quantityLots[row],
    filledLots,
    startNs,
    endNs
  })
}

function finish(ledger: Ledger, telling: Telling, life: Omit<Story, 'events'>): Story {
  tellSurroundings(ledger, life.startNs, life.endNs, telling)
  const order = telling.events.map((_, index) => index)
  order.sort((a, b) => telling.events[a].atNs - telling.events[b].atNs || a - b)
  return { ...life, events: order.map((index) => telling.events[index]) }
}

function rowsWhere(values: Float64Array, count: number, wanted: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < count; row++) if (values[row] === wanted) rows.push(row)
  return rows
}

function tellChild(ledger: Ledger, row: number, telling: Telling): void {
  const { col } = ledger.children
  const childId = col.childId[row]
  const late = col.intentNs[row] - col.scheduledNs[row]
  telling.tell(col.intentNs[row], 'child', childId, childId, 'intended', {
    priceTicks: col.priceTicks[row],
    lots: col.quantityLots[row],
    midHalfTicks: col.decisionMidHalfTicks[row],
    words: [
      TACTIC.names[col.tactic[row]],
      TIME_IN_FORCE.names[col.timeInForce[row]],
      late > 0 ? `${formatDuration(late)} after schedule` : ''
    ].filter((word) => word !== undefined && word !== '')
  })
  for (const attempt of rowsWhere(ledger.attempts.col.childId, ledger.attempts.count, childId))
    tellAttempt(ledger, attempt, telling)
  for (const cancel of rowsWhere(ledger.cancels.col.childId, ledger.cancels.count, childId)) tellCancel(ledger, cancel, telling)
  for (const fill of rowsWhere(ledger.fills.col.childId, ledger.fills.count, childId)) tellFill(ledger, fill, telling)
  const overLots = col.filledLots[row] - col.quantityLots[row]
  telling.tell(col.doneNs[row], 'child', childId, childId, 'done', {
    lots: col.filledLots[row],
    words: [
      CHILD_OUTCOME.names[col.outcome[row]] ?? 'no outcome',
      ...(overLots > 0 ? [`overfilled by ${overLots}: a fill raced a replace`] : [])
    ]
  })
}

/** Outcome and, when refused, by whom and why. */
function verdict(outcome: string | undefined, rejectedBy: number, reason: number): string[] {
  const words = [outcome ?? 'no outcome']
  if (rejectedBy > 0) words.push(`by ${REJECTED_BY.names[rejectedBy]}`)
  if (reason > 0) words.push(REASON.names[reason])
  return words
}

/** How long the order was pending: what it could lose in that time stands between the two events. */
function pendingWords(what: 'cancel' | 'replace', sentNs: number, readNs: number): string[] {
  return readNs >= sentNs ? [`${what} was pending for ${formatDuration(readNs - sentNs)}`] : []
}

/** True when a replace of the child was under way at the instant: sent, and its answer not yet read. */
function replaceWasPending({ attempts: { col, count } }: Ledger, childId: number, atNs: number): boolean {
  return rowsWhere(col.childId, count, childId).some(
    (row) => col.messageType[row] === MESSAGE_TYPE.of.replace && col.dispatchNs[row] < atNs && !(col.ackNs[row] <= atNs)
  )
}

function tellAttempt(ledger: Ledger, row: number, telling: Telling): void {
  const { col } = ledger.attempts
  const id = col.attemptId[row]
  const childId = col.childId[row]
  const retry = col.retryIndex[row] > 0 ? [`retry ${col.retryIndex[row]}`] : []
  telling.tell(col.intentNs[row], 'attempt', id, childId, `${MESSAGE_TYPE.names[col.messageType[row]]} decided`, {
    priceTicks: col.priceTicks[row],
    lots: col.quantityLots[row],
    words: retry
  })
  telling.tell(col.dispatchNs[row], 'attempt', id, childId, 'dispatched')
  for (const stamp of UPSTREAM) {
    const ahead =
      stamp === 'engineNs' && Number.isFinite(col.lotsAheadAfter[row]) ? [`${col.lotsAheadAfter[row]} lots ahead`] : []
    telling.tell(col[stamp][row], 'attempt', id, childId, STAMP_EVENT[stamp], { words: ahead })
  }
  const words = verdict(ATTEMPT_OUTCOME.names[col.outcome[row]], col.rejectedBy[row], col.reason[row])
  const isReplace = col.messageType[row] === MESSAGE_TYPE.of.replace
  const pending = isReplace ? pendingWords('replace', col.dispatchNs[row], col.ackNs[row]) : []
  telling.tell(col.ackNs[row], 'attempt', id, childId, 'answer read', { words: [...words, ...pending] })
  if (Number.isNaN(col.ackNs[row])) {
    const lastNs = [col.dispatchNs[row], ...UPSTREAM.map((stamp) => col[stamp][row])].filter(Number.isFinite)
    telling.tell(Math.max(col.intentNs[row], ...lastNs), 'attempt', id, childId, 'no answer read', { words })
  }
}

function tellCancel(ledger: Ledger, row: number, telling: Telling): void {
  const { col } = ledger.cancels
  const id = col.cancelId[row]
  const childId = col.childId[row]
  const retry = col.retryIndex[row] > 0 ? [`retry ${col.retryIndex[row]}`] : []
  telling.tell(col.intentNs[row], 'cancel', id, childId, 'cancel decided', { lots: col.openLots[row], words: retry })
  telling.tell(col.sendNs[row], 'cancel', id, childId, 'dispatched')
  for (const stamp of UPSTREAM) telling.tell(col[stamp][row], 'cancel', id, childId, STAMP_EVENT[stamp])
  const words = verdict(CANCEL_OUTCOME.names[col.outcome[row]], col.rejectedBy[row], col.reason[row])
  const readNs = Number.isNaN(col.ackNs[row]) ? col.rejectNs[row] : col.ackNs[row]
  const pending = pendingWords('cancel', col.sendNs[row], readNs)
  telling.tell(readNs, 'cancel', id, childId, 'answer read', { words: [...words, ...pending] })
  if (Number.isNaN(readNs)) {
    const lastNs = [col.sendNs[row], ...UPSTREAM.map((stamp) => col[stamp][row])].filter(Number.isFinite)
    telling.tell(Math.max(col.intentNs[row], ...lastNs), 'cancel', id, childId, 'no answer read', { words })
  }
}

function tellFill(ledger: Ledger, row: number, telling: Telling): void {
  const { col } = ledger.fills
  const words = [LIQUIDITY.names[col.liquidity[row]], FILL_CAUSE.names[col.cause[row]]].filter(
    (word) => word !== undefined
  ) as string[]
  if (col.pendingCancel[row] === 1) words.push('while a cancel was pending')
  if (replaceWasPending(ledger, col.childId[row], col.fillNs[row])) words.push('while a replace was pending')
  telling.tell(col.fillNs[row], 'fill', col.fillId[row], col.childId[row], 'filled', {
    priceTicks: col.priceTicks[row],
    lots: col.lots[row],
    midHalfTicks: col.midHalfTicks[row],
    words
  })
  telling.tell(col.reportNs[row], 'fill', col.fillId[row], col.childId[row], 'fill read')
}

function tellSurroundings(ledger: Ledger, startNs: number, endNs: number, telling: Telling): void {
  const { stalls, transitions } = ledger
  for (let row = 0; row < stalls.count; row++) {
    const atNs = stalls.col.startNs[row]
    const overNs = atNs + stalls.col.stallNs[row]
    if (!(stalls.col.blockedNs[row] > 0) || overNs < startNs || atNs > endNs) continue
    const kind = STALL_KIND.names[stalls.col.kind[row]] ?? 'stall'
    telling.tell(atNs, 'stall', row, Number.NaN, 'host stalls', { words: [kind] })
    telling.tell(overNs, 'stall', row, Number.NaN, 'host runs again', {
      words: [`work waited ${formatDuration(stalls.col.blockedNs[row])}`]
    })
  }
  for (let row = 0; row < transitions.count; row++) {
    const { atNs, controller, venue, from, to, feature, value } = transitions.col
    if (atNs[row] < startNs || atNs[row] > endNs) continue
    const states = `${CONTROLLER_STATE.names[from[row]]} to ${CONTROLLER_STATE.names[to[row]]}`
    const measured = `${FEATURE.names[feature[row]] ?? 'no feature'} ${Number(value[row].toPrecision(4))}`
    const number = controller[row]
    const facts = { venue: venue[row], words: [states, measured] }
    telling.tell(atNs[row], 'controller', number, Number.NaN, CONTROLLER.names[number], facts)
  }
}
