/* tailtax inspect: what a tape or a kept run holds. */
import { statSync } from 'node:fs'
import { InputError } from '../../kernel/assert.ts'
import { parseClockNs, parseDurationNs } from '../../kernel/units.ts'
import { formatPrice } from '../../market/tape.ts'
import type { VenuesFigures } from '../../metrics/by-venue.ts'
import { marketFacts } from '../../metrics/market-facts.ts'
import { summarise } from '../../metrics/run-metrics.ts'
import { childStory, parentStory } from '../../metrics/story.ts'
import { controllerTimeline } from '../../metrics/timeline.ts'
import { BLOCK_GAP_NS, wireBlocks } from '../../metrics/wire-blocks.ts'
import { marketFactsReport } from '../../report/market-facts.ts'
import { storyReport } from '../../report/story.ts'
import { tapeReport } from '../../report/tape.ts'
import { timelineReport } from '../../report/timeline.ts'
import { venuesReport } from '../../report/venues.ts'
import { wireReport } from '../../report/wire.ts'
import { exportBook } from '../book-export.ts'
import { type Command, JSON_OPTION, type Values } from '../command.ts'
import { fileError } from '../file-error.ts'
import { willWrite } from '../interruption.ts'
import { paintFor, print, printJson } from '../output.ts'
import { readManifest, readRun } from '../run-store.ts'
import { exportRows } from '../tape-export.ts'
import { tapeFacts } from '../tape-facts.ts'
import { hashTape, readTape } from '../tape-store.ts'

export const INSPECT: Command = {
  usage: 'inspect <target>',
  describe:
    'Says what a tape is, or what its market is like, or writes its rebuilt book or its rows; or tells the life of one order of a run directory, or pictures what left for the wire.',
  options: {
    facts: {
      type: 'boolean',
      describe: 'tape: its stylised facts: spread, depth, rates, lives, sizes, memory, impact, volatility, fills by rank'
    },
    book: { type: 'boolean', describe: 'tape: write the book after every recorded row, as CSV' },
    depth: { type: 'string', requiresArg: true, describe: 'with --book: levels of each side, default 1' },
    rows: { type: 'boolean', describe: 'tape: write its rows as CSV, which import csv makes the same tape of' },
    out: { type: 'string', requiresArg: true, describe: 'with --book or --rows: the CSV file' },
    parent: { type: 'string', requiresArg: true, describe: 'run: the story of this parent order' },
    child: { type: 'string', requiresArg: true, describe: 'run: the story of this child order' },
    timeline: { type: 'boolean', describe: 'run: what the controllers saw, became and asked for, in order of time' },
    wire: { type: 'boolean', describe: 'run: a picture of what left for the wire, block by block' },
    session: { type: 'string', requiresArg: true, describe: 'with --wire: this session alone' },
    from: { type: 'string', requiresArg: true, describe: 'with --facts, --wire or --timeline: from this time of day on' },
    to: { type: 'string', requiresArg: true, describe: 'with --facts, --wire or --timeline: before this time of day' },
    gap: { type: 'string', requiresArg: true, describe: 'with --wire: departures closer than this are one block, default 1ms' },
    json: JSON_OPTION
  },
  examples: [
    ['day.parquet', 'rows, touch and import notes of a tape'],
    ['day.parquet --facts --from 10:00 --to 11:00', 'its stylised facts in that hour'],
    ['day.parquet --book --depth 5 --out book.csv', 'the rebuilt book'],
    ['day.parquet --rows --out rows.csv', 'its rows'],
    ['out/run --parent 3', 'what happened to parent 3, in order of time'],
    ['out/run --wire --from 09:35 --to 09:35:01', 'how one second of messages left']
  ],
  async run(values) {
    const target = values.needed('target')
    let isDirectory: boolean
    try {
      isDirectory = statSync(target).isDirectory()
    } catch (error) {
      throw fileError(target, error)
    }
    await (isDirectory ? inspectRun(target, values) : inspectTape(target, values))
  }
}

function refuse(values: Values, names: readonly string[], what: string): void {
  for (const name of names) {
    if (values.text(name) !== undefined || values.flag(name)) throw new InputError(`--${name}: is for ${what}`)
  }
}

const WIRE_OPTIONS = ['session', 'from', 'to', 'gap'] as const

/** The value of an option in a notation with units. */
function parsed(values: Values, name: string, parse: (text: string) => number): number | undefined {
  const text = values.text(name)
  if (text === undefined) return undefined
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`--${name}: ${error.message}`)
  }
}

function readSpan(values: Values): { fromNs: number; untilNs: number } {
  const fromNs = parsed(values, 'from', parseClockNs) ?? 0
  const untilNs = parsed(values, 'to', parseClockNs) ?? Number.POSITIVE_INFINITY
  if (untilNs <= fromNs) throw new InputError('--to: must be after --from')
  return { fromNs, untilNs }
}

async function inspectWire(directory: string, values: Values): Promise<void> {
  refuse(values, ['parent', 'child'], 'the story of an order; leave out --wire')
  const session = values.whole('session', 0, 255)
  const { fromNs, untilNs: toNs } = readSpan(values)
  const blockGapNs = parsed(values, 'gap', parseDurationNs) ?? BLOCK_GAP_NS
  if (blockGapNs === 0) throw new InputError('--gap: must be longer than 0')
  const { manifest, ledger } = await readRun(directory)
  const all = wireBlocks(ledger, { fromNs, toNs, blockGapNs })
  const sessions = session === undefined ? all : all.filter((wire) => wire.session === session)
  const { policy, seed } = manifest
  if (values.flag('json')) printJson({ policy, seed, blockGapNs, sessions })
  else print(wireReport(sessions, { blockGapNs }))
}

