import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSymbols } from '../../src/market/symbols.ts'
import { readParents } from '../../src/node/parents-file.ts'
import { HEADER } from '../metrics/rows.ts'

const venue = (name: string, symbol: string, tickUnits = HEADER.tickUnits) => ({ name, header: { ...HEADER, symbol, tickUnits } })
const VENUES = [venue('NORTH', 'ONE'), venue('EAST', 'TWO'), venue('SOUTH', 'ONE')]
const HEAD = 'parentId,side,quantityLots,start,end'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailtax-parents-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

async function placesOf(columns: string, cells: string, venues = VENUES): Promise<(readonly number[])[]> {
  const file = join(directory, 'parents.csv')
  writeFileSync(file, `${HEAD}${columns}\n0,buy,100,10:00,10:10${cells}\n`)
  const parents = await readParents(file, venues)
  return parents.map((parent) => [parent.venue, ...(parent.venues ?? [])])
}

describe('where a parent of a file may trade', () => {
  it('a symbol: on all venues that quote it', async () => {
    expect(await placesOf(',symbol', ',ONE')).toEqual([[0, 0, 2]])
    expect(await placesOf(',symbol', ',TWO')).toEqual([[1]])
  })

  it('a venue, by name or number: there alone', async () => {
    expect(await placesOf(',venue', ',SOUTH')).toEqual([[2]])
    expect(await placesOf(',venue', ',1')).toEqual([[1]])
    expect(await placesOf(',symbol,venue', ',ONE,SOUTH')).toEqual([[2]])
  })

  it('neither: on all venues of the only symbol', async () => {
    expect(await placesOf('', '', [VENUES[0], VENUES[2]])).toEqual([[0, 0, 1]])
    expect(await placesOf('', '', [VENUES[0]])).toEqual([[0]])
  })

  const faults: [what: string, columns: string, cells: string, message: RegExp][] = [
    ['neither, with two symbols', '', '', /:2: symbol: is needed, or a venue: the market has ONE, TWO$/],
    ['a symbol that nobody quotes', ',symbol', ',SIX', /:2: symbol: no venue quotes "SIX"; there is ONE, TWO$/],
    ['a venue that does not quote it', ',symbol,venue', ',TWO,SOUTH', /:2: venue: SOUTH does not quote TWO$/],
    ['a venue that is not there', ',venue', ',WEST', /:2: venue: "WEST" is not a venue; there is NORTH, EAST, SOUTH$/]
  ]
  it.each(faults)('%s is a fault at its row', async (_, columns, cells, message) => {
    await expect(placesOf(columns, cells)).rejects.toThrow(message)
  })
})

describe('venues of one symbol', () => {
  it('have to count in one tick and one lot', () => {
    expect(() => checkSymbols(VENUES)).not.toThrow()
    expect(() => checkSymbols([...VENUES, venue('WEST', 'ONE', 5 * HEADER.tickUnits)])).toThrow(
      'market.venues: WEST has ONE in another tick than NORTH; bring them to one, or give one another symbol'
    )
    const coarse = { name: 'WEST', header: { ...HEADER, symbol: 'ONE', lotUnits: 100 * HEADER.lotUnits } }
    expect(() => checkSymbols([...VENUES, coarse])).toThrow('in another lot than NORTH')
    // The same lot, written otherwise.
    const same = {
      name: 'WEST',
      header: { ...HEADER, symbol: 'ONE', lotUnits: 10 * HEADER.lotUnits, lotDecimals: HEADER.lotDecimals + 1 }
    }
    expect(() => checkSymbols([...VENUES, same])).not.toThrow()
  })
})
