/*
 * The rules of orders in flight, each on one order with its steps given: what the venue reports and what the host takes the order for. Beside each
 * stands the matrix of FIX appendix D (by version and number) or the venue's text that it follows, in tens of lots.
 */
import { describe, expect, it } from 'vitest'
import { CANCEL_OUTCOME, CHILD_OUTCOME, REASON, REPORT_TYPE } from '../../src/order/words.ts'
import type { OrderRules } from '../../src/path/options.ts'
import { FIX_ORDERS } from '../../src/scenario/path-presets.ts'
import { type RaceWorld, runRaces, stepOf, type Word } from './race-rig.ts'

/**
 * Plays the steps on an order of `lots`; answers leave the venue at once unless `holds`. Gives one line for each step: "deliver: accepted 0, leaves
 * 10 | pending-new 10", the report made in it (client order id, lots of a fill, reason) and the host's state with its open lots.
 */
function play(words: readonly Word[], rules: Partial<OrderRules> = {}, lots = 10, parentLots = 10, holds = false) {
  const lines: string[] = []
  let next = 0
  let played: Word | undefined
  let seen = 0
  const note = ({ reports, child }: RaceWorld): void => {
    if (played === undefined) return
    const made: string[] = []
    for (; seen < reports.count; seen++) {
      const [type, reason] = [REPORT_TYPE.names[reports.type.values[seen]], REASON.names[reports.reason.values[seen]]]
      const filled = type === 'filled' ? ` ${reports.lots.values[seen]}@${reports.priceTicks.values[seen]}` : ''
      const why = reason === 'none' ? `, leaves ${reports.leavesLots.values[seen]}` : ` for ${reason}`
      made.push(`${type} ${reports.clientOrderId.values[seen]}${filled}${why}`)
    }
    const { life, openLots } = child(0)
    lines.push(`${played}: ${made.join('; ') || '-'} | ${life} ${openLots}`)
    played = undefined
  }
  const world = runRaces(
    { ...FIX_ORDERS, ...rules },
    1,
    {
      choose: (_race, running) => {
        if (running.wire.outbox.length > 0 && !holds) return { step: 'send' }
        played = words[next++]
        return played === undefined ? undefined : stepOf(played)
      },
      settled: (_race, running) => {
        if (running.wire.outbox.length === 0 || holds) note(running)
      },
      ended: () => {}
    },
    lots,
    parentLots
  )
  const { children, cancels, parents } = world.ledger
  return {
    lines,
    outcome: CHILD_OUTCOME.names[children.col.outcome[0]],
    filledLots: parents.col.filledLots[0],
    cancels: Array.from({ length: cancels.count }, (_, row) => CANCEL_OUTCOME.names[cancels.col.outcome[row]])
  }
}

/** The new order has arrived and its ack was read. */
const LIVE = ['deliver', 'read'] as const

