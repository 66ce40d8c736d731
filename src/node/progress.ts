/* One line on stderr that says how far a command is; only on a terminal, and gone when it is done. */
import { writeSync } from 'node:fs'

export interface Progress {
  /** Replaces the line. */
  say(text: string): void
  /** Removes it. */
  clear(): void
}

const SILENT: Progress = { say: () => undefined, clear: () => undefined }

export function openProgress(): Progress {
  if (process.stderr.isTTY !== true) return SILENT
  const put = (text: string): void => {
    try {
      writeSync(2, `\r\u001b[2K${text}`)
    } catch {
      // A terminal that went away needs no progress.
    }
  }
  return { say: (text) => put(text.slice(0, (process.stderr.columns ?? 80) - 1)), clear: () => put('') }
}
