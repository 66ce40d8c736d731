import { describe, expect, it } from 'vitest'
import { formatPrice } from '../../src/market/tape.ts'
import { childStory, parentStory, type Story } from '../../src/metrics/story.ts'
import { formatCount, formatFixed, formatSigned, formatSpan } from '../../src/report/format.ts'
import { storyReport } from '../../src/report/story.ts'
import { type TapeFacts, tapeReport } from '../../src/report/tape.ts'
import { alignColumns, wrap } from '../../src/report/text-table.ts'
import { FIX_ORDERS } from '../../src/scenario/path-presets.ts'
import { HEADER } from '../metrics/rows.ts'
import { runRaces, scripted } from '../simulate/race-rig.ts'
import { madeLedger } from './made-comparison.ts'

const PRICES = { formatPrice: (ticks: number) => formatPrice(HEADER, ticks), venueNames: ['NORTH'] }

function told(story: Story | null): Story {
  if (story === null) throw new Error('the ledger has no such order')
  return story
}

describe('the story of an order', () => {
  const ledger = madeLedger(1, 1, 20)

  it('tells a parent in order of time: intent, refusal, retry, join, cancel that loses its race', () => {
    const { events } = told(parentStory(ledger, 1))
    expect(events.map(({ atNs }) => atNs)).toEqual(events.map(({ atNs }) => atNs).sort((a, b) => a - b))
    const lines = storyReport(told(parentStory(ledger, 1)), PRICES).split('\n')
    const order = [
      'starts 100 lots',
      'throttle: GREEN to RED, rejectRate 0.5',
      'intended 100 lots at 99.99 (mid 100.00|100.01): passive, day, 2ms after schedule',
      'on the wire',
      'answer read: rejected, by throttle, throttled',
      'new decided 100 lots at 99.99: retry 1',
      'at the engine: 300 lots ahead',
      'answer read: accepted',
      'cancel decided 100 lots',
      'filled 100 lots at 100.01 (mid 99.99|100.00): maker, through, while a cancel was pending',
      'answer read: too-late, by engine, too-late',
      'done 100 lots: filled',
      'horizon ends (mid 100.00)'
    ]
    let from = 0
    for (const what of order) {
      const at = lines.findIndex((line, index) => index >= from && line.includes(what))
      expect(at, what).toBeGreaterThanOrEqual(from)
      from = at + 1
    }
    // The refused attempt: gateway at +3.5 ms, answer read at +4 ms: a step of 500 us.
    expect(lines.find((line) => line.includes('by throttle'))).toMatch(
      /^09:30:01\.004 +4\.000 +500us +child 1 attempt 2 +answer read/
    )
  })

  it('tells how long an order was pending, and what happened to it meanwhile', () => {
    const { ledger: raced } = runRaces(
      { ...FIX_ORDERS, inFlightMitigation: false },
      1,
      scripted([
        'deliver',
        'send',
        'read', // live
        'replace 4@100',
        'fill 2',
        'deliver',
        'send', // 2 of 4 fill, then 4 are open
        'send',
        'read',
        'read', // the fill and the confirmation are read
        'cancel',
        'fill 3',
        'send',
        'deliver',
        'send',
        'read',
        'read'
      ])
    )
    const lines = storyReport(told(parentStory(raced, 0)), PRICES).split('\n')
    const find = (what: string): number => lines.findIndex((line) => line.includes(what))
    // Steps are 1 us apart: the replace is sent at the 4th and its answer read at the 10th; the cancel at the 11th and the 17th.
    const told4 = [
      'replace decided 4 lots',
      'filled 2 lots at 1.00 (mid 1.01): maker, behind, while a replace was pending',
      'answer read: accepted, replace was pending for 6us',
      'cancel decided 4 lots',
      'filled 3 lots at 1.00 (mid 1.01): maker, behind, while a cancel was pending',
      'answer read: acked, cancel was pending for 6us',
      'done 5 lots: cancelled, overfilled by 1: a fill raced a replace'
    ]
    expect(told4.filter((what) => find(what) < 0)).toEqual([])
    expect(told4.map(find)).toEqual(told4.map(find).sort((a, b) => a - b))
  })

  it('tells one child alone, with the stall that it met', () => {
    // The stall of 2 ms at 09:30:00 is child 0's; child 1 is scheduled a second later.
    const text = storyReport(told(childStory(ledger, 0)), PRICES)
    expect(text).toContain('host stalls: major')
    expect(text).toContain('host runs again: work waited 2ms')
    expect(text).not.toContain('child 1')
    expect(storyReport(told(childStory(ledger, 1)), PRICES)).not.toContain('host stalls')
  })

  it('tells an attempt that got no answer', () => {
    const unanswered = madeLedger(1, 0, 20)
    unanswered.attempts.col.ackNs[1] = Number.NaN
    unanswered.attempts.col.outcome[1] = 3
    expect(storyReport(told(childStory(unanswered, 0)), PRICES)).toContain('no answer read: timeout')
  })

  it('cuts a long story in the middle and says so', () => {
    const story = told(parentStory(ledger, 1))
    const text = storyReport(story, { ...PRICES, eventCountMax: 10 })
    expect(text).toContain(`... ${story.events.length - 10} events left out ...`)
    // Title, blank, head, ten events, the cut, the end of the last line.
    expect(text.split('\n').length).toBe(1 + 1 + 1 + 10 + 1 + 1)
    expect(text).toContain('horizon ends')
  })

  it('is null for an order that the ledger does not have', () => {
    expect(parentStory(ledger, 99)).toBeNull()
    expect(childStory(ledger, 99)).toBeNull()
  })
})

