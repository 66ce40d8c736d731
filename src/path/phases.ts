/*
 * The order of events that fall on one nanosecond: recorded rows first (they are sources, before any event), then what
 * arrives at a stage on its way to the venue, then answers on their way back, then what reaches the host, its timers, its finished work, and last
 * those who only observe. A tie is decided here and by call order, never by an array's index.
 */
export const PHASE = {
  clamp: 0,
  upstream: 1,
  engine: 2,
  downstream: 3,
  hostData: 4,
  hostTimer: 5,
  hostWork: 6,
  observe: 7
} as const
