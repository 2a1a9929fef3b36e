// The model language: the only door to this folder.

export {
  type Actor,
  type Actors,
  type ActorsNode,
  actor,
  actors,
  type CpuNode,
  finished,
  type Level,
  type SingleActor,
} from './actor.js';
export { exactly, refuseMore, withoutArguments } from './arity.js';
export { Choose, Either, For, Goto, If, Return, While } from './control.js';
export {
  bh_off,
  cpu,
  type EachVar,
  hasInterruptsOff,
  inInterrupt,
  interrupt,
  irqs_off,
  isPreemptible,
  maySleep,
  type PerActorOptions,
  perActor,
  perCpu,
  preempt_off,
  type RecurringOptions,
  recurring,
  runsAs,
} from './cpu.js';
export {
  type Created,
  created,
  dropped,
  refusalOf,
  superseded,
  unreached,
  unused,
  watchCreations,
} from './creation.js';
export {
  type AnyDomain,
  array,
  bool,
  type Domain,
  type DomainNode,
  domainText,
  type Initial,
  type InitialValue,
  type IntDomain,
  int,
  isMember,
  type LatchCondition,
  type LatchRule,
  oneOf,
  PoolDomain,
  queue,
  record,
  type ScalarShape,
  type Shape,
  someone,
} from './domain.js';
export { atOnce, type Effect, type EffectForAll, forAll, type SomeEffect } from './effect.js';
export {
  all,
  allOf,
  any,
  anyOf,
  type BinaryOperator,
  type Binder,
  Bool,
  type ContextQuestion,
  conditionNode,
  count,
  describe,
  type EachFamily,
  Enum,
  Expr,
  type ExprNode,
  Int,
  ifElse,
  isHandling,
  no,
  not,
  ownsAny,
  ownsAnySpinning,
  type Place,
  type Quantifier,
  type Statement,
  yes,
} from './expression.js';
export { Body, inline } from './inline.js';
export { instance, type LatchDomain, latch, latchGroup } from './latch.js';
export { displayLocation, ModelError, type SourceLocation, whereWritten } from './location.js';
export { holders, type LockKind, type OwnerKind, oneLock, owner } from './lock.js';
export {
  fence,
  fences,
  type Loaded,
  loadedIn,
  modifies,
  rcuEvent,
  requireStorable,
  storedIn,
  type ValueVar,
} from './memory.js';
export {
  type ComparisonPlan,
  type Cost,
  type Exclusion,
  type Model,
  model,
  type SettingValue,
} from './model.js';
export {
  allocates,
  firstUnused,
  frees,
  hasUnused,
  isLive,
  notMemory,
  object,
  pointer,
  pool,
  takesFirst,
  whenFreed,
} from './object.js';
export type {
  FenceKind,
  LoadOrder,
  MemoryOperation,
  MemoryPart,
  ModifyOrder,
  RcuEvent,
  StoreOrder,
} from './order.js';
export {
  type ConditionalParts,
  demands,
  demandsSoftly,
  effectsIn,
  expects,
  expectsSoftly,
  type GivenParts,
  type Guard,
  given,
  onlyIf,
  type Part,
  type Resting,
  rests,
  type StepExpectation,
  when,
} from './parts.js';
export type { PerActorVar } from './per_actor.js';
export { type ArgsOf, Call, localsOf, type Procedure, procedure, requireProcedure } from './procedure.js';
export type { QueueVar } from './queue.js';
export {
  requireActor,
  requireFunction,
  requireLock,
  requireOptions,
  requirePerCpu,
  requireText,
  requireVariable,
} from './required.js';
export type {
  BoolVar,
  EnumVar,
  HoldersVar,
  IntVar,
  LatchVar,
  OwnerVar,
  TakeOptions,
} from './scalar_variable.js';
export { type AnyShared, type Config, config, type StateOf, shared } from './shared.js';
export { type ActorRef, self, type Who } from './someone.js';
export type { Block, BlockNode, CaptionPart, ProcedureNode, Stmt, StmtNode, TestNode } from './statement.js';
export { AtomicTest, type Captioned, source, type TestParts, type Valued } from './step.js';
export { tested, thrown } from './tested.js';
export {
  type AnyObject,
  type ArrayVar,
  type ObjectVar,
  Pointer,
  type PointerVar,
  type PoolVar,
  type RecordVar,
  same,
} from './variable.js';
export { visible } from './visible.js';
