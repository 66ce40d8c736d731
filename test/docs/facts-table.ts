/* The markets of docs/generated-markets.md, and the lines that their facts make. Recorded days are read where they lie; absent ones have no lines. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { generateTape } from '../../src/market/generator.ts'
import type { GeneratorOptions } from '../../src/market/generator-options.ts'
import { type GeneratorPreset, generatorOptions } from '../../src/market/generator-presets.ts'
import { type MarketFacts, marketFacts } from '../../src/metrics/market-facts.ts'
import type { Figure } from '../../src/metrics/quantile.ts'
import { fitGenerator } from '../../src/model/generator-fit.ts'
import { importLobsterFiles } from '../../src/node/lobster-import.ts'

const HOUR_NS = 3600e9

/** Preset, and the part of its session that is generated. */
const GENERATED: readonly [preset: GeneratorPreset, session: Partial<GeneratorOptions>][] = [
  ['liquid', { openNs: 10 * HOUR_NS, closeNs: 11 * HOUR_NS }],
  ['large-cap', { openNs: 10 * HOUR_NS, closeNs: 11 * HOUR_NS }],
  ['mid', {}],
  ['mid-cap', {}],
  ['thin', {}],
  ['perpetual', { openNs: 10 * HOUR_NS, closeNs: 11 * HOUR_NS }]
]

/** Name, message file, whether an orderbook file lies beside it. */
const RECORDED: readonly [name: string, messages: string, orderbook: boolean][] = [
  ['AMZN, 5 levels', 'AMZN_2012-06-21_34200000_57600000_message_5', true],
  ['AAPL, 1 level', 'AAPL_2012-06-21_34200000_57600000_message_1', true],
  ['AAPL, 50 levels, an hour', 'AAPL_2012-06-21_34200000_37800000_message_50', false]
]

const fileOf = (name: string): string => fileURLToPath(new URL(`../../../shared/data/lobster/${name}.csv.gz`, import.meta.url))

export const areRecordedPresent = RECORDED.every(([, messages]) => existsSync(fileOf(messages)))

interface Market {
  readonly name: string
  readonly facts: MarketFacts
}

export function presetMarkets(): Market[] {
  return GENERATED.map(([preset, session]) => ({
    name: preset,
    facts: marketFacts(generateTape(generatorOptions(preset, session), 1))
  }))
}

/** The recorded days, each followed by a tape of the options fitted to it, of another seed than the fit's. */
export async function recordedMarkets(): Promise<Market[]> {
  const markets: Market[] = []
  for (const [name, messages, orderbook] of RECORDED) {
    const files = { messages: fileOf(messages) }
    const tape = await importLobsterFiles(
      orderbook ? { ...files, orderbook: fileOf(messages.replace('message', 'orderbook')) } : files
    )
    const facts = marketFacts(tape)
    const { options } = fitGenerator(tape.header, facts)
    markets.push({ name, facts }, { name: `like ${name}`, facts: marketFacts(generateTape(options, 2)) })
  }
  return markets
}

const fixed = (decimals: number, ...values: Figure[]): string =>
  values.map((value) => (value === null ? '-' : value.toFixed(decimals))).join(' ')
const percent = (...values: Figure[]): string =>
  values.map((value) => (value === null ? '-' : (100 * value).toFixed(0))).join(' ')
const seconds = (...values: Figure[]): string =>
  values.map((ns) => (ns === null ? '-' : Number((ns / 1e9).toPrecision(2)).toString())).join(' ')

function fiveLevels({ book }: MarketFacts): Figure {
  const lots = [...book.bidLots.slice(0, 5), ...book.askLots.slice(0, 5)]
  return lots.includes(null) ? null : lots.reduce<number>((sum, value) => sum + (value ?? 0), 0) / 2
}

type Column = readonly [head: string, cell: (facts: MarketFacts) => string]

/** The document's tables by heading. */
export const TABLES: Readonly<Record<string, readonly Column[]>> = {
  Book: [
    ['spread, ticks: mean, 95 %', ({ book }) => fixed(1, book.spreadTicksMean, book.spreadTicksP95)],
    ['lots at a best price', ({ book }) => fixed(0, book.bidLots[0], book.askLots[0])],
    ['lots in five levels', (facts) => fixed(0, fiveLevels(facts))],
    ['ticks to level 2, 5', ({ book }) => fixed(1, book.levelTicks[0], book.levelTicks[3])],
    ['joins better, at, behind, %', ({ lives }) => percent(lives.improvingShare, lives.atBestShare, lives.behindShare)],
    [
      'filled with 0, 1, 2-3, 4-7 orders ahead, %',
      ({ lives }) => percent(...lives.fillByRank.slice(0, 4).map((rank) => rank.filledShare))
    ]
  ],
  Flow: [
    ['rows per s', ({ flow }) => fixed(1, flow.perSecond)],
    ['adds per s', ({ flow }) => fixed(2, flow.kinds.add?.perSecond ?? null)],
    ['deletes per add', ({ flow }) => fixed(2, flow.deletesPerAdd)],
    ['life to cancel, s: 25 50 75 %', ({ lives }) => seconds(...lives.cancelledNs.slice(0, 3))],
    ['cancelled in 1, 10, 100 ms, %', ({ lives }) => percent(...lives.cancelledWithin.slice(0, 3))],
    ['variance / mean in 10 ms, 1 s, 60 s', ({ flow }) => fixed(0, ...flow.countDispersion)],
    ['gap, median / mean', ({ flow }) => fixed(3, flow.gapMedianShare)]
  ],
  'Takes and price': [
    ['takes per s', ({ takes }) => fixed(2, takes.perSecond)],
    ['lots', ({ takes }) => fixed(0, takes.lotsMean)],
    ['hidden, %', ({ flow }) => percent(flow.hiddenShare)],
    ['sign memory, lag 1 5 20', ({ takes }) => fixed(2, takes.signMemory[0], takes.signMemory[2], takes.signMemory[4])],
    ['mid after 1, 10, 100 rows, ticks', ({ takes }) => fixed(2, ...takes.impactTicks)],
    ['bps per root s over 1, 10, 60, 300 s', ({ mid }) => fixed(2, ...[0, 2, 3, 4].map((lag) => mid.bpsPerRootSecond[lag]))],
    ['kurtosis of 1 s, 10 s moves', ({ mid }) => fixed(0, ...mid.kurtosis)]
  ]
}

/** One line per table, by heading. */
export function linesOf({ name, facts }: Market): Record<string, string> {
  return Object.fromEntries(
    Object.entries(TABLES).map(([heading, columns]) => [
      heading,
      `| ${[name, ...columns.map(([, cell]) => cell(facts))].join(' | ')} |`
    ])
  )
}

/** The document with these markets' lines in place of the tables' old ones: all lines, in order. */
export function withTables(document: string, markets: readonly Market[]): string {
  const lines = markets.map(linesOf)
  return document.replace(/^## (.+)\n\n(?:\|.*\n)+/gm, (_, heading: string) => {
    const columns = TABLES[heading]
    const head = `| market | ${columns.map(([name]) => name).join(' | ')} |`
    const rule = `|${' --- |'.repeat(columns.length + 1)}`
    return `## ${heading}\n\n${[head, rule, ...lines.map((entry) => entry[heading])].join('\n')}\n`
  })
}
