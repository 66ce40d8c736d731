/*
 * Markouts (cancel and tx-pacing playbooks: short-horizon markout refs): how the venue's mid stood to the fill price a while after.
 *   markoutBps_h = 10^4 * sum s (mid_{t+h} - price) lots / sum price * lots,  h = 100 ms, 1 s, 10 s; s = +1 for buys.
 * Positive is good for us; a maker's fill with a negative markout was adversely selected. Weighted by traded notional, for all fills, by liquidity,
 * and for stale fills. Fills whose mid at the horizon is none are left out of that horizon and counted.
 */
import type { Ledger } from '../ledger/ledger.ts'
import { LIQUIDITY } from '../order/words.ts'
import { halfTickValue, type LedgerContext } from './context.ts'
import { addSum, type Pool, sumOf } from './pool.ts'
import { type Figure, figure } from './quantile.ts'

export const MARKOUT_HORIZONS = ['100ms', '1s', '10s'] as const
export const MARKOUT_GROUPS = ['all', 'maker', 'taker', 'stale'] as const
type Horizon = (typeof MARKOUT_HORIZONS)[number]
type Group = (typeof MARKOUT_GROUPS)[number]

export type MarkoutFigures = Readonly<
  Record<Group, Readonly<Record<Horizon, Figure>> & { readonly fillCount: number; readonly lots: number }>
> & {
  /** Fill-and-horizon pairs without a mid. */
  readonly unmarkedCount: number
}

/** `stale` is 1 for each fill that was stale (cancel-race). */
export function collectMarkouts(ledger: Ledger, context: LedgerContext, stale: Uint8Array, pool: Pool): void {
  const { fills } = ledger
  const mids = { '100ms': fills.col.mid100msHalfTicks, '1s': fills.col.mid1sHalfTicks, '10s': fills.col.mid10sHalfTicks }
  for (let fill = 0; fill < fills.count; fill++) {
    const lots = fills.col.lots[fill]
    const value = halfTickValue(context, fills.col.venue[fill]) * lots
    const price = 2 * fills.col.priceTicks[fill]
    const groups: string[] = ['all', LIQUIDITY.names[fills.col.liquidity[fill]]]
    if (stale[fill] === 1) groups.push('stale')
    for (const group of groups) {
      addSum(pool, `markout/${group}/count`, 1)
      addSum(pool, `markout/${group}/lots`, lots)
    }
    for (const horizon of MARKOUT_HORIZONS) {
      const mid = mids[horizon][fill]
      if (!(mid > 0)) {
        addSum(pool, 'markout.unmarkedCount', 1)
        continue
      }
      for (const group of groups) {
        addSum(pool, `markout/${group}/${horizon}/gain`, fills.col.side[fill] * (mid - price) * value)
        addSum(pool, `markout/${group}/${horizon}/notional`, price * value)
      }
    }
  }
}

export function markoutFigures(pool: Pool): MarkoutFigures {
  const group = (name: Group) => {
    const at = (horizon: Horizon): Figure =>
      figure((1e4 * sumOf(pool, `markout/${name}/${horizon}/gain`)) / sumOf(pool, `markout/${name}/${horizon}/notional`))
    return {
      fillCount: sumOf(pool, `markout/${name}/count`),
      lots: sumOf(pool, `markout/${name}/lots`),
      '100ms': at('100ms'),
      '1s': at('1s'),
      '10s': at('10s')
    }
  }
  return {
    all: group('all'),
    maker: group('maker'),
    taker: group('taker'),
    stale: group('stale'),
    unmarkedCount: sumOf(pool, 'markout.unmarkedCount')
  }
}
