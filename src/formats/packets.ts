/*
 * UDP payloads out of a packet capture: classic pcap (times in us or ns, either byte order; libpcap's savefile format) and pcapng (section,
 * interface, enhanced and simple packet blocks). Link layers: Ethernet with VLAN tags, Linux cooked, BSD loopback, raw IP; then IPv4 or IPv6,
 * UDP. Other packets, fragments and packets cut by the capture are stepped over and counted.
 */
import type { ByteWindow } from './byte-window.ts'

const PACKET_BYTES_MAX = 1 << 18
const BLOCK_BYTES_MAX = 1 << 24
const PCAP_HEADER = 24
const PCAP_RECORD = 16
const MAGIC_US = 0xa1b2c3d4
const MAGIC_NS = 0xa1b23c4d
const NG_SECTION = 0x0a0d0d0a
const NG_ORDER = 0x1a2b3c4d
const NG = { interface: 1, simple: 3, enhanced: 6 } as const
const LINK = { loopback: 0, ethernet: 1, rawOld: 12, raw: 101, cooked: 113, cooked2: 276 } as const
const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, qinq: 0x88a8, qinqOld: 0x9100 } as const
const UDP = 17

/** Where a payload lies in the window's bytes, and when it was captured. */
export interface Payload {
  at: number
  length: number
  /** Seconds since 1970 and ns after them; NaN where the capture does not say. */
  seconds: number
  ns: number
}

interface Interface {
  readonly link: number
  /** Ticks of its clock per second. */
  readonly perSecond: number
}

export class Packets {
  /** Packets that are not UDP over IP, fragments, and packets that the capture cut. */
  otherCount = 0
  fragmentCount = 0
  cutCount = 0
  private readonly window: ByteWindow
  private readonly out: Payload = { at: 0, length: 0, seconds: 0, ns: 0 }
  private isNg = false
  private little = true
  private nsPerTick = 1
  private readonly interfaces: Interface[] = []

  constructor(window: ByteWindow) {
    this.window = window
  }

  /** Calls `onPayload` with each UDP payload; its argument is used again. Errors: InputError at the byte. */
  async read(onPayload: (payload: Payload) => void): Promise<void> {
    const { window } = this
    if (!(await window.need(PCAP_HEADER))) window.fail('the file ends inside its head; is this a packet capture?')
    this.readHead()
    for (;;) {
      const length = this.isNg ? this.blockLength() : this.recordLength()
      // 0: its length is not here yet.
      const isHere = length > 0 ? await window.need(length) : await window.need(this.isNg ? 12 : PCAP_RECORD)
      if (!isHere) {
        if (window.left > 0) window.fail('the file ends inside a packet; it is cut off: fetch it again')
        return
      }
      if (length === 0) continue
      if (this.isNg) this.block(length, onPayload)
      else this.record(length, onPayload)
      window.at += length
    }
  }

  private readHead(): void {
    const { window } = this
    const { view, at } = window
    if (view.getUint32(at, true) === NG_SECTION) {
      this.isNg = true
      return
    }
    const big = view.getUint32(at)
    const little = view.getUint32(at, true)
    this.little = little === MAGIC_US || little === MAGIC_NS
    const magic = this.little ? little : big
    if (magic !== MAGIC_US && magic !== MAGIC_NS) window.fail('this is not a packet capture (neither pcap nor pcapng)')
    this.nsPerTick = magic === MAGIC_NS ? 1 : 1000
    // The upper bits may hold the length of a frame check sequence.
    this.interfaces.push({ link: view.getUint32(at + 20, this.little) & 0xffff, perSecond: 1 })
    window.at += PCAP_HEADER
  }

  private recordLength(): number {
    const { window, little } = this
    if (window.left < PCAP_RECORD) return 0
    const bytes = window.view.getUint32(window.at + 8, little)
    if (bytes > PACKET_BYTES_MAX) window.fail(`a packet of ${bytes} bytes; is the file damaged?`)
    return PCAP_RECORD + bytes
  }

  private record(length: number, onPayload: (payload: Payload) => void): void {
    const { window, little, out } = this
    const { view, at } = window
    out.seconds = view.getUint32(at, little)
    out.ns = view.getUint32(at + 4, little) * this.nsPerTick
    this.packet(this.interfaces[0].link, at + PCAP_RECORD, length - PCAP_RECORD, view.getUint32(at + 12, little), onPayload)
  }

