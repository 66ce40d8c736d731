/*
 * Why an own order filled, as the market says it: M4 take; M6 behind, through, crossed, hidden. The words and numbers of
 * order/words.ts, again because this room imports the kernel only; a test holds the two tables equal.
 */
import { code } from '../kernel/code.ts'

export const MARKET_FILL_CAUSE = code('take', 'behind', 'through', 'crossed', 'hidden')
