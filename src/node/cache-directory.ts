/* Where imported tapes and indexes are kept between runs: the user's cache directory, as the XDG base directory specification names it. */
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

export function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'tailtax')
}
