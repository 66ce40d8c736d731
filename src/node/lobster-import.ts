/* LOBSTER files on disk by their names, plain or packed, to a tape (formats/lobster.ts says how). */
import { LOBSTER, type LobsterOptions } from '../formats/lobster.ts'
import type { Tape } from '../market/tape.ts'
import { importFiles } from './market-import.ts'

export interface LobsterFiles {
  readonly messages: string
  /** Absent: the book is rebuilt from the messages alone. */
  readonly orderbook?: string
}

/** Errors: InputError `file:line: what; what to do`. */
export function importLobsterFiles(files: LobsterFiles, options: LobsterOptions = {}): Promise<Tape> {
  const { messages, orderbook } = files
  return importFiles(LOBSTER, orderbook === undefined ? [messages] : [messages, orderbook], options)
}
