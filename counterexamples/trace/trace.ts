// A Trace: one run of a model from an initial state to where a property is decided, told in the model's own words. It
// is plain data, complete in itself: renderers are pure functions from a Trace to text, and need nothing else.
//
//   states   0 ─ steps[0] → 1 ─ steps[1] → 2      one state more than steps, unless the last step is a fault

import type { CheckKind, CheckName } from '../../checker/index.js';

export type Value = number | boolean | string;

/** What the trace shows: a counterexample, for `sometimes` an example, or a mere walk, which shows nothing. */
export interface TraceProperty {
  readonly name: string;
  readonly expectation: CheckKind | 'walk';
  /** `walked` for a walk, and for nothing else. */
  readonly verdict: 'violated' | 'reached' | 'walked';
  /** What the kernel would say, or why it matters. */
  readonly about?: string;
  /** The condition as C-like text; absent for those properties that every model has. */
  readonly condition?: string;
  /** The model's file and line: `models/thp_truncate/mm/rmap.ts:12`. */
  readonly source?: string;
}

export interface TraceVariable {
  /** As the model writes it: `mm[0].pmd`. A local carries its actor: `munmap[0]:zap_huge_pmd.orig_pmd`. */
  readonly name: string;
  /** Whose local it is; absent for shared variables. */
  readonly actor?: string;
  /** For a lock: its kind, such as 'spinlock'. */
  readonly lock?: string;
  /** For a part of a lock, such as a rwsem's writer: what people call the whole. */
  readonly lockName?: string;
  /** For an actor's share of a lock that several may hold: whose; it is true while that actor holds the lock. */
  readonly holder?: string;
}

/** One place that a step stores to; `from` and `to` are equal if that changed nothing. */
export interface Write {
  readonly path: string;
  readonly from: Value;
  readonly to: Value;
}

export interface TraceStep {
  readonly actor: string;
  /** `procedure.label`. */
  readonly label: string;
  /** With the calls that lead here and the loop indices: `unmap_region > zap_huge_pmd.dec[1]`. */
  readonly path: string;
  /** What the kernel does here. */
  readonly caption: string;
  /** The C file that the step stands for. */
  readonly file?: string;
  /** The model's file and line: `models/thp_truncate/mm/rmap.ts:12`. */
  readonly source?: string;
  /** In program order; locals that are reset because nobody reads them any more are left out. */
  readonly writes: readonly Write[];
}

export interface TraceState {
  /** For each actor, the label it is about to run; `done` or `dead` at the end. */
  readonly at: { readonly [actor: string]: string };
  readonly values: { readonly [variable: string]: Value };
}

/** Where an actor stands when the trace ends. */
export interface Standing {
  readonly actor: string;
  readonly label: string;
  readonly path: string;
  /** For an actor that cannot go on: what it waits for, as C-like text. */
  readonly waitsFor?: string;
  /** Is it not waited for there? */
  readonly rests?: boolean;
  /** Does the property ask where it stands? */
  readonly asked: boolean;
}

/** An actor that cannot go on before another one drops a lock. */
export interface Wait {
  readonly actor: string;
  readonly lock: string;
  readonly holder: string;
  /** Does it hold a share, as a reader does? */
  readonly isShared?: boolean;
}

/** A condition or a part of one, evaluated where the property was decided. */
export interface Term {
  /** 0 for the whole; what a term is made of follows it, one deeper. */
  readonly depth: number;
  /** C-like. */
  readonly text: string;
  /** Absent where it has none, such as behind an index that is out of bounds. */
  readonly value?: boolean;
  /** The first state from which on it has kept its value; absent for what no single state decides. */
  readonly since?: number;
  /** Does the value of the whole rest on it? */
  readonly decides: boolean;
  /** For innermost terms: what they read. */
  readonly reads: readonly { readonly path: string; readonly value: Value }[];
}

export interface Ending {
  /** What was reported, or why the last step or the property has no value. */
  readonly message?: string;
  /** What the property was decided on: what its condition calls by a name, and the variables that it reads. */
  readonly evidence: readonly { readonly path: string; readonly value: Value }[];
  readonly standing: readonly Standing[];
  /** The condition of the property, term by term; absent where it has none. */
  readonly terms?: readonly Term[];
  /** At a deadlock: all waits for locks that somebody holds. */
  readonly waits?: readonly Wait[];
  /** The shortest cycle of waits, if there is one; others may go on. */
  readonly cycle?: readonly Wait[];
}

export interface Trace {
  readonly model: string;
  /** All of them, resolved. */
  readonly settings: { readonly [name: string]: Value };
  /** Built-in checks that are switched off in its Program; absent if all are on. */
  readonly without?: readonly CheckName[];
  readonly property: TraceProperty;
  readonly actors: readonly string[];
  readonly variables: readonly TraceVariable[];
  readonly steps: readonly TraceStep[];
  readonly states: readonly TraceState[];
  readonly ending: Ending;
  /** For a run that never ends: the number of the state to which the last step leads back. */
  readonly loop?: number;
  /** Present where a filter has left out a part: what this is a view of. It is never saved. */
  readonly view?: View;
}

/** What has been left out can be said, and is counted, from the whole. */
export interface View {
  readonly whole: Trace;
  /** Of each step that is left, its number in the whole trace, from 1. */
  readonly numbers: readonly number[];
}
