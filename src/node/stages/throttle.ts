/* The venue's throttle by itself: messages in, what became of each out. Config: the keys of path.gateway.throttle. */
import { InputError } from '../../kernel/assert.ts'
import { stageSummary } from '../../metrics/stage-summary.ts'
import { MESSAGE_TYPE, REASON } from '../../order/words.ts'
import { driveThrottle, THROTTLE_OUTCOME } from '../../path/drive-throttle.ts'
import { parseThrottleStage } from '../../scenario/stage-config.ts'
import { cellOf, countReason, readArrivals, type Stage, writeDepartures } from './stage.ts'

/** Sessions of a gateway. */
const SESSION_COUNT_MAX = 256

export const THROTTLE_STAGE: Stage = {
  describe:
    'in: tNs,session,type (new, replace, cancel); out: these and outcome,releaseNs,reason; config: as path.gateway.throttle',
  async run(call) {
    const options = parseThrottleStage(call.config)
    const [tNs, session, type] = await readArrivals(call, [
      { name: 'tNs', ascending: true },
      { name: 'session' },
      { name: 'type', words: MESSAGE_TYPE.names }
    ])
    const count = tNs.length
    const numbers = new Map<number, number>()
    for (const id of session) if (!numbers.has(id)) numbers.set(id, numbers.size)
    if (numbers.size > SESSION_COUNT_MAX) {
      throw new InputError(`${call.arrivals}: has ${numbers.size} sessions; a gateway takes at most ${SESSION_COUNT_MAX}`)
    }
    const arrivals = { count, tNs, session: Uint8Array.from(session, (id) => numbers.get(id) ?? 0), type }
    const { outcome, releaseNs, reason } = driveThrottle(options, arrivals, call.seed)
    call.progress.say(`writing ${call.out}`)
    writeDepartures(call.out, 'tNs,session,type,outcome,releaseNs,reason', (row) => {
      for (let i = 0; i < count; i++) {
        const words = `${MESSAGE_TYPE.names[type[i]]},${THROTTLE_OUTCOME.names[outcome[i]]}`
        const why = reason[i] === REASON.of.none ? '' : REASON.names[reason[i]]
        row(`${tNs[i]},${session[i]},${words},${cellOf(releaseNs[i])},${why}`)
      }
    })
    const drops = new Map<string, number>()
    const outcomes = new Map<string, number>()
    for (let i = 0; i < count; i++) {
      countReason(outcomes, THROTTLE_OUTCOME.names[outcome[i]])
      if (reason[i] !== REASON.of.none) countReason(drops, REASON.names[reason[i]])
    }
    const waitsNs = releaseNs.map((ns, i) => ns - tNs[i]).filter(Number.isFinite)
    // Sessions are held by themselves, so releases need not be in the order of arrival.
    const releases = releaseNs.filter(Number.isFinite).sort()
    return { ...stageSummary(count, waitsNs, releases, drops), outcomes: Object.fromEntries(outcomes) }
  }
}
