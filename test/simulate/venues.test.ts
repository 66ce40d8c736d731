/*
 * Several venues in one world: what they share and what not. Bound to venues that share nothing, parents fare as in worlds of one venue; a
 * further venue leaves the luck of the others as it was; orders are split by weight; control moves them away from a path that refuses.
 */
import { describe, expect, it } from 'vitest'
import { controlFor } from '../../src/control/presets.ts'
import type { Tape } from '../../src/market/tape.ts'
import { type ParentResults, parentResults } from '../../src/metrics/shortfall.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import { REASON, REJECTED_BY } from '../../src/order/words.ts'
import { type PathOptions, sessionsPerVenue } from '../../src/path/options.ts'
import { BASELINE } from '../../src/policy/presets.ts'
import { NO_HAZARD, PATH_PRESETS, RETRY_PRESETS } from '../../src/scenario/path-presets.ts'
import { THROTTLE_OFF } from '../../src/scenario/venue-throttles.ts'
import { type Run, simulate } from '../../src/simulate.ts'
import { stretchedTape } from './random-world.ts'
import { faultsOf } from './run-checks.ts'
import { drawTape, MARKETS, parent, world } from './worlds.ts'

const MS = 1_000_000
const SECOND = 1000 * MS
const { ideal, colo } = PATH_PRESETS

/** A tape of some seconds; `symbol` as given. */
function tapeOf(seed: number, symbol: string): Tape {
  const tape = stretchedTape(seed, 100_000, 600)
  return { ...tape, header: { ...tape.header, symbol } }
}

function rowsOf(count: number, wanted: (row: number) => boolean): number[] {
  return Array.from({ length: count }, (_, row) => row).filter(wanted)
}

/** Six parents in turn on the venues of `places`. */
function parentsOn(tape: Tape, places: readonly (readonly number[])[]): ParentOrder[] {
  const firstNs = tape.tNs[0]
  const spanNs = tape.tNs[tape.count - 1] - firstNs
  return [0, 1, 2, 3, 4, 5].map((parentId) => {
    const startNs = firstNs + Math.floor((spanNs * parentId) / 20)
    const venues = places[parentId % places.length]
    return parent({
      parentId,
      venue: venues[0],
      ...(venues.length > 1 ? { venues } : {}),
      side: parentId < 3 ? 1 : -1,
      quantityLots: 60,
      startNs,
      endNs: startNs + Math.floor(spanNs / 2)
    })
  })
}

const EXECUTION = { ...BASELINE, sliceNs: 500 * MS, finishNs: 200 * MS, childLotsMax: 10 }

/** What a parent's fills were: when, at what price, how many lots, and why. */
function fillsOf({ ledger: { fills } }: Run, parentId: number): number[][] {
  const { col } = fills
  return rowsOf(fills.count, (row) => col.parentId[row] === parentId).map((row) => [
    col.fillNs[row],
    col.priceTicks[row],
    col.lots[row],
    col.cause[row]
  ])
}

describe('a world of two venues whose parents are each bound to one, where nothing shared binds', () => {
  /** A host and a network card that take no time; on each path everything that is of one order, nothing that is weather. */
  const path = (delayNs: number, limit: number) => ({
    link: {
      ...ideal.link,
      delayNs,
      returnDelayNs: delayNs,
      feedDelayNs: delayNs,
      jitter: { law: 'exponential', meanNs: 5000 } as const
    },
    gate: { ...ideal.gate, service: colo.gate.service, hazard: { ...NO_HAZARD, intercept: -2 } },
    gateway: {
      ...ideal.gateway,
      service: colo.gateway.service,
      throttle: { ...THROTTLE_OFF, window: 'sliding', limit, windowNs: 20 * MS } as const
    },
    acks: { ...ideal.acks, service: colo.acks.service },
    orders: ideal.orders
  })
  const paths = [path(30_000, 4), path(2 * MS, 50)]
  const retry = { ...RETRY_PRESETS.backoff, ackTimeoutNs: Number.POSITIVE_INFINITY }

  for (const symbols of [
    ['ONE', 'ONE'],
    ['ONE', 'TWO']
  ]) {
    it(`gives what two worlds of one venue give (${symbols[0] === symbols[1] ? 'one symbol' : 'two symbols'})`, () => {
      for (let seed = 1; seed <= 5; seed++) {
        const tapes = symbols.map((symbol, venue) => tapeOf(seed + 100 * venue, symbol))
        const shared = { seed, execution: EXECUTION }
        const parents = parentsOn(tapes[0], [[0], [1]])
        const both = simulate(
          world({
            ...shared,
            markets: tapes.map(MARKETS.timeline),
            parents,
            path: { ...ideal, ...paths[0], retry, sessions: sessionsPerVenue(ideal.sessions, 2), venues: paths }
          })
        )
        const headers = tapes.map(({ header }) => header)
        const paid = parentResults(both.ledger, { headers })
        const found: Pick<ParentResults, 'shortfallBps' | 'filledLots'> = {
          shortfallBps: new Float64Array(6).fill(Number.NaN),
          filledLots: new Float64Array(6)
        }
        let fillCount = 0
        for (const venue of [0, 1]) {
          const own = parents.filter((order) => order.venue === venue).map((order) => ({ ...order, venue: 0 }))
          const alone = simulate(
            world({
              ...shared,
              markets: [MARKETS.timeline(tapes[venue])],
              parents: own,
              path: { ...ideal, ...paths[venue], retry }
            })
          )
          const results = parentResults(alone.ledger, { headers: [headers[venue]] })
          own.forEach(({ parentId }, row) => {
            expect(fillsOf(both, parentId)).toEqual(fillsOf(alone, parentId))
            fillCount += fillsOf(alone, parentId).length
            found.shortfallBps[parentId] = results.shortfallBps[row]
            found.filledLots[parentId] = results.filledLots[row]
          })
        }
        expect(paid.shortfallBps).toEqual(found.shortfallBps)
        expect(paid.filledLots).toEqual(found.filledLots)
        expect(fillCount).toBeGreaterThan(20)
      }
    })
  }
})

