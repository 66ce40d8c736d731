/*
 * Thresholds and controls of the two controllers of the host, transport and fault. All are assumed unless a source stands beside them. Host figures
 * lean on recorded page-fault traces of a small event loop: clean 2,000 to 4,000 minor faults per second and a variance-to-mean ratio
 * near 0.9 in 10 ms counts, warming and storm 40 to 170.
 */
import { band, gate, ladder, MS, SECOND } from './ladder.ts'
import type { FaultOptions, TransportOptions } from './options.ts'

/** tx-pacing playbook, section 6. States: Clean-Flow, Pacing-Limited, Burst-Released. */
export const TRANSPORT: TransportOptions = {
  enabled: true,
  dwellNs: 3 * SECOND,
  // A handful of messages waits tens of ms at any cap worth setting; a queue of dozens is what bites.
  dispatchToWireP95Ns: band(50 * MS, 15 * MS),
  dispatchToWireTailNs: band(250 * MS, 80 * MS),
  // One block of fq's quantum (a dozen messages) in a second with fifty.
  burstinessIndex100us: band(0.2, 0.1),
  burstinessIndex: band(0.2, 0.1),
  burstinessIndex500us: band(0.2, 0.1),
  // Of a whole second: a queue that drains in half of it was at the cap for half of it.
  capUtilisation: band(0.5, 0.25),
  unsentBytes: band(4096, 1024),
  burstRiskBps: band(0.5, 0.25),
  // Eight messages and two.
  queueBudgetBytes: band(2048, 512),
  controls: {
    // A: the caps of urgent messages are raised; in a burst those that rest make room.
    capByTactic: ladder(
      {},
      { takeCapFactor: 2, liquidationCapFactor: 2 },
      { takeCapFactor: 2, liquidationCapFactor: 3, openingCapFactor: 0.75, passiveCapFactor: 0.75 }
    ),
    // B: breaks the lock between dispatch and the pacing refill; two windows of the burstiness index. States: even, bunched.
    jitter: ladder({}, { jitterNsMax: 0.5 * MS }),
    // C: fewer and larger children; a reprice by one tick is no high-value intent. States: within budget, over budget.
    queueBudget: ladder({}, { childSizeFactor: 4, cancelThresholdTicks: 1, cancelDebounceNs: 250 * MS }),
    // D: what waited is not released at once, and less is sent that would wait.
    burstFallback: ladder(
      {},
      {},
      { burstCountMax: 4, catchUpShare: 0.5, childSizeFactor: 8, cancelThresholdTicks: 1, cancelDebounceNs: 500 * MS }
    ),
    branchModel: gate(3)
  }
}

/** page-fault playbook, "Control actions by state". States: GREEN_FAULT_CLEAN, AMBER_FAULT_WARMING, RED_FAULT_STRESS, SAFE_CONTAIN. */
export const FAULT: FaultOptions = {
  enabled: true,
  dwellNs: 2 * SECOND,
  // Clean recordings stay below 4,010 per second.
  minorFaultRate: band(6000, 5000),
  majorFaultServiceP95Ns: band(1 * MS, 0.5 * MS),
  faultBurstScoreAmber: band(5, 2),
  faultBurstScore: band(20, 8),
  dispatchGapLift: band(0.5, 0.2),
  queueAgeDecay: band(0.5, 0.25),
  fillCostLift: band(1, 0.5),
  containAfterNs: 10 * SECOND,
  remediateAfterNs: 60 * SECOND,
  remediationNs: 5 * SECOND,
  controls: {
    prefault: ladder({}, { prefault: true }, { prefault: true }, { prefault: true }),
    pinning: ladder({}, { pinned: true }, { pinned: true }, { pinned: true }),
    tighterSampling: ladder({}, { sampleFactor: 0.5 }, { sampleFactor: 0.5 }, { sampleFactor: 0.5 }),
    // A pause would be followed by at most this burst.
    smallerBursts: ladder({}, { burstCountMax: 4 }, { burstCountMax: 2 }, { burstCountMax: 1 }),
    cappedCatchUp: ladder({}, { catchUpShare: 0.5 }, { catchUpShare: 0.25 }, { catchUpShare: 0.1 }),
    // Against pause-then-sweep.
    stretchedCadence: ladder({}, {}, { spacingFactor: 1.5 }, { spacingFactor: 2 }),
    // No reprices that a late view would send too late; fewer venues to keep a view of.
    venuePosture: ladder(
      {},
      {},
      { cancelThresholdTicks: 1, cancelDebounceNs: 10 * MS, venueCountMax: 2 },
      { cancelThresholdTicks: 2, cancelDebounceNs: 50 * MS, venueCountMax: 1 }
    ),
    backgroundFreeze: ladder({}, {}, {}, { backgroundFreeze: true }),
    participationCap: ladder({}, {}, {}, { participationFactor: 0.5 }),
    tailBudget: gate(4),
    // Nothing new is begun while the host is out. States: in service, remediated.
    remediation: ladder(
      {},
      { prefault: true, pinned: true, backgroundFreeze: true, participationFactor: 0, passiveCountMax: 0, modifySuppressed: true }
    )
  }
}
