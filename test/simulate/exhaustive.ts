/*
 * Every sequence of choices of a program that asks for them one by one: each run replays the last one up to the last choice that has another
 * alternative, and takes that. A run may ask for as many choices as it likes, each of as many as it likes.
 *
 *   const choices = new Exhaustive()
 *   while (choices.nextRun()) ... choices.below(n) ...
 */
export class Exhaustive {
  runCount = 0
  private readonly taken: number[] = []
  private readonly bounds: number[] = []
  private position = 0

  /** True when there is one more run; begins it. */
  nextRun(): boolean {
    if (this.runCount > 0) {
      while (this.taken.length > 0 && this.taken[this.taken.length - 1] + 1 === this.bounds[this.bounds.length - 1]) {
        this.taken.pop()
        this.bounds.pop()
      }
      if (this.taken.length === 0) return false
      this.taken[this.taken.length - 1]++
    }
    this.runCount++
    this.position = 0
    return true
  }

  /** The next choice of this run: 0..bound - 1. */
  below(bound: number): number {
    const at = this.position++
    if (at === this.taken.length) {
      this.taken.push(0)
      this.bounds.push(bound)
    }
    if (this.bounds[at] !== bound)
      throw new Error(`a run is not repeatable: choice ${at} had ${this.bounds[at]} ways, now ${bound}`)
    return this.taken[at]
  }
}
