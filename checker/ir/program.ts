// The Program: what every engine, analysis and exporter reads, and all that they need to know of a model.
// Finite variables, threads, and guarded steps whose assignments happen at once. There are no settings, no
// calls and no loops left here, and no step without a name.
//
// A state is one location for each thread and one value for each variable. All values are numbers: false is 0,
// true is 1, a word of an enum is its index, an owner is 0 for nobody and 1 + thread for a thread.

import type { CheckName } from './built_in_checks.js';

export type VariableId = number;
export type ThreadId = number;
export type StepId = number;
/** An index into `Thread.locations`. */
export type Location = number;

export type Domain =
  | { readonly kind: 'bool' }
  | { readonly kind: 'int'; readonly min: number; readonly max: number }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  /** As an enum of 'free' and the threads' names, in their order. */
  | { readonly kind: 'owner'; readonly values: readonly string[] };

export interface Variable {
  readonly id: VariableId;
  /** As the model writes it: `mm[0].pmd`. A local carries its actor: `munmap[0]:zap_huge_pmd.orig_pmd`. */
  readonly name: string;
  /**
   * The place of the model that it is, as data: `mm[0].pmd` is ['mm', 0, 'pmd']. A local's begins with its procedure,
   * and is the same in every actor; shares of one set of holders have one place. Absent for what no model declares,
   * such as a monitor's.
   */
  readonly place?: readonly PlacePart[];
  readonly domain: Domain;
  /** Its values in the initial states; with the other variables' they form a product. Usually one. */
  readonly initial: readonly number[];
  /** The thread whose local it is; undefined for shared variables. */
  readonly thread?: ThreadId;
  /** For a lock (an owner, or one thread's share of a set of holders): which lock it is. */
  readonly lock?: Lock;
  /** For a share of a set of holders: whose. */
  readonly holder?: ThreadId;
}

/**
 * Remembers for a property what has happened. It runs beside the Program: no guard, no assignment of a step and no
 * other variable reads it. `composed` in monitors.ts makes one Program of both.
 */
export interface Monitor {
  /** Its number follows those of the Program's variables and of the monitors before it. */
  readonly variable: Variable;
  /** What every step stores in it, read like the step's assignments in the state before the step. */
  readonly update: Expr;
}

/** A field's name, or an index. */
export type PlacePart = string | number;

/** The lock of which a variable is the state, or a part of the state: a rwsem has an owner and many shares. */
export interface Lock {
  /** Such as 'spinlock'. */
  readonly kind: string;
  /** What people call it, `mm[0].mmap_lock`; all parts of one lock have the same. */
  readonly name: string;
  /** Its name without indices, `mm.mmap_lock`: locks of one class are taken by the same rules. */
  readonly class: string;
  /** Who holds a shared part does not exclude those who hold another shared part. */
  readonly mode: 'exclusive' | 'shared';
  /** A share that its holder takes again somewhere: it is dropped as often as it is taken. */
  readonly nests?: true;
  /** Who waits for it spins, and who holds it has preemption off: it must not sleep. */
  readonly spins?: true;
}

/** Where in the sources of a model, for people only. */
export interface Source {
  /** The C file that the step stands for. */
  readonly file?: string;
  /** The model's file and line. */
  readonly model?: { readonly file: string; readonly line: number };
}

export interface LocationInfo {
  /** `procedure.label`; what `at(label)` matches. `done` and `dead` for the last ones. */
  readonly label: string;
  /** Unique: with the callers and the loop indices, `unmap_region > zap_huge_pmd.dec[1]`. */
  readonly path: string;
}

export interface Thread {
  readonly id: ThreadId;
  /** `truncate`, or `munmap[0]` for one of several. */
  readonly name: string;
  readonly locations: readonly LocationInfo[];
  readonly start: Location;
  readonly done: Location;
  /** Where it lies after a bug; undefined if no step of it can report one. */
  readonly dead?: Location;
  /** Where it idles and nobody waits for it to go on: a server's place. Absent if there is none. */
  readonly rests?: readonly Location[];
}

/** Where a thread may stay for ever without anything being wrong: when it is done, and where it rests. */
export const mayStayAt = ({ done, rests = [] }: Thread): readonly Location[] => [done, ...rests];

/** Copies of one actor: the threads that run one procedure, each with its index. */
export interface ActorFamily {
  readonly name: string;
  /** In the order of their indices. */
  readonly threads: readonly ThreadId[];
}

export type ReportKind = 'bug' | 'warning';

