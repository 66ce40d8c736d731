/* hftbacktest's event arrays as .npy, and an archive of one around it. */
import { BinaryWriter } from './binary-writer.ts'

const KINDS = { depth: 1, trade: 2, clear: 3, snapshot: 4, best: 5, add: 10, cancel: 11, modify: 12, fill: 13 } as const
const EXCHANGE = 0x80000000
const LOCAL = 0x40000000
/** 2024-01-01 00:00:10 UTC. */
export const EVENTS_START = 1_704_067_210_000_000_000n

export interface EventFields {
  readonly kind: keyof typeof KINDS
  /** 1: the flag buy; -1: sell; 0: neither. */
  readonly side: number
  /** ns after EVENTS_START. */
  readonly at: number
  readonly px: number
  readonly qty: number
  readonly id?: bigint | number
  /** Whose view the row is; default both. */
  readonly view?: 'exchange' | 'local' | 'both'
}

const DTYPE = ['ev', 'exch_ts', 'local_ts', 'px', 'qty', 'order_id', 'ival', 'fval']
const TYPES = ['<u8', '<i8', '<i8', '<f8', '<f8', '<u8', '<i8', '<f8']

export function eventArray(events: readonly EventFields[]): Uint8Array {
  const fields = DTYPE.map((name, index) => `('${name}', '${TYPES[index]}')`).join(', ')
  const text = `{'descr': [${fields}], 'fortran_order': False, 'shape': (${events.length},), }`
  const padded = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`
  const out = new BinaryWriter(true).u8(0x93).text('NUMPY').u8(1).u8(0).u16(padded.length).text(padded)
  for (const { kind, side, at, px, qty, id = 0, view = 'both' } of events) {
    const sides = side === 1 ? 1 << 29 : side === -1 ? 1 << 28 : 0
    const views = view === 'both' ? EXCHANGE + LOCAL : view === 'exchange' ? EXCHANGE : LOCAL
    out
      .u64(KINDS[kind] + sides + views)
      .u64(EVENTS_START + BigInt(at))
      .u64(EVENTS_START + BigInt(at) + 500n)
    out.f64(px).f64(qty).u64(id).u64(0).f64(0)
  }
  return out.bytes()
}

/** A zip with the one member data.npy; `pack` deflates it. */
export function npz(array: Uint8Array, pack: ((bytes: Uint8Array) => Uint8Array) | null): Uint8Array {
  const packed = pack === null ? array : pack(array)
  const out = new BinaryWriter(true)
  const name = 'data.npy'
  const fields = (writer: BinaryWriter): BinaryWriter =>
    writer
      .u16(20)
      .u16(0)
      .u16(pack === null ? 0 : 8)
      .u32(0)
      .u32(0)
      .u32(packed.length)
      .u32(array.length)
      .u16(name.length)
  fields(out.u32(0x04034b50)).u16(0).text(name).raw(packed)
  const directory = out.length
  fields(out.u32(0x02014b50).u16(20)).u16(0).u16(0).u16(0).u16(0).u32(0).u32(0).text(name)
  return out
    .u32(0x06054b50)
    .u32(0)
    .u16(1)
    .u16(1)
    .u32(out.length - directory)
    .u32(directory)
    .u16(0)
    .bytes()
}
