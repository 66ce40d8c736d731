/*
 * exp, ln and the normal quantile from the IEEE basic operations alone (+ - * / and sqrt are exactly rounded; the
 * precision of Math.exp and Math.log is left to the engine, ECMA-262 21.3.2). The same bits on every engine, so a
 * ledger's hash survives an upgrade of Node. Relative error below 4e-16 for exp and ln (tested against Math).
 */
const LN2_HI = 6.9314718036912381649e-1
const LN2_LO = 1.90821492927058770002e-10
const INVERSE_LN2 = 1.442695040888963387

const scratch = new DataView(new ArrayBuffer(8))

function powerOfTwo(exponent: number): number {
  scratch.setUint32(0, (exponent + 1023) << 20)
  scratch.setUint32(4, 0)
  return scratch.getFloat64(0)
}

/** e^x for |x| <= 700; beyond, 0 or Infinity. Argument reduction by ln 2 in two parts, then a Taylor sum. */
export function exp(x: number): number {
  if (x > 700) return Number.POSITIVE_INFINITY
  if (x < -700) return 0
  const k = Math.round(x * INVERSE_LN2)
  const r = x - k * LN2_HI - k * LN2_LO
  let term = 1
  let sum = 1
  for (let n = 1; n <= 14; n++) {
    term = (term * r) / n
    sum += term
  }
  return sum * powerOfTwo(k)
}

/** Natural logarithm of x > 0 (a normal number); -Infinity at 0. Series in s = (m-1)/(m+1) with m in [sqrt 1/2, sqrt 2). */
export function ln(x: number): number {
  if (x <= 0) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN
  scratch.setFloat64(0, x)
  const high = scratch.getUint32(0)
  let k = ((high >>> 20) & 0x7ff) - 1023
  scratch.setUint32(0, (high & 0x000fffff) | (1023 << 20))
  let m = scratch.getFloat64(0)
  if (m > 1.4142135623730951) {
    m /= 2
    k += 1
  }
  const s = (m - 1) / (m + 1)
  const s2 = s * s
  let sum = 0
  for (let n = 23; n >= 1; n -= 2) sum = sum * s2 + 1 / n
  return k * LN2_HI + (2 * s * sum + k * LN2_LO)
}

/** Hyperbolic sine for |x| <= 700: by its series where exp(x) - exp(-x) would cancel. */
export function sinh(x: number): number {
  if (x > 1 || x < -1) return (exp(x) - exp(-x)) / 2
  let term = x
  let sum = x
  for (let n = 2; n <= 18; n += 2) {
    term = (term * x * x) / (n * (n + 1))
    sum += term
  }
  return sum
}

/** x^y for x > 0 through exp and ln: good to about 1e-14 relative. */
export function power(x: number, y: number): number {
  return exp(y * ln(x))
}

/** sin(2 pi u), by Taylor after reduction to a quarter turn; absolute error below 1e-15. */
export function sinTurn(u: number): number {
  let t = u - Math.floor(u)
  let sign = 1
  if (t >= 0.5) {
    t -= 0.5
    sign = -1
  }
  if (t > 0.25) t = 0.5 - t
  const x = t * 6.283185307179586
  const x2 = x * x
  let term = x
  let sum = x
  for (let n = 2; n <= 22; n += 2) {
    term = (-term * x2) / (n * (n + 1))
    sum += term
  }
  return sign * sum
}

/** The logistic function 1 / (1 + e^-x). */
export function logistic(x: number): number {
  return 1 / (1 + exp(-x))
}

/**
 * Quantile of the standard normal for 0 < p < 1. Acklam's rational approximation (2003), relative error below 1.2e-9,
 * which is beyond what a sampled delay can show.
 */
export function normalQuantile(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * ln(p))
    return (
      (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    )
  }
  if (p > 1 - 0.02425) return -normalQuantile(1 - p)
  const q = p - 0.5
  const r = q * q
  return (
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
      1)
  )
}
