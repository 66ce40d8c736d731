/* The recorded AMZN day, where it lies beside the project. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const DAY = 'AMZN_2012-06-21_34200000_57600000_'

export interface LobsterDay {
  readonly messages: string
  readonly orderbook: string
}

/** Null where it is not there. The bench runs from dist-bench/bench. */
export function findLobsterDay(): LobsterDay | null {
  const place = (kind: string): string =>
    fileURLToPath(new URL(`../../../shared/data/lobster/${DAY}${kind}_5.csv.gz`, import.meta.url))
  const day = { messages: place('message'), orderbook: place('orderbook') }
  return existsSync(day.messages) && existsSync(day.orderbook) ? day : null
}
