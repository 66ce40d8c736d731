/*
 * What the desk is made of and told: its options, and the parts of the world that it meets.
 */
import type { Controllers } from '../control/controllers.ts'
import type { ControlOptions } from '../control/options.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { Host } from '../path/host.ts'
import type { Messages } from '../path/messages.ts'
import type { OrderRules, RetryOptions, SessionOptions } from '../path/options.ts'
import type { Reports } from '../path/reports.ts'
import type { Policy } from '../policy/view.ts'
import type { Feed } from './feed.ts'
import type { Gauges, HostCounters, SocketGauge } from './gauges.ts'

/** The host's socket layer as the desk uses it. */
export interface Sockets {
  setPacingRate(session: number, bytesPerSecond: number): void
  readGauge(out: SocketGauge): void
}

export interface DeskOptions {
  readonly seed: number
  readonly parents: readonly ParentOrder[]
  readonly sessions: readonly SessionOptions[]
  readonly retry: RetryOptions
  /** What the desk knows of its venues' rules. */
  readonly orders: OrderRules
  readonly control: ControlOptions
  /** The host as a target of timers and samples. */
  readonly hostTarget: number
  /** The venue holds new orders back at its throttle and lets cancels pass them. */
  readonly cancelsOvertake: boolean
}

export interface DeskParts {
  readonly simulation: Simulation
  readonly host: Host
  readonly sockets: Sockets
  readonly counters: HostCounters
  readonly messages: Messages
  readonly reports: Reports
  readonly ledger: Ledger
  readonly feed: Feed
  readonly gauges: Gauges
  readonly controllers: Controllers
  readonly createPolicy: (parent: ParentOrder) => Policy
}
