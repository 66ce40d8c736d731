/* A LOBSTER day with its orderbook file, from gzip to tape. */
import { ROW_FLAG, type Tape } from '../src/market/tape.ts'
import { importLobsterFiles } from '../src/node/lobster-import.ts'
import type { Line } from './line.ts'
import type { LobsterDay } from './lobster-files.ts'
import { cpuMs } from './meter.ts'

const SECONDS_MAX = 3

/** Measured cold and once, as a user meets it. */
export async function measureImport(day: LobsterDay, nsPerEvent: number): Promise<{ readonly line: Line; readonly tape: Tape }> {
  const fromMs = cpuMs()
  const tape = await importLobsterFiles({ messages: day.messages, orderbook: day.orderbook }, { tick: '0.01' })
  const seconds = (cpuMs() - fromMs) / 1000
  let recorded = 0
  for (let row = 0; row < tape.count; row++) if ((tape.flags[row] & ROW_FLAG.added) === 0) recorded++
  return {
    tape,
    line: {
      what: `import of the AMZN L5 day (${recorded} recorded rows)`,
      figure: `${seconds.toFixed(2)} s`,
      spread: 'once',
      ratio: `${((seconds * 1e9) / tape.count / nsPerEvent).toFixed(1)} x queue per row`,
      target: { text: '< 3 s', met: seconds < SECONDS_MAX }
    }
  }
}
