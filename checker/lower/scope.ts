// The context of lowering: the settings, the variables, the actors, and, inside an actor, the running thread, bound
// names, and the constant arguments of its procedures.

import {
  type ActorsNode,
  type Domain,
  type EachFamily,
  type Model,
  ModelError,
  type Place,
  type SourceLocation,
} from '../../models/language/index.js';
import type { FenceKind } from '../ir/memory.js';
import type { Cell, Expr, PlacePart, ThreadId } from '../ir/program.js';
import type { ProgramNames } from '../ir/text.js';
import type { LeftOutProperty, SampledElements, SettledComparison } from './rigid.js';
import type { Settings } from './settings.js';
import type { SettingsRead } from './settings_read.js';
import type { Slot, StateVariables } from './state_variables.js';

/** The threads that one family of actors becomes. */
export interface ThreadFamily {
  readonly node: ActorsNode;
  readonly threads: readonly ThreadId[];
  /** The setting that says how many there are, if it is left open: one thread stands for all copies. */
  readonly open?: string;
}

/** A pool of objects of the state. */
export interface StatePool {
  readonly name: string;
  /** The values of a pointer: NULL, and a word for each slot. */
  readonly values: readonly string[];
}

/** What actors may write, as their blocks say. */
export interface WhatIsWritten {
  /** By variables of each actor or CPU: the actors or CPUs whose variable some step writes. */
  readonly each: ReadonlyMap<EachFamily, ReadonlySet<string>>;
  /** Who may take a lock whose waiters spin. */
  readonly spinning: ReadonlySet<ThreadId>;
}

/** The part of the context that is the same everywhere in one lowering. */
export interface World {
  readonly model: Model;
  readonly settings: Settings;
  /** The settings that have been read so far. */
  readonly settingsRead: SettingsRead;
  readonly state: StateVariables;
  /** The variables of the state, by name; filled in before any actor is lowered. */
  readonly shared: Map<string, Slot>;
  /** The pools of the state by their domains; filled in with the state. */
  readonly pools: Map<object, StatePool>;
  /** Makes the variables of a domain at a place. */
  make(name: string, domain: Domain<unknown>, place: readonly PlacePart[]): Slot;
  /** The value with which a variable of a domain starts; undefined for several, or for what is no scalar. */
  first(name: string, domain: Domain<unknown>): Expr | undefined;
  /** The latches that a place means where it stands, each a variable or several among which an index selects. */
  latchesAt(place: Place, scope: Scope): readonly Cell[];
  /** For each actor or CPU, by its name: variables that exist where a step names them. */
  readonly each: Map<EachFamily, Map<string, Slot>>;
  /** What actors may write, as far as it is needed before they are lowered. */
  readonly written: WhatIsWritten;
  readonly families: ReadonlyMap<string, ThreadFamily>;
  readonly threadNames: readonly string[];
  /** Made once: there is one for each thread. */
  readonly names: ProgramNames;
  /** Is the thread about to run the label? */
  standsAt(thread: ThreadId, label: string, at: SourceLocation | undefined): Expr;
  isDone(thread: ThreadId): Expr;
  /** Has it begun, and not ended? */
  isBusy(thread: ThreadId): Expr;
  isDead(thread: ThreadId): Expr;
  /** Is every thread done or at rest, with no step to take? Only once all threads are lowered. */
  isFinished(at: SourceLocation | undefined): Expr;
  /** The fences that take a step. */
  readonly fences: ReadonlySet<FenceKind>;
  /** For lowering for any number: the least values of settings that are left open, and what has been settled. */
  readonly open?: {
    readonly least: ReadonlyMap<string, number>;
    readonly settled: SettledComparison[];
    readonly leftOut: LeftOutProperty[];
    readonly sampled: SampledElements[];
  };
  /** How deep the expression that is being lowered is nested. */
  readonly nesting: { depth: number };
}

/** The context of an expression. */
export interface Scope {
  readonly world: World;
  /** The actor that runs; undefined in a property. */
  readonly thread: ThreadId | undefined;
  /** The values of quantifiers, loops and choices. */
  readonly bound: ReadonlyMap<symbol, Expr>;
  /**
   * Locals that are constant here, and the variables of the others; by `procedure.local`. A copy also by its own key.
   */
  readonly locals: ReadonlyMap<string, Expr | Slot>;
  /**
   * The variable of a local of a procedure that the actor has called before, by `procedure.local`: with the value of
   * its last call.
   */
  left(key: string, at: SourceLocation | undefined): Slot | undefined;
  /** The statement being lowered, for messages. */
  readonly at: SourceLocation | undefined;
}

/** The context outside of every actor, for properties. */
export const rootScope = (world: World): Scope => ({
  world,
  thread: undefined,
  bound: new Map(),
  locals: new Map(),
  left: () => undefined,
  at: world.model.at,
});

/** Names for texts without conditions on locations; the variables include those that are still to be made. */
export const namesFor = (state: StateVariables, threadNames: readonly string[]): ProgramNames => ({
  variables: state.variables,
  threads: threadNames.map((name, id) => ({ id, name, locations: [], start: 0, done: 0 })),
});

export const provisionalNames = ({ names }: World): ProgramNames => names;

export const bind = (scope: Scope, id: symbol, value: Expr): Scope => ({
  ...scope,
  bound: new Map(scope.bound).set(id, value),
});

export const localKey = (place: Place): string => `${place.procedure}.${place.name}`;

/** The number that a node folds to, or a refusal that says what must be constant. */
export function requireConstant(x: Expr, what: string, at: SourceLocation | undefined): number {
  if (x.op === 'const') return x.value;
  throw new ModelError(`${what} must be constant once the settings are known`, at);
}