describe('a cancel', () => {
  it('leaves the order working until it is answered: a fill in between is of a pending cancel (4.2 D4)', () => {
    const { lines, outcome, filledLots } = play([...LIVE, 'cancel', 'fill 3', 'read', 'deliver', 'read'])
    expect(lines.slice(2)).toEqual([
      'cancel: - | pending-cancel 10',
      'fill 3: filled 0 3@100, leaves 7 | pending-cancel 10',
      'read: - | pending-cancel 7',
      'deliver: cancelled 0, leaves 0 | pending-cancel 7',
      'read: - | done 7'
    ])
    expect([outcome, filledLots]).toEqual(['cancelled', 3])
  })

  it('that finds the order filled is too late, CxlRejReason 0 (4.2 D9 for a replace)', () => {
    const { lines, outcome, cancels } = play([...LIVE, 'cancel', 'fill 10', 'deliver', 'read', 'read'])
    expect(lines.slice(3)).toEqual([
      'fill 10: filled 0 10@100, leaves 0 | pending-cancel 10',
      'deliver: cancel-rejected -1 for too-late | pending-cancel 10',
      'read: - | done 0',
      'read: - | done 0'
    ])
    expect([outcome, cancels]).toEqual(['filled', ['too-late']])
  })

  it('that is too late gets no answer from a silent venue, and the fill tells how it ended (OUCH)', () => {
    const { lines, outcome, cancels } = play([...LIVE, 'cancel', 'fill 10', 'deliver', 'read', 'wait'], { tooLate: 'silent' })
    expect(lines.slice(4)).toEqual(['deliver: - | pending-cancel 10', 'read: - | done 0', 'wait: - | done 0'])
    expect([outcome, cancels]).toEqual(['filled', ['unanswered']])
  })

  it('whose silence is waited for in vain is sent again, and again finds nothing', () => {
    const { lines, outcome, cancels } = play([...LIVE, 'cancel', 'fill 10', 'deliver', 'wait', 'deliver', 'read'], {
      tooLate: 'silent'
    })
    expect(lines.slice(5)).toEqual(['wait: - | pending-cancel 10', 'deliver: - | pending-cancel 10', 'read: - | done 0'])
    expect([outcome, cancels]).toEqual(['filled', ['unanswered', 'unanswered']])
  })

  it('that is lost is sent again when its answer was waited for in vain, as a lost order is under its own id', () => {
    const { lines, outcome, cancels } = play(['lose', 'wait', 'deliver', 'read', 'cancel', 'lose', 'wait', 'deliver', 'read'])
    expect(lines).toEqual([
      'lose: - | pending-new 10',
      'wait: - | pending-new 10',
      'deliver: accepted 0, leaves 10 | pending-new 10',
      'read: - | live 10',
      'cancel: - | pending-cancel 10',
      'lose: - | pending-cancel 10',
      'wait: - | pending-cancel 10',
      'deliver: cancelled 0, leaves 0 | pending-cancel 10',
      'read: - | done 10'
    ])
    expect([outcome, cancels]).toEqual(['cancelled', ['unanswered', 'acked']])
  })

  it('that is refused on its way and not essential is given up after its attempts: what it hid shows again', () => {
    const { lines } = play([...LIVE, 'cancel if it is easy', 'refuse', 'read', 'refuse', 'read'])
    expect(lines.slice(2)).toEqual([
      'cancel if it is easy: - | pending-cancel 10',
      'refuse: cancel-rejected -1 for session-down | pending-cancel 10',
      // The second of two attempts.
      'read: - | pending-cancel 10',
      'refuse: cancel-rejected -1 for session-down | pending-cancel 10',
      'read: - | live 10'
    ])
    const lost = play([...LIVE, 'replace 8@100', 'lose', 'cancel if it is easy', 'refuse', 'read', 'refuse', 'read', 'wait'])
    expect(lost.lines.slice(-2)).toEqual(['read: - | pending-replace 10', 'wait: - | live 10'])
  })

  it('crosses the ack of its order (5.0 SP1 B.1.e)', () => {
    const { lines, outcome } = play(['cancel', 'deliver', 'read', 'deliver', 'read'])
    expect(lines).toEqual([
      'cancel: - | pending-cancel 10',
      'deliver: accepted 0, leaves 10 | pending-cancel 10',
      'read: - | pending-cancel 10',
      'deliver: cancelled 0, leaves 0 | pending-cancel 10',
      'read: - | done 10'
    ])
    expect(outcome).toBe('cancelled')
  })

  it('is not needed when the venue cancels on a disconnect, and is too late then (4.2 D19, unsolicited)', () => {
    const { lines, outcome } = play([...LIVE, 'cancel', 'disconnect', 'read', 'deliver', 'read'])
    expect(lines.slice(3)).toEqual([
      'disconnect: cancelled 0 for session-down | pending-cancel 10',
      'read: - | done 10',
      'deliver: cancel-rejected -1 for too-late | done 10',
      'read: - | done 10'
    ])
    expect(outcome).toBe('cancelled')
  })
})

