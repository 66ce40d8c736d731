/* tailtax import: a recorded day to a tape. */
import { InputError } from '../../kernel/assert.ts'
import { TapeDays } from '../../market/tape-days.ts'
import { type Command, JSON_OPTION } from '../command.ts'
import { willWrite } from '../interruption.ts'
import { importLobsterFiles } from '../lobster-import.ts'
import { paintFor, print, printJson } from '../output.ts'
import { openProgress } from '../progress.ts'
import { hashTape, writeTape } from '../tape-store.ts'

const FORMATS = ['lobster']

export const IMPORT: Command = {
  usage: 'import <format>',
  describe: 'Makes a tape from a recorded day. Formats: lobster (message and orderbook files, plain or .gz).',
  options: {
    messages: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'the message file; repeatable: several days in order make one tape'
    },
    orderbook: {
      type: 'string',
      requiresArg: true,
      describe: 'the orderbook file; needed for files of limited depth; repeatable, one for each message file'
    },
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'the tape to write (Parquet)' },
    'tick-size': { type: 'string', requiresArg: true, describe: 'smallest price step, default 0.01' },
    symbol: { type: 'string', requiresArg: true, describe: "when the file's name does not say it" },
    date: { type: 'string', requiresArg: true, describe: "YYYY-MM-DD, when the file's name does not say it" },
    json: JSON_OPTION
  },
  examples: [
    [
      'lobster --messages AMZN_2012-06-21_34200000_57600000_message_5.csv --orderbook AMZN_2012-06-21_34200000_57600000_orderbook_5.csv --out amzn.parquet',
      'imports a LOBSTER day'
    ]
  ],
  async run(values) {
    const format = values.needed('format')
    if (!FORMATS.includes(format)) throw new InputError(`import: "${format}" is not a format; there is ${FORMATS.join(', ')}`)
    const messages = values.list('messages')
    const orderbooks = values.list('orderbook')
    if (orderbooks.length > 0 && orderbooks.length !== messages.length) {
      throw new InputError(
        `--orderbook: is given ${orderbooks.length} times and --messages ${messages.length} times; give one of each for every day`
      )
    }
    const out = values.needed('out')
    const symbol = values.text('symbol')
    const date = values.text('date')
    if (date !== undefined && messages.length > 1)
      throw new InputError("--date: is of one day; several have theirs in the files' names")
    const progress = openProgress()
    const days = new TapeDays()
    for (const [index, file] of messages.entries()) {
      progress.say(`importing ${file}`)
      const orderbook = orderbooks[index]
      const day = await importLobsterFiles(orderbook === undefined ? { messages: file } : { messages: file, orderbook }, {
        tick: values.text('tick-size') ?? '0.01',
        ...(symbol === undefined ? {} : { symbol }),
        ...(date === undefined ? {} : { date })
      })
      days.add(day)
    }
    const tape = days.finish()
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
