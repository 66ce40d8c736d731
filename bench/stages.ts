/*
 * Stages of the venue's side by themselves: what a message costs in the throttle under each law, in the risk gate and in the gateway.
 * For the throttle that is a call; for gate and gateway all that is done for a message, with the events that it takes to leave (one at the
 * gate, two at the gateway: served, passed on) and a share of the strangers' work at the gateway. Arrivals come from outside the queue.
 */
import { keyedUniform } from '../src/kernel/random.ts'
import { type Component, Simulation, type Source } from '../src/kernel/simulation.ts'
import { MESSAGE_TYPE } from '../src/order/words.ts'
import { ClampSchedule } from '../src/path/clamp.ts'
import { GATE, Gate } from '../src/path/gate.ts'
import { GATEWAY, Gateway } from '../src/path/gateway.ts'
import { Messages } from '../src/path/messages.ts'
import type { GateOptions, GatewayOptions, ThrottleOptions } from '../src/path/options.ts'
import { Reports } from '../src/path/reports.ts'
import { Throttle } from '../src/path/throttle.ts'
import { NO_GATE } from '../src/scenario/path-presets.ts'
import { THROTTLE_OFF, THROTTLE_PRESETS } from '../src/scenario/venue-throttles.ts'
import { type Line, spreadOf } from './line.ts'
import { type Timing, time } from './meter.ts'

const BATCH = 100_000
const CALLS = 12
const MEAN_GAP_NS = 20_000
const SECOND = 1_000_000_000

/** Gaps between messages, and their types: one cancel in three. */
const gapsNs = new Float64Array(4096)
const types = new Uint8Array(4096)
for (let i = 0; i < gapsNs.length; i++) {
  gapsNs[i] = Math.floor(-Math.log(1 - keyedUniform(1, 0, i)) * MEAN_GAP_NS)
  types[i] = keyedUniform(1, 1, i) < 1 / 3 ? MESSAGE_TYPE.of.cancel : MESSAGE_TYPE.of.new
}

/** At 50 000 messages a second: about half of the messages pass. */
const LAWS: [name: string, options: ThrottleOptions][] = [
  ['fixed window, clock', { ...THROTTLE_OFF, window: 'fixed-clock', limit: 25_000 }],
  ['fixed window, first message', { ...THROTTLE_OFF, window: 'fixed-first', limit: 25_000 }],
  ['sliding window', { ...THROTTLE_OFF, window: 'sliding', limit: 25_000 }],
  ['token bucket', { ...THROTTLE_OFF, window: 'token-bucket', limit: 25_000, burst: 100 }],
  ['leaky credits, weights by age', { ...THROTTLE_PRESETS.kraken, limit: 1_000, refill: 50_000, windowNs: SECOND }],
  ['two limits beside another (Binance)', THROTTLE_PRESETS['binance-spot']],
  ['second limit, cancels apart (CME)', THROTTLE_PRESETS['cme-ilink']]
]

/** CME's rules with so much room that all pass. */
const ROOMY_CME: ThrottleOptions = {
  ...THROTTLE_PRESETS['cme-ilink'],
  limit: 200_000,
  disconnectLimit: 300_000,
  cancelLimit: 200_000,
  cancelDisconnectLimit: 300_000,
  also: [{ ...THROTTLE_PRESETS['cme-msgw'], limit: 1_000 }]
}

export function measureStages(nsPerEvent: number): Line[] {
  const lineOf = (what: string, timing: Timing): Line => {
    const ns = (timing.medianMs * 1e6) / BATCH
    return {
      what,
      figure: `${ns.toFixed(0)} ns`,
      spread: spreadOf(timing),
      ratio: `${(ns / nsPerEvent).toFixed(2)} x queue`,
      target: { text: '< 1000 ns', met: ns < 1000 }
    }
  }
  return [
    ...LAWS.map(([name, options]) => lineOf(`a message at a throttle: ${name}`, time(name, throttleBatch(options), CALLS))),
    lineOf('a message through the risk gate, hazard on', time('gate', gateBatch, CALLS)),
    lineOf(
      'a message through the gateway, no throttle',
      time('gateway', () => gatewayBatch(THROTTLE_OFF), CALLS)
    ),
    lineOf(
      'a message through the gateway, CME limits and its in-flight limit',
      time('gateway', () => gatewayBatch(ROOMY_CME), CALLS)
    )
  ]
}

function throttleBatch(options: ThrottleOptions): () => void {
  const throttle = new Throttle(options)
  let nowNs = 0
  return () => {
    for (let i = 0; i < BATCH; i++) {
      const turn = i & 4095
      nowNs += gapsNs[turn]
      throttle.decide(nowNs, types[turn], turn & 1, 1, gapsNs[turn] * 1_000_000)
    }
  }
}

/** Messages that come one after the other, outside the event queue; one table of them for all batches. */
class Arrivals implements Source {
  private row = 0
  private atNs = 0
  private readonly arrive: (message: number) => void

  constructor(arrive: (message: number) => void) {
    this.arrive = arrive
  }

  nextNs(): number {
    return this.row < BATCH ? this.atNs : Number.POSITIVE_INFINITY
  }

  step(): void {
    this.arrive(this.row)
    this.atNs += gapsNs[this.row++ & 4095]
  }
}

class Exit implements Component {
  readonly name = 'exit'
  onEvent(): void {}
}

const messages = new Messages()
for (let i = 0; i < BATCH; i++) {
  messages.add({
    type: types[i & 4095],
    session: 0,
    venue: 0,
    parent: 0,
    child: i,
    ledgerRow: -1,
    retryIndex: 0,
    side: 1,
    priceTicks: 100,
    lots: 1,
    timeInForce: 0,
    postOnly: false,
    clientOrderId: i,
    bytes: 100
  })
}

const SERVICE = { law: 'lognormal', medianNs: 10_000, sigma: 0.5 } as const
const GATE_OPTIONS: GateOptions = {
  ...NO_GATE,
  service: { ...SERVICE, medianNs: 5_000 },
  hazard: { intercept: -6, utilisation: 2, burst: 1, latencyJitter: 1, stress: 1 }
}

function gateBatch(): void {
  const simulation = new Simulation()
  const gate = new Gate(simulation, messages, new Reports(), GATE_OPTIONS, new ClampSchedule([]), 1)
  const exit = { target: simulation.register(new Exit()), kind: 0, phase: 1 }
  gate.connect({ up: exit, down: exit })
  simulation.addSource(new Arrivals((message) => gate.onEvent(GATE.up, message)))
  simulation.run({ endNs: Number.MAX_SAFE_INTEGER, eventCountMax: 1e9 })
}

function gatewayBatch(throttle: ThrottleOptions): void {
  const simulation = new Simulation()
  const options: GatewayOptions = { service: SERVICE, backgroundLoad: 0.3, queueCountMax: 100_000, throttle }
  const gateway = new Gateway(simulation, messages, new Reports(), options, new ClampSchedule([]), 1)
  const self = simulation.register(gateway)
  const exit = { target: simulation.register(new Exit()), kind: 0, phase: 2 }
  gateway.connect({ self, engine: exit, disconnect: exit, acks: exit, logout: exit })
  simulation.addSource(new Arrivals((message) => gateway.onEvent(GATEWAY.up, message)))
  simulation.run({ endNs: Number.MAX_SAFE_INTEGER, eventCountMax: 1e9 })
}
