/* Venues are named in a scenario and numbered in the model, in the order in which they are written. */
import { ScenarioFault } from './fault.ts'

type At = readonly (string | number)[]

/** Errors: ScenarioFault with the names that there are. */
export function venueNumber(name: string, names: readonly string[], at: At): number {
  const venue = names.indexOf(name)
  if (venue >= 0) return venue
  throw new ScenarioFault(at, `"${name}" is not a venue; there is ${names.join(', ')}`)
}

/** What is given by name, by number; `absent` where a venue is not named. Errors: ScenarioFault at the name. */
export function byVenue(given: Readonly<Record<string, number>>, names: readonly string[], absent: number, at: At): number[] {
  const values = names.map(() => absent)
  for (const [name, value] of Object.entries(given)) values[venueNumber(name, names, [...at, name])] = value
  return values
}

/** Names as given, all different; venues without one are called as their tape is, or by their number. Errors: ScenarioFault. */
export function venueNames(
  venues: readonly { readonly given: string | undefined; readonly tape: string | undefined }[]
): string[] {
  const names: string[] = []
  const taken = new Set(venues.map(({ given }) => given))
  venues.forEach(({ given, tape }, venue) => {
    if (given !== undefined && names.includes(given)) {
      throw new ScenarioFault(['market', 'venues', venue, 'name'], `"${given}" is there twice`)
    }
    const own = tape === undefined || names.includes(tape) || taken.has(tape) ? `venue ${venue}` : tape
    names.push(given ?? own)
  })
  return names
}