  private blockLength(): number {
    const { window } = this
    if (window.left < 12) return 0
    const { view, at } = window
    if (view.getUint32(at, true) === NG_SECTION) {
      this.little = view.getUint32(at + 8, true) === NG_ORDER
      if (!this.little && view.getUint32(at + 8) !== NG_ORDER)
        window.fail('a section without its byte order; is the file damaged?')
    }
    const bytes = view.getUint32(at + 4, this.little)
    if (bytes < 12 || bytes > BLOCK_BYTES_MAX || bytes % 4 !== 0) window.fail(`a block of ${bytes} bytes; is the file damaged?`)
    return bytes
  }

  private block(length: number, onPayload: (payload: Payload) => void): void {
    const { window, little, out, interfaces } = this
    const { view, at } = window
    const type = view.getUint32(at, little)
    if (type === NG_SECTION) interfaces.length = 0
    else if (type === NG.interface && length >= 20)
      interfaces.push({ link: view.getUint16(at + 8, little), perSecond: this.clockOf(at + 16, at + length - 4) })
    else if (type === NG.enhanced && length >= 32) {
      const source = interfaces.at(view.getUint32(at + 8, little))
      const bytes = view.getUint32(at + 20, little)
      if (source !== undefined && bytes <= length - 32) {
        const ticks = view.getUint32(at + 12, little) * 4_294_967_296 + view.getUint32(at + 16, little)
        out.seconds = Math.floor(ticks / source.perSecond)
        out.ns = Math.floor(((ticks - out.seconds * source.perSecond) / source.perSecond) * 1e9)
        this.packet(source.link, at + 28, bytes, view.getUint32(at + 24, little), onPayload)
      } else window.fail('a packet of no interface, or longer than its block; is the file damaged?')
    } else if (type === NG.simple && length >= 16 && interfaces.length > 0) {
      out.seconds = Number.NaN
      out.ns = 0
      const bytes = view.getUint32(at + 8, little)
      this.packet(interfaces[0].link, at + 12, Math.min(bytes, length - 16), bytes, onPayload)
    }
  }

  /** The option if_tsresol (9) of an interface: a power of ten, or of two with the highest bit set. Microseconds without it. */
  private clockOf(from: number, end: number): number {
    const { view, bytes } = this.window
    for (let at = from; at + 4 <= end; ) {
      const code = view.getUint16(at, this.little)
      const length = view.getUint16(at + 2, this.little)
      if (code === 9 && length >= 1 && at + 5 <= end) {
        const power = bytes[at + 4] & 0x7f
        return (bytes[at + 4] & 0x80) === 0 ? 10 ** Math.min(power, 15) : 2 ** Math.min(power, 50)
      }
      if (code === 0) break
      at += 4 + ((length + 3) & ~3)
    }
    return 1e6
  }

  private packet(link: number, at: number, length: number, wireLength: number, onPayload: (payload: Payload) => void): void {
    if (wireLength > length) {
      this.cutCount++
      return
    }
    const end = at + length
    const ip = this.networkAt(link, at, end)
    if (ip < 0 || !this.udpAt(ip, end)) {
      this.otherCount++
      return
    }
    onPayload(this.out)
  }

  /** Where the IP header begins; -1 when there is none. */
  private networkAt(link: number, at: number, end: number): number {
    const { view } = this.window
    if (link === LINK.raw || link === LINK.rawOld) return at
    if (link === LINK.loopback) return at + 4
    let typeAt = link === LINK.ethernet ? at + 12 : link === LINK.cooked ? at + 14 : -1
    if (link === LINK.cooked2) return at + 20 <= end ? at + 20 : -1
    if (typeAt < 0) return -1
    for (let tags = 0; tags < 4 && typeAt + 2 <= end; tags++) {
      const type = view.getUint16(typeAt)
      if (type === ETHERTYPE.ipv4 || type === ETHERTYPE.ipv6) return typeAt + 2
      if (type !== ETHERTYPE.vlan && type !== ETHERTYPE.qinq && type !== ETHERTYPE.qinqOld) return -1
      typeAt += 4
    }
    return -1
  }

  /** Finds the UDP payload behind an IP header; false when it is not UDP or not whole. */
  private udpAt(ip: number, end: number): boolean {
    const { view, bytes } = this.window
    if (ip + 20 > end) return false
    const version = bytes[ip] >> 4
    let udp = ip + 40
    if (version === 4) {
      if (bytes[ip + 9] !== UDP) return false
      // More fragments, or not the first.
      if ((view.getUint16(ip + 6) & 0x3fff) !== 0) {
        this.fragmentCount++
        return false
      }
      udp = ip + 4 * (bytes[ip] & 15)
    } else if (version !== 6 || bytes[ip + 6] !== UDP) return false
    if (udp < ip + 20 || udp + 8 > end) return false
    const length = view.getUint16(udp + 4)
    if (length < 8 || udp + length > end) return false
    this.out.at = udp + 8
    this.out.length = length - 8
    return true
  }
}
