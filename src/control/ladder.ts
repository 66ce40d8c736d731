/* How presets write controls: what is asked for state by state. */
import { type DirectiveName, type Directives, NEUTRAL } from '../order/directives.ts'
import type { Band, Control } from './options.ts'

export const MS = 1_000_000
export const SECOND = 1_000_000_000

export const band = (enter: number, exit: number): Band => ({ enter, exit })
export const OFF = band(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)

type Asked = Partial<Directives>

/** A control that is on. Every state names all directives that any state does, so that each can be changed in each. */
export function ladder(...states: readonly Asked[]): Control {
  const names = [...new Set(states.flatMap((asked) => Object.keys(asked)))] as DirectiveName[]
  const neutral = Object.fromEntries(names.map((name) => [name, NEUTRAL[name]]))
  return { enabled: true, states: states.map((asked) => ({ ...neutral, ...asked })) }
}

/** A control that changes the machine itself and asks for nothing. */
export function gate(stateCount: number): Control {
  return { enabled: true, states: Array.from({ length: stateCount }, () => ({})) }
}
