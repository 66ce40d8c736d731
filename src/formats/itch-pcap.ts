/*
 * ITCH 5.0 inside a packet capture: MoldUDP64 (Nasdaq, version 1.00): session, 64-bit number of the first message, count, then messages behind
 * 2-byte lengths. Messages whose number was passed are duplicates (a second line of the feed, a retransmission) and dropped
 * (`duplicateMessages`); numbers that are missing are gaps. A new session starts its own numbers. What the messages mean is in itch-book.ts.
 * Leaves out reordering: a message that comes after a higher number was missing and stays so.
 */

import { dateOfDays } from '../kernel/calendar.ts'
import type { Tape } from '../market/tape.ts'
import { ByteWindow } from './byte-window.ts'
import { Zone } from './civil-date.ts'
import type { Format, ImportOptions } from './format.ts'
import { ItchBook } from './itch-book.ts'
import { ITCH_LENGTH } from './itch-messages.ts'
import { baseName } from './lobster-name.ts'
import { Packets, type Payload } from './packets.ts'

const HEADER_BYTES = 20
const SESSION_BYTES = 10
const END_OF_SESSION = 0xffff
/** In the year 2261. */
const SECONDS_MAX = 9.2e9
const TWO_32 = 4_294_967_296

export const ITCH_PCAP: Format = {
  name: 'itch-pcap',
  title: 'NASDAQ TotalView-ITCH 5.0 over MoldUDP64 in a packet capture',
  book: 'L3',
  trades: true,
  hidden: true,
  gaps: true,
  files: 'one pcap or pcapng file',
  fileCountMin: 1,
  fileCountMax: 1,
  source: 'Nasdaq TotalView-ITCH 5.0 and MoldUDP64 1.00 specifications; libpcap savefile, pcapng',
  read: ([file], options) => new MoldReader(new ByteWindow(file), options).read()
}

class MoldReader {
  private readonly window: ByteWindow
  private readonly options: ImportOptions
  private readonly packets: Packets
  private book: ItchBook | null = null
  private session = ''
  private packetCount = 0
  /** Number of the next message; -1 before the first packet. */
  private next = -1

  constructor(window: ByteWindow, options: ImportOptions) {
    this.window = window
    this.options = options
    this.packets = new Packets(window)
  }

  async read(): Promise<Tape> {
    const { window, packets } = this
    await packets.read((payload) => {
      if (this.isMold(payload)) this.mold(payload)
      else packets.otherCount++
    })
    const { book } = this
    if (book === null) return window.fail(`has no MoldUDP64 packets with ITCH 5.0 messages (${packets.otherCount} others)`)
    for (const [name, count] of [
      ['packets', this.packetCount],
      ['otherPackets', packets.otherCount],
      ['fragments', packets.fragmentCount],
      ['cutPackets', packets.cutCount]
    ] as const) {
      if (count > 0) book.count(name, count)
    }
    return book.finish()
  }

  /** A payload whose messages fill it exactly, each at least as long as its type says. */
  private isMold({ at, length }: Payload): boolean {
    const { view, bytes } = this.window
    if (length < HEADER_BYTES) return false
    const count = view.getUint16(at + 18)
    const end = at + length
    let next = at + HEADER_BYTES
    for (let left = count === END_OF_SESSION ? 0 : count; left > 0; left--) {
      if (next + 3 > end) return false
      const bytesOfMessage = view.getUint16(next)
      const known = ITCH_LENGTH[bytes[next + 2]]
      if (known === 0 || bytesOfMessage < known) return false
      next += 2 + bytesOfMessage
    }
    return next === end
  }

  private mold(payload: Payload): void {
    const { view, bytes } = this.window
    const { at } = payload
    const { book } = this
    const own = book ?? this.open(payload)
    this.book = own
    this.packetCount++
    let session = ''
    for (let index = at; index < at + SESSION_BYTES; index++) session += String.fromCharCode(bytes[index])
    if (session !== this.session) {
      if (this.session !== '') own.count('newSessions')
      this.session = session
      this.next = -1
    }
    const first = view.getUint32(at + 10) * TWO_32 + view.getUint32(at + 14)
    const marked = view.getUint16(at + 18)
    const count = marked === END_OF_SESSION ? 0 : marked
    if (this.next >= 0 && first > this.next) own.gap(first - this.next)
    let from = at + HEADER_BYTES
    for (let index = 0; index < count; index++) {
      if (first + index < this.next) own.count('duplicateMessages')
      else own.message(bytes, view, from + 2)
      from += 2 + view.getUint16(from)
    }
    this.next = Math.max(this.next, first + count)
  }

  private open({ seconds }: Payload): ItchBook {
    const { window, options } = this
    const zone = new Zone(options.zone ?? 'America/New_York')
    // Beyond that no calendar goes.
    const isDated = seconds >= 86_400 && seconds < SECONDS_MAX
    const date = options.date ?? (isDated ? dateOfDays(zone.localDays(seconds)) : null)
    if (date === null)
      window.fail('the capture does not say its date, or none that can be; give it with --date (date in a scenario)')
    return new ItchBook(
      `ITCH 5.0 over MoldUDP64 ${baseName(window.name)}`,
      date,
      options,
      () => window.where(),
      (what) => window.fail(what)
    )
  }
}
