/* Every binary format, damaged in every way of the rig. */
import { deflateRawSync } from 'node:zlib'
import { DBN } from '../../src/formats/dbn.ts'
import { HFTBACKTEST } from '../../src/formats/hftbacktest.ts'
import { ITCH_FILE } from '../../src/formats/itch.ts'
import { ITCH_PCAP } from '../../src/formats/itch-pcap.ts'
import { type DepthLevel, dbn, FLAG, mbo, mbp, status } from './dbn-encoder.ts'
import { eventArray, npz } from './event-array.ts'
import { fuzzFormat } from './fuzz.ts'
import { dayFile, frame, message, moldPacket, OPEN, pcap, pcapng } from './itch-encoder.ts'

const T = OPEN
const DAY = [
  message.system(1, 'O'),
  message.directory(3, 'ABC'),
  message.trading(3, 2, 'ABC', 'T'),
  message.add(3, T, 1, 'B', 100, 'ABC', 100_000),
  message.add(3, T + 5, 2, 'S', 50, 'ABC', 100_200),
  message.execute(3, T + 6, 2, 20),
  message.trade(3, T + 7, 'B', 5, 'ABC', 100_150),
  message.replace(3, T + 8, 1, 4, 80, 100_100),
  message.executeAtPrice(3, T + 9, 4, 10, 'Y', 100_050),
  message.cancel(3, T + 10, 4, 20),
  message.delete(3, T + 11, 2),
  message.cross(3, T + 12, 1000, 'ABC', 100_100)
]

fuzzFormat({
  format: ITCH_FILE,
  options: { date: '2020-01-02' },
  // Between two messages a file may end.
  files: [{ name: 'day.itch', bytes: dayFile(DAY) }],
  cutMayBeWhole: true
})

fuzzFormat({
  format: ITCH_PCAP,
  files: [
    {
      name: 'day.pcap',
      bytes: pcap([frame(moldPacket('S1', 1, DAY.slice(0, 4))), frame(moldPacket('S1', 5, DAY.slice(4)), 1)], {
        nanoseconds: true
      })
    }
  ],
  cutMayBeWhole: true
})

fuzzFormat({
  format: { ...ITCH_PCAP, name: 'itch-pcap as pcapng' },
  files: [{ name: 'day.pcapng', bytes: pcapng([frame(moldPacket('S1', 1, DAY)), frame(moldPacket('S1', 1, DAY))]) }],
  cutMayBeWhole: true
})

fuzzFormat({
  format: { ...DBN, name: 'dbn, MBO' },
  files: [
    {
      name: 'day.dbn',
      bytes: dbn([
        mbo('R', 'N', { flags: FLAG.snapshot }),
        mbo('A', 'B', { id: 1, price: 5000.25, size: 5, flags: FLAG.snapshot | FLAG.last }),
        mbo('A', 'A', { at: 5, id: 2, price: 5000.5, size: 4 }),
        mbo('T', 'B', { at: 7, price: 5000.5, size: 1, flags: 0 }),
        mbo('F', 'A', { at: 7, id: 2, price: 5000.5, size: 1, flags: 0 }),
        mbo('C', 'A', { at: 7, id: 2, price: 5000.5, size: 1 }),
        mbo('M', 'B', { at: 9, id: 1, price: 5000, size: 7 }),
        status(11, 8, 'N')
      ])
    }
  ],
  cutMayBeWhole: true
})

const EMPTY: DepthLevel = [null, 0, null, 0]
const LEVELS = Array.from({ length: 10 }, (_, at): DepthLevel => [100 - at, 5 + at, 101 + at, 6 + at])
fuzzFormat({
  format: { ...DBN, name: 'dbn, MBP-10' },
  files: [
    {
      name: 'depth.dbn',
      bytes: dbn(
        [
          mbp('A', 'B', { at: 1, price: 100, size: 5 }, LEVELS),
          mbp('C', 'B', { at: 4, price: 100, size: 5 }, [...LEVELS.slice(0, 8), EMPTY, EMPTY])
        ],
        { version: 1 }
      )
    }
  ],
  cutMayBeWhole: true
})

const EVENTS = eventArray([
  { kind: 'depth', side: 1, at: 1, px: 100.5, qty: 0.25 },
  { kind: 'depth', side: -1, at: 2, px: 100.75, qty: 1.5 },
  { kind: 'trade', side: 1, at: 3, px: 100.75, qty: 0.5 },
  { kind: 'clear', side: -1, at: 4, px: 100.75, qty: 0 },
  { kind: 'snapshot', side: -1, at: 4, px: 101, qty: 2 }
])
fuzzFormat({ format: { ...HFTBACKTEST, name: 'hftbacktest, plain' }, files: [{ name: 'day.npy', bytes: EVENTS }] })
fuzzFormat({
  format: { ...HFTBACKTEST, name: 'hftbacktest, deflated' },
  files: [{ name: 'day.npz', bytes: npz(EVENTS, (bytes) => deflateRawSync(bytes)) }],
  // Behind the array stands the archive's directory, which is not needed.
  cutMayBeWhole: true
})