describe('the report of a tape', () => {
  const facts: TapeFacts = {
    symbol: 'TEST',
    venue: 'XTST',
    date: '2024-01-02',
    zone: 'America/New_York',
    tickSize: '0.01',
    lotSize: '1',
    source: 'made by hand',
    openNs: 34_200e9,
    closeNs: 57_600e9,
    rowCount: 4,
    firstNs: 34_200.5e9,
    lastNs: 34_300e9,
    rowsByKind: { add: 3, execute: 1, halt: 0 },
    tradedLots: 1234,
    notes: { resyncRows: 7 },
    touch: {
      spreadTicksMean: 1.5,
      spreadTicksP50: 1,
      spreadTicksP95: 3,
      twoSidedShare: 0.99,
      crossedShare: 0,
      bidLotsMean: 10,
      askLotsMean: 20,
      lowMid: '99.995',
      highMid: '101.00'
    }
  }

  it('says what it is, by kind and in time', () => {
    const text = tapeReport(facts)
    expect(text.split('\n')[0]).toBe('TEST on XTST, 2024-01-02')
    expect(text).toContain('4 from 09:30:00.5 to 09:31:40')
    expect(text).toMatch(/add {6}3 {2}75\.00 %/)
    expect(text).toMatch(/execute {2}1 {2}25\.00 %/)
    expect(text).not.toContain('halt')
    expect(text).toContain('mean 1.50, p50 1, p95 3')
    expect(text).toMatch(/resyncRows +7\n$/)
  })

  it('of no rows has no times and no touch', () => {
    const none = { spreadTicksMean: null, spreadTicksP50: null, spreadTicksP95: null, twoSidedShare: null, crossedShare: null }
    const touch = { ...none, bidLotsMean: null, askLotsMean: null, lowMid: null, highMid: null }
    const text = tapeReport({ ...facts, rowCount: 0, firstNs: null, lastNs: null, rowsByKind: {}, notes: {}, touch })
    expect(text).toContain('0 from - to -')
    expect(text).not.toMatch(/NaN|null|undefined/)
  })
})

describe('figures in text', () => {
  it('keep their decimals, group thousands and know no negative zero', () => {
    expect(formatFixed(-0.001, 2)).toBe('0.00')
    expect(formatFixed(null, 2)).toBe('-')
    expect(formatSigned(1.005, 1)).toBe('+1.0')
    expect(formatSigned(-0.04, 1)).toBe('0.0')
    expect(formatCount(1234567)).toBe('1,234,567')
    expect(formatCount(999)).toBe('999')
    expect(formatSpan(1_234_567)).toBe('1.235ms')
  })

  it('align to the widest cell and break at blanks', () => {
    expect(alignColumns([['a', '1'], ['bbb', '22'], ['c']], ['left', 'right'])).toEqual(['a     1', 'bbb  22', 'c'])
    expect(wrap('one two three', 7, '  ')).toEqual(['one two', '  three'])
    expect(wrap('averylongword', 5)).toEqual(['averylongword'])
  })
})
