/* Files of the text formats as large as wanted, made of a generated day: one message or row for each of its rows, each level's total by its price. */
import type { ByteChunks } from '../src/formats/byte-chunks.ts'
import { formatPrice, ROW_KIND, type Tape } from '../src/market/tape.ts'
import type { GeneratedFile } from './import-files.ts'

const CHUNK_CHARACTERS = 1 << 18
const KIND = ROW_KIND.of
/** 2024-05-08 13:30 UTC, 09:30 in New York, in seconds. */
const OPEN_SECONDS = 1_715_175_000

interface TextRow {
  readonly kind: number
  readonly side: number
  readonly price: string
  readonly lots: number
  readonly id: number
  /** Ns after the open. */
  readonly afterNs: number
  /** The level's total after the row. */
  readonly total: number
  /** Number of the row. */
  readonly index: number
}

export function generateText(
  name: string,
  head: string,
  tape: Tape,
  copies: number,
  write: (row: TextRow) => string
): GeneratedFile {
  const encoder = new TextEncoder()
  const chunks: Uint8Array[] = []
  const totals = new Map<number, number>()
  let block = head
  let byteCount = 0
  let rowCount = 0
  const flush = (): void => {
    const bytes = encoder.encode(block)
    byteCount += bytes.length
    chunks.push(bytes)
    block = ''
  }
  for (let copy = 0; copy < copies; copy++) {
    for (let row = 0; row < tape.count; row++) {
      const kind = tape.kind[row]
      if (kind > KIND['execute-hidden']) continue
      const side = tape.side[row]
      const key = side * (tape.priceTicks[row] + 1)
      const change = kind === KIND.add ? tape.lots[row] : kind === KIND['execute-hidden'] ? 0 : -tape.lots[row]
      const total = Math.max(0, (totals.get(key) ?? 0) + change)
      totals.set(key, total)
      block += write({
        kind,
        side,
        price: formatPrice(tape.header, tape.priceTicks[row]),
        lots: tape.lots[row],
        id: tape.orderId[row] + copy * 2 ** 33,
        afterNs: Math.floor(tape.tNs[row] / 1000) + copy * 86_400_000_000,
        total,
        index: rowCount++
      })
      if (block.length >= CHUNK_CHARACTERS) flush()
    }
  }
  flush()
  const open = (): ByteChunks => {
    let at = 0
    return { name, next: () => Promise.resolve(at < chunks.length ? chunks[at++] : null) }
  }
  return { chunks: open, rowCount, byteCount }
}

function nsText(afterNs: number): string {
  const seconds = Math.floor(afterNs / 1e9)
  return `${OPEN_SECONDS + seconds}${String(afterNs - seconds * 1e9).padStart(9, '0')}`
}

const isTrade = (kind: number): boolean => kind === KIND.execute || kind === KIND['execute-hidden']

export const MBO_CSV_HEAD =
  'ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,price,size,channel_id,order_id,flags,ts_in_delta,sequence,symbol\n'

/** Executions as F and C, hidden ones as T; times as a download with pretty timestamps has them. */
export function mboCsvRow({ kind, side, price, lots, id, afterNs, index }: TextRow): string {
  const ns = nsText(afterNs)
  const second = Number(ns.slice(0, 10)) - OPEN_SECONDS
  const clock = [13 + Math.floor((second + 1800) / 3600), Math.floor((second + 1800) / 60) % 60, second % 60]
  const time = `2024-05-08T${clock.map((part) => String(part).padStart(2, '0')).join(':')}.${ns.slice(10)}Z`
  const actions = kind === KIND.add ? 'A' : kind === KIND.execute ? 'FC' : kind === KIND['execute-hidden'] ? 'T' : 'C'
  let text = ''
  for (const action of actions)
    text += `${time},${time},160,2,7,${action},${side === 1 ? 'B' : 'A'},${price}0000000,${lots},0,${id},128,100,${index},ABC\n`
  return text
}

export const TARDIS_HEAD = 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n'

export function tardisRow({ side, price, total, afterNs }: TextRow): string {
  const us = nsText(afterNs).slice(0, 16)
  return `binance,ABC,${us},${us},false,${side === 1 ? 'bid' : 'ask'},${price},${total}\n`
}

/** Each row as an update of one level, or a trade. */
export function binanceRow({ kind, side, price, lots, total, afterNs, index }: TextRow): string {
  const ns = nsText(afterNs)
  const ms = ns.slice(0, 13)
  if (isTrade(kind))
    return `${ns} {"stream":"abc@trade","data":{"e":"trade","E":${ms},"s":"ABC","t":${index},"p":"${price}","q":"${lots}.00000","T":${ms},"m":${side === 1},"M":true}}\n`
  const level = `["${price}","${total}.00000"]`
  return `${ns} {"stream":"abc@depth","data":{"e":"depthUpdate","E":${ms},"s":"ABC","U":${index + 1},"u":${index + 1},"b":[${side === 1 ? level : ''}],"a":[${side === 1 ? '' : level}]}}\n`
}

export function coinbaseRow({ side, price, total, afterNs }: TextRow): string {
  const ns = nsText(afterNs)
  const second = Number(ns.slice(0, 10)) - OPEN_SECONDS
  const time = `2024-05-08T13:${String(30 + (Math.floor(second / 60) % 30)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.${ns.slice(10, 16)}Z`
  const change = `["${side === 1 ? 'buy' : 'sell'}","${price}","${total}"]`
  return `${ns.slice(0, 10)}.${ns.slice(10, 16)}: {"type":"l2update","product_id":"A-B","changes":[${change}],"time":"${time}"}\n`
}

export const CSV_HEAD = '# symbol: ABC\n# tick: 0.01\n# lot: 1\ntNs,kind,side,price,lots,orderId,flags\n'

export function csvRow({ kind, side, price, lots, id, afterNs }: TextRow): string {
  return `${34_200_000_000_000 + afterNs},${ROW_KIND.names[kind]},${side === 1 ? 'bid' : 'ask'},${price},${lots},${id},\n`
}
