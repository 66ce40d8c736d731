/*
 * Venues' published message limits, by name: look-ups of 20 November 2026 in public copies of the venues' own texts; re-check before quoting.
 * `assumed` names what the text does not say. Only venues whose own text gives a figure are here, so these are not:
 * - a figure at third parties only: MOEX, Nasdaq Nordic, LMAX, Hyperliquid, Eurex LF and HF light and full;
 * - a rule without a figure: J-GATE OUCH (what was bought per clock second), Euronext Optiq (by subscription), Bitvavo (weights),
 *   LSE, Turquoise, JSE, NYSE Pillar, Nasdaq OUCH, ICE, TMX;
 * - messages that are not modelled: mass quotes and mass cancels (CME, Cboe options), logons;
 * - the slow matcher of Eurex (all but deletes refused): a clamp on throttle.limit to 0 with cancels exempt.
 */
import type { ThrottleOptions } from '../path/options.ts'

const READ_ON = '2026-11-20'

const SECOND = 1_000_000_000
const MINUTE = 60 * SECOND

export interface VenueThrottle {
  readonly venue: string
  readonly source: string
  /** When the source was looked up. */
  readonly readOn: string
  /** Fields of `throttle` that the source does not give; `also`: of the limits beside it. */
  readonly assumed: readonly (keyof ThrottleOptions)[]
  readonly throttle: ThrottleOptions
}

export const THROTTLE_OFF: ThrottleOptions = {
  window: 'none',
  limit: 1,
  windowNs: SECOND,
  burst: 1,
  overLimit: 'reject',
  queueCountMax: 1000,
  relogonNs: 0,
  cancelOnDisconnect: false,
  cancels: 'counted',
  cancelLimit: 1,
  scope: 'session'
}

/** 500 messages a second on average of 3 s, then 750; cancels 1000 and 1500. Best-effort cancel on disconnect. */
const CME_ILINK: ThrottleOptions = {
  ...THROTTLE_OFF,
  window: 'fixed-first',
  limit: 1500,
  disconnectLimit: 2250,
  windowNs: 3 * SECOND,
  cancels: 'own-bucket',
  cancelLimit: 3000,
  cancelDisconnectLimit: 4500,
  cancelOnDisconnect: true,
  relogonNs: SECOND
}

const CME_MSGW: ThrottleOptions = {
  ...THROTTLE_OFF,
  window: 'in-flight',
  limit: 15,
  inFlightUntil: 'processed',
  overLimit: 'disconnect',
  cancelOnDisconnect: true,
  relogonNs: SECOND
}

/** A level, reject then disconnect, on which cancels count but are not refused. */
const COINBASE_DERIVATIVES: ThrottleOptions = {
  ...THROTTLE_OFF,
  window: 'fixed-clock',
  limit: 500,
  disconnectLimit: 1000,
  cancels: 'never-refused',
  relogonNs: SECOND
}

const JPX_ARROWHEAD: ThrottleOptions = { ...THROTTLE_OFF, window: 'fixed-clock' }

/** Orders per 10 s and per day by account, and request weight per minute by address (a refused request is one too). */
const BINANCE_SPOT: ThrottleOptions = {
  ...THROTTLE_OFF,
  window: 'fixed-clock',
  limit: 50,
  windowNs: 10 * SECOND,
  cancels: 'exempt',
  scope: 'account',
  also: [
    { ...THROTTLE_OFF, window: 'fixed-clock', limit: 160_000, windowNs: 1440 * MINUTE, cancels: 'exempt', scope: 'account' },
    { ...THROTTLE_OFF, window: 'fixed-clock', limit: 6000, windowNs: MINUTE, countsRejects: true, scope: 'gateway' }
  ]
}

