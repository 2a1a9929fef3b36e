// A Trace: one run of a model from an initial state to where a property is decided, with the names of the model. It is
// plain data and self-contained: renderers are pure functions from a Trace to text.
//
//   states   0 ─ steps[0] → 1 ─ steps[1] → 2      one state more than steps, unless the last step is a fault

import type { CheckKind, CheckName } from '../../checker/index.js';

export type Value = number | boolean | string;

/** What the trace shows: a counterexample, an example for `sometimes`, or a walk without a violation. */
export interface TraceProperty {
  readonly name: string;
  readonly expectation: CheckKind | 'walk';
  /** `walked` for a walk only. */
  readonly verdict: 'violated' | 'reached' | 'walked';
  /** The kernel's message, or why the property matters. */
  readonly about?: string;
  /** The condition as C-like text; absent for built-in checks. */
  readonly condition?: string;
  /** The model's file and line: `models/thp_truncate/mm/rmap.ts:12`. */
  readonly source?: string;
}

export interface TraceVariable {
  /** As the model writes it: `mm[0].pmd`. A local carries its actor: `munmap[0]:zap_huge_pmd.orig_pmd`. */
  readonly name: string;
  /** The actor of a local; absent for shared variables. */
  readonly actor?: string;
  /** For a lock: its kind, such as 'spinlock'. */
  readonly lock?: string;
  /** For a part of a lock, such as a rwsem's writer: the name of the lock. */
  readonly lockName?: string;
  /**
   * For an actor's share of a lock with several holders: the actor. The variable is true while that actor holds the
   * lock.
   */
  readonly holder?: string;
  /** What a lock remembers of an actor beside its hold: that it has queued to write, or how many more shares it holds. */
  readonly ofLock?: { readonly lock: string; readonly actor: string; readonly what: 'queued' | 'nested' };
  /** For the length of a queue, and for its cells, which follow it: the name of the queue. */
  readonly queue?: string;
  /** For a part of a slot of a store buffer: which one, and for a value to which places it may belong. */
  readonly slot?: { readonly buffer: string; readonly index: number; readonly holds?: readonly string[] };
}

/** One store of a step; `from` and `to` are equal if it changed nothing. */
export interface Write {
  readonly path: string;
  readonly from: Value;
  readonly to: Value;
}

export interface TraceStep {
  readonly actor: string;
  /** `procedure.label`. */
  readonly label: string;
  /** The label with its callers and loop indices: `unmap_region > zap_huge_pmd.dec[1]`. */
  readonly path: string;
  /** What the kernel does here. */
  readonly caption: string;
  /** The C file that the step stands for. */
  readonly file?: string;
  /** The model's file and line: `models/thp_truncate/mm/rmap.ts:12`. */
  readonly source?: string;
  /** In program order; without resets of dead locals. */
  readonly writes: readonly Write[];
}

export interface TraceState {
  /** For each actor, the label it is about to run; `done` or `dead` at the end. */
  readonly at: { readonly [actor: string]: string };
  readonly values: { readonly [variable: string]: Value };
}

/** The location of an actor at the end of the trace. */
export interface Standing {
  readonly actor: string;
  readonly label: string;
  readonly path: string;
  /** For an actor without an enabled step: the guard that it waits for, as C-like text. */
  readonly waitsFor?: string;
  /** Is it at rest there? */
  readonly rests?: boolean;
  /** Does the property read its location? */
  readonly asked: boolean;
}

/** An actor that waits for a lock that another one holds. */
export interface Wait {
  readonly actor: string;
  readonly lock: string;
  readonly holder: string;
  /** Does the holder hold it for reading? */
  readonly isShared?: boolean;
}

/** A condition or a part of one, evaluated where the property was decided. */
export interface Term {
  /** 0 for the whole; the operands of a term follow it, one deeper. */
  readonly depth: number;
  /** C-like. */
  readonly text: string;
  /** Absent if it has no value, such as with an index out of bounds. */
  readonly value?: boolean;
  /** The first state since which it has kept its value; absent if no single state decides. */
  readonly since?: number;
  /** Does it decide the value of the whole? */
  readonly decides: boolean;
  /** Is `text` a name that the model gives it? */
  readonly isNamed?: true;
  /** For innermost terms: what they read. */
  readonly reads: readonly { readonly path: string; readonly value: Value }[];
}

export interface Ending {
  /** What was reported, or why the last step or the property has no value. */
  readonly message?: string;
  /** The values on which the property was decided: named expressions and variables of its condition. */
  readonly evidence: readonly { readonly path: string; readonly value: Value }[];
  readonly standing: readonly Standing[];
  /** The condition of the property, term by term; absent where it has none. */
  readonly terms?: readonly Term[];
  /** At a deadlock: all waits for held locks. */
  readonly waits?: readonly Wait[];
  /** The shortest cycle of waits, if there is one; other actors may still have steps. */
  readonly cycle?: readonly Wait[];
}

export interface Trace {
  readonly model: string;
  /** All of them, resolved. */
  readonly settings: { readonly [name: string]: Value };
  /** Names of the settings that differ from their defaults; absent if nobody knows which do. */
  readonly nonDefault?: readonly string[];
  /** Built-in checks that are switched off in its Program; absent if all are on. */
  readonly without?: readonly CheckName[];
  /** Under x86-TSO: how many stores each buffer holds. Absent where every access is seen at once by all. */
  readonly bufferSlots?: number;
  readonly property: TraceProperty;
  readonly actors: readonly string[];
  readonly variables: readonly TraceVariable[];
  readonly steps: readonly TraceStep[];
  readonly states: readonly TraceState[];
  readonly ending: Ending;
  /** For an endless run: the number of the state to which the last step returns. */
  readonly loop?: number;
  /** Present if a filter hides a part: the whole trace. It is never saved. */
  readonly view?: View;
}

/** The whole trace of a view, from which the hidden parts are counted. */
export interface View {
  readonly whole: Trace;
  /** For each step of the view its number in the whole trace, from 1. */
  readonly numbers: readonly number[];
  /** Present if the view is of a story: the numbers of the steps that matter, from 1. */
  readonly story?: readonly number[];
}

/** A step that is possible in a state of a trace and that the trace does not take. */
export interface OtherStep {
  readonly step: TraceStep;
  /** What it reports, or why it has no value; absent if nothing goes wrong in it. */
  readonly message?: string;
}
