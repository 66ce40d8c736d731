/* The venue's ack server by itself: reports in, departures out. Config: the keys of path.acks. */

import { stageSummary } from '../../metrics/stage-summary.ts'
import { REPORT_TYPE } from '../../order/words.ts'
import { driveAcks, type ReportArrivals } from '../../path/drive-acks.ts'
import { parseAckStage } from '../../scenario/stage-config.ts'
import { cellOf, readArrivals, type Stage, writeDepartures } from './stage.ts'

/** Short words for reports, beside the ledger's own. */
const SHORT_WORDS: Readonly<Record<string, keyof typeof REPORT_TYPE.of>> = {
  ack: 'accepted',
  new: 'accepted',
  fill: 'filled',
  reject: 'rejected',
  'cancel-ack': 'cancelled',
  cancel: 'cancelled',
  'cancel-reject': 'cancel-rejected',
  'replace-ack': 'replaced',
  replace: 'replaced',
  'replace-reject': 'replace-rejected'
}
const WORDS = [...REPORT_TYPE.names, ...Object.keys(SHORT_WORDS)]

/** REPORT_TYPE of each word. */
const TYPE_OF = WORDS.map((word) => REPORT_TYPE.of[SHORT_WORDS[word] ?? (word as keyof typeof REPORT_TYPE.of)])

export const ACKS_STAGE: Stage = {
  describe: 'in: tNs,type; out: tNs,type,departNs; config: service, backgroundLoad',
  async run(call) {
    const options = parseAckStage(call.config)
    const [tNs, word] = await readArrivals(call, [
      { name: 'tNs', ascending: true },
      { name: 'type', words: WORDS }
    ])
    const arrivals: ReportArrivals = { count: tNs.length, tNs, type: Uint8Array.from(word, (index) => TYPE_OF[index]) }
    const { departNs } = driveAcks(options, arrivals, call.seed)
    call.progress.say(`writing ${call.out}`)
    writeDepartures(call.out, 'tNs,type,departNs', (row) => {
      for (let i = 0; i < tNs.length; i++) row(`${tNs[i]},${WORDS[word[i]]},${cellOf(departNs[i])}`)
    })
    const left = departNs.filter(Number.isFinite)
    return stageSummary(tNs.length, departNs.map((ns, i) => ns - tNs[i]).filter(Number.isFinite), left, new Map())
  }
}
