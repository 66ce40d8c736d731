/*
 * Parents from a CSV file with the columns parentId, side (buy or sell), quantityLots, start, end (times of day) and, if they are
 * there, limitPrice (a decimal on the venue's tick), symbol and venue (name or number). A parent with a venue trades there alone; one with a symbol
 * on all venues that quote it; one with neither on all venues of the market's only symbol. Ids must be unique; rows may come in any order.
 */

import { InputError } from '../kernel/assert.ts'
import { parseClockNs } from '../kernel/units.ts'
import { venuesBySymbol } from '../market/symbols.ts'
import { formatPrice, type TapeHeader } from '../market/tape.ts'
import type { ParentOrder } from '../order/parent.ts'
import type { CellReader } from './cells.ts'
import { readCsv } from './csv-file.ts'

export interface ParentVenue {
  readonly name: string
  readonly header: TapeHeader
}

/** In order of start, then of id. Errors: InputError `file:line: column: what`. */
export async function readParents(path: string, venues: readonly ParentVenue[]): Promise<ParentOrder[]> {
  const parents: ParentOrder[] = []
  const ids = new Set<number>()
  await readCsv(path, ['parentId', 'side', 'quantityLots', 'start', 'end'], ['limitPrice', 'symbol', 'venue'], (cells) => {
    const parentId = cells.whole('parentId', 0)
    if (ids.has(parentId)) cells.fail('parentId', `${parentId} is there twice`)
    ids.add(parentId)
    const side = cells.text('side')
    if (side !== 'buy' && side !== 'sell') cells.fail('side', `"${side}" is neither buy nor sell`)
    const places = placesOf(cells, venues)
    const [venue] = places
    const startNs = cells.parsed('start', parseClockNs)
    const endNs = cells.parsed('end', parseClockNs)
    if (endNs <= startNs) cells.fail('end', 'must be after start')
    parents.push({
      parentId,
      venue,
      ...(places.length > 1 ? { venues: places } : {}),
      side: side === 'buy' ? 1 : -1,
      quantityLots: cells.whole('quantityLots', 1),
      startNs,
      endNs,
      limitTicks: limitOf(cells, venues[venue].header)
    })
  })
  if (parents.length === 0) throw new InputError(`${path}: has no parents below its head`)
  return parents.sort((a, b) => a.startNs - b.startNs || a.parentId - b.parentId)
}

/** Venues where the parent may trade. */
function placesOf(cells: CellReader, venues: readonly ParentVenue[]): readonly number[] {
  const symbol = cells.text('symbol')
  const symbols = venuesBySymbol(venues.map(({ header }) => header))
  const quoting = symbols.filter(([venue]) => symbol === '' || venues[venue].header.symbol === symbol)
  const known = symbols.map(([venue]) => venues[venue].header.symbol).join(', ')
  if (quoting.length === 0) cells.fail('symbol', `no venue quotes "${symbol}"; there is ${known}`)
  if (cells.text('venue') === '') {
    if (quoting.length > 1) cells.fail('symbol', `is needed, or a venue: the market has ${known}`)
    return quoting[0]
  }
  const venue = venueOf(cells, venues)
  if (!quoting.flat().includes(venue)) cells.fail('venue', `${venues[venue].name} does not quote ${symbol}`)
  return [venue]
}

function venueOf(cells: CellReader, venues: readonly ParentVenue[]): number {
  const given = cells.text('venue')
  const named = venues.findIndex(({ name }) => name === given)
  if (named >= 0) return named
  const number = Number(given)
  if (Number.isInteger(number) && number >= 0 && number < venues.length) return number
  return cells.fail('venue', `"${given}" is not a venue; there is ${venues.map(({ name }) => name).join(', ')}`)
}

function limitOf(cells: CellReader, header: TapeHeader): number {
  const given = cells.text('limitPrice')
  if (given === '') return Number.NaN
  if (!/^\d+(\.\d+)?$/.test(given))
    cells.fail('limitPrice', `"${given}" is not a price; write for example ${formatPrice(header, 10_000)}`)
  const [units, decimals = ''] = given.split('.')
  if (/[1-9]/.test(decimals.slice(header.priceDecimals)))
    cells.fail('limitPrice', `${given} is not on the tick of ${formatPrice(header, 1)}`)
  const scaled = Number(units + decimals.slice(0, header.priceDecimals).padEnd(header.priceDecimals, '0'))
  if (scaled % header.tickUnits !== 0) cells.fail('limitPrice', `${given} is not on the tick of ${formatPrice(header, 1)}`)
  return scaled / header.tickUnits
}
