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

const MARKOUT_HORIZONS = ['100ms', '1s', '10s'] as const
type Horizon = (typeof MARKOUT_HORIZONS)[number]
type Group = 'all' | 'maker' | 'taker' | 'stale'

export type MarkoutFigures = Readonly<
  Record<Group, Readonly<Record<Horizon, Figure>> & { readonly fillCount: number; readonly lots: number }>
> & {
  /** Fill-and-horizon pairs without a mid. */
  readonly unmarkedCount: number
}

/** `stale` is 1 for each fill that was stale (cancel-race). */
export function collectMarkouts(ledger: Ledger, context: LedgerContext, stale: Uint8Array, pool: Pool): void {
  const everything = new Uint8Array(ledger.fills.count).fill(1)
  const { liquidity } = ledger.fills.col
  collectGroup(ledger, context, 'all', everything, pool)
  for (const name of LIQUIDITY.names) {
    collectGroup(
      ledger,
      context,
      name,
      Uint8Array.from(everything, (_, fill) => (liquidity[fill] === LIQUIDITY.of[name] ? 1 : 0)),
      pool
    )
  }
  collectGroup(ledger, context, 'stale', stale, pool)
}

function collectGroup(ledger: Ledger, context: LedgerContext, group: Group, member: Uint8Array, pool: Pool): void {
  const { venue, side, priceTicks, lots, mid100msHalfTicks, mid1sHalfTicks, mid10sHalfTicks } = ledger.fills.col
  const mids = [mid100msHalfTicks, mid1sHalfTicks, mid10sHalfTicks]
  const halfTicks = context.headers.map((_, number) => halfTickValue(context, number))
  let count = 0
  let lotsSum = 0
  let unmarked = 0
  const gain = new Float64Array(mids.length)
  const notional = new Float64Array(mids.length)
  for (let fill = 0; fill < member.length; fill++) {
    if (member[fill] === 0) continue
    count++
    lotsSum += lots[fill]
    const price = 2 * priceTicks[fill]
    const value = (halfTicks[venue[fill]] ?? 1) * lots[fill]
    for (let horizon = 0; horizon < mids.length; horizon++) {
      const mid = mids[horizon][fill]
      if (!(mid > 0)) {
        unmarked++
        continue
      }
      gain[horizon] += side[fill] * (mid - price) * value
      notional[horizon] += price * value
    }
  }
  addSum(pool, `markout/${group}/count`, count)
  addSum(pool, `markout/${group}/lots`, lotsSum)
  if (group === 'all') addSum(pool, 'markout.unmarkedCount', unmarked)
  for (const [horizon, name] of MARKOUT_HORIZONS.entries()) {
    addSum(pool, `markout/${group}/${name}/gain`, gain[horizon])
    addSum(pool, `markout/${group}/${name}/notional`, notional[horizon])
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
