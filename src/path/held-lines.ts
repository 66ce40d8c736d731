/* Messages held before a limit: one line per count, first in first out, with one cap on all. */

export class HeldLines {
  count = 0
  private readonly lines: number[][] = []
  private readonly countMax: number

  constructor(countMax: number) {
    this.countMax = countMax
  }

  waitingIn(line: number): number {
    return this.lines[line]?.length ?? 0
  }

  /** True when there was room. */
  hold(message: number, line: number): boolean {
    if (this.count >= this.countMax) return false
    const waiting = this.lines[line]
    if (waiting === undefined) this.lines[line] = [message]
    else waiting.push(message)
    this.count++
    return true
  }

  /** Lets messages of a line go, oldest first, until `go` says no; gives how many still wait. */
  release(line: number, go: (message: number) => boolean): number {
    const waiting = this.lines[line]
    if (waiting === undefined) return 0
    let gone = 0
    while (gone < waiting.length && go(waiting[gone])) gone++
    waiting.splice(0, gone)
    this.count -= gone
    return waiting.length
  }
}
