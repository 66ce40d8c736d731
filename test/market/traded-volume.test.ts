import { describe, expect, it } from 'vitest'
import { tradedByBin } from '../../src/market/traded-volume.ts'
import { drawTape, MARKETS } from '../simulate/worlds.ts'

/* Trades of 3, 4 and 5 lots: displayed, hidden, printed. An auction of 90 is none of the continuous market. */
const TAPE = drawTape(`
  10 add bid 100 50 1
  20 execute bid 100 3 1
  30 reduce bid 100 7 1
  30 execute-hidden ask 101 4 -
  40 cross bid 100 90 -
  50 trade ask 102 5 -
  60 delete bid 100 40 1
`)

describe('what has traded', () => {
  it.each(['timeline', 'sequential'] as const)('is told as of the instant of the feed, by the %s market', (name) => {
    const market = MARKETS[name](TAPE)
    market.bind({ onFill: () => {}, onTouch: () => {}, onSelfMatch: () => {} })
    while (market.nextNs() <= 70) market.step()
    market.advanceTo(70)
    const touch = { bidTicks: 0, bidLots: 0, askTicks: 0, askLots: 0 }
    const seen = [5, 19, 20, 29, 30, 45, 50, 70].map((viewNs) => {
      market.readTouchAt(viewNs, touch)
      return market.tradedLotsAt(viewNs)
    })
    expect(seen).toEqual([0, 0, 3, 3, 7, 7, 12, 12])
  })

  it('falls into bins: a trade at the first instant of a bin is in it, one outside is in none', () => {
    expect([...tradedByBin(TAPE, 20, 15, 2)]).toEqual([7, 0])
    expect([...tradedByBin(TAPE, 0, 30, 2)]).toEqual([3, 9])
    expect([...tradedByBin(TAPE, 21, 1000, 1)]).toEqual([9])
  })
})
