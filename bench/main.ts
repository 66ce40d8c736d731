/*
 * The benchmark: one table of figures with their targets, and ratios against a reference of the same run. Nothing of it is a
 * test: a figure depends on the machine, and on what else it does.
 */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { generateTape } from '../src/market/generator.ts'
import { generatorOptions } from '../src/market/generator-presets.ts'
import { measureEgress } from './egress.ts'
import { measureEventQueue } from './event-queue.ts'
import { measureBinaryImports, measureImport, measureTextImports } from './import.ts'
import { type Line, skipped, tableOf } from './line.ts'
import { measureLobsterDay } from './lobster-day.ts'
import { findLobsterDay } from './lobster-files.ts'
import { measureParentsAlone } from './parents-alone.ts'
import { measureStages } from './stages.ts'
import { measureTimeline } from './timeline.ts'

const ABSENT = 'the recorded day is not beside the project'

/** Says on stderr what is being measured: the table takes a minute or two. */
function say(what: string): void {
  process.stderr.write(`measuring ${what}\n`)
}

function measureWorldsAlone(nsPerEvent: number): Line[] {
  const file = fileURLToPath(new URL('worlds-alone.js', import.meta.url))
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', file, String(nsPerEvent)], { encoding: 'utf8' }))
}

const load = loadavg()[0]
say('the event queue, the import and the timeline')
const { line: calibration, nsPerEvent } = measureEventQueue()
const lines: Line[] = [calibration]
const day = findLobsterDay()
if (day === null) {
  lines.push(...measureTimeline('generated', generateTape(generatorOptions('liquid'), 7), nsPerEvent))
  lines.push(skipped('import of the AMZN L5 day', ABSENT))
} else {
  const { line, tape } = await measureImport(day, nsPerEvent)
  lines.push(...measureTimeline('AMZN L5', tape, nsPerEvent), line)
}
say('the import of binary formats')
lines.push(...(await measureBinaryImports(nsPerEvent)))
lines.push(...(await measureTextImports(nsPerEvent)))
say('stages')
lines.push(...measureStages(nsPerEvent))
lines.push(...measureEgress(nsPerEvent))
say('worlds')
lines.push(...measureWorldsAlone(nsPerEvent))
say('the market alone')
lines.push(...measureParentsAlone())
say('the comparison of a day')
if (day === null) lines.push(skipped('compare lobster-day', ABSENT))
else lines.push(...measureLobsterDay(day, nsPerEvent))

const [{ model }] = cpus()
console.log(`Node ${process.version}, ${cpus().length} x ${model}; load average ${load.toFixed(1)} at the start\n`)
console.log(tableOf(lines))
