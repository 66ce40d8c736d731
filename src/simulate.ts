/*
 * The composition root: a world's description in, its run out. Wires market, path, desk, policies and controllers to one
 * simulation, runs it, checks conservation and hashes the ledger.
 */
import { DeskControllers } from './control/desk-controllers.ts'
import type { ControlOptions } from './control/options.ts'
import { Desk } from './desk/desk.ts'
import { Feed } from './desk/feed.ts'
import { Gauges } from './desk/gauges.ts'
import { InvariantError } from './kernel/assert.ts'
import { Simulation } from './kernel/simulation.ts'
import { formatClock, NS_PER_SECOND } from './kernel/units.ts'
import { checkConservation, type StageCount } from './ledger/conservation.ts'
import { createLedger, hashLedger, type Ledger } from './ledger/ledger.ts'
import type { Market } from './market/market.ts'
import { venuesBySymbol } from './market/symbols.ts'
import type { ParentOrder } from './order/parent.ts'
import { type PathOptions, venuePath } from './path/options.ts'
import { connectPath } from './path/path.ts'
import { cancelsOvertake } from './path/throttle.ts'
import type { ExecutionOptions } from './policy/options.ts'
import { ownPolicy, type PolicyModule } from './policy/own-policy.ts'
import { createPolicy } from './policy/policy.ts'

/** After the last parent's end: answers still under way come home, and the longest markout (10 s) is read. */
const DRAIN_NS = 11 * NS_PER_SECOND

/** Everything that decides a run. `markets` are fresh (one world's own), one per venue; venues whose tapes name one symbol quote the same. */
export interface World {
  readonly seed: number
  readonly markets: readonly Market[]
  readonly parents: readonly ParentOrder[]
  readonly path: PathOptions
  readonly execution: ExecutionOptions
  /** A user's own policies, in place of those of this program. */
  readonly module?: PolicyModule
  readonly control: ControlOptions
  /** More events than this stop the run. */
  readonly eventCountMax: number
}

export interface Run {
  readonly seed: number
  readonly ledger: Ledger
  readonly ledgerHash: string
  readonly eventCount: number
  readonly stages: readonly StageCount[]
}

/** Runs one world. Errors: InvariantError (with seed and event) when an invariant breaks; InputError for a fault of a user's own policy. */
export function simulate(world: World): Run {
  const simulation = new Simulation()
  try {
    return runWorld(world, simulation)
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error
    throw new InvariantError(`${error.message} (seed ${world.seed}, event ${simulation.eventCount}, at ${simulation.nowNs} ns)`, {
      cause: error
    })
  }
}

function runWorld(world: World, simulation: Simulation): Run {
  const { seed, markets, parents, control, execution, module } = world
  const instant = (): string => `at event ${simulation.eventCount}, ${formatClock(simulation.nowNs)} (seed ${seed})`
  const ledger = createLedger()
  const path = connectPath(simulation, ledger, { seed, markets, parents, options: world.path })
  const gauges = new Gauges(markets.length, control)
  const symbols = venuesBySymbol(markets.map(({ tape }) => tape.header))
  const venues = markets.map((_, venue) => {
    const { orders, gateway } = venuePath(world.path, venue)
    return {
      symbol: symbols.findIndex((quoting) => quoting.includes(venue)),
      orders,
      cancelsOvertake: cancelsOvertake(gateway.throttle)
    }
  })
  const desk = new Desk(
    {
      seed,
      parents,
      sessions: world.path.sessions,
      retry: world.path.retry,
      canaryRetry: world.path.canaryRetry,
      venues,
      control,
      hostTarget: path.hostTarget
    },
    {
      simulation,
      host: path.host,
      sockets: path.sockets,
      counters: path.faults,
      memory: path.host.weather,
      messages: path.messages,
      reports: path.reports,
      ledger,
      feed: new Feed(markets, path.feedClocks),
      gauges,
      controllers: new DeskControllers(control, markets.length),
      createPolicy: (parent) =>
        module === undefined ? createPolicy(parent, execution) : ownPolicy(module, parent, execution, instant)
    }
  )
  path.host.bind(desk)
  desk.start()
  path.start()
  let endNs = 0
  for (const parent of parents) endNs = Math.max(endNs, parent.endNs)
  const eventCount = simulation.run({ endNs: endNs + DRAIN_NS, eventCountMax: world.eventCountMax })
  desk.close()
  const stages = path.counts()
  checkConservation(stages)
  return { seed, ledger, ledgerHash: hashLedger(ledger), eventCount, stages }
}
