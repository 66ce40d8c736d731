/* The hit index of a timeline: per block of rows, and per block of blocks, how far its rows reach into either side. Rows are given in order. */
import { sharedInt32 } from '../kernel/thread-memory.ts'
import type { Tape } from './tape.ts'
import { askHitKey, BLOCK_ROWS, bidHitKey, NO_ASK_HIT, NO_BID_HIT, SUPER_BLOCKS, type TimelineArrays } from './timeline.ts'

export type HitArrays = Pick<TimelineArrays, 'bidHitBlock' | 'bidHitSuper' | 'askHitBlock' | 'askHitSuper'>

export class HitIndex {
  private readonly tape: Tape
  private readonly bidHitBlock: Int32Array
  private readonly askHitBlock: Int32Array

  constructor(tape: Tape) {
    this.tape = tape
    const blockCount = Math.ceil(tape.count / BLOCK_ROWS)
    this.bidHitBlock = sharedInt32(blockCount).fill(NO_BID_HIT)
    this.askHitBlock = sharedInt32(blockCount).fill(NO_ASK_HIT)
  }

  /** Takes rows from..to-1. */
  add(from: number, to: number): void {
    const { bidHitBlock, askHitBlock } = this
    const { kind, side, flags, priceTicks } = this.tape
    for (let row = from; row < to; row++) {
      const block = Math.floor(row / BLOCK_ROWS)
      const bidKey = bidHitKey(kind[row], side[row], flags[row], priceTicks[row])
      if (bidKey < bidHitBlock[block]) bidHitBlock[block] = bidKey
      const askKey = askHitKey(kind[row], side[row], flags[row], priceTicks[row])
      if (askKey > askHitBlock[block]) askHitBlock[block] = askKey
    }
  }

  finish(): HitArrays {
    const { bidHitBlock, askHitBlock } = this
    const superCount = Math.ceil(bidHitBlock.length / SUPER_BLOCKS)
    const bidHitSuper = sharedInt32(superCount).fill(NO_BID_HIT)
    const askHitSuper = sharedInt32(superCount).fill(NO_ASK_HIT)
    for (let block = 0; block < bidHitBlock.length; block++) {
      const superBlock = Math.floor(block / SUPER_BLOCKS)
      if (bidHitBlock[block] < bidHitSuper[superBlock]) bidHitSuper[superBlock] = bidHitBlock[block]
      if (askHitBlock[block] > askHitSuper[superBlock]) askHitSuper[superBlock] = askHitBlock[block]
    }
    return { bidHitBlock, bidHitSuper, askHitBlock, askHitSuper }
  }
}