/** A rolling second of its own for each of create, amend and cancel; 600 requests in 5 s from one address, then it is shut out. */
function bybit(create: number, amend: number, cancel: number): ThrottleOptions {
  const endpoint: ThrottleOptions = { ...THROTTLE_OFF, window: 'sliding', scope: 'account' }
  return {
    ...endpoint,
    limit: create,
    weights: { new: 1, replace: 0, cancel: 0 },
    also: [
      { ...endpoint, limit: amend, weights: { new: 0, replace: 1, cancel: 0 } },
      { ...endpoint, limit: cancel, weights: { new: 0, replace: 0, cancel: 1 } },
      {
        ...endpoint,
        limit: 600,
        windowNs: 5 * SECOND,
        countsRejects: true,
        scope: 'gateway',
        overLimit: 'disconnect',
        relogonNs: 10 * MINUTE
      }
    ]
  }
}

/** A counter with a ceiling: an order adds 1, an amend 1 and up to 3, a cancel up to 8, by the time since it was made or amended. */
const KRAKEN: ThrottleOptions = {
  ...THROTTLE_OFF,
  window: 'leaky-credits',
  limit: 125,
  // 2.34 a second.
  refill: 234,
  windowNs: 100 * SECOND,
  weights: { new: 1, replace: 1, cancel: 0 },
  ageWeights: {
    underNs: [5 * SECOND, 10 * SECOND, 15 * SECOND, 45 * SECOND, 90 * SECOND, 300 * SECOND],
    replace: [3, 2, 1, 0, 0, 0],
    cancel: [8, 6, 5, 4, 2, 1]
  },
  scope: 'account'
}

const DERIBIT: ThrottleOptions = {
  ...THROTTLE_OFF,
  window: 'leaky-credits',
  limit: 100,
  refill: 30,
  overLimit: 'disconnect',
  relogonNs: SECOND,
  scope: 'account'
}

const CME = 'cmegroup.com/confluence pageId=99483821; cmegroupclientsite.atlassian.net EPICSANDBOX 46924210, 457317540'
const CME_SAFEGUARD = 'cmegroupclientsite.atlassian.net EPICSANDBOX 46175517; cmegroup.com/confluence pageId=122388481'
const COINBASE_HELP = 'help.coinbase.com derivatives/risk-management/message-throttle'
const KRAKEN_TEXTS = 'docs.kraken.com spot-ratelimits; ceiling and decay: support.kraken.com 360045239571 (read 2026-11-25)'