export interface Reported {
  readonly kind: ReportKind;
  readonly message: string;
  /** Of a built-in check: its name. */
  readonly check?: CheckName;
  /** For people: what is false, as the model writes it. The guard has what control flow leaves open of it. */
  readonly tested?: Expr;
}

export interface Step {
  readonly id: StepId;
  readonly thread: ThreadId;
  readonly from: Location;
  readonly to: Location;
  /** `procedure.label`, for people. */
  readonly label: string;
  /** For an arm of a choice, whose thread stands at the choice: its own path, as in `LocationInfo`. For people. */
  readonly armPath?: string;
  /** What the kernel does here, for people. */
  readonly caption: string;
  readonly source: Source;
  /** Bool. The step is enabled when its thread is at `from` and the guard is true. */
  readonly guard: Expr;
  /** Simultaneous: every expression reads the state before the step. No cell is written twice. */
  readonly assignments: readonly Assignment[];
  /**
   * The locks that change hands, in the order that the model writes; absent if there are none. The guard and the
   * assignments say the same: engines need not read this.
   */
  readonly locks?: readonly LockChange[];
  /**
   * For people: what the step stores in locals that nobody reads any more, and resets of locals that start anew. With
   * these, and without the resets among the assignments, locals have the values that the model gives them.
   */
  readonly unread?: readonly Assignment[];
  /** Taking this step violates the assertion with this message. */
  readonly reports?: Reported;
}

/** A lock that a step takes, and before that waits for, or that it drops. */
export interface LockChange {
  readonly way: 'take' | 'drop';
  readonly mode: Lock['mode'];
  /** The owner, or the own share of the step's thread. */
  readonly lock: Cell;
}

export interface Assignment {
  readonly target: Cell;
  readonly value: Expr;
  /** Resets a local that can no longer be read. */
  readonly reset?: true;
}

/** A variable, or one of several by index. An index outside 0 … variables.length - 1 is a fault. */
export interface Cell {
  readonly variables: readonly VariableId[];
  /** Int; absent if there is just one variable. */
  readonly index?: Expr;
  /** With an index: as people write it, `['mm[', i, '].subpage[', j, ']']`. The same cell without it. */
  readonly text?: readonly (string | Expr)[];
}

export type Expr = { /** What people call it; the same expression without it. */ readonly name?: string } & (
  | { readonly op: 'const'; readonly value: number; readonly type: Type }
  | { readonly op: 'read'; readonly cell: Cell; readonly type: Type }
  /** Is the thread at one of these locations? */
  | { readonly op: 'at'; readonly thread: ThreadId; readonly locations: readonly Location[] }
  | { readonly op: 'not'; readonly x: Expr }
  /** `and` and `or` read their right side only if the left leaves it open, as in C. */
  | { readonly op: 'and' | 'or'; readonly x: Expr; readonly y: Expr }
  /** On operands of the same type. */
  | { readonly op: 'eq'; readonly x: Expr; readonly y: Expr }
  | { readonly op: 'lt' | 'le'; readonly x: Expr; readonly y: Expr }
  /** `div` rounds toward zero and `mod` takes the sign of the dividend, as in C; by zero they are a fault. */
  | { readonly op: 'add' | 'sub' | 'mul' | 'div' | 'mod'; readonly x: Expr; readonly y: Expr }
  /** Reads only the side that is taken. */
  | { readonly op: 'if'; readonly x: Expr; readonly then: Expr; readonly else: Expr }
);

/** An enum's type is its list of words: two enums are the same type if their words are. */
export type Type = 'bool' | 'int' | readonly string[];

export interface Program {
  readonly name: string;
  /** All of them, resolved; for people. */
  readonly settings: { readonly [name: string]: number | boolean | string };
  readonly variables: readonly Variable[];
  readonly threads: readonly Thread[];
  /** The actors that have an index, even if it has just one value; absent if there are none. */
  readonly actors?: readonly ActorFamily[];
  /** In (thread, program) order: the order of successors. */
  readonly steps: readonly Step[];
  /** Bool over the variables: which combinations of initial values are initial states. */
  readonly initially: Expr;
  /** What runs beside the steps for properties; absent if nothing does. A step says only what the model does. */
  readonly monitors?: readonly Monitor[];
  /** The built-in checks that are switched off; absent if all are on. */
  readonly without?: readonly CheckName[];
}

/** The steps that a thread may take from a location, were it not for their guards. */
export const stepsFrom = (program: Program, thread: ThreadId, location: Location): readonly Step[] =>
  program.steps.filter((step) => step.thread === thread && step.from === location);
