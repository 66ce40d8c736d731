/*
 * The path of an order, in the order of its journey, and the wiring of its stages:
 *
 *   host (decision, stalls) -> egress (socket, send buffer, TCP or UDP, fq / tbf / none) -> link
 *     -> risk gate -> venue gateway (server, throttle) -> engine (matching)
 *     -> ack server -> risk gate (back, no delay) -> link (back) -> host
 *
 * Stages know only the targets they hand on to. Market data takes its own way: engine (recorded touch moves) -> feed clock -> host.
 */
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
import { HOST, Host } from './host.ts'
import { HostFaults } from './host-counters.ts'
import { LINK, Link } from './link.ts'
import { Messages } from './messages.ts'
import type { PathOptions } from './options.ts'
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
  const feedClock = new FeedClock(options.link, clamps, seed)

  const host = new Host(simulation, messages, reports, options.host, clamps, seed)
  const egress = new Egress(simulation, messages, ledger, options, clamps)
  const link = new Link(simulation, messages, reports, options.link, clamps, seed)
  const refusals = new SocketRefusals(simulation, messages, reports)
  const hostTarget = simulation.register(host)
  const egressTarget = simulation.register(egress)
  const linkTarget = simulation.register(link)
  const refusalsTarget = simulation.register(refusals)

  const engines: Engine[] = []
  const stages: { count(): StageCount }[] = [host, egress, refusals, link]
  const gateTargets: number[] = []
  markets.forEach((market, venue) => {
    simulation.addSource(market)
    const gate = new Gate(simulation, messages, reports, options.gate, clamps, seed)
    const gateway = new Gateway(simulation, messages, reports, options.gateway, clamps, seed, venue)
    const engine = new Engine(simulation, market, { messages, reports, ledger }, venue, feedClock, options.orders)
    const acks = new AckServer(simulation, reports, options.acks, clamps, seed, venue)
    const gateTarget = simulation.register(gate)
    const gatewayTarget = simulation.register(gateway)
    const engineTarget = simulation.register(engine)
    const acksTarget = simulation.register(acks)
    const linkDown = { target: linkTarget, kind: LINK.down, phase: PHASE.downstream }
    const gateDown = { target: gateTarget, kind: GATE.down, phase: PHASE.downstream }
    const gatewayDown = { target: gatewayTarget, kind: GATEWAY.down, phase: PHASE.downstream }
    const toAcks = { target: acksTarget, kind: ACKS.down, phase: PHASE.downstream }
    gate.connect({ up: { target: gatewayTarget, kind: GATEWAY.up, phase: PHASE.upstream }, down: linkDown })
    gateway.connect({
      self: gatewayTarget,
      engine: { target: engineTarget, kind: ENGINE.message, phase: PHASE.engine },
      disconnect: { target: engineTarget, kind: ENGINE.disconnect, phase: PHASE.engine },
      acks: toAcks,
      down: gateDown,
      logout: { target: acksTarget, kind: ACKS.logout, phase: PHASE.downstream }
    })
    engine.connect(engineTarget, {
      answer: toAcks,
      touch: { target: hostTarget, kind: HOST.touch, phase: PHASE.hostData }
    })
    acks.connect({ self: acksTarget, down: gateway.seesAnswers ? gatewayDown : gateDown })
    gateTargets.push(gateTarget)
    engines.push(engine)
    stages.push(gate, gateway, engine, acks)
  })
  host.connect({ self: hostTarget, session: { target: egressTarget, kind: EGRESS.send, phase: PHASE.upstream } })
  const hostReport = { target: hostTarget, kind: HOST.report, phase: PHASE.hostData }
  egress.connect({
    self: egressTarget,
    link: { target: linkTarget, kind: LINK.up, phase: PHASE.upstream },
    refused: { target: refusalsTarget, kind: 0, phase: PHASE.upstream }
  })
  refusals.connect(hostReport)
  link.connect({
    up: gateTargets.map((target) => ({ target, kind: GATE.up, phase: PHASE.upstream })),
    down: hostReport
  })
  const marks = new ParentMarks(engines, ledger, input.parents)

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
    feedClock,
    start: (): void => marks.start(simulation),
    counts: (): StageCount[] => stages.map((stage) => stage.count())
  }
}
