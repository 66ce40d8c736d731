/* How figures are written in text reports: fixed decimals, so that columns can be read downwards; "-" where there is none. */
import { formatDuration } from '../kernel/units.ts'
import type { Figure } from '../metrics/quantile.ts'

export const NONE = '-'

export function formatFixed(value: Figure, decimals: number): string {
  if (value === null) return NONE
  const text = value.toFixed(decimals)
  // A rounded negative is 0, not -0.
  return Number(text) === 0 ? text.replace('-', '') : text
}

/** With its sign; 0 has none. */
export function formatSigned(value: Figure, decimals: number): string {
  const text = formatFixed(value, decimals)
  return value !== null && Number(text) > 0 ? `+${text}` : text
}

/** 12345 to "12,345". */
export function formatCount(value: Figure): string {
  return value === null ? NONE : value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** "1 seed", "2 seeds". */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** 0.0123 to "1.23 %". */
export function formatShare(share: Figure, decimals = 2): string {
  return share === null ? NONE : `${formatFixed(share * 100, decimals)} %`
}

/** Rounded to four digits: a report compares, the ledger keeps the rest. */
export function formatSpan(ns: Figure): string {
  return ns === null ? NONE : formatDuration(Number(ns.toPrecision(4)))
}