async function inspectTimeline(directory: string, values: Values): Promise<void> {
  refuse(values, ['parent', 'child'], 'the story of an order; leave out --timeline')
  refuse(values, ['wire', 'session', 'gap'], 'the picture of the wire; leave out --timeline')
  const { fromNs, untilNs } = readSpan(values)
  const { manifest, ledger } = await readRun(directory)
  const events = controllerTimeline(ledger).filter(({ atNs }) => atNs >= fromNs && atNs < untilNs)
  const { policy, seed } = manifest
  if (values.flag('json')) printJson({ policy, seed, events })
  else print(timelineReport(events, { venueNames: manifest.tapes.map(({ venue }) => venue) }))
}

async function inspectTape(path: string, values: Values): Promise<void> {
  refuse(values, ['parent', 'child', 'timeline', 'wire', 'session', 'gap'], 'a run directory, and this is a file')
  const wantsFacts = values.flag('facts')
  if (!wantsFacts) refuse(values, ['from', 'to'], 'the facts of a tape, or the picture of the wire; add --facts')
  if (wantsFacts) refuse(values, ['book', 'rows'], 'what is written of a tape; leave out --facts')
  if (!values.flag('book')) refuse(values, ['depth'], 'the rebuilt book; add --book')
  else refuse(values, ['rows'], 'the rows of a tape; leave out --book')
  if (!values.flag('book') && !values.flag('rows')) refuse(values, ['out'], 'the rebuilt book or the rows; add --book or --rows')
  const tape = await readTape(path)
  if (values.flag('book')) {
    const out = values.needed('out')
    willWrite(out)
    const rows = exportBook(tape, values.whole('depth', 1, 10_000) ?? 1, out)
    if (values.flag('json')) printJson({ out, rows })
    else print(`${rows} rows in ${out}\n`)
    return
  }
  if (values.flag('rows')) {
    const out = values.needed('out')
    willWrite(out)
    exportRows(tape, out)
    if (values.flag('json')) printJson({ out, rows: tape.count })
    else print(`${tape.count} rows in ${out}\n`)
    return
  }
  if (wantsFacts) {
    const facts = marketFacts(tape, readSpan(values))
    if (values.flag('json')) printJson(facts)
    else print(marketFactsReport(facts, await paintFor(process.stdout)))
    return
  }
  const facts = tapeFacts(tape, hashTape(tape))
  if (values.flag('json')) printJson(facts)
  else print(tapeReport(facts, await paintFor(process.stdout)))
}

async function inspectRun(directory: string, values: Values): Promise<void> {
  refuse(values, ['book', 'facts', 'depth', 'out'], 'a tape, and this is a directory')
  if (values.flag('timeline')) return inspectTimeline(directory, values)
  if (values.flag('wire')) return inspectWire(directory, values)
  refuse(values, WIRE_OPTIONS, 'the picture of the wire; add --wire')
  const parent = values.whole('parent', 0)
  const child = values.whole('child', 0)
  if (parent !== undefined && child !== undefined) throw new InputError('--child: give either --parent or --child')
  if (parent === undefined && child === undefined) {
    const manifest = readManifest(directory)
    const { kind, policy, seed, events, ledgerHash } = manifest
    const venues = manifest.kind === 'run' && manifest.tapes.length > 1 ? await venuesOf(directory) : undefined
    if (values.flag('json')) return printJson(venues === undefined ? manifest : { ...manifest, venues })
    const tapes = manifest.tapes
      .map(({ venue, header, rows }) => `${header.symbol} on ${venue}, ${header.date}, ${rows} rows`)
      .join('; ')
    print(
      `${kind}${policy === undefined ? '' : ` of ${policy}`}, seed ${seed}\n${tapes}\n${events} events, ledger ${ledgerHash}\n${venues === undefined ? '' : `\n${venuesReport(venues)}`}`
    )
    return
  }
  const { manifest, ledger } = await readRun(directory)
  const story = parent === undefined ? childStory(ledger, child ?? 0) : parentStory(ledger, parent)
  if (story === null) {
    const [what, id, count] =
      parent === undefined ? ['child', child, ledger.children.count] : ['parent', parent, ledger.parents.count]
    throw new InputError(`${directory}: there is no ${what} ${id}; the run has ${count}, from 0`)
  }
  if (values.flag('json')) printJson(story)
  else {
    const venueNames = manifest.tapes.map(({ venue }) => venue)
    const priceText = (ticks: number): string => formatPrice(manifest.tapes[story.venue].header, ticks)
    print(storyReport(story, { formatPrice: priceText, venueNames }))
  }
}

/** What each venue of a run was sent, refused and filled. */
async function venuesOf(directory: string): Promise<VenuesFigures> {
  const { manifest, ledger } = await readRun(directory)
  const headers = manifest.tapes.map(({ header }) => header)
  return summarise(ledger, { headers, venueNames: manifest.tapes.map(({ venue }) => venue) }).venues
}
