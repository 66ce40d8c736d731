/*
 * Ctrl-C: what a command was writing under a temporary name (atomic-file.ts) is removed, and nothing stands under a final one. Long commands
 * give the signal a chance between two runs with `breathe`.
 */
import { readdirSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { basename, dirname, join } from 'node:path'

const outputs = new Set<string>()

/** Names an output, so that an interruption can clean up beside and in it. */
export function willWrite(path: string): void {
  outputs.add(path)
}

/** Ends the process on SIGINT and SIGTERM, with the shell's code for it. */
export function watchInterruption(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const path of outputs) {
        removeTemporaries(dirname(path), `.${basename(path)}.${process.pid}.`)
        removeTemporaries(path, '.')
      }
      process.exit(128 + constants.signals[signal])
    })
  }
}

/** Lets pending signals in. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function removeTemporaries(directory: string, prefix: string): void {
  let names: string[] = []
  try {
    names = readdirSync(directory)
  } catch {
    return
  }
  for (const name of names) {
    if (name.startsWith(prefix) && name.includes(`.${process.pid}.`) && name.endsWith('.tmp')) {
      rmSync(join(directory, name), { recursive: true, force: true })
    }
  }
}
