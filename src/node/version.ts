import { readFileSync } from 'node:fs'

/** Of package.json, two directories above both src/node and dist/node. */
export function programVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
