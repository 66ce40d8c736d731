/*
 * What the desk is made of and told: its options, and the parts of the world that it meets.
 */
import type { DeskControllers } from '../control/desk-controllers.ts'
import type { ControlOptions } from '../control/options.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { Host } from '../path/host.ts'
import type { Messages } from '../path/messages.ts'
import type { OrderRules, RetryOptions, SessionOptions, StallActions } from '../path/options.ts'
import type { Reports } from '../path/reports.ts'
import type { Policy } from '../policy/view.ts'
import type { Feed } from './feed.ts'
import type { Gauges, HostCounters, SocketGauge } from './gauges.ts'

/** The host's socket layer as the desk uses it. */
export interface Sockets {
  setPacingRate(session: number, bytesPerSecond: number): void
  /** Of one venue's sockets, or of all. */
  readGauge(out: SocketGauge, venue?: number): void
}

/** What a desk can do about the memory of its own host. */
export interface MemoryActions {
  /** False where it changes nothing. */
  act(nowNs: number, action: keyof StallActions, on: boolean): boolean
}

/** What the desk knows of a venue. */
export interface DeskVenue {
  /** Number of the symbol that it quotes: in the order in which the venues name them. */
  readonly symbol: number
  readonly orders: OrderRules
  /** It holds new orders back at its throttle and lets cancels pass them. */
  readonly cancelsOvertake: boolean
}

export interface DeskOptions {
  readonly seed: number
  readonly parents: readonly ParentOrder[]
  readonly sessions: readonly SessionOptions[]
  readonly retry: RetryOptions
  /** Of the parents of a canary; absent: the same. */
  readonly canaryRetry?: RetryOptions | undefined
  /** By number. */
  readonly venues: readonly DeskVenue[]
  readonly control: ControlOptions
  /** The host as a target of timers and samples. */
  readonly hostTarget: number
}

export interface DeskParts {
  readonly simulation: Simulation
  readonly host: Host
  readonly sockets: Sockets
  readonly counters: HostCounters
  readonly memory: MemoryActions
  readonly messages: Messages
  readonly reports: Reports
  readonly ledger: Ledger
  readonly feed: Feed
  readonly gauges: Gauges
  readonly controllers: DeskControllers
  readonly createPolicy: (parent: ParentOrder) => Policy
}
