/*
 * A thread that runs worlds: takes the next cell nobody has taken, runs and reduces it, says so, until there is none. Started by world-threads.ts.
 * After a failure no thread takes another cell; those below the failed one were taken before, so the first failure is known.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { reduceRun } from '../experiment/reduction.ts'
import { assert } from '../kernel/assert.ts'
import { simulate } from '../simulate.ts'
import { loadPolicyModules } from './policy-modules.ts'
import { worldsOf } from './world-parts.ts'
import type { CellAnswer, ThreadWork } from './world-threads.ts'

const port = parentPort
assert(port !== null, 'this file runs in a thread')
const { parts, cells, taken } = workerData as ThreadWork
const world = worldsOf(parts, await loadPolicyModules(parts.scenario))
for (let at = Atomics.add(taken, 0, 1); at < cells.length; at = Atomics.add(taken, 0, 1)) {
  const { policy, seed } = cells[at]
  let answer: CellAnswer
  try {
    answer = { at, reduction: reduceRun(policy, seed, simulate(world(policy, seed)), parts.context) }
  } catch (error) {
    Atomics.store(taken, 0, cells.length)
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    answer = { at, failure: { name, message, stack } }
  }
  port.postMessage(answer)
}