export const VENUE_THROTTLES = {
  'cme-ilink': { venue: 'CME iLink', source: CME, readOn: READ_ON, assumed: ['relogonNs'], throttle: CME_ILINK },
  'cme-ilink-preopen': {
    venue: 'CME iLink before the open (100 and 150 a second)',
    source: CME,
    readOn: READ_ON,
    assumed: ['relogonNs'],
    throttle: { ...CME_ILINK, limit: 300, disconnectLimit: 450 }
  },
  /** The venue counts only while a split or disordered packet is held for 3 us; here always. */
  'cme-msgw': {
    venue: 'CME MSGW in-flight safeguard',
    source: CME_SAFEGUARD,
    readOn: READ_ON,
    assumed: ['window', 'relogonNs'],
    throttle: CME_MSGW
  },
  'cme-msgw-brokertec': {
    venue: 'CME MSGW in-flight safeguard, BrokerTec',
    source: CME_SAFEGUARD,
    readOn: READ_ON,
    assumed: ['window', 'relogonNs'],
    throttle: { ...CME_MSGW, limit: 50 }
  },
  /** The venue gives interval and disconnect limit at logon. */
  'eurex-hf-ultra': {
    venue: 'Eurex T7 ETI, HF Ultra',
    source: 'eurex.com circular-3498396',
    readOn: READ_ON,
    assumed: ['window', 'windowNs', 'overLimit'],
    throttle: { ...THROTTLE_OFF, window: 'sliding', limit: 250 }
  },
  'hkex-10': {
    venue: 'HKEX OCG-C, ten throttle units of 2 a second',
    source: 'hkex.com.hk FAQ on OCG-C',
    readOn: READ_ON,
    assumed: ['limit'],
    throttle: { ...THROTTLE_OFF, window: 'fixed-clock', limit: 20 }
  },
  'jpx-arrowhead-200': {
    venue: 'JPX arrowhead, virtual server of 200',
    source: 'faqsd.jpx.co.jp 4364',
    readOn: READ_ON,
    assumed: ['window', 'overLimit', 'cancels'],
    throttle: { ...JPX_ARROWHEAD, limit: 200 }
  },
  'jpx-arrowhead-60': {
    venue: 'JPX arrowhead, virtual server of 60',
    source: 'faqsd.jpx.co.jp 4364',
    readOn: READ_ON,
    assumed: ['window', 'overLimit', 'cancels'],
    throttle: { ...JPX_ARROWHEAD, limit: 60 }
  },
  'jpx-arrowhead-5': {
    venue: 'JPX arrowhead, virtual server of 5',
    source: 'faqsd.jpx.co.jp 4364',
    readOn: READ_ON,
    assumed: ['window', 'overLimit', 'cancels'],
    throttle: { ...JPX_ARROWHEAD, limit: 5 }
  },
  'cboe-edgx': {
    venue: 'Cboe EDGX, a port at its default',
    source: 'Federal Register 2022-02667, 2022-10417 (filing later withdrawn)',
    readOn: READ_ON,
    assumed: ['window', 'overLimit', 'cancels'],
    throttle: { ...THROTTLE_OFF, window: 'fixed-clock', limit: 10_000 }
  },
  'cboe-digital': {
    venue: 'Cboe Digital',
    source: 'erisx.com/product/risk-controls',
    readOn: READ_ON,
    assumed: ['window', 'overLimit', 'cancels'],
    throttle: { ...THROTTLE_OFF, window: 'fixed-clock', limit: 100 }
  },
  'cboe-digital-mm': {
    venue: 'Cboe Digital, market makers',
    source: 'erisx.com/product/risk-controls',
    readOn: READ_ON,
    assumed: ['window', 'overLimit', 'cancels'],
    throttle: { ...THROTTLE_OFF, window: 'fixed-clock', limit: 500 }
  },
  'coinbase-derivatives-sbe': {
    venue: 'Coinbase Derivatives, SBE',
    source: COINBASE_HELP,
    readOn: READ_ON,
    assumed: ['window', 'relogonNs', 'cancelOnDisconnect'],
    throttle: COINBASE_DERIVATIVES
  },
  'coinbase-derivatives-fix': {
    venue: 'Coinbase Derivatives, FIX',
    source: COINBASE_HELP,
    readOn: READ_ON,
    assumed: ['window', 'relogonNs', 'cancelOnDisconnect'],
    throttle: { ...COINBASE_DERIVATIVES, limit: 2000, disconnectLimit: 5000, windowNs: 5 * SECOND }
  },
  /** By key: the sessions of one account share it. */
  'coinbase-fix': {
    venue: 'Coinbase Exchange, FIX 5',
    source: 'docs.cdp.coinbase.com exchange/fix-api/rate-limits',
    readOn: READ_ON,
    assumed: ['window', 'relogonNs', 'cancelOnDisconnect'],
    throttle: {
      ...THROTTLE_OFF,
      window: 'fixed-clock',
      limit: 100,
      disconnectLimit: 200,
      relogonNs: SECOND,
      scope: 'account'
    }
  },
  /** By key, each with one connection; and by account. */
  'coinbase-international': {
    venue: 'Coinbase International',
    source: 'docs.cdp.coinbase.com international-exchange/introduction/rate-limits-overview',
    readOn: READ_ON,
    assumed: ['window', 'overLimit', 'relogonNs', 'cancelOnDisconnect', 'also'],
    throttle: {
      ...THROTTLE_OFF,
      window: 'fixed-clock',
      limit: 800,
      disconnectLimit: 1000,
      relogonNs: SECOND,
      also: [{ ...THROTTLE_OFF, window: 'fixed-clock', limit: 4000, scope: 'account' }]
    }
  },
  'revolut-x': {
    venue: 'Revolut X',
    source: 'developer.revolut.com',
    readOn: READ_ON,
    assumed: [],
    throttle: { ...THROTTLE_OFF, window: 'sliding', limit: 7500, windowNs: 5 * SECOND, cancels: 'exempt' }
  },
  /** Fills give back, and repeated offences ban for longer: left out. The day is the session's, not UTC's. */
  'binance-spot': {
    venue: 'Binance spot, 50 orders in 10 s',
    source: 'developers.binance.com',
    readOn: READ_ON,
    assumed: ['weights', 'also'],
    throttle: BINANCE_SPOT
  },
  'binance-spot-100': {
    venue: 'Binance spot, 100 orders in 10 s',
    source: 'developers.binance.com',
    readOn: READ_ON,
    assumed: ['weights', 'also'],
    throttle: { ...BINANCE_SPOT, limit: 100 }
  },
  bybit: {
    venue: 'Bybit v5, 10 a second for each endpoint',
    source: 'bybit-exchange.github.io/docs/v5/rate-limit',
    readOn: READ_ON,
    assumed: ['also'],
    throttle: bybit(10, 10, 10)
  },
  'bybit-spot': {
    venue: 'Bybit v5 spot, 20 a second to create and cancel, 10 to amend',
    source: 'bybit-exchange.github.io/docs/v5/rate-limit',
    readOn: READ_ON,
    assumed: ['also'],
    throttle: bybit(20, 10, 20)
  },
  okx: {
    venue: 'OKX, new and amend of a sub-account',
    source: 'okx.com help on the sub-account rate limit',
    readOn: READ_ON,
    assumed: ['window'],
    throttle: {
      ...THROTTLE_OFF,
      window: 'fixed-clock',
      limit: 1000,
      windowNs: 2 * SECOND,
      cancels: 'exempt',
      scope: 'account'
    }
  },
  /** A venue here is one pair. */
  kraken: {
    venue: 'Kraken spot, Intermediate',
    source: KRAKEN_TEXTS,
    readOn: READ_ON,
    assumed: ['countsRejects'],
    throttle: KRAKEN
  },
  'kraken-pro': {
    venue: 'Kraken spot, Pro',
    source: KRAKEN_TEXTS,
    readOn: READ_ON,
    assumed: ['countsRejects'],
    // 3.75 a second.
    throttle: { ...KRAKEN, limit: 180, refill: 375 }
  },
  deribit: {
    venue: 'Deribit tier 1',
    source: 'docs.deribit.com articles/rate-limits',
    readOn: READ_ON,
    assumed: ['relogonNs', 'cancelOnDisconnect'],
    throttle: DERIBIT
  },
  'deribit-tier-2': {
    venue: 'Deribit tier 2',
    source: 'docs.deribit.com articles/rate-limits',
    readOn: READ_ON,
    assumed: ['relogonNs', 'cancelOnDisconnect'],
    throttle: { ...DERIBIT, limit: 50, refill: 20 }
  },
  bitfinex: {
    venue: 'Bitfinex (without its lag-driven limit)',
    source: 'support.bitfinex.com 214424785',
    readOn: READ_ON,
    assumed: ['window', 'cancels'],
    throttle: { ...THROTTLE_OFF, window: 'sliding', limit: 256, windowNs: 2 * MINUTE, cancels: 'exempt', scope: 'account' }
  },
  /** A block is taken to last a second. */
  dydx: {
    venue: 'dYdX, short-term orders',
    source: 'docs.dydx.exchange',
    readOn: READ_ON,
    assumed: ['window', 'windowNs'],
    throttle: {
      ...THROTTLE_OFF,
      window: 'fixed-clock',
      limit: 200,
      cancels: 'own-bucket',
      cancelLimit: 200,
      scope: 'account'
    }
  }
} as const satisfies Readonly<Record<string, VenueThrottle>>

type ThrottleName = 'none' | keyof typeof VENUE_THROTTLES

/** By name, for a scenario; `none` switches the throttle off. */
export const THROTTLE_PRESETS: Readonly<Record<ThrottleName, ThrottleOptions>> = {
  none: THROTTLE_OFF,
  ...(Object.fromEntries(Object.entries(VENUE_THROTTLES).map(([name, { throttle }]) => [name, throttle])) as Record<
    keyof typeof VENUE_THROTTLES,
    ThrottleOptions
  >)
}
