/*
 * Which symbol of a file of many an import takes, by the bytes of its name in each row: the one that the user names (upper and lower case
 * alike), or the only one. Names of others are kept, a few, for the error that says what there is.
 */
const OTHERS_MAX = 20
const CASE_BIT = 32

export class SymbolFilter {
  /** As the file spells what is taken; empty before it was met. */
  taken = ''
  private readonly asked: string | undefined
  private bytes: Uint8Array
  private readonly others: string[] = []

  constructor(asked: string | undefined) {
    this.asked = asked
    this.bytes = encoded(asked ?? '')
  }

  /** True for rows to take. `fail` is called, with what to say, at the first row of a second symbol when none was asked for. */
  takes(bytes: Uint8Array, from: number, end: number, fail: (what: string) => never): boolean {
    const wanted = this.bytes
    let at = 0
    if (wanted.length === end - from) while (at < wanted.length && isSameLetter(wanted[at], bytes[from + at])) at++
    if (at === end - from && at === wanted.length && at > 0) {
      if (this.taken === '') this.taken = textOf(bytes, from, end)
      return true
    }
    return this.refuses(bytes, from, end, fail)
  }

  /** What to say when nothing was taken. */
  absence(): string {
    if (this.asked === undefined) return 'names no symbol'
    return `has no ${this.asked}; it has ${this.others.length === 0 ? 'no symbols' : this.others.join(', ')}`
  }

  private refuses(bytes: Uint8Array, from: number, end: number, fail: (what: string) => never): boolean {
    if (this.others.length >= OTHERS_MAX) return false
    const name = textOf(bytes, from, end)
    if (this.asked === undefined) {
      if (this.taken !== '') fail(`the file has several symbols; choose one, such as --symbol ${this.taken} or --symbol ${name}`)
      if (name === '') return false
      this.taken = name
      this.bytes = encoded(name)
      return true
    }
    if (!this.others.includes(name)) this.others.push(name)
    return false
  }
}

function encoded(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

function isSameLetter(a: number, b: number): boolean {
  return a === b || ((a ^ b) === CASE_BIT && (a | CASE_BIT) >= 97 && (a | CASE_BIT) <= 122)
}

function textOf(bytes: Uint8Array, from: number, end: number): string {
  let text = ''
  for (let at = from; at < end && text.length < 64; at++)
    text += bytes[at] >= 32 && bytes[at] < 127 ? String.fromCharCode(bytes[at]) : '?'
  return text
}
