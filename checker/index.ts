// The checker: the only door to this folder for the folders above. Exporters have their own door, since few users need
// them.

export { atomsOf, formulaText } from '../properties/language/temporal.js';
export { workersMax } from './compiled/late_wasm.js';
export { gapsOf } from './coverage/coverage.js';
export {
  asks,
  conditionChecks,
  type Decider,
  deciderOf,
  hasStatedCondition,
  isDeadlock,
  isExample,
  isReportOf,
  isWarning,
  lockRulesOf,
  needsGraph,
  verdictOf,
} from './decide/decide.js';
export { type CheckKind, type CheckRule, checkKindNames, checkKinds } from './decide/kinds.js';
export { digestOf } from './digest.js';
export { EngineError, type ExploreOptions, explore } from './explore.js';
export { type FinalValues, finalValues } from './final_values.js';
export { withGrowingBuffers } from './growing_buffers.js';
export { type BuiltInCheck, builtInChecks, type CheckName, checkNames } from './ir/built_in_checks.js';
export {
  boundsOf,
  conjuncts,
  not,
  parts,
  substitute,
  typeOf,
  typeOfDomain,
  valueText,
} from './ir/expression.js';
export { isMonitored } from './ir/monitors.js';
export { printProgram } from './ir/print.js';
export type {
  Assignment,
  Cell,
  CoarseStep,
  Domain,
  Expr,
  Lock,
  Program,
  Source,
  Step,
  StepId,
  Thread,
  ThreadId,
  Variable,
  VariableId,
} from './ir/program.js';
export { mayStayAt, stepsFrom } from './ir/program.js';
export { cellText, domainText, exprText } from './ir/text.js';
export { objection } from './liveness/confirm.js';
export { type Lowered, type LowerOptions, lower, lowering } from './lower/lower.js';
export { didYouMean } from './lower/nearest.js';
export { defaultOf, resolveSettings, SettingError } from './lower/settings.js';
export { addTyped, type TypedProperty } from './lower/typed.js';
export { unusedNames } from './lower/unused_names.js';
export { bytesPerState, type Outlook, outlookOf } from './outlook.js';
export { programFrom } from './program_from.js';
export type { Property } from './property/property.js';
export { bracketHint } from './property/text/brackets.js';
export { parseValue } from './property/text/parser.js';
export { lockedOut } from './reference/lock_cycle.js';
export { evaluate, initialStates, isEnabled, State, take } from './reference/semantics.js';
export { referenceSystem } from './reference/system.js';
export type { Progress } from './search/breadth_first.js';
export {
  type EngineName,
  type Evidence,
  type Explored,
  engineNames,
  limitText,
  type MemoryModel,
  memoryModels,
  type Obligation,
  type Proved,
  reductionChoices,
  reductionNames,
  searchNames,
  storageNames,
} from './search/evidence.js';
export { isSentence, type LimitKind, type LimitReached } from './search/limit.js';
export type {
  Check,
  Finding,
  LabelCoverage,
  LockWait,
  Path,
  PropertyResult,
  PropertyVerdict,
  Report,
  Verdict,
} from './search/report.js';
export { checksOf, decisive, formulaChecks, incompleteText, noFault } from './search/report.js';
export type { Snapshot } from './search/snapshot.js';
export type { LabelStatistics, Statistics, VariableStatistics } from './search/statistics.js';
export type { StoredStates } from './search/stored_states.js';
export type { Transition } from './search/system.js';
export { stateStream } from './state_stream.js';
