/*
 * The library's face: everything a world needs, free of files and of Node. What the command line does beyond this (reading files, writing
 * Parquet) is in node/.
 */
export { CONTROL_OFF, CONTROL_ON, controlFor } from './control/presets.ts'
export { type Comparison, type ComparisonPlan, compare } from './experiment/compare.ts'
export type { ByteChunks } from './formats/byte-chunks.ts'
export { type DepthTradesOptions, importDepthTrades, type ReceivedTape } from './formats/depth-trades.ts'
export type { Format, ImportOptions } from './formats/format.ts'
export { FORMATS } from './formats/formats.ts'
export { importLobster, type LobsterOptions } from './formats/lobster.ts'
export { InputError, InvariantError } from './kernel/assert.ts'
export { createLedger, hashLedger, type Ledger } from './ledger/ledger.ts'
export { generateTape } from './market/generator.ts'
export type { GeneratorOptions } from './market/generator-options.ts'
export { generatorOptions } from './market/generator-presets.ts'
export { type GeneratedVenue, generateVenues } from './market/generator-venues.ts'
export { MARKET_PHASE, type Market, type MarketEvents, type RecordedMarket, type Touch } from './market/market.ts'
export { type MatchingOptions, PLAIN_MATCHING } from './market/matching-options.ts'
export type { QueueModelOptions } from './market/queue-model.ts'
export { SequentialMarket } from './market/sequential-market.ts'
export { checkTape, firstRowAfter, ROW_FLAG, ROW_KIND, type Tape, TapeBuilder, type TapeHeader } from './market/tape.ts'
export { TapeDays } from './market/tape-days.ts'
export { Timeline } from './market/timeline.ts'
export { buildTimeline } from './market/timeline-build.ts'
export { TimelineMarket } from './market/timeline-market.ts'
export { tradedByBin } from './market/traded-volume.ts'
export { type FactsSpan, type MarketFacts, marketFacts } from './metrics/market-facts.ts'
export { type RunMetrics, summarise } from './metrics/run-metrics.ts'
export { fitGenerator, type GeneratorFit } from './model/generator-fit.ts'
export { type Directives, NEUTRAL } from './order/directives.ts'
export type { ParentOrder } from './order/parent.ts'
export { drawParents, type ParentDraw } from './order/parents.ts'
export { driveAcks } from './path/drive-acks.ts'
export { driveEgress } from './path/drive-egress.ts'
export { driveHost } from './path/drive-host.ts'
export { driveThrottle } from './path/drive-throttle.ts'
export { type PathOptions, sessionsPerVenue } from './path/options.ts'
export type { ExecutionOptions, ScheduleOptions, Tactic } from './policy/options.ts'
export type { CreatePolicy, PolicyModule, PolicySetup } from './policy/own-policy.ts'
export { createPolicy } from './policy/policy.ts'
export { BASELINE, CONTROLLED, EXECUTION_PRESETS } from './policy/presets.ts'
export type { Urgency, UrgencyStep } from './policy/urgency.ts'
export type {
  ChildTactic,
  HostTouch,
  IntentBuffer,
  PlaceIntent,
  Policy,
  PolicyView,
  VenueView,
  WorkingOrder,
  WorkingState
} from './policy/view.ts'
export { checkVolumeCurve, smileCurve, type VolumeCurve } from './policy/volume-curve.ts'
export { comparisonReport } from './report/comparison.ts'
export { parseScenario } from './scenario/parse.ts'
export { type Scenario, withCurves } from './scenario/scenario.ts'
export { type Run, simulate, type World } from './simulate.ts'
