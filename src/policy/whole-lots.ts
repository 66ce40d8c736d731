/* Shares of lots as whole lots. */

/** Products like 0.1 * 30 may end just above, or just below, a whole number of lots. */
const ROUNDING = 1e-9

export function roundUp(lots: number): number {
  return Math.max(0, Math.ceil(lots - ROUNDING))
}

export function roundDown(lots: number): number {
  return Math.max(0, Math.floor(lots + ROUNDING))
}

/** floor(lots * part / whole) of whole numbers, exact even where the product is above 2^53. */
export function exactShare(lots: number, part: number, whole: number): number {
  const product = lots * part
  if (product <= Number.MAX_SAFE_INTEGER) return Math.floor(product / whole)
  return Number((BigInt(lots) * BigInt(part)) / BigInt(whole))
}
