/* LOBSTER files on disk, plain or gzip, to a tape (formats/lobster.ts says how). */
import { importLobster, type LobsterOptions } from '../formats/lobster.ts'
import type { Tape } from '../market/tape.ts'
import { openBytes } from './byte-source.ts'

export interface LobsterFiles {
  readonly messages: string
  /** Absent: the book is rebuilt from the messages alone. */
  readonly orderbook?: string
}

/** Errors: InputError `file:line: what; what to do`. */
export async function importLobsterFiles(files: LobsterFiles, options: LobsterOptions = {}): Promise<Tape> {
  const messages = openBytes(files.messages)
  try {
    const orderbook = files.orderbook === undefined ? null : openBytes(files.orderbook)
    try {
      return await importLobster(messages, orderbook, options)
    } finally {
      orderbook?.close()
    }
  } finally {
    messages.close()
  }
}
