/*
 * The decision rule of the cancel-ack playbook: a cancel is a race of its ack (T_ack) with a fill of the order that is still live (T_fill),
 * and is sent when what it is expected to change is worth it. In ticks per lot, as seen by the host:
 *   deltaC = -P(T_ack < T_fill <= h) a          the toxic fill avoided
 *            +P(T_fill < T_ack) a               the stale fill while the cancel is pending
 *            +P(T_ack < T_fill) r               re-entry or missed fill: the half spread, by the odds that the book snaps back
 * a: what a fill at the order's price loses against the size-weighted mid, moved on by its drift over the horizon h and by the half spread, as
 * far as imbalance says that the fill takes its level away. T_fill is exponential
 * with a hazard of trades against the queue ahead, weighted by imbalance, and of the drift through the price; T_ack has the three
 * quantiles of its path. Cancel only where deltaC < -epsilon; where no fill can be expected before the ack there is no race, and the policy's
 * own rule stands. What is not worth a cancel though the book has turned is made smaller in place where the venue keeps its priority, or shaded.
 */
import { exp } from '../kernel/elementary.ts'
import { NS_PER_SECOND } from '../kernel/units.ts'
import type { CancelAdvice } from '../order/directives.ts'

/** Over which a fill that was not avoided would have come, and is marked: the short horizon of SET (assumed). */
export const RACE_HORIZON_NS = NS_PER_SECOND

/** Weights of the ack latency's quantiles as a law of three points (assumed). */
const ACK_WEIGHTS = [0.7, 0.25, 0.05] as const

/** Odds of a stale fill below which a cancel is as good as instant (assumed). */
const RACE_ODDS_MIN = 0.02

/** What the host sees of an order that its policy wants to cancel. Ticks are signed so that more is worse for the order. */
export interface CancelRace {
  /** Between its price and the size-weighted mid: what a fill loses now; negative is a gain. */
  readonly adverseTicks: number
  /** Drift of the size-weighted mid against it. */
  readonly driftTicksPerSecond: number
  /** Size imbalance of the touch against it, -1..1. */
  readonly imbalance: number
  readonly halfSpreadTicks: number
  readonly lotsAhead: number
  readonly openLots: number
  /** Lots that traded on its side of the book lately. */
  readonly tradedLotsPerSecond: number
  /** Of the path's cancel acks; NaN when none is known. */
  readonly ackP50Ns: number
  readonly ackP90Ns: number
  readonly ackP99Ns: number
}

export interface CancelEstimate {
  /** Ticks per lot; below 0 the cancel is expected to save. */
  readonly deltaTicks: number
  readonly avoidedTicks: number
  readonly staleTicks: number
  readonly reentryTicks: number
  /** Odds that a fill comes before the ack. */
  readonly staleOdds: number
  /** What a fill inside the horizon is expected to lose. */
  readonly toxicTicks: number
}

/** Fills per second of an order that waits in its queue. */
export function fillHazardPerSecond(race: CancelRace): number {
  const pressure = 1 + Math.max(-0.9, Math.min(1, race.imbalance))
  const traded = (race.tradedLotsPerSecond * pressure) / Math.max(1, race.lotsAhead + race.openLots)
  // The drift takes the price away through the order: the nearer, the sooner.
  const through = Math.max(0, race.driftTicksPerSecond) / Math.max(0.5, -race.adverseTicks)
  return traded + through
}

export function estimateCancel(race: CancelRace): CancelEstimate {
  const hazard = fillHazardPerSecond(race)
  const horizonSeconds = RACE_HORIZON_NS / NS_PER_SECOND
  const imbalance = Math.max(-1, Math.min(1, race.imbalance))
  const levelGone = (race.halfSpreadTicks * (1 + imbalance)) / 2
  const toxicTicks = race.adverseTicks + race.driftTicksPerSecond * horizonSeconds + levelGone
  const within = filledBy(hazard, horizonSeconds)
  let staleOdds = 0
  let avoidedOdds = 0
  for (const [index, weight] of ACK_WEIGHTS.entries()) {
    const ackSeconds = [race.ackP50Ns, race.ackP90Ns, race.ackP99Ns][index] / NS_PER_SECOND
    const before = filledBy(hazard, ackSeconds)
    staleOdds += weight * before
    avoidedOdds += weight * Math.max(0, within - before)
  }
  const loss = Math.max(0, toxicTicks)
  const snapBack = (1 - imbalance) / 2
  const avoidedTicks = avoidedOdds * loss
  const staleTicks = staleOdds * loss
  const reentryTicks = (1 - staleOdds) * race.halfSpreadTicks * snapBack
  return { deltaTicks: staleTicks + reentryTicks - avoidedTicks, avoidedTicks, staleTicks, reentryTicks, staleOdds, toxicTicks }
}

/** `worthTicksMin` is epsilon; -Infinity leaves all to the policy. */
export function adviseCancel(
  race: CancelRace,
  worthTicksMin: number,
  ackAware: boolean,
  sizeDownKeepsPriority: boolean
): CancelAdvice {
  if (worthTicksMin === Number.NEGATIVE_INFINITY || Number.isNaN(race.ackP50Ns)) return 'cancel'
  const { staleOdds, deltaTicks, toxicTicks } = estimateCancel(race)
  if (!(staleOdds >= RACE_ODDS_MIN) || deltaTicks < -worthTicksMin) return 'cancel'
  if (!ackAware || toxicTicks <= 0) return 'hold'
  return sizeDownKeepsPriority && race.openLots > 1 ? 'reduce' : 'shade'
}

function filledBy(hazardPerSecond: number, seconds: number): number {
  return 1 - exp(-hazardPerSecond * seconds)
}
