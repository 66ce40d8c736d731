/*
 * The market's rules M1-M13, M16 and M17 as small tables with expectations derived by hand: any Market must meet them.
 */
import type { RuleCase } from './case-runner.ts'
import { auctions, impacts, selfMatches } from './rules/arrival-cases.ts'
import { consumption, instants, levels } from './rules/book-cases.ts'
import { queuesByPrice, tradesByPrice, wholeFills } from './rules/by-price-cases.ts'
import { crossings, prints } from './rules/crossing-cases.ts'
import { amendments, joins, takes } from './rules/entry-cases.ts'
import { executions } from './rules/execution-cases.ts'
import { phases, queue } from './rules/queue-cases.ts'
import { touches } from './rules/touch-cases.ts'

export { type MakeMarket, type RuleCase, runCase } from './case-runner.ts'

export const RULE_CASES: readonly RuleCase[] = [
  ...instants,
  ...levels,
  ...consumption,
  ...takes,
  ...joins,
  ...executions,
  ...prints,
  ...crossings,
  ...queue,
  ...phases,
  ...touches,
  ...amendments,
  ...tradesByPrice,
  ...queuesByPrice,
  ...wholeFills,
  ...selfMatches,
  ...impacts,
  ...auctions
]
