/*
 * Gateway and ack server against the closed forms of M/M/1, M/D/1 and M/G/1 (lognormal service): the mean wait of Pollaczek and Khinchine,
 * load * mean service * (1 + scv) / (2 (1 - load)), within 3 %, when all messages are our own and when two of three are strangers'.
 *
 * How sure that is: a mean is that of RUNS independent runs (seeds 1 to RUNS, the first WARM_UP messages of each left out), corrected for
 * how much more or less work than was due the runs drew (a control variate with a known mean of 0: half of the variance), and its
 * standard error is measured by what spread is left. Each case asserts that it is at most 1 % of the closed form: a right model fails a case
 * with a probability of 0.3 % at most (three standard errors), and a mean that is 6 % off passes as rarely.
 */
import { describe, expect, it } from 'vitest'
import type { Law } from '../../src/kernel/law.ts'
import { DRAW, keyedUniform, openStream } from '../../src/kernel/random.ts'
import type { Component, Source } from '../../src/kernel/simulation.ts'
import { REPORT_TYPE } from '../../src/order/words.ts'
import { ACKS, AckServer } from '../../src/path/acks.ts'
import { ClampSchedule } from '../../src/path/clamp.ts'
import { GATEWAY, Gateway } from '../../src/path/gateway.ts'
import { uniformTableOf } from '../../src/path/quantile-table.ts'
import { messageUniform } from '../../src/path/refusal.ts'
import { THROTTLE_OFF } from '../../src/scenario/venue-throttles.ts'
import { Rig } from './stage-rig.ts'

const MEAN_NS = 10_000
const RUNS = 40
const WARM_UP = 2_000
const START_NS = 1_000_000_000

const SIGMA = 0.5
const LAWS: [name: string, law: Law, scv: number][] = [
  ['M/M/1', { law: 'exponential', meanNs: MEAN_NS }, 1],
  ['M/D/1', { law: 'constant', valueNs: MEAN_NS }, 0],
  // Median such that the mean is the same; scv = e^(sigma^2) - 1.
  ['M/G/1', { law: 'lognormal', medianNs: MEAN_NS * Math.exp(-(SIGMA ** 2) / 2), sigma: SIGMA }, Math.exp(SIGMA ** 2) - 1]
]

/**
 * Messages of all runs together for M/M/1. The variance of a mean wait over n messages is load (load^3 - 4 load^2 + 5 load + 2) / ((1 -
 * load)^4 n) in units of service times squared (Daley 1968), before the correction.
 */
const COUNTS: Readonly<Record<number, number>> = { 0.3: 320_000, 0.6: 440_000, 0.9: 3_000_000 }
/** With strangers the correction sees a third of the work only: more of the same. */
const STRANGERS_FACTOR = 1.9

/** A stage under test: how a message comes in, when each came, and the service that it drew. */
interface Stage {
  readonly rig: Rig
  arrive(): void
  onLeave(listener: (row: number) => void): void
  arrivalNs(row: number): number
  serviceNs(row: number): number
}

/** Hands what leaves a stage to a listener. */
class Exit implements Component {
  readonly name = 'exit'
  listener: (subject: number) => void = () => undefined
  onEvent(_kind: number, subject: number): void {
    this.listener(subject)
  }
}

/** Poisson arrivals as a source: they never wait in the event queue. */
class Arrivals implements Source {
  private readonly next: () => number
  private readonly gapNs: number
  private readonly arrive: () => void
  private left: number
  private atNs = START_NS

  constructor(seed: number, count: number, gapNs: number, arrive: () => void) {
    this.next = openStream(seed, 'arrivals').next
    this.left = count
    this.gapNs = gapNs
    this.arrive = arrive
  }

  nextNs(): number {
    return this.left > 0 ? Math.floor(this.atNs) : Number.POSITIVE_INFINITY
  }

  step(): void {
    this.left--
    this.arrive()
    this.atNs -= Math.log(1 - this.next()) * this.gapNs
  }
}

function gatewayStage(law: Law, backgroundLoad: number, seed: number): Stage {
  const rig = new Rig()
  const options = { service: law, backgroundLoad, queueCountMax: 1e9, throttle: THROTTLE_OFF }
  const gateway = new Gateway(rig.simulation, rig.messages, rig.reports, options, new ClampSchedule([]), seed)
  const exit = new Exit()
  const self = rig.simulation.register(gateway)
  const hop = { target: rig.simulation.register(exit), kind: 0, phase: 2 }
  gateway.connect({ self, engine: hop, disconnect: hop, acks: hop, logout: hop })
  return {
    rig,
    arrive: () => gateway.onEvent(GATEWAY.up, rig.message()),
    onLeave(listener) {
      exit.listener = listener
    },
    arrivalNs: (message) => rig.messages.gatewayNs.values[message],
    serviceNs: (message) => serviceNs(law, messageUniform(seed, DRAW.gatewayService, rig.messages, message))
  }
}

