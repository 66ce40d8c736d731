/*
 * What a command says: text or one JSON object on stdout, errors as one line on stderr. A reader that goes away (a pipe into head) is
 * not an error. Colour only on a terminal, and never where NO_COLOR is set.
 */
import { writeSync } from 'node:fs'
import { InputError, InvariantError } from '../kernel/assert.ts'
import type { ReportContext } from '../report/comparison.ts'

/** Writes all of it before it returns: what follows may end the process. */
export function print(text: string): void {
  writeAll(1, text)
}

/** One JSON object and a newline. Numbers that JSON cannot hold become null. */
export function printJson(value: object): void {
  print(`${JSON.stringify(value)}\n`)
}

/** One line: the place, what is wrong, what to do. */
export function printError(error: unknown): void {
  writeAll(2, `${errorLine(error)}\n`)
}

export function errorLine(error: unknown): string {
  const said = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ').trim()
  if (error instanceof InputError) return said
  if (error instanceof InvariantError) return `tailtax: a fault of the program, not of its input: ${said}`
  const name = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : ''
  return `tailtax: a fault of the program: ${name}${said}`
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(file, bytes, done)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return
      // A pipe that is full: its reader will come.
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

type Paint = NonNullable<ReportContext['paint']>

/** Colours for a report on this terminal; plain elsewhere. */
export async function paintFor(stream: { readonly isTTY?: boolean }): Promise<Paint> {
  if (stream.isTTY !== true || process.env.NO_COLOR !== undefined) return (text) => text
  const { default: colours } = await import('picocolors')
  const paints = { title: colours.bold, better: colours.green, worse: colours.red, quiet: colours.dim }
  return (text, tone) => paints[tone](text)
}
