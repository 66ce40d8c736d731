/* Clamps, to ClampOptions: their shapes, the venue that they name, and what cannot be. */
import { InputError } from '../kernel/assert.ts'
import { ClampSchedule, checkClamp } from '../path/clamp.ts'
import type { ClampOptions } from '../path/options.ts'
import { ScenarioFault } from './fault.ts'
import type { ClampInput } from './schema.ts'
import { venueNumber } from './venue-names.ts'

const DAY_NS = 86_400e9

/** Capacities, as against intensities and delays: a factor of 0 would stop the world for good. */
const CAPACITIES: readonly string[] = ['session.maxPacingRate', 'qdisc.rate', 'gateway.rate', 'acks.rate']

/** Of the host: of no venue. */
const SHARED: readonly string[] = ['qdisc.rate', 'host.faults']

/** Targets whose factor is integrated, so that all its edges have to be held. */
const INTEGRATED = ['gateway.rate', 'acks.rate'] as const

/** Errors: ScenarioFault. */
export function resolveClamps(given: readonly ClampInput[], venueNames: readonly string[]): ClampOptions[] {
  const clamps = given.map((clamp, index) => resolveClamp(clamp, index, venueNames))
  venueNames.forEach((_, venue) => {
    const schedule = new ClampSchedule(clamps, venue)
    for (const target of INTEGRATED) {
      try {
        schedule.of(target).clock()
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        const last = clamps.findLastIndex((clamp) => clamp.target === target && (clamp.venue ?? venue) === venue)
        throw new ScenarioFault(['clamps', last], error.message)
      }
    }
  })
  return clamps
}

function resolveClamp(given: ClampInput, index: number, venueNames: readonly string[]): ClampOptions {
  const at = ['clamps', index]
  const { venue } = given
  if (venue !== undefined && SHARED.includes(given.target)) {
    throw new ScenarioFault([...at, 'venue'], `has no meaning for ${given.target}, which all venues share; leave it out`)
  }
  const clamp: ClampOptions = {
    target: given.target,
    ...(venue === undefined ? {} : { venue: venueNumber(venue, venueNames, [...at, 'venue']) }),
    shape: shapeOf(given),
    startNs: given.from ?? 0,
    endNs: given.to ?? DAY_NS
  }
  if (clamp.endNs <= clamp.startNs) throw new ScenarioFault([...at, 'to'], 'must be after from')
  try {
    checkClamp(clamp)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new ScenarioFault(at, error.message)
  }
  const { shape } = clamp
  const factors = shape.shape === 'ramp' ? [shape.from, shape.to] : shape.shape === 'curve' ? shape.factors : [shape.factor]
  if (CAPACITIES.includes(clamp.target) && factors.some((factor) => factor === 0)) {
    const key = shape.shape === 'step' ? 'factor' : shape.shape
    throw new ScenarioFault(
      [...at, key],
      `takes ${clamp.target} to 0, and nothing would ever leave; use a small factor such as 0.01`
    )
  }
  return clamp
}

function shapeOf(given: ClampInput): ClampOptions['shape'] {
  if ('factor' in given) return { shape: 'step', factor: given.factor }
  if ('ramp' in given) return { shape: 'ramp', from: given.ramp[0], to: given.ramp[1] }
  if ('pulse' in given) return { shape: 'pulse', factor: given.pulse.factor, periodNs: given.pulse.period, onNs: given.pulse.on }
  return { shape: 'curve', atNs: given.curve.map(({ at }) => at), factors: given.curve.map(({ factor }) => factor) }
}
