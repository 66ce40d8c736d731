/*
 * The host by itself: tasks in at given instants, each with its own CPU time, through the host's FIFO loop and its stalls, without the
 * rest of the program. For study, and to hold the model to recordings.
 */
import { assert } from '../kernel/assert.ts'
import { Simulation } from '../kernel/simulation.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { ClampSchedule } from './clamp.ts'
import { HOST, Host, type HostApplication } from './host.ts'
import { Messages } from './messages.ts'
import type { StallOptions } from './options.ts'
import { Reports } from './reports.ts'

/** Tasks in order of time. */
export interface TaskArrivals {
  readonly count: number
  readonly tNs: ArrayLike<number>
  readonly serviceNs: ArrayLike<number>
}

/** By row of the arrivals. */
export interface TaskRecord {
  /** When it was first on the CPU: the task before it is done, and no stall holds the CPU. */
  readonly startNs: Float64Array
  readonly endNs: Float64Array
  readonly counts: readonly StageCount[]
}

/** Errors: InputError for a stall source that cannot be. */
export function driveHost(stalls: StallOptions, arrivals: TaskArrivals, seed: number): TaskRecord {
  const { count, tNs, serviceNs } = arrivals
  const simulation = new Simulation()
  const options = {
    timerServiceNs: 0,
    marketDataServiceNs: 0,
    ackServiceNs: 0,
    sendServiceNs: 0,
    taskCountMax: Math.max(1, count),
    stalls
  }
  const host = new Host(simulation, new Messages(), new Reports(), options, new ClampSchedule([]), seed)
  const target = simulation.register(host)
  const startNs = new Float64Array(count)
  const endNs = new Float64Array(count)
  const application: HostApplication = {
    // Asked for as the task is begun, when the one before it is done.
    taskServiceNs: (_kind, row) => {
      startNs[row] = host.weather.availableNs(simulation.nowNs)
      return serviceNs[row]
    },
    onTask: (_kind, row) => {
      endNs[row] = simulation.nowNs
    }
  }
  host.bind(application)
  let row = 0
  simulation.addSource({
    nextNs: () => (row < count ? tNs[row] : Number.POSITIVE_INFINITY),
    step: () => {
      assert(serviceNs[row] >= 0, 'a task takes no negative time')
      host.onEvent(HOST.timer, row++)
    }
  })
  host.connect({ self: target, session: { target, kind: HOST.done, phase: 0 } })
  simulation.run({ endNs: Number.MAX_SAFE_INTEGER, eventCountMax: Number.MAX_SAFE_INTEGER })
  return { startNs, endNs, counts: [host.count()] }
}
