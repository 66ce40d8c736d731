/*
 * Names of the controls: every lever of the four playbooks that a scenario can switch by itself, by the controller that pulls it. The order is
 * part of a ledger (a transition tells its controls as bits in this order), so an entry is never moved. Machines of their own on a lever
 * (queue budget, anti-phase-lock, remediation) count to the controller of their playbook.
 */
export const CONTROLS = {
  /** tx-pacing playbook: section 6 A to D, and the branch model of section 5. */
  transport: ['capByTactic', 'jitter', 'queueBudget', 'burstFallback', 'branchModel'],
  /** page-fault playbook, "Control actions by state". */
  fault: [
    'prefault',
    'pinning',
    'tighterSampling',
    'smallerBursts',
    'cappedCatchUp',
    'stretchedCadence',
    'venuePosture',
    'backgroundFreeze',
    'participationCap',
    'tailBudget',
    'remediation'
  ],
  /** reject-loop playbook, section 5. */
  throttle: [
    'widerSpacing',
    'fewerModifies',
    'keepPriority',
    'acceptanceFirst',
    'messageRateCap',
    'largerChildren',
    'routeAway',
    'retryBudget',
    'fragileTacticsOff',
    'conservativeCompletion',
    'refreshFreeze',
    'operatorAlert'
  ],
  /** cancel-ack playbook: "State machine for live control", controls 1 to 5, and the decision rule of its modelling blueprint. */
  cancel: [
    'decisionRule',
    'inventoryCap',
    'debounce',
    'ackAware',
    'passiveThrottle',
    'setBudget',
    'tighterCriteria',
    'cancelFreeze',
    'routeAway',
    'boundedParticipation'
  ]
} as const

export type ControllerKey = keyof typeof CONTROLS
export type ControlName<K extends ControllerKey> = (typeof CONTROLS)[K][number]

export const CONTROLLER_KEYS = Object.keys(CONTROLS) as readonly ControllerKey[]

/** How far controllers may go: decide and act; decide and say; the same with a recommendation; act on a share of the parents. */
export const CONTROL_MODES = ['on', 'shadow', 'advisory', 'canary'] as const
export type ControlMode = (typeof CONTROL_MODES)[number]
