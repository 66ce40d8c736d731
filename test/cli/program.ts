/* The built command line, run as a user runs it. Built first when a source is newer than what is built. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const project = fileURLToPath(new URL('../..', import.meta.url))
const main = join(project, 'dist/node/main.js')

function newestMs(directory: string): number {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return Math.max(
    ...entries.filter((entry) => entry.isFile()).map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs)
  )
}

/** Call once before the tests of a file. */
export function buildProgram(): void {
  if (existsSync(main) && statSync(main).mtimeMs > newestMs(join(project, 'src'))) return
  execFileSync(process.execPath, [join(project, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
    cwd: project
  })
}

export interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

export function tailtax(args: readonly string[], cwd: string): Outcome {
  const done = spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 })
  return { code: done.status, out: done.stdout, error: done.stderr }
}
