/*
 * Chance, of two kinds. A *stream* is a sequential generator for what is generated ahead of the run (weather, tapes):
 * seedrandom's alea, seeded by (seed, name, block), so any block of any weather can be made alone and in any order.
 * A *keyed draw* belongs to one thing (an attempt, a message): a hash of (seed, stream, a, b, c), so it is the same in
 * every arm of an experiment whatever else was drawn. Neither reads a clock or the environment.
 */
import alea from 'seedrandom/lib/alea.js'

/** Sequential uniform numbers in [0, 1) with 53 bits. */
export interface Stream {
  next(): number
}

/** The stream of (seed, name, block). Equal arguments, equal numbers; about 3 us to make. */
export function openStream(seed: number, name: string, block = 0): Stream {
  const generator = alea(`${seed}/${name}/${block}`)
  return { next: () => generator.double() }
}

/** Murmur3's 32-bit finaliser (Appleby, public domain): every input bit changes every output bit with odds of a half. */
function mix(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Names of keyed draws; the number is part of the key, so an entry is never renumbered. */
export const DRAW = {
  gateReject: 1,
  gateService: 2,
  backoffJitter: 3,
  gatewayService: 4,
  ackService: 5,
  dispatchJitter: 6,
  hostService: 7,
  linkJitter: 8,
  policy: 9,
  canary: 10,
  weather: 11,
  feed: 12,
  disconnect: 21
} as const

/** A uniform number in [0, 1) with 32 bits, fixed by its key. All parts are integers; larger ones are folded to 32 bits. */
export function keyedUniform(seed: number, draw: number, a: number, b = 0, c = 0): number {
  const h = mix((keyedWord(seed, draw, a, b) + Math.imul(c | 0, 0x27d4eb2f)) | 0)
  return (h >>> 0) / 4294967296
}

function keyedWord(seed: number, draw: number, a: number, b: number): number {
  let h = mix(seed ^ 0x9e3779b9)
  h = mix(h ^ Math.imul(Math.floor(seed / 4294967296) | 0, 0x27d4eb2f) ^ Math.imul(draw, 0x165667b1))
  h = mix((h + Math.imul(a | 0, 0x9e3779b1)) ^ Math.imul(Math.floor(a / 4294967296) | 0, 0x85ebca77))
  return mix((h + Math.imul(b | 0, 0xc2b2ae3d)) | 0)
}

/**
 * Many uniform numbers of one key, in any order: opening costs a keyed draw, each number two mixes. Two words of key, so that
 * the runs of different keys do not overlap.
 */
export class KeyedRun {
  private first = 0
  private second = 0

  open(seed: number, draw: number, a: number, b = 0): void {
    const h = keyedWord(seed, draw, a, b)
    this.first = mix((h + 0x27d4eb2f) | 0)
    this.second = mix(h ^ 0x165667b1)
  }

  /** Number `index` of the run, in [0, 1) with 32 bits. */
  at(index: number): number {
    return (this.word(index) >>> 0) / 4294967296
  }

  /** The 32 bits behind `at(index)`, as a signed integer. */
  word(index: number): number {
    return mix(mix((this.first + Math.imul(index, 0x9e3779b1)) | 0) ^ this.second)
  }
}
