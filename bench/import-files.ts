/*
 * Files of the binary formats as large as wanted, made of a generated day: its rows again and again, a thousand times as fast, each time
 * later and under new order ids. They lie in memory, so that reading a disk is not measured.
 */
import type { ByteChunks } from '../src/formats/byte-chunks.ts'
import { ROW_KIND, type Tape } from '../src/market/tape.ts'

const CHUNK_BYTES = 1 << 18
const KIND = ROW_KIND.of
/** 2024-05-08 00:00 UTC. */
const MIDNIGHT_NS = 1_715_126_400_000_000_000n

/** A row's bytes, written at the end of `view`'s filled part; gives how many. */
type RowWriter = (view: DataView, at: number, tape: Tape, row: number, copy: number) => number

export interface GeneratedFile {
  readonly chunks: () => ByteChunks
  readonly rowCount: number
  readonly byteCount: number
}

/** Rows that orders make (adds, executions, cancels) of the tape, `copies` times. */
export function generateFile(name: string, head: Uint8Array, tape: Tape, copies: number, write: RowWriter): GeneratedFile {
  const chunks: Uint8Array[] = [head]
  let view = new DataView(new ArrayBuffer(CHUNK_BYTES))
  let filled = 0
  let rowCount = 0
  let byteCount = head.length
  for (let copy = 0; copy < copies; copy++) {
    for (let row = 0; row < tape.count; row++) {
      if (tape.kind[row] > KIND['execute-hidden']) continue
      if (filled + 512 > CHUNK_BYTES) {
        chunks.push(new Uint8Array(view.buffer, 0, filled))
        view = new DataView(new ArrayBuffer(CHUNK_BYTES))
        filled = 0
      }
      const bytes = write(view, filled, tape, row, copy)
      filled += bytes
      byteCount += bytes
      rowCount++
    }
  }
  chunks.push(new Uint8Array(view.buffer, 0, filled))
  const open = (): ByteChunks => {
    let at = 0
    return { name, next: () => Promise.resolve(at < chunks.length ? chunks[at++] : null) }
  }
  return { chunks: open, rowCount, byteCount }
}

/** Ns since midnight, whole. A copy takes a thousandth of a day: some hundred fit into one. */
function timeOf(tape: Tape, row: number, copy: number): number {
  return 34_200_000_000_000 + Math.floor(tape.tNs[row] / 1000) + copy * 86_400_000_000
}

/** Length, type, locate, tracking number, 48-bit time and order reference: what most ITCH messages begin with. Gives the place behind. */
function itchHead(view: DataView, at: number, length: number, type: string, tNs: number, id: number): number {
  view.setUint16(at, length)
  view.setUint8(at + 2, type.charCodeAt(0))
  view.setUint16(at + 3, 1)
  view.setUint16(at + 7, Math.floor(tNs / 2 ** 32))
  view.setUint32(at + 9, tNs >>> 0)
  view.setUint32(at + 13, Math.floor(id / 2 ** 32))
  view.setUint32(at + 17, id >>> 0)
  return at + 21
}

export const ITCH_ROW: RowWriter = (view, at, tape, row, copy) => {
  const kind = tape.kind[row]
  const id = tape.orderId[row] + copy * 2 ** 33
  const tNs = timeOf(tape, row, copy)
  if (kind === KIND.add || kind === KIND['execute-hidden']) {
    const isAdd = kind === KIND.add
    const fields = itchHead(view, at, isAdd ? 36 : 44, isAdd ? 'A' : 'P', tNs, isAdd ? id : 0)
    view.setUint8(fields, tape.side[row] === 1 || !isAdd ? 66 : 83)
    view.setUint32(fields + 1, tape.lots[row])
    for (let letter = 0; letter < 8; letter++) view.setUint8(fields + 5 + letter, letter < 3 ? 65 + letter : 32)
    view.setUint32(fields + 13, tape.priceTicks[row] * 100)
    return isAdd ? 38 : 46
  }
  if (kind === KIND.delete) {
    itchHead(view, at, 19, 'D', tNs, id)
    return 21
  }
  const fields = itchHead(view, at, kind === KIND.execute ? 31 : 23, kind === KIND.execute ? 'E' : 'X', tNs, id)
  view.setUint32(fields, tape.lots[row])
  return kind === KIND.execute ? 33 : 25
}

