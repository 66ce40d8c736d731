/*
 * The path of an order, in the order of its journey, and the wiring of its stages:
 *
 *   host (decision, stalls) -> egress (socket, send buffer, TCP or UDP, fq / tbf / none) -> link
 *     -> risk gate -> venue gateway (server, throttle) -> engine (matching)
 *     -> ack server -> risk gate (back, no delay) -> link (back) -> host
 *
 * Host and egress are one for all venues; what follows is there once per venue, and a session is of one venue. What is drawn for a venue hangs
 * on its number, so that a further venue leaves the luck of those before it as it was.
 * Stages know only the targets they hand on to. Market data takes its own way: engine (recorded touch moves) -> feed clock -> host.
 */
import { assert } from '../kernel/assert.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Market } from '../market/market.ts'
import type { ParentOrder } from '../order/parent.ts'
import { ACKS, AckServer } from './acks.ts'
import { ClampSchedule } from './clamp.ts'
import { EGRESS, Egress } from './egress.ts'
import { ENGINE, Engine } from './engine.ts'
import { FeedClock } from './feed-clock.ts'
import { GATE, Gate } from './gate.ts'
import { GATEWAY, Gateway } from './gateway.ts'
import type { Hop } from './hop.ts'
import { HOST, Host } from './host.ts'
import { HostFaults } from './host-counters.ts'
import { LINK, Link } from './link.ts'
import { Messages } from './messages.ts'
import { type PathOptions, venuePath } from './options.ts'
import { ParentMarks } from './parent-marks.ts'
import { PHASE } from './phases.ts'
import { Reports } from './reports.ts'
import { SocketRefusals } from './socket-refusals.ts'

export interface PathInput {
  readonly seed: number
  readonly markets: readonly Market[]
  readonly parents: readonly ParentOrder[]
  readonly options: PathOptions
}

/** Registers and connects every stage. `start` schedules what is due before the first message. */
export function connectPath(simulation: Simulation, ledger: Ledger, input: PathInput) {
  const { seed, markets, options } = input
  const messages = new Messages()
  const reports = new Reports()
  const clamps = new ClampSchedule(options.clamps)
  const venueClamps = markets.map((_, venue) => new ClampSchedule(options.clamps, venue))
  const sessionClamps = options.sessions.map(({ venue = 0 }) => {
    assert(venue < markets.length, `there is no venue ${venue} for a session`)
    return venueClamps[venue]
  })

  const host = new Host(simulation, messages, reports, options.host, clamps, seed)
  const egress = new Egress(simulation, messages, ledger, options, clamps, sessionClamps)
  const refusals = new SocketRefusals(simulation, messages, reports)
  const hostTarget = simulation.register(host)
  const egressTarget = simulation.register(egress)
  const refusalsTarget = simulation.register(refusals)
  const venues = markets.map((_, venue) => {
    const parts = { simulation, messages, reports, ledger, hostTarget, clamps: venueClamps[venue] }
    return connectVenue(parts, input, venue)
  })

  host.connect({ self: hostTarget, session: { target: egressTarget, kind: EGRESS.send, phase: PHASE.upstream } })
  egress.connect({
    self: egressTarget,
    links: venues.map(({ entry }) => entry),
    refused: { target: refusalsTarget, kind: 0, phase: PHASE.upstream }
  })
  refusals.connect({ target: hostTarget, kind: HOST.report, phase: PHASE.hostData })
  const engines = venues.map(({ engine }) => engine)
  const marks = new ParentMarks(engines, ledger, input.parents)
  for (const engine of engines) engine.arrivalListener = (parent, child) => marks.onArrival(parent, child)

  host.stallListener = (startNs, stallNs, kind, blockedNs) => {
    const { stalls } = ledger
    const row = stalls.add()
    stalls.col.startNs[row] = startNs
    stalls.col.stallNs[row] = stallNs
    stalls.col.kind[row] = kind
    stalls.col.blockedNs[row] = blockedNs
  }

  return {
    messages,
    reports,
    host,
    hostTarget,
    sockets: egress,
    faults: new HostFaults(host),
    /** By venue. */
    feedClocks: venues.map(({ feedClock }) => feedClock),
    start: (): void => marks.start(simulation),
    /** Of the shared stages, then venue by venue; with several venues a stage of one bears its number. */
    counts: (): StageCount[] => [
      ...[host, egress, refusals].map((stage) => stage.count()),
      ...venues.flatMap(({ stages }, venue) =>
        stages.map((stage) => {
          const count = stage.count()
          return markets.length === 1 || stage === engines[venue] ? count : { ...count, stage: `${count.stage} ${venue}` }
        })
      )
    ]
  }
}

interface VenueParts {
  readonly simulation: Simulation
  readonly messages: Messages
  readonly reports: Reports
  readonly ledger: Ledger
  readonly hostTarget: number
  readonly clamps: ClampSchedule
}

/** Registers and connects the stages of one venue. `entry` takes messages on the wire. */
function connectVenue(parts: VenueParts, { seed, markets, options }: PathInput, venue: number) {
  const { simulation, messages, reports, ledger, hostTarget, clamps } = parts
  const market = markets[venue]
  const own = venuePath(options, venue)
  const feedClock = new FeedClock(own.link, clamps, seed, venue)
  const link = new Link(simulation, messages, reports, own.link, clamps, seed, venue)
  const gate = new Gate(simulation, messages, reports, own.gate, clamps, seed)
  const gateway = new Gateway(simulation, messages, reports, own.gateway, clamps, seed, venue)
  simulation.addSource(market)
  const engine = new Engine(simulation, market, { messages, reports, ledger }, venue, feedClock, own.orders)
  const acks = new AckServer(simulation, reports, own.acks, clamps, seed, venue)
  const linkTarget = simulation.register(link)
  const gateTarget = simulation.register(gate)
  const gatewayTarget = simulation.register(gateway)
  const engineTarget = simulation.register(engine)
  const acksTarget = simulation.register(acks)
  const gateDown = { target: gateTarget, kind: GATE.down, phase: PHASE.downstream }
  const gatewayDown = { target: gatewayTarget, kind: GATEWAY.down, phase: PHASE.downstream }
  const toAcks = { target: acksTarget, kind: ACKS.down, phase: PHASE.downstream }
  link.connect({
    up: { target: gateTarget, kind: GATE.up, phase: PHASE.upstream },
    down: { target: hostTarget, kind: HOST.report, phase: PHASE.hostData }
  })
  gate.connect({
    up: { target: gatewayTarget, kind: GATEWAY.up, phase: PHASE.upstream },
    down: { target: linkTarget, kind: LINK.down, phase: PHASE.downstream }
  })
  gateway.connect({
    self: gatewayTarget,
    engine: { target: engineTarget, kind: ENGINE.message, phase: PHASE.engine },
    disconnect: { target: engineTarget, kind: ENGINE.disconnect, phase: PHASE.engine },
    acks: toAcks,
    down: gateDown,
    logout: { target: acksTarget, kind: ACKS.logout, phase: PHASE.downstream }
  })
  engine.connect(engineTarget, { answer: toAcks, touch: { target: hostTarget, kind: HOST.touch, phase: PHASE.hostData } })
  acks.connect({ self: acksTarget, down: gateway.seesAnswers ? gatewayDown : gateDown })
  const entry: Hop = { target: linkTarget, kind: LINK.up, phase: PHASE.upstream }
  return { entry, engine, feedClock, stages: [link, gate, gateway, engine, acks] }
}
