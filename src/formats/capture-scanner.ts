/*
 * Lines of cryptofeed's raw captures: `time: message` was received from a websocket; `address <- time: message` was sent,
 * `address <-> time` is a connection made, `address -> time: body` the answer of a REST call. Times are seconds since 1970.
 */
import { ANY_UNIT } from './byte-lines.ts'
import { JsonScanner } from './json-scanner.ts'
import type { SymbolFilter } from './symbol-filter.ts'
import { WordList } from './word-list.ts'

const ARROWS = new WordList(['<-', '<->', '->'])
export const LINE = { received: -1, sent: 0, connected: 1, answered: 2 } as const
const SLASH = 47

export class CaptureScanner extends JsonScanner {
  private addressFrom = 0
  private addressEnd = 0

  /** Steps to the message; gives which kind of LINE it is. The time is then in `seconds` and `nanos`. */
  head(): number {
    if (this.leadingInstant(ANY_UNIT)) return LINE.received
    this.peek()
    this.addressFrom = this.at
    this.addressEnd = this.blankAfter(this.at)
    this.at = this.addressEnd
    const arrow = this.leadingWord(ARROWS)
    if (arrow < 0 || !this.leadingInstant(ANY_UNIT))
      this.fail('the row is neither "time: message" nor "address <- time: message"; is this a capture?')
    return arrow
  }

  /** Does the last part of the line's address name the symbol that is taken? */
  isAddressTaken(symbol: SymbolFilter): boolean {
    let from = this.addressEnd
    while (from > this.addressFrom && this.bytes[from - 1] !== SLASH) from--
    return symbol.takes(this.bytes, from, this.addressEnd, (what) => this.fail(what))
  }
}
