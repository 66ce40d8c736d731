/* Bytes of binary fixtures, written field by field. */
export class BinaryWriter {
  private readonly parts: number[] = []
  private readonly little: boolean

  constructor(little: boolean) {
    this.little = little
  }

  get length(): number {
    return this.parts.length
  }

  u8(value: number): this {
    this.parts.push(value & 255)
    return this
  }

  u16(value: number): this {
    return this.whole(BigInt(value), 2)
  }

  u32(value: number): this {
    return this.whole(BigInt(value >>> 0), 4)
  }

  u48(value: number): this {
    return this.whole(BigInt(value), 6)
  }

  u64(value: bigint | number): this {
    return this.whole(BigInt.asUintN(64, BigInt(value)), 8)
  }

  f64(value: number): this {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setFloat64(0, value, this.little)
    return this.raw(bytes)
  }

  /** Letters, filled to `length` with `fill`. */
  text(letters: string, length = letters.length, fill = 0): this {
    for (let at = 0; at < length; at++) this.u8(at < letters.length ? letters.charCodeAt(at) : fill)
    return this
  }

  zeros(count: number): this {
    for (let index = 0; index < count; index++) this.u8(0)
    return this
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.parts.push(byte)
    return this
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.parts)
  }

  private whole(value: bigint, count: number): this {
    for (let index = 0; index < count; index++) {
      const place = this.little ? index : count - 1 - index
      this.parts.push(Number((value >> BigInt(8 * place)) & 255n))
    }
    return this
  }
}
