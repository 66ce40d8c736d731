import type { ParentOrder } from '../../src/order/parent.ts'
import type { ExecutionOptions } from '../../src/policy/options.ts'
import { createPolicy } from '../../src/policy/policy.ts'
import { FakeDesk } from './fake-desk.ts'

/* A buy of 100 lots over 10 slices of 100 ns from 1000 to 2000: 10 lots due at 1000, 1100, …; takes from 60 ns into a slice. */
const PARENT: ParentOrder = {
  parentId: 0,
  venue: 0,
  side: 1,
  quantityLots: 100,
  startNs: 1000,
  endNs: 2000,
  limitTicks: Number.NaN
}
const PLAIN: ExecutionOptions = {
  schedule: { kind: 'twap' },
  sliceNs: 100,
  childLotsMax: 1000,
  tactic: 'passive-then-take',
  urgency: [],
  takeAfterShare: 0.6,
  takeThroughTicks: 0,
  limitFromStartTicks: Number.POSITIVE_INFINITY,
  participationMax: Number.POSITIVE_INFINITY,
  repriceTicks: 1,
  minimumRestNs: 0,
  reprice: 'replace',
  cancelImbalance: 1,
  catchUp: 'full',
  catchUpShare: 1,
  finishNs: 0
}

export function open(options: Partial<ExecutionOptions> = {}, parent: Partial<ParentOrder> = {}): FakeDesk {
  const order = { ...PARENT, ...parent }
  return new FakeDesk(order, createPolicy(order, { ...PLAIN, ...options }))
}