describe('a further venue', () => {
  const full: PathOptions = {
    ...colo,
    link: { ...colo.link, jitter: { law: 'exponential', meanNs: 5000 }, weatherCorrelationNs: 20 * MS },
    host: ideal.host,
    qdisc: ideal.qdisc,
    gate: { ...colo.gate, hazard: { ...NO_HAZARD, intercept: -1 } },
    gateway: { ...colo.gateway, backgroundLoad: 0.6 },
    acks: { ...colo.acks, backgroundLoad: 0.6 }
  }

  it('leaves the weather and the luck of the first as they were', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const tapes = [tapeOf(seed, 'ONE'), tapeOf(seed + 100, 'TWO')]
      const parents = parentsOn(tapes[0], [[0], [1]])
      const shared = { seed, execution: EXECUTION }
      const two = simulate(
        world({
          ...shared,
          markets: tapes.map(MARKETS.timeline),
          parents,
          path: { ...full, sessions: sessionsPerVenue(full.sessions, 2) }
        })
      )
      const one = simulate(
        world({
          ...shared,
          markets: [MARKETS.timeline(tapes[0])],
          parents: parents.filter(({ venue }) => venue === 0),
          path: full
        })
      )
      let refused = 0
      for (const parentId of [0, 2, 4]) {
        expect(fillsOf(two, parentId)).toEqual(fillsOf(one, parentId))
        const journeys = [two, one].map(({ ledger: { attempts } }) =>
          rowsOf(attempts.count, (row) => attempts.col.parentId[row] === parentId).map((row) =>
            (['gateNs', 'gateDoneNs', 'gatewayNs', 'throttleNs', 'engineNs', 'ackNs', 'reason'] as const).map(
              (column) => attempts.col[column][row]
            )
          )
        )
        expect(journeys[0]).toEqual(journeys[1])
        refused += journeys[0].filter((stamps) => stamps[6] === REASON.of['risk-stress']).length
      }
      expect(refused).toBeGreaterThan(5)
    }
  })

  it('has weather of its own', () => {
    const tape = tapeOf(1, 'ONE')
    const run = (venue: number): Run =>
      simulate(
        world({
          execution: EXECUTION,
          markets: [MARKETS.timeline(tape), MARKETS.timeline(tape)],
          parents: parentsOn(tape, [[venue]]),
          path: { ...full, sessions: sessionsPerVenue(full.sessions, 2) }
        })
      )
    const trips = [run(0), run(1)].map(({ ledger: { attempts } }) => attempts.col.gateNs[0] - attempts.col.dispatchNs[0])
    expect(trips[0]).not.toBe(trips[1])
  })
})

