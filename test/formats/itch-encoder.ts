/* ITCH 5.0 messages, day files, MoldUDP64 packets and captures, written from the specifications' tables. */
import { BinaryWriter } from './binary-writer.ts'

const BLANK = 32
/** 09:30 in ns. */
export const OPEN = 34_200_000_000_000

function head(type: string, locate: number, tNs: number): BinaryWriter {
  return new BinaryWriter(false).text(type).u16(locate).u16(0).u48(tNs)
}

export const message = {
  system: (tNs: number, event: string) => head('S', 0, tNs).text(event).bytes(),
  directory: (locate: number, stock: string, tNs = 1) =>
    head('R', locate, tNs).text(stock, 8, BLANK).text('QN').u32(100).text('NCZ PNN1N').u32(0).text('N').bytes(),
  add: (locate: number, tNs: number, ref: bigint | number, side: string, shares: number, stock: string, price: number) =>
    head('A', locate, tNs).u64(ref).text(side).u32(shares).text(stock, 8, BLANK).u32(price).bytes(),
  addAttributed: (locate: number, tNs: number, ref: number, side: string, shares: number, stock: string, price: number) =>
    head('F', locate, tNs).u64(ref).text(side).u32(shares).text(stock, 8, BLANK).u32(price).text('ABCD').bytes(),
  execute: (locate: number, tNs: number, ref: bigint | number, shares: number) =>
    head('E', locate, tNs).u64(ref).u32(shares).u64(7).bytes(),
  executeAtPrice: (locate: number, tNs: number, ref: number, shares: number, printable: string, price: number) =>
    head('C', locate, tNs).u64(ref).u32(shares).u64(7).text(printable).u32(price).bytes(),
  cancel: (locate: number, tNs: number, ref: bigint | number, shares: number) =>
    head('X', locate, tNs).u64(ref).u32(shares).bytes(),
  delete: (locate: number, tNs: number, ref: bigint | number) => head('D', locate, tNs).u64(ref).bytes(),
  replace: (locate: number, tNs: number, old: number, ref: number, shares: number, price: number) =>
    head('U', locate, tNs).u64(old).u64(ref).u32(shares).u32(price).bytes(),
  trade: (locate: number, tNs: number, side: string, shares: number, stock: string, price: number) =>
    head('P', locate, tNs).u64(0).text(side).u32(shares).text(stock, 8, BLANK).u32(price).u64(9).bytes(),
  cross: (locate: number, tNs: number, shares: number, stock: string, price: number) =>
    head('Q', locate, tNs).u64(shares).text(stock, 8, BLANK).u32(price).u64(9).text('O').bytes(),
  trading: (locate: number, tNs: number, stock: string, state: string) =>
    head('H', locate, tNs).text(stock, 8, BLANK).text(state).text(' ').text('    ').bytes(),
  operational: (locate: number, tNs: number, stock: string, action: string) =>
    head('h', locate, tNs).text(stock, 8, BLANK).text('Q').text(action).bytes(),
  /** Any other type, its fields all zero. */
  other: (type: string, byteCount: number, locate = 0, tNs = 1) =>
    head(type, locate, tNs)
      .zeros(byteCount - 11)
      .bytes()
}

/** Messages behind their lengths; `zeroLengths`: written as 0. */
export function dayFile(messages: readonly Uint8Array[], zeroLengths = false): Uint8Array {
  const out = new BinaryWriter(false)
  for (const bytes of messages) out.u16(zeroLengths ? 0 : bytes.length).raw(bytes)
  return out.bytes()
}

export function moldPacket(session: string, sequence: number, messages: readonly Uint8Array[]): Uint8Array {
  const out = new BinaryWriter(false).text(session, 10, BLANK).u64(sequence).u16(messages.length)
  for (const bytes of messages) out.u16(bytes.length).raw(bytes)
  return out.bytes()
}

/** An Ethernet frame with this UDP payload; `tags`: 802.1Q tags. */
export function frame(payload: Uint8Array, tags = 0): Uint8Array {
  const out = new BinaryWriter(false).zeros(12)
  for (let tag = 0; tag < tags; tag++) out.u16(0x8100).u16(100 + tag)
  out
    .u16(0x0800)
    .u8(0x45)
    .u8(0)
    .u16(28 + payload.length)
    .u16(1)
    .u16(0x4000)
    .u8(64)
    .u8(17)
    .u16(0)
    .u32(0x0a000001)
    .u32(0xe9360c00)
  return out
    .u16(26400)
    .u16(26400)
    .u16(8 + payload.length)
    .u16(0)
    .raw(payload)
    .bytes()
}

/** A classic capture of Ethernet frames, all at one instant. */
export function pcap(
  frames: readonly Uint8Array[],
  { little = true, nanoseconds = false, seconds = 1_577_975_400 } = {}
): Uint8Array {
  const out = new BinaryWriter(little)
  out
    .u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4)
    .u16(2)
    .u16(4)
    .u32(0)
    .u32(0)
    .u32(65535)
    .u32(1)
  for (const bytes of frames) out.u32(seconds).u32(5).u32(bytes.length).u32(bytes.length).raw(bytes)
  return out.bytes()
}

/** The same as pcapng, with times in microseconds. */
export function pcapng(frames: readonly Uint8Array[], { little = true, seconds = 1_577_975_400 } = {}): Uint8Array {
  const out = new BinaryWriter(little)
  out.u32(0x0a0d0d0a).u32(28).u32(0x1a2b3c4d).u16(1).u16(0).u32(0xffffffff).u32(0xffffffff).u32(28)
  out.u32(1).u32(20).u16(1).u16(0).u32(65535).u32(20)
  for (const bytes of frames) {
    const padding = (4 - (bytes.length % 4)) % 4
    const length = 32 + bytes.length + padding
    const us = BigInt(seconds) * 1_000_000n
    out
      .u32(6)
      .u32(length)
      .u32(0)
      .u32(Number(us >> 32n))
      .u32(Number(us & 0xffffffffn))
    out.u32(bytes.length).u32(bytes.length).raw(bytes).zeros(padding).u32(length)
  }
  return out.bytes()
}