function mboRecord(view: DataView, at: number, tape: Tape, row: number, copy: number, action: string): void {
  const id = tape.orderId[row] + copy * 2 ** 33
  const ns = MIDNIGHT_NS + BigInt(timeOf(tape, row, copy))
  view.setUint8(at, 14)
  view.setUint8(at + 1, 160)
  view.setUint16(at + 2, 1, true)
  view.setUint32(at + 4, 7, true)
  view.setBigUint64(at + 8, ns, true)
  view.setUint32(at + 16, id >>> 0, true)
  view.setUint32(at + 20, Math.floor(id / 2 ** 32), true)
  view.setBigInt64(at + 24, BigInt(tape.priceTicks[row]) * 10_000_000n, true)
  view.setUint32(at + 32, tape.lots[row], true)
  view.setUint8(at + 36, 128)
  view.setUint8(at + 38, action.charCodeAt(0))
  view.setUint8(at + 39, tape.side[row] === 1 ? 66 : 65)
  view.setBigUint64(at + 40, ns + 1000n, true)
}

/** Executions as F and C, hidden ones as T. */
export const MBO_ROW: RowWriter = (view, at, tape, row, copy) => {
  const kind = tape.kind[row]
  const actions = kind === KIND.add ? 'A' : kind === KIND.execute ? 'FC' : kind === KIND['execute-hidden'] ? 'T' : 'C'
  for (let index = 0; index < actions.length; index++) mboRecord(view, at + 56 * index, tape, row, copy, actions[index])
  return 56 * actions.length
}

/** Metadata of version 3 without symbols. */
export function dbnHead(): Uint8Array {
  const bytes = new Uint8Array(8 + 100 + 20)
  const view = new DataView(bytes.buffer)
  for (const [at, letter] of [...'DBN'].entries()) view.setUint8(at, letter.charCodeAt(0))
  view.setUint8(3, 3)
  view.setUint32(4, bytes.length - 8, true)
  for (const [at, letter] of [...'XNAS.ITCH'].entries()) view.setUint8(8 + at, letter.charCodeAt(0))
  view.setUint16(8 + 16 + 26 + 3, 71, true)
  return bytes
}

/** An .npy head of hftbacktest's fields for `rowCount` rows. */
export function eventHead(rowCount: number): Uint8Array {
  const names = ['ev', 'exch_ts', 'local_ts', 'px', 'qty', 'order_id', 'ival', 'fval']
  const types = ['<u8', '<i8', '<i8', '<f8', '<f8', '<u8', '<i8', '<f8']
  const fields = names.map((name, index) => `('${name}', '${types[index]}')`).join(', ')
  const text = `{'descr': [${fields}], 'fortran_order': False, 'shape': (${rowCount},), }\n`
  const bytes = new Uint8Array(10 + text.length)
  bytes.set([0x93, 78, 85, 77, 80, 89, 1, 0, text.length & 255, text.length >> 8])
  for (let at = 0; at < text.length; at++) bytes[10 + at] = text.charCodeAt(at)
  return bytes
}

/** Each row as the total of one level: what an L2 feed of as many updates costs. */
export const EVENT_ROW: RowWriter = (view, at, tape, row, copy) => {
  const isTrade = tape.kind[row] === KIND.execute || tape.kind[row] === KIND['execute-hidden']
  const ns = MIDNIGHT_NS + BigInt(timeOf(tape, row, copy))
  view.setUint32(at, 0xc0000000 + (tape.side[row] === 1 ? 1 << 29 : 1 << 28) + (isTrade ? 2 : 1), true)
  view.setBigInt64(at + 8, ns, true)
  view.setBigInt64(at + 16, ns + 1000n, true)
  view.setFloat64(at + 24, tape.priceTicks[row] / 100, true)
  view.setFloat64(at + 32, tape.kind[row] === KIND.delete ? 0 : tape.lots[row], true)
  return 64
}
