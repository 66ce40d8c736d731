/* tailtax import: recorded days to a tape. */
import type { Format } from '../../formats/format.ts'
import { FORMATS } from '../../formats/formats.ts'
import { InputError } from '../../kernel/assert.ts'
import { alignColumns } from '../../report/text-table.ts'
import { type Command, JSON_OPTION, type Values } from '../command.ts'
import { IMPORT_OPTIONS, readImportOptions } from '../import-options.ts'
import { willWrite } from '../interruption.ts'
import { formatOf, importDays } from '../market-import.ts'
import { paintFor, print, printJson } from '../output.ts'
import { openProgress } from '../progress.ts'
import { hashTape, writeTape } from '../tape-store.ts'

export const IMPORT: Command = {
  usage: 'import [format] [files..]',
  describe: `Makes a tape from a recorded day, or of several: their files in order with a + between the days. Files may be plain, .gz or .zst. Formats: ${FORMATS.map(({ name }) => name).join(', ')} (--list tells of each).`,
  options: {
    list: { type: 'boolean', describe: 'list the formats, with what each can and cannot give' },
    out: { type: 'string', requiresArg: true, describe: 'the tape to write (Parquet)' },
    messages: { type: 'string', requiresArg: true, describe: 'lobster: the message file, as the first file' },
    orderbook: { type: 'string', requiresArg: true, describe: 'lobster: the orderbook file, as the second' },
    ...IMPORT_OPTIONS,
    json: JSON_OPTION
  },
  examples: [
    ['--list', 'the formats'],
    [
      'lobster AMZN_2012-06-21_34200000_57600000_message_5.csv AMZN_2012-06-21_34200000_57600000_orderbook_5.csv --out amzn.parquet',
      'imports a LOBSTER day'
    ],
    [
      'lobster monday_message.csv monday_orderbook.csv + tuesday_message.csv tuesday_orderbook.csv --out days.parquet',
      'two days, one tape'
    ]
  ],
  async run(values) {
    if (values.flag('list')) return values.flag('json') ? printJson({ formats: FORMATS }) : print(formatTable())
    const name = values.text('format')
    if (name === undefined) throw new InputError('import: a format is missing; tailtax import --list shows them')
    const format = importFormat(name)
    const files = filesOf(values, format)
    const out = values.needed('out')
    const options = readImportOptions(values)
    const progress = openProgress()
    const tape = await importDays(format, files, options, (file, read, all) => {
      progress.say(`importing ${file}: ${all > 0 ? `${Math.floor((100 * read) / all)} %` : `${read} bytes`}`)
    })
    progress.say(`writing ${out}`)
    willWrite(out)
    await writeTape(out, tape)
    const { tapeFacts } = await import('../tape-facts.ts')
    const { tapeReport } = await import('../../report/tape.ts')
    const facts = tapeFacts(tape, hashTape(tape))
    progress.clear()
    if (values.flag('json')) printJson({ out, ...facts })
    else print(tapeReport(facts, await paintFor(process.stdout)))
  }
}

function importFormat(name: string): Format {
  try {
    return formatOf(name)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError(`import: ${error.message}`)
  }
}

function filesOf(values: Values, format: Format): string[] {
  const named = [values.text('messages'), values.text('orderbook')].filter((file) => file !== undefined)
  if (named.length > 0 && format.name !== 'lobster') {
    throw new InputError(`import: --messages and --orderbook are for lobster; give the files of ${format.name} by themselves`)
  }
  if (values.text('messages') === undefined && named.length > 0) throw new InputError('--messages is missing')
  const files = [...named, ...values.list('files')]
  if (files.length === 0) throw new InputError(`import: the files are missing; ${format.name} takes ${format.files}`)
  return files
}

function formatTable(): string {
  const tick = (given: boolean): string => (given ? 'yes' : '-')
  const rows = FORMATS.map(({ name, book, trades, hidden, gaps, title }) => [
    name,
    book,
    tick(trades),
    tick(hidden),
    tick(gaps),
    title
  ])
  const table = alignColumns(
    [['format', 'book', 'trades', 'hidden', 'gaps', 'what it is'], ...rows],
    ['left', 'left', 'left', 'left', 'left', 'left']
  )
  const notes = FORMATS.map(({ name, files, source }) => [name, files, source])
  return [
    ...table,
    '',
    'book L3: single orders, so exact queues; L2: totals of levels. hidden: executions of orders that were not shown. gaps: holes in the',
    'feed can be seen.',
    '',
    ...alignColumns([['format', 'files', 'written from'], ...notes], ['left', 'left', 'left']),
    ''
  ].join('\n')
}
