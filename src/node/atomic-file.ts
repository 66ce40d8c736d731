/*
 * Files appear whole or not at all: what is written goes to a temporary name in the same directory and is renamed when it
 * is complete; on any failure the temporary is removed. A reader sees the old file or the new one.
 */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileError } from './file-error.ts'

let made = 0

/** A name beside `path` that no other write of this or another process uses. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${made++}.tmp`)
}

/** Runs `write` on a temporary name and renames it to `path`. Errors: InputError `path: reason`. */
export async function writeAtomically(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await write(temporary)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true, recursive: true })
    throw fileError(path, error)
  }
}

/** The same for bytes or text given piece by piece through `put`. */
export function writeAtomicallySync(path: string, write: (put: (piece: NodeJS.ArrayBufferView | string) => void) => void): void {
  const temporary = temporaryName(path)
  try {
    const file = openSync(temporary, 'wx')
    try {
      write((piece) => putAll(file, typeof piece === 'string' ? Buffer.from(piece) : piece))
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw fileError(path, error)
  }
}

/** Makes the directory and those above it; false when it was there. Errors: InputError. */
export function makeDirectory(path: string): boolean {
  try {
    return mkdirSync(path, { recursive: true }) !== undefined
  } catch (error) {
    throw fileError(path, error)
  }
}

/** writeSync may write less than it was given (a disk that fills), and a view may be longer than it takes. */
function putAll(file: number, piece: NodeJS.ArrayBufferView): void {
  for (let done = 0; done < piece.byteLength; ) {
    const block = new Uint8Array(piece.buffer, piece.byteOffset + done, Math.min(piece.byteLength - done, 1 << 30))
    done += writeSync(file, block)
  }
}