describe('orders over several venues', () => {
  const weights = [0.7, 0.3]
  const routing = { rule: 'weighted', weights, roundLots: 1 } as const

  it('are split by weight, to within one round lot', () => {
    const tape = tapeOf(3, 'ONE')
    const run = simulate(
      world({
        execution: { ...EXECUTION, tactic: 'take', routing },
        // Where one has a price to offer the other has too.
        markets: [MARKETS.timeline(tape), MARKETS.timeline(tape)],
        parents: parentsOn(tape, [[0, 1]]),
        path: { ...ideal, sessions: sessionsPerVenue(ideal.sessions, 2) }
      })
    )
    const { children } = run.ledger
    for (const { parentId } of parentsOn(tape, [[0, 1]])) {
      const own = rowsOf(children.count, (row) => children.col.parentId[row] === parentId)
      const lotsAt = (venue: number): number =>
        own.filter((row) => children.col.venue[row] === venue).reduce((lots, row) => lots + children.col.quantityLots[row], 0)
      const all = lotsAt(0) + lotsAt(1)
      expect(all).toBeGreaterThanOrEqual(60)
      expect(Math.abs(lotsAt(0) - 0.7 * all)).toBeLessThanOrEqual(1)
    }
  })

  it('are priced at the touch of the venue they go to, and benchmarked at the best of both', () => {
    const [north, south] = [
      `
      0 add bid 98 50 1
      0 add ask 102 50 2
      `,
      `
      0 add bid 99 50 1
      0 add ask 104 50 2
      900 reduce ask 104 1 2
      `
    ].map((text) => drawTape(text))
    const run = simulate(
      world({
        markets: [MARKETS.sequential(north), MARKETS.sequential(south)],
        parents: [parent({ quantityLots: 10, venues: [0, 1] })],
        execution: {
          ...BASELINE,
          tactic: 'take',
          sliceNs: SECOND,
          finishNs: 0,
          takeThroughTicks: 0,
          routing: { rule: 'weighted', roundLots: 5 }
        },
        path: { ...ideal, sessions: sessionsPerVenue(ideal.sessions, 2) }
      })
    )
    const { children, fills, parents } = run.ledger
    const column = (values: Float64Array, count: number): number[] => [...values.subarray(0, count)]
    expect(column(children.col.venue, children.count)).toEqual([0, 1])
    expect(column(children.col.session, children.count)).toEqual([0, 1])
    expect(column(children.col.priceTicks, children.count)).toEqual([102, 104])
    expect(column(fills.col.priceTicks, fills.count)).toEqual([102, 104])
    // Best bid 99 in the south, best ask 102 in the north.
    expect(column(children.col.decisionMidHalfTicks, children.count)).toEqual([201, 201])
    expect([parents.col.decisionMidHalfTicks[0], parents.col.arrivalMidHalfTicks[0], parents.col.endMidHalfTicks[0]]).toEqual([
      201, 201, 201
    ])
    // Mids of the venue that an order came to.
    expect(column(children.col.arrivalMidHalfTicks, children.count)).toEqual([200, 203])
    expect(run.stages.map(({ stage }) => stage)).toEqual([
      'host',
      'egress',
      'socket refusals',
      ...[0, 1].flatMap((venue) => [`link ${venue}`, `gate ${venue}`, `gateway ${venue}`, `engine ${venue}`, `acks ${venue}`])
    ])
    expect(run.stages.filter(({ stage }) => stage.startsWith('engine')).map(({ entered }) => entered)).toEqual([1, 1])
  })
})

describe('a venue whose throttle rejects', () => {
  const tape = stretchedTape(7, 1_000_000, 2000)
  const tight = { ...THROTTLE_OFF, window: 'sliding', limit: 1, windowNs: SECOND } as const
  const venues = [{ ...ideal, gateway: { ...ideal.gateway, throttle: tight } }, ideal]
  const run = (enabled: boolean): Run => {
    const control = controlFor(1_000_000)
    const off = { enabled: false }
    return simulate(
      world({
        execution: { ...EXECUTION, sliceNs: SECOND, routing: { rule: 'weighted', weights: [0.5, 0.5], roundLots: 1 } },
        markets: [MARKETS.timeline(tape), MARKETS.timeline(tape)],
        parents: parentsOn(tape, [[0, 1]]).map((order) => ({ ...order, quantityLots: 600 })),
        path: { ...ideal, sessions: sessionsPerVenue(ideal.sessions, 2), venues },
        control: {
          ...control,
          sampleNs: 100 * MS,
          transport: { ...control.transport, ...off },
          fault: { ...control.fault, ...off },
          cancel: { ...control.cancel, ...off },
          throttle: { ...control.throttle, enabled, dwellNs: 500 * MS }
        }
      })
    )
  }

  it('loses weight to the other under control, and the rejects are fewer', () => {
    const [baseline, controlled] = [run(false), run(true)]
    const shareOf = ({ ledger: { children } }: Run): number =>
      rowsOf(children.count, (row) => children.col.venue[row] === 0).length / children.count
    const rejectsOf = ({ ledger: { attempts } }: Run): number =>
      rowsOf(attempts.count, (row) => attempts.col.rejectedBy[row] === REJECTED_BY.of.throttle).length
    for (const one of [baseline, controlled])
      expect(
        faultsOf(
          one,
          venues.map(({ orders }) => orders)
        )
      ).toEqual([])
    expect(shareOf(controlled)).toBeLessThan(0.8 * shareOf(baseline))
    expect(rejectsOf(controlled)).toBeLessThan(0.8 * rejectsOf(baseline))
    // Only the controller of that path has moved.
    const { transitions } = controlled.ledger
    const moved = new Set(transitions.col.venue.subarray(0, transitions.count))
    expect([...moved]).toEqual([0])
  })
})