describe('a replace', () => {
  it('leaves id, quantity and price as they were until it is confirmed (4.2 D10)', () => {
    // 10 lots, 2 filled; replaced to 6 open, of which the host knows 2 filled: order quantity 8. One more fills before.
    const words: Word[] = [...LIVE, 'fill 2', 'read', 'replace 6@101', 'fill 1', 'read', 'deliver', 'fill 5', 'read', 'read']
    const { lines, outcome, filledLots } = play(words)
    expect(lines.slice(4)).toEqual([
      'replace 6@101: - | pending-replace 8',
      'fill 1: filled 0 1@100, leaves 7 | pending-replace 8',
      'read: - | pending-replace 7',
      'deliver: replaced 1, leaves 5 | pending-replace 7',
      'fill 5: filled 1 5@101, leaves 0 | pending-replace 7',
      'read: - | live 5',
      'read: - | done 0'
    ])
    expect([outcome, filledLots]).toEqual(['filled', 8])
  })

  it('to what has filled ends the order as filled (4.2 D11)', () => {
    const { lines, outcome, filledLots } = play([...LIVE, 'replace 7@100', 'fill 7', 'deliver', 'read', 'read'])
    expect(lines.slice(3)).toEqual([
      'fill 7: filled 0 7@100, leaves 3 | pending-replace 10',
      'deliver: replaced 1, leaves 0 | pending-replace 10',
      'read: - | pending-replace 3',
      'read: - | done 0'
    ])
    expect([outcome, filledLots]).toEqual(['filled', 7])
  })

  it('that finds the order filled is too late (4.2 D9)', () => {
    const { lines } = play([...LIVE, 'replace 10@101', 'fill 10', 'deliver', 'read', 'read'])
    expect(lines.slice(4)).toEqual([
      'deliver: replace-rejected 1 for too-late | pending-replace 10',
      'read: - | done 0',
      'read: - | done 0'
    ])
  })

  it('is hidden behind a pending cancel: that is the state shown first (precedence of OrdStatus)', () => {
    const { lines } = play([...LIVE, 'replace 10@101', 'cancel', 'deliver', 'read', 'deliver', 'read'])
    expect(lines.slice(2)).toEqual([
      'replace 10@101: - | pending-replace 10',
      'cancel: - | pending-cancel 10',
      'deliver: replaced 1, leaves 10 | pending-cancel 10',
      'read: - | pending-cancel 10',
      'deliver: cancelled 1, leaves 0 | pending-cancel 10',
      'read: - | done 10'
    ])
  })

  it('is refused while another one is pending, CxlRejReason 3 (4.3 D21), or served after it (5.0 SP2 D.2.b)', () => {
    // The answer to the first is held at the venue and waited for in vain, so the host asks again.
    const words: Word[] = [...LIVE.slice(0, 1), 'send', 'read', 'replace 8@100', 'deliver', 'wait', 'replace 7@100', 'deliver']
    const refused = play(words, { whilePending: 'replaces-refused' }, 10, 10, true).lines.slice(5)
    expect(refused).toEqual([
      'wait: - | live 10',
      'replace 7@100: - | pending-replace 10',
      'deliver: replace-rejected 2 for already-pending | pending-replace 10'
    ])
    const served = play(words, {}, 10, 10, true).lines.slice(7)
    expect(served).toEqual(['deliver: replaced 2, leaves 7 | pending-replace 10'])
  })

  it('is over at the venue when its confirmation has left, though the host has not read it', () => {
    const words: Word[] = ['deliver', 'send', 'read', 'replace 8@100', 'deliver', 'send', 'wait', 'replace 7@100', 'deliver']
    const { lines } = play(words, { whilePending: 'refused' }, 10, 10, true)
    expect(lines.at(-1)).toBe('deliver: replaced 2, leaves 7 | pending-replace 10')
  })

  it('lets a cancel behind it wait, on a venue that refuses every second request', () => {
    const words: Word[] = ['deliver', 'send', 'read', 'replace 8@100', 'deliver', 'cancel', 'deliver']
    const { lines } = play(words, { whilePending: 'refused' }, 10, 10, true)
    expect(lines.at(-1)).toBe('deliver: cancel-rejected -1 for already-pending | pending-cancel 10')
    // The host sends it again when it has read that, and it is served.
    const again: Word[] = ['send', 'read', 'send', 'read', 'deliver', 'send', 'read']
    const all = play([...words, ...again], { whilePending: 'refused' }, 10, 10, true)
    expect(all.lines.at(-3)).toBe('deliver: cancelled 1, leaves 0 | pending-cancel 8')
    expect(all.cancels).toEqual(['rejected', 'acked'])
  })
})

describe('a replace on a venue without in-flight mitigation', () => {
  const OFF = { inFlightMitigation: false }

  it('overfills when a fill races it: of 15, 2 filled, replaced to 10, 12 fill (CME)', () => {
    // The parent has room: 15 and 10 and a lot less than one, should all of the old order but a lot fill first.
    const words: Word[] = [...LIVE, 'replace 10@100', 'fill 2', 'deliver', 'fill 10', 'read', 'read', 'read']
    const { lines, outcome, filledLots } = play(words, OFF, 15, 24)
    expect(lines.slice(2)).toEqual([
      // The host counts as open what could come at most: 14 before the replace and 10 after it.
      'replace 10@100: - | pending-replace 24',
      'fill 2: filled 0 2@100, leaves 13 | pending-replace 24',
      'deliver: replaced 1, leaves 10 | pending-replace 24',
      'fill 10: filled 1 10@100, leaves 0 | pending-replace 24',
      'read: - | pending-replace 22',
      'read: - | live 10',
      'read: - | done 0'
    ])
    expect([outcome, filledLots]).toEqual(['filled', 12])
  })

  it('fills 10 where the venue mitigates', () => {
    const words: Word[] = [...LIVE, 'replace 10@100', 'fill 2', 'deliver', 'fill 8', 'read', 'read', 'read']
    expect(play(words, {}, 15, 24).filledLots).toBe(10)
  })

  it('is not sent where a racing fill could overfill the parent', () => {
    // One lot less of room than 14 and 10 need.
    expect(play([...LIVE, 'replace 10@100'], OFF, 15, 23).lines.at(-1)).toBe('replace 10@100: - | live 15')
    expect(play([...LIVE, 'replace 10@100'], {}, 15, 23).lines.at(-1)).toBe('replace 10@100: - | pending-replace 15')
  })

  it('may always ask for one lot instead of the last one: a filled order is not replaced', () => {
    expect(play([...LIVE, 'replace 1@101'], OFF, 1, 1).lines.at(-1)).toBe('replace 1@101: - | pending-replace 1')
  })
})
