/* DBN files of versions 1 to 3, written from the encoding's tables. */
import { BinaryWriter } from './binary-writer.ts'

export const FLAG = { last: 128, snapshot: 32, bad: 4 } as const
export const UNDEFINED_PRICE = 2n ** 63n - 1n
/** 2024-05-08 14:30:00 UTC: 09:30 in Chicago. */
export const START = 1_715_178_600_000_000_000n

export interface HeaderOptions {
  readonly version?: 1 | 2 | 3
  readonly dataset?: string
  readonly schema?: number
  /** Symbol and its instrument id. */
  readonly symbols?: readonly (readonly [string, number])[]
}

export function header({
  version = 3,
  dataset = 'GLBX.MDP3',
  schema = 0,
  symbols = [['ESM4', 7]]
}: HeaderOptions = {}): Uint8Array {
  const bytes = version === 1 ? 22 : 71
  const out = new BinaryWriter(true)
    .text(dataset, 16)
    .u16(schema)
    .u64(START)
    .u64(START + 1_000_000_000n)
    .u64(0)
  if (version === 1) out.u64(2n ** 64n - 1n)
  out.u8(1).u8(0).u8(0)
  if (version > 1) out.u16(bytes)
  out.zeros(100 - out.length).u32(0)
  out.u32(symbols.length)
  for (const [symbol] of symbols) out.text(symbol, bytes)
  out.u32(0).u32(0).u32(symbols.length)
  for (const [symbol, id] of symbols) out.text(symbol, bytes).u32(1).u32(20240508).u32(20240509).text(String(id), bytes)
  const body = out.bytes()
  return new BinaryWriter(true).text('DBN').u8(version).u32(body.length).raw(body).bytes()
}

export interface RecordFields {
  /** ns after START. */
  readonly at?: number
  readonly id?: bigint | number
  /** In units of 1, not 10^-9; null = undefined. */
  readonly price?: number | null
  readonly size?: number
  readonly flags?: number
  readonly instrument?: number
  readonly publisher?: number
}

const common = (rtype: number, words: number, { at = 0, instrument = 7, publisher = 1 }: RecordFields): BinaryWriter =>
  new BinaryWriter(true)
    .u8(words)
    .u8(rtype)
    .u16(publisher)
    .u32(instrument)
    .u64(START + BigInt(at))

export const priceOf = (price: number | null): bigint =>
  price === null ? UNDEFINED_PRICE : BigInt(Math.round(price * 1e6)) * 1000n

export function mbo(action: string, side: string, fields: RecordFields = {}): Uint8Array {
  const { at = 0, id = 0, price = null, size = 0, flags = FLAG.last } = fields
  const out = common(160, 14, fields).u64(id).u64(priceOf(price)).u32(size).u8(flags).u8(0).text(action).text(side)
  return out
    .u64(START + BigInt(at) + 1000n)
    .u32(0)
    .u32(1)
    .bytes()
}

export type DepthLevel = readonly [bid: number | null, bidSize: number, ask: number | null, askSize: number]

/** An MBP record with as many levels as are given: 0 trades, 1 or 10. */
export function mbp(action: string, side: string, fields: RecordFields, levels: readonly DepthLevel[]): Uint8Array {
  const { at = 0, price = null, size = 0, flags = FLAG.last } = fields
  const rtype = levels.length === 0 ? 0 : levels.length === 1 ? 1 : 10
  const out = common(rtype, 12 + 8 * levels.length, fields)
    .u64(priceOf(price))
    .u32(size)
    .text(action)
    .text(side)
    .u8(flags)
    .u8(0)
  out
    .u64(START + BigInt(at) + 1000n)
    .u32(0)
    .u32(1)
  for (const [bid, bidSize, ask, askSize] of levels)
    out.u64(priceOf(bid)).u64(priceOf(ask)).u32(bidSize).u32(askSize).u32(1).u32(1)
  return out.bytes()
}

export function status(at: number, action: number, isTrading: string): Uint8Array {
  return common(0x12, 10, { at }).u64(START).u16(action).u16(0).u16(0).text(isTrading).text('~').text('~').zeros(7).bytes()
}

export function dbn(records: readonly Uint8Array[], options: HeaderOptions = {}): Uint8Array {
  const out = new BinaryWriter(true).raw(header(options))
  for (const record of records) out.raw(record)
  return out.bytes()
}
