/*
 * The words of an order's life, one meaning each. Parent order (the mandate) -> child order (one working order) -> attempt
 * (one try to send it; a retry is a new attempt) -> dispatch (handed to the socket) -> wire (left the qdisc) -> arrival ->
 * ack or reject -> fill -> cancel-ack or cancel-reject. Integers inside, these strings in ledgers and scenarios.
 */
import { code } from '../kernel/code.ts'

/** +1 buys, -1 sells; also the resting side: +1 bid, -1 ask. */
export type Side = 1 | -1

export const MESSAGE_TYPE = code('new', 'replace', 'cancel')

export const TIME_IN_FORCE = code('day', 'ioc', 'fok')

/** What a tactic is for; caps and sessions are set per class (tx-pacing playbook, section 6 A). */
export const TACTIC = code('passive', 'take', 'catch-up', 'liquidation')

/** Who refused: nobody, the risk gate, the venue's throttle, the venue's engine, the session, the desk itself. */
export const REJECTED_BY = code('none', 'gate', 'throttle', 'engine', 'session', 'desk')

/** Normalised reasons (reject-loop playbook, sections 6 and 10): distinct classes are never mixed into one label. */
export const REASON = code(
  'none',
  'risk-size',
  'risk-notional',
  'risk-rate',
  'risk-open-orders',
  'risk-stress',
  'throttled',
  'throttle-queue-full',
  'session-down',
  'send-buffer-full',
  'packet-dropped',
  'post-only-would-cross',
  'duplicate',
  'unknown-order',
  'too-late',
  'already-pending',
  'halted',
  'crossed-book',
  'no-liquidity',
  'timeout',
  'retry-budget',
  'message-rate-cap',
  'end-of-parent',
  'self-match',
  'price-collar'
)

/** How an attempt ended. `unanswered`: the run ended first. */
export const ATTEMPT_OUTCOME = code('pending', 'accepted', 'rejected', 'timeout', 'unanswered', 'held')

/** How a child ended. */
export const CHILD_OUTCOME = code('open', 'filled', 'cancelled', 'expired', 'rejected', 'aborted')

/** How a cancel request ended (ack-rules: too late is a reject with the order already done). */
export const CANCEL_OUTCOME = code('pending', 'acked', 'too-late', 'rejected', 'unanswered')

export const LIQUIDITY = code('maker', 'taker')

/**
 * Why an own order filled. `take`: it crossed on arrival. `behind`: an execution at its price hit an order behind it.
 * `through`: an execution printed at a worse price. `crossed`: a recorded order of the other side would have met it.
 * `hidden`: a hidden execution printed at or through its price.
 */
export const FILL_CAUSE = code('take', 'behind', 'through', 'crossed', 'hidden')

/** What comes back from the venue side to the desk. */
export const REPORT_TYPE = code(
  'accepted',
  'rejected',
  'filled',
  'expired',
  'cancelled',
  'cancel-rejected',
  'replaced',
  'replace-rejected',
  'session-up'
)
