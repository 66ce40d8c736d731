/*
 * Worlds of two or three venues drawn from a seed: each venue has a random tape and a random path of its own, over one random host. Some quote
 * one symbol, some not; some parents are bound to a venue, others are routed by weight or by best price. Equal seeds, equal worlds.
 */
import type { Tape } from '../../src/market/tape.ts'
import type { ParentOrder } from '../../src/order/parent.ts'
import { sessionsPerVenue } from '../../src/path/options.ts'
import type { World } from '../../src/simulate.ts'
import { Draws, randomClamp, randomControl, randomExecution, randomParents, randomPath, stretchedTape } from './random-world.ts'

export interface RandomVenues {
  readonly tapes: readonly Tape[]
  readonly world: Omit<World, 'markets'>
}

export function randomVenues(seed: number, rowCount = 150): RandomVenues {
  const draws = new Draws(seed, 'random-venues')
  const venueCount = draws.of(2, 3)
  const factor = draws.of(1_000, 100_000, 1_000_000)
  const first = stretchedTape(seed, factor, rowCount)
  // The last venue may quote another symbol.
  const lastSymbol = draws.of(first.header.symbol, 'OTHER')
  const tapes = Array.from({ length: venueCount }, (_, venue) => {
    const tape = stretchedTape(seed + 1000 * venue, factor, rowCount)
    const symbol = venue === venueCount - 1 ? lastSymbol : first.header.symbol
    return { ...tape, tNs: first.tNs, header: { ...first.header, symbol } }
  })
  const firstNs = first.tNs[0]
  const spanNs = first.tNs[first.count - 1] - firstNs
  const host = randomPath(draws, spanNs)
  const venues = tapes.map(() => randomPath(draws, spanNs))
  const clamps = draws.chance(0.5) ? [] : [{ ...randomClamp(draws, spanNs), venue: draws.below(venueCount) }]
  const shared = ['host.faults', 'qdisc.rate']
  return {
    tapes,
    world: {
      seed,
      parents: randomParents(draws, firstNs, spanNs).map((parent) => placed(parent, tapes, draws)),
      path: {
        ...host,
        sessions: sessionsPerVenue(host.sessions, venueCount),
        clamps: [...host.clamps, ...clamps.filter(({ target }) => !shared.includes(target))],
        venues
      },
      execution: {
        ...randomExecution(draws, spanNs),
        routing: {
          rule: draws.of('weighted', 'best-price'),
          ...(draws.chance(0.3) ? {} : { weights: tapes.map(() => draws.of(0, 1, 3)) }),
          roundLots: draws.of(1, 5, 100)
        }
      },
      control: randomControl(draws, spanNs),
      eventCountMax: 5_000_000
    }
  }
}

function placed(parent: ParentOrder, tapes: readonly Tape[], draws: Draws): ParentOrder {
  const venue = draws.below(tapes.length)
  const { symbol } = tapes[venue].header
  const venues = tapes.flatMap(({ header }, number) => (header.symbol === symbol ? [number] : []))
  return draws.chance(0.7) && venues.length > 1 ? { ...parent, venue: venues[0], venues } : { ...parent, venue }
}
