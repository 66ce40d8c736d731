/*
 * A canary while it runs: which parents the controllers act on (by keyed hash of the parent, so the same in every arm), what happens to them
 * and to the others, window by window, and whether a rollback rule (control/rollback.ts) is broken. Once taken back it stays back. What is
 * the whole desk's (caps of a shared socket, the host's memory) a canary leaves alone: it would act on everybody.
 */
import type { CanaryOptions } from '../control/options.ts'
import { type Breach, type CanaryFigures, type CanaryWindow, rollback } from '../control/rollback.ts'
import { DRAW, keyedUniform } from '../kernel/random.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { ParentOrder } from '../order/parent.ts'
import { Window } from './window.ts'

/** Fewer children, answers, fills or cancels than this in a window say nothing; fewer ended parents say nothing of completion (assumed). */
const COUNT_MIN = 20
const PARENT_COUNT_MIN = 3

/** One side's observations. */
class Group {
  private readonly fills: Window
  private children = 0
  private missed = 0
  private answers = 0
  private rejects = 0
  private cancels = 0
  private staleFills = 0
  private parents = 0
  private completionSum = 0
  private opportunitySum = 0

  constructor(windowNs: number) {
    this.fills = new Window(windowNs)
  }

  onChildDone(isFilled: boolean): void {
    this.children++
    if (!isFilled) this.missed++
  }

  onParentDone(completion: number, opportunityBps: number): void {
    this.parents++
    this.completionSum += completion
    if (Number.isFinite(opportunityBps)) this.opportunitySum += opportunityBps
  }

  onAnswer(rejected: 0 | 1): void {
    this.answers++
    this.rejects += rejected
  }

  onFill(nowNs: number, costBps: number): void {
    if (Number.isFinite(costBps)) this.fills.add(nowNs, costBps)
  }

  onCancelRequest(): void {
    this.cancels++
  }

  onStaleFill(): void {
    this.staleFills++
  }

  /** The window's figures; counts begin anew. */
  take(nowNs: number): CanaryFigures {
    const share = (part: number, whole: number, least: number): number => (whole >= least ? part / whole : Number.NaN)
    const filled = this.fills.trim(nowNs) >= COUNT_MIN
    const figures = {
      missRate: share(this.missed, this.children, COUNT_MIN),
      rejectRate: share(this.rejects, this.answers, COUNT_MIN),
      staleFillRatio: share(this.staleFills, this.cancels, COUNT_MIN),
      opportunityBps: share(this.opportunitySum, this.parents, PARENT_COUNT_MIN),
      completion: share(this.completionSum, this.parents, PARENT_COUNT_MIN),
      p95Bps: filled ? this.fills.quantile(0.95) : Number.NaN,
      p99Bps: filled ? this.fills.quantile(0.99) : Number.NaN
    }
    this.children = 0
    this.missed = 0
    this.answers = 0
    this.rejects = 0
    this.cancels = 0
    this.staleFills = 0
    return figures
  }
}

export class CanaryWatch {
  /** Told what happens to a parent: by its index. */
  private readonly groups: readonly Group[]
  private readonly canary: Group
  private readonly others: Group
  private readonly options: CanaryOptions
  private readonly transitions = new Map<string, number>()
  private windowStartNs = Number.NaN
  private before: CanaryWindow | null = null
  private isBack = false

  constructor(options: CanaryOptions, seed: number, parents: readonly ParentOrder[]) {
    this.options = options
    this.canary = new Group(options.rules.windowNs)
    this.others = new Group(options.rules.windowNs)
    this.groups = parents.map(({ parentId }) =>
      keyedUniform(seed, DRAW.canary, parentId) < options.share ? this.canary : this.others
    )
  }

  /** Do the controllers act on this parent? */
  has(parent: number): boolean {
    return !this.isBack && this.groups[parent] === this.canary
  }

  of(parent: number): Group {
    return this.groups[parent]
  }

  onTransition(controller: string): void {
    this.transitions.set(controller, (this.transitions.get(controller) ?? 0) + 1)
  }

  /** At every sample: the rule that a window has broken when it ends; the canary is then taken back. */
  sample(nowNs: number): Breach | null {
    const { windowNs } = this.options.rules
    if (Number.isNaN(this.windowStartNs)) this.windowStartNs = nowNs
    if (this.isBack || nowNs < this.windowStartNs + windowNs) return null
    const elapsedMinutes = (nowNs - this.windowStartNs) / (60 * NS_PER_SECOND)
    const window = {
      canary: this.canary.take(nowNs),
      others: this.others.take(nowNs),
      transitionsPerMinute: Math.max(0, ...this.transitions.values()) / elapsedMinutes
    }
    const breach = rollback(this.options.rules, window, this.before)
    this.before = window
    this.windowStartNs = nowNs
    this.transitions.clear()
    this.isBack = breach !== null
    return breach
  }
}
