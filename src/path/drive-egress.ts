/*
 * The network egress by itself: messages in at given instants, packets out, without the rest of the program. For study, and to hold the
 * model to recordings.
 */
import { assert } from '../kernel/assert.ts'
import type { StageCount } from '../ledger/conservation.ts'
import { NetworkStack, type NetworkStackOptions } from './network-stack.ts'
import { NO_DEPARTURE_TIME } from './packets.ts'
import { type EgressClamps, NO_CLAMPS, NO_READING, type SocketReading } from './session.ts'

/** Messages in order of time; `txTimeNs` is a datagram's departure time, NaN = none. */
export interface EgressArrivals {
  readonly count: number
  readonly session: ArrayLike<number>
  readonly tNs: ArrayLike<number>
  readonly payloadBytes: ArrayLike<number>
  readonly txTimeNs?: ArrayLike<number>
}

/** One packet that left or was dropped, in order of departure (a drop at its own instant). */
export interface EgressPacket {
  readonly session: number
  /** UDP: counts the session's messages from 0, the dropped ones too. TCP: counts its buffers. */
  readonly sequence: number
  readonly queuedNs: number
  /** NaN when dropped. */
  readonly wireNs: number
  readonly payloadBytes: number
  readonly bytes: number
  /** Messages whose last byte it carried. */
  readonly messageCount: number
  /** TCP: the stream's offset of its first byte; UDP: NaN. */
  readonly streamOffset: number
  /** VERDICT; 0 = left. */
  readonly verdict: number
}

export interface EgressRecord {
  /** In order of departure; empty where `onPacket` took them. */
  readonly packets: readonly EgressPacket[]
  /** By row of the arrivals: when the message's last byte was on the wire; NaN = dropped, refused or still held. */
  readonly messageWireNs: Float64Array
  readonly refusedCount: number
  readonly counts: readonly StageCount[]
  /** Of each session at the end, as `ss -i` shows them. */
  readonly sockets: readonly SocketReading[]
}

export interface EgressDrive {
  /** The end; default: when nothing is left to do. */
  readonly endNs?: number
  readonly clamps?: EgressClamps
  /** Takes each packet as it leaves or is dropped, so that none is kept. */
  readonly onPacket?: (packet: EgressPacket) => void
}

/** Runs the egress over the arrivals and until `endNs`. */
export function driveEgress(options: NetworkStackOptions, arrivals: EgressArrivals, drive: EgressDrive = {}): EgressRecord {
  const packets: EgressPacket[] = []
  const onPacket = drive.onPacket ?? ((packet: EgressPacket) => packets.push(packet))
  const messageWireNs = new Float64Array(arrivals.count).fill(Number.NaN)
  let refusedCount = 0
  const stack = new NetworkStack(
    options,
    {
      onMessageSent: (_session, row, wireNs) => {
        messageWireNs[row] = wireNs
      },
      onMessageDropped: () => undefined,
      onMessageRefused: () => {
        refusedCount++
      },
      onPacket: (session, sequence, payloadBytes, bytes, messageCount, queuedNs, wireNs, verdict, streamOffset) => {
        onPacket({ session, sequence, queuedNs, wireNs, payloadBytes, bytes, messageCount, streamOffset, verdict })
      }
    },
    drive.clamps ?? NO_CLAMPS
  )
  let nowNs = 0
  for (let row = 0; row < arrivals.count; row++) {
    assert(arrivals.tNs[row] >= nowNs, 'arrivals are in order of time')
    nowNs = arrivals.tNs[row]
    stack.runUntil(nowNs)
    const txTimeNs = arrivals.txTimeNs?.[row] ?? Number.NaN
    const departureNs = Number.isNaN(txTimeNs) ? NO_DEPARTURE_TIME : txTimeNs
    stack.send(arrivals.session[row], row, arrivals.payloadBytes[row], nowNs, departureNs)
  }
  const endNs = drive.endNs ?? Number.POSITIVE_INFINITY
  stack.runUntil(endNs)
  const sockets = options.sessions.map((_, session) => {
    const socket = { ...NO_READING }
    stack.readSocket(session, Math.min(endNs, Number.MAX_SAFE_INTEGER), socket)
    return socket
  })
  return { packets, messageWireNs, refusedCount, counts: stack.counts(), sockets }
}
