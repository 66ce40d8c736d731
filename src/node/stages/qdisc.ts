/*
 * The network egress by itself: what sockets write in, packets and TCP segments out, in order of departure, drops at their instant. Config: a
 * discipline in tc's words, its flows, the machine (src/scenario/stage-qdisc.ts).
 */
import { float64Column } from '../../kernel/column.ts'
import { stageSummary } from '../../metrics/stage-summary.ts'
import { driveEgress, type EgressPacket, type EgressRecord } from '../../path/drive-egress.ts'
import type { SessionOptions } from '../../path/options.ts'
import { VERDICT_NAMES } from '../../path/qdisc.ts'
import type { SocketReading } from '../../path/session.ts'
import { parseQdiscStage } from '../../scenario/stage-config.ts'
import { cellOf, countReason, readArrivals, type Stage, writeDepartures } from './stage.ts'

const HEAD = 'flow,seq,arriveNs,departNs,bytes,streamOffset,dropped,reason'

export const QDISC_STAGE: Stage = {
  describe: `in: flow,tNs,payloadBytes,txTimeNs; out: ${HEAD} (bytes: payload and one set of headers); config: kind: fq, tbf or none, in tc's words`,
  async run(call) {
    const { qdisc, machine, flows, otherFlow } = parseQdiscStage(call.config)
    const [flow, tNs, payloadBytes, txTimeNs] = await readArrivals(call, [
      { name: 'flow' },
      { name: 'tNs', ascending: true },
      { name: 'payloadBytes', low: 1, high: 1 << 30 },
      { name: 'txTimeNs', low: Number.MIN_SAFE_INTEGER, optional: true }
    ])
    const count = tNs.length
    const ids: number[] = []
    const sessions: SessionOptions[] = []
    const sessionOf = new Map<number, number>()
    const session = new Int32Array(count)
    for (let row = 0; row < count; row++) {
      const id = flow[row]
      let index = sessionOf.get(id)
      if (index === undefined) {
        index = sessions.push(flows.get(id) ?? otherFlow(id)) - 1
        ids.push(id)
        sessionOf.set(id, index)
      }
      session[row] = index
    }
    const drops = new Map<string, number>()
    const wireNs = float64Column()
    const rowOf = ({ session: index, sequence, queuedNs, wireNs: departNs, payloadBytes: payload, ...packet }: EgressPacket) => {
      const bytes = payload + sessions[index].headerBytes
      const dropped = packet.verdict === 0 ? '0,' : `1,${VERDICT_NAMES[packet.verdict]}`
      return `${ids[index]},${sequence},${queuedNs},${cellOf(departNs)},${bytes},${cellOf(packet.streamOffset)},${dropped}`
    }
    let record: EgressRecord | undefined
    writeDepartures(call.out, HEAD, (row) => {
      record = driveEgress(
        { sessions, qdisc, machine },
        { count, session, tNs, payloadBytes, txTimeNs },
        {
          onPacket: (packet) => {
            if (packet.verdict === 0) wireNs.push(packet.wireNs)
            else countReason(drops, VERDICT_NAMES[packet.verdict])
            row(rowOf(packet))
          }
        }
      )
    })
    const { messageWireNs, sockets, refusedCount } = record as unknown as EgressRecord
    if (refusedCount > 0) drops.set('send-buffer', refusedCount)
    const waitsNs = messageWireNs.map((ns, row) => ns - tNs[row]).filter(Number.isFinite)
    return {
      ...stageSummary(count, waitsNs, wireNs.values.subarray(0, wireNs.count), drops),
      packets: wireNs.count,
      flows: sockets.map((socket, index) => ({ flow: ids[index], transport: sessions[index].transport, ...readingOf(socket) }))
    }
  }
}

/** As `ss -i` shows a socket; null where a figure is not there. */
function readingOf(socket: SocketReading): object {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
  return {
    pacingBytesPerSecond: finite(socket.pacingBytesPerSecond),
    capBytesPerSecond: finite(socket.capBytesPerSecond),
    deliveredBytes: socket.deliveredBytes,
    unsentBytes: socket.unsentBytes,
    windowSegments: finite(socket.windowSegments)
  }
}
