/*
 * What one packet or message costs in the stages between socket and venue, each by itself: fq, tbf and TCP through the network stack,
 * the link with its events, its weather, and the clock of the feed. Each checks what came out, so a figure is of what it says.
 */
import { strict as assert } from 'node:assert'
import { Simulation } from '../src/kernel/simulation.ts'
import { NS_PER_MS, NS_PER_US } from '../src/kernel/units.ts'
import { ClampSchedule } from '../src/path/clamp.ts'
import { FeedClock } from '../src/path/feed-clock.ts'
import { LINK, LINK_WAY, Link, LinkWeather } from '../src/path/link.ts'
import { Messages } from '../src/path/messages.ts'
import { NetworkStack } from '../src/path/network-stack.ts'
import type { LinkOptions, QdiscOptions, SessionOptions } from '../src/path/options.ts'
import { PHASE } from '../src/path/phases.ts'
import { Reports } from '../src/path/reports.ts'
import { FQ, PATH_PRESETS, TBF } from '../src/scenario/path-presets.ts'
import { type Line, spreadOf } from './line.ts'
import { type Timing, time } from './meter.ts'

const BATCH = 20_000
const CALLS = 16
/** A slice of small children sent together, then a pause in which they drain: 25 x 242 bytes at 200 kB/s take 30 ms. */
const BURST = 25
const SEND_NS = 3 * NS_PER_US
const PAUSE_NS = 40 * NS_PER_MS
const RATE = 200_000

const [UDP] = PATH_PRESETS.colo.sessions
const CAPPED: SessionOptions = { ...UDP, maxPacingRateBytesPerSecond: RATE }
const TCP: SessionOptions = { ...CAPPED, transport: 'tcp', headerBytes: 66, rttNs: 10 * NS_PER_MS }

/** A day of weather in every look: consecutive decisions are some ms apart. */
const STEP_NS = 0.3 * NS_PER_MS
const LASTING: LinkOptions = { ...PATH_PRESETS.colo.link, weatherCorrelationNs: 50 * NS_PER_MS }

export function measureEgress(nsPerEvent: number): Line[] {
  const line = (what: string, timing: Timing): Line => {
    const ns = (timing.medianMs * 1e6) / BATCH
    const ratio = `${(ns / nsPerEvent).toFixed(1)} x queue`
    return { what, figure: `${ns.toFixed(0)} ns`, spread: spreadOf(timing), ratio, target: { text: '< 1000 ns', met: ns < 1000 } }
  }
  const stack = (what: string, session: SessionOptions, qdisc: QdiscOptions): Line => line(what, timeStack(session, qdisc))
  return [
    stack('a datagram through fq, unpaced', UDP, FQ),
    stack(`a datagram through fq, bursts of ${BURST} in blocks`, CAPPED, FQ),
    stack(`a datagram through fq, bursts of ${BURST} spaced one by one`, CAPPED, { ...FQ, lowRateThresholdBytesPerSecond: RATE }),
    stack(`a datagram through tbf, bursts of ${BURST}`, UDP, { ...TBF, rateBytesPerSecond: RATE }),
    stack(`a message through TCP over fq, bursts of ${BURST}`, TCP, FQ),
    line('a message over the link: sent, carried, arrived (three events)', timeLink(PATH_PRESETS.colo.link)),
    line('link weather, independent blocks', timeWeather(PATH_PRESETS.colo.link)),
    line('link weather, correlated over 50 ms', timeWeather(LASTING)),
    line('the instant seen by the feed, independent blocks', timeFeed(PATH_PRESETS.colo.link)),
    line('the instant seen by the feed, correlated over 50 ms', timeFeed(LASTING))
  ]
}

function timeStack(session: SessionOptions, qdisc: QdiscOptions): Timing {
  let sent = 0
  const events = {
    onMessageSent: () => {
      sent++
    },
    onMessageDropped: () => undefined,
    onMessageRefused: () => undefined,
    onPacket: () => undefined
  }
  const stack = new NetworkStack({ sessions: [session], qdisc, machine: PATH_PRESETS.colo.machine }, events)
  let nowNs = 0
  let handed = 0
  const timing = time(
    qdisc.kind,
    () => {
      for (let burst = 0; burst < BATCH / BURST; burst++) {
        for (let i = 0; i < BURST; i++) {
          const sendNs = nowNs + i * SEND_NS
          stack.runUntil(sendNs)
          stack.send(0, i, session.newMessageBytes, sendNs)
        }
        nowNs += PAUSE_NS
      }
      handed += BATCH
      stack.runUntil(nowNs)
    },
    CALLS
  )
  assert.equal(sent, handed, 'every message has left')
  return timing
}

function timeLink(options: LinkOptions): Timing {
  return time(
    'link',
    () => {
      const simulation = new Simulation()
      const messages = new Messages()
      const link = new Link(simulation, messages, new Reports(), options, new ClampSchedule([]), 1)
      const target = simulation.register(link)
      let arrived = 0
      const venue = simulation.register({
        name: 'venue',
        onEvent: () => {
          arrived++
        }
      })
      const hop = { target: venue, kind: 0, phase: PHASE.upstream }
      link.connect({ up: hop, down: hop })
      const message = messages.add(MESSAGE)
      const host = simulation.register({
        name: 'host',
        onEvent: (_kind, sent) => {
          simulation.at(simulation.nowNs, PHASE.upstream, target, LINK.up, message)
          if (sent < BATCH) simulation.at(simulation.nowNs + STEP_NS, PHASE.hostTimer, host, 0, sent + 1)
        }
      })
      simulation.at(0, PHASE.hostTimer, host, 0, 1)
      simulation.run({ endNs: Number.MAX_SAFE_INTEGER, eventCountMax: 4 * BATCH })
      assert.equal(arrived, BATCH, 'every message has arrived')
    },
    CALLS
  )
}

const MESSAGE = {
  type: 0,
  session: 0,
  venue: 0,
  parent: 0,
  child: 0,
  ledgerRow: 0,
  retryIndex: 0,
  side: 1,
  priceTicks: 100,
  lots: 1,
  timeInForce: 0,
  postOnly: false,
  clientOrderId: 0,
  bytes: UDP.newMessageBytes
}

function timeWeather(options: LinkOptions): Timing {
  const weather = new LinkWeather(options, new ClampSchedule([]), 1)
  let nowNs = 0
  let longestNs = 0
  const timing = time(
    'weather',
    () => {
      for (let i = 0; i < BATCH; i++) {
        const delayNs = weather.delayNs(LINK_WAY.up, nowNs)
        if (delayNs > longestNs) longestNs = delayNs
        nowNs += STEP_NS
      }
    },
    CALLS
  )
  assert(longestNs > options.delayNs, 'there is weather')
  return timing
}

function timeFeed(options: LinkOptions): Timing {
  const clock = new FeedClock(options, new ClampSchedule([]), 1)
  let nowNs = 0
  let seenNs = 0
  const timing = time(
    'feed',
    () => {
      for (let i = 0; i < BATCH; i++) {
        seenNs = clock.instantNs(nowNs)
        nowNs += STEP_NS
      }
    },
    CALLS
  )
  assert(seenNs < nowNs - options.feedDelayNs, 'the feed is late')
  return timing
}
