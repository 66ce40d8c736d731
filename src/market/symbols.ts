/*
 * Which venues quote which symbol: the tapes tell. Venues that name the same symbol quote the same thing, so that an order for it may go to any of
 * them, and then their ticks and lots have to be the same.
 */
import { InputError } from '../kernel/assert.ts'
import { formatPrice, type TapeHeader } from './tape.ts'

/** Venue numbers by symbol, in the order in which the venues first name them. */
export function venuesBySymbol(headers: readonly Pick<TapeHeader, 'symbol'>[]): number[][] {
  const groups = new Map<string, number[]>()
  headers.forEach(({ symbol }, venue) => {
    const group = groups.get(symbol)
    if (group === undefined) groups.set(symbol, [venue])
    else group.push(venue)
  })
  return [...groups.values()]
}

/** Errors: InputError where venues of one symbol count in different ticks or lots. */
export function checkSymbols(venues: readonly { readonly name: string; readonly header: TapeHeader }[]): void {
  for (const [first, ...others] of venuesBySymbol(venues.map(({ header }) => header))) {
    const { name, header } = venues[first]
    for (const other of others.map((venue) => venues[venue])) {
      const fault = (what: string): never => {
        throw new InputError(
          `market.venues: ${other.name} has ${header.symbol} in another ${what} than ${name}; bring them to one, or give one another symbol`
        )
      }
      if (formatPrice(header, 1) !== formatPrice(other.header, 1)) fault('tick')
      if (header.lotUnits * 10 ** other.header.lotDecimals !== other.header.lotUnits * 10 ** header.lotDecimals) fault('lot')
    }
  }
}