function ackStage(law: Law, backgroundLoad: number, seed: number): Stage {
  const rig = new Rig()
  const acks = new AckServer(
    rig.simulation,
    rig.reports,
    { service: law, backgroundLoad, whileDown: 'sent' },
    new ClampSchedule([]),
    seed
  )
  const exit = new Exit()
  acks.connect({ self: rig.simulation.register(acks), down: { target: rig.simulation.register(exit), kind: 0, phase: 3 } })
  const madeNs = rig.reports.madeNs
  return {
    rig,
    arrive() {
      const report = rig.report('filled', rig.reports.count)
      madeNs.values[report] = rig.simulation.nowNs
      acks.onEvent(ACKS.down, report)
    },
    onLeave(listener) {
      exit.listener = listener
    },
    arrivalNs: (report) => madeNs.values[report],
    serviceNs: (report) => serviceNs(law, keyedUniform(seed, DRAW.ackService, report, REPORT_TYPE.of.filled, 0))
  }
}

/** The stages' own sampling of the law: whole ns. */
function serviceNs(law: Law, u: number): number {
  return Math.floor(uniformTableOf(law).sampleNs(u))
}

/** Mean wait of a run, ns, and by how much (a share) the work it drew exceeds what was due in its time. */
function observe(stage: Stage, seed: number, count: number, gapNs: number): { waitNs: number; excess: number } {
  let row = 0
  let waitNs = 0
  let serviceNs = 0
  stage.onLeave((subject) => {
    if (subject !== row) throw new Error('first in, first out')
    if (row++ < WARM_UP) return
    const ownNs = stage.serviceNs(subject)
    waitNs += stage.rig.simulation.nowNs - stage.arrivalNs(subject) - ownNs
    serviceNs += ownNs
  })
  stage.rig.simulation.addSource(new Arrivals(seed, count, gapNs, stage.arrive))
  stage.rig.simulation.run({ endNs: Number.MAX_SAFE_INTEGER, eventCountMax: 1e9 })
  expect(row).toBe(count)
  const counted = count - WARM_UP
  const spanNs = stage.arrivalNs(count - 1) - stage.arrivalNs(WARM_UP - 1)
  return { waitNs: waitNs / counted, excess: serviceNs / counted / MEAN_NS - spanNs / counted / gapNs }
}

describe.each([
  ['gateway', gatewayStage],
  ['ack server', ackStage]
] as const)('the %s', (_, stageOf) => {
  describe.each(LAWS)('waits as long as %s', (_, law, scv) => {
    it('message by message: the work that the one before left behind, less the time since (Lindley), to the ns', () => {
      const stage = stageOf(law, 0, 7)
      let wait = 0
      let beforeNs = Number.NEGATIVE_INFINITY
      let beforeServiceNs = 0
      let waited = 0
      stage.onLeave((row) => {
        wait = Math.max(0, wait + beforeServiceNs - (stage.arrivalNs(row) - beforeNs))
        beforeNs = stage.arrivalNs(row)
        beforeServiceNs = stage.serviceNs(row)
        if (wait > 0) waited++
        expect(stage.rig.simulation.nowNs).toBe(beforeNs + wait + beforeServiceNs)
      })
      stage.rig.simulation.addSource(new Arrivals(7, 2_000, MEAN_NS / 0.8, stage.arrive))
      stage.rig.simulation.run({ endNs: Number.MAX_SAFE_INTEGER, eventCountMax: 1e9 })
      expect(waited).toBeGreaterThan(1_000)
    })

    it.each([
      [0.3, 0],
      [0.6, 0],
      [0.9, 0],
      [0.3, 0.2],
      [0.6, 0.4],
      [0.9, 0.6]
    ])('at load %d, of which strangers have %d', (load, strangers) => {
      const own = load - strangers
      // The variance falls with that of the service; strangers fill the time between our own.
      const messages = COUNTS[load] * ((1 + scv) / 2) * (own / load) * (strangers > 0 ? STRANGERS_FACTOR : 1)
      const count = WARM_UP + Math.ceil(messages / RUNS)
      const expectedNs = (load * MEAN_NS * (1 + scv)) / (2 * (1 - load))
      const runs = Array.from({ length: RUNS }, (_, run) =>
        observe(stageOf(law, strangers, run + 1), run + 1, count, MEAN_NS / own)
      )
      const { mean, standardError } = corrected(
        runs.map(({ waitNs }) => waitNs / expectedNs),
        runs.map(({ excess }) => excess)
      )
      expect(standardError).toBeLessThan(0.01)
      expect(Math.abs(mean - 1)).toBeLessThan(0.03)
    })
  })
})

/** Least squares of the values on a control whose mean is 0: the value where the control is 0. */
function corrected(values: readonly number[], control: readonly number[]): { mean: number; standardError: number } {
  const count = values.length
  const meanOf = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / count
  const valueMean = meanOf(values)
  const controlMean = meanOf(control)
  const slope =
    meanOf(values.map((value, i) => (value - valueMean) * (control[i] - controlMean))) /
    meanOf(control.map((value) => (value - controlMean) ** 2))
  const rest = values.map((value, i) => value - valueMean - slope * (control[i] - controlMean))
  const variance = (meanOf(rest.map((value) => value ** 2)) * count) / (count - 2)
  return { mean: valueMean - slope * controlMean, standardError: Math.sqrt(variance / count) }
}
