/* When what entered a server leaves it, in order of entry and so of time; and whether it leaves as a refusal. */
import { ColumnTable } from '../kernel/column.ts'

export class Departures extends ColumnTable {
  private readonly departNs = this.float64()
  private readonly isRefusal = this.uint8()

  add(departNs: number, isRefusal: boolean): void {
    const row = this.extend()
    this.departNs.values[row] = departNs
    this.isRefusal.values[row] = isRefusal ? 1 : 0
  }

  /** Rows that leave after `nowNs`, and how many of them are refusals. */
  heldAt(nowNs: number): { readonly count: number; readonly refusals: number } {
    let refusals = 0
    let row = this.count
    while (row > 0 && this.departNs.values[row - 1] > nowNs) refusals += this.isRefusal.values[--row]
    return { count: this.count - row, refusals }
  }
}
