/*
 * Worlds on several threads: each takes the next (policy, seed) that nobody has taken and sends back the run reduced, never its ledger. The
 * markets lie in shared memory, so a thread costs its own heap and no copy of a tape. Reductions and the error of a failed run are the same
 * for any number of threads; with one, everything runs in this thread.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type Cell, type Reduction, reduceRun } from '../experiment/reduction.ts'
import { assert, InputError, InvariantError } from '../kernel/assert.ts'
import { simulate } from '../simulate.ts'
import { breathe } from './interruption.ts'
import type { WorldParts } from './world-parts.ts'
import type { ReadyScenario } from './worlds.ts'

/** What a thread is given. */
export interface ThreadWork {
  readonly parts: WorldParts
  readonly cells: readonly Cell[]
  /** [1] cells taken so far, in shared memory. */
  readonly taken: Int32Array
}

interface Failure {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
}

/** What a thread says of the cell at index `at`. */
export type CellAnswer = { readonly at: number } & ({ readonly reduction: Reduction } | { readonly failure: Failure })

/** More threads than this gain little and cost a heap each; ask for them. */
const DEFAULT_THREADS_MAX = 4
/** As many as may be asked for. */
export const THREADS_MAX = 64
/** A thread's first world costs as much as several later ones. */
const CELLS_PER_THREAD_MIN = 2

/** The number of threads where none is asked for. */
export function defaultThreadCount(cellCount: number): number {
  const useful = Math.ceil(cellCount / CELLS_PER_THREAD_MIN)
  return Math.max(1, Math.min(DEFAULT_THREADS_MAX, availableParallelism(), useful))
}

/**
 * Runs the cells and gives their reductions in the order of the cells. `onDone` is told how many are done. Throws what the first of the cells
 * to fail threw.
 */
export async function runCells(
  ready: ReadyScenario,
  cells: readonly Cell[],
  threadCount: number,
  onDone: (count: number) => void
): Promise<Reduction[]> {
  if (threadCount > 1) return runThreads(ready.parts, cells, Math.min(threadCount, cells.length), onDone)
  const reductions: Reduction[] = []
  for (const { policy, seed } of cells) {
    await breathe()
    reductions.push(reduceRun(policy, seed, simulate(ready.world(policy, seed)), ready.context))
    onDone(reductions.length)
  }
  return reductions
}

async function runThreads(
  parts: WorldParts,
  cells: readonly Cell[],
  threadCount: number,
  onDone: (count: number) => void
): Promise<Reduction[]> {
  const work: ThreadWork = { parts, cells, taken: new Int32Array(new SharedArrayBuffer(4)) }
  const reductions = new Map<number, Reduction>()
  const failures = new Map<number, Failure>()
  const workers: Worker[] = []
  const finish = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.on('message', (answer: CellAnswer) => {
        if ('failure' in answer) failures.set(answer.at, answer.failure)
        else onDone(reductions.set(answer.at, answer.reduction).size)
      })
      worker.once('error', (error) => {
        const { code } = error as NodeJS.ErrnoException
        const isFull = code === 'ERR_WORKER_OUT_OF_MEMORY'
        reject(isFull ? new InputError('--threads: a thread ran out of memory; use fewer') : error)
      })
      worker.once('exit', () => resolve())
    })
  try {
    for (let i = 0; i < threadCount; i++)
      workers.push(new Worker(new URL('./world-worker.js', import.meta.url), { workerData: work }))
    await Promise.all(workers.map(finish))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  const [first] = [...failures.keys()].sort((a, b) => a - b)
  if (first !== undefined) throw errorOf(failures.get(first))
  return cells.map((cell, at) => {
    const reduction = reductions.get(at)
    assert(reduction !== undefined, `the run of policy ${cell.policy} with seed ${cell.seed} came back`)
    return reduction
  })
}

/** A thread's error as it was there. */
function errorOf(failure: Failure | undefined): Error {
  assert(failure !== undefined, 'a failed cell has its error')
  const { name, message, stack } = failure
  const error = knownError(name, message)
  if (stack !== undefined) error.stack = stack
  return error
}

function knownError(name: string, message: string): Error {
  if (name === 'InputError') return new InputError(message)
  if (name === 'InvariantError') return new InvariantError(message)
  const error = new Error(message)
  error.name = name
  return error
}
