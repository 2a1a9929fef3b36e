// The Program: what every engine, analysis and exporter reads, and all that they need of a model. Finite variables,
// threads, and guarded steps with simultaneous assignments. It has no settings, no calls and no loops, and every step
// has a name.
//
// A state is one location for each thread and one value for each variable. All values are numbers: false is 0,
// true is 1, a word of an enum is its index, an owner is 0 for no thread and 1 + thread for a thread.

import type { CheckName } from './built_in_checks.js';
import type { LoadOrder, MemoryOperation, StoreOrder } from './memory.js';

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
   * and is the same in every actor; shares of one set of holders have one place. Absent for variables that the model
   * does not declare, such as a monitor's.
   */
  readonly place?: readonly PlacePart[];
  readonly domain: Domain;
  /** Its values in the initial states, which are the product over all variables. Usually one value. */
  readonly initial: readonly number[];
  /** The thread whose local it is; undefined for shared variables. */
  readonly thread?: ThreadId;
  /**
   * For a lock (an owner, or one thread's share of a set of holders): which lock it is. An owner without is a lock that
   * any thread may release: its owner may lose it at any moment, so no analysis knows who holds it.
   */
  readonly lock?: Lock;
  /** For a share of a set of holders: the thread whose share it is. */
  readonly holder?: ThreadId;
  /** What a lock remembers of a thread beside its hold: that it has queued to write, or how many more shares it holds. */
  readonly ofLock?: { readonly lock: string; readonly thread: ThreadId; readonly what: 'queued' | 'nested' };
  /** For the length of a queue and for its cells, which follow it: the name of the queue. For people only. */
  readonly queue?: string;
  /** No memory model delays what is stored in it: whether an object is live, or whether an actor has interrupts off. */
  readonly isNoMemory?: true;
  /** One of those of which each actor has its own (`perActor`): whose. Unless another actor uses it, it is a register. */
  readonly registerOf?: ThreadId;
  /** For a part of a slot of a store buffer. For people only. */
  readonly slot?: BufferSlot;
}

/**
 * Records for a property what has happened. It runs beside the Program: no guard, no assignment of a step and no other
 * variable reads it. `composed` in monitors.ts makes one Program of both.
 */
export interface Monitor {
  /** Its number follows those of the Program's variables and of the monitors before it. */
  readonly variable: Variable;
  /** The value that every step stores in it. Like assignments of the step, it reads the state before the step. */
  readonly update: Expr;
}

/** A field's name, or an index. */
export type PlacePart = string | number;

/** The lock of which a variable is the state, or a part of the state: a rwsem has an owner and many shares. */
export interface Lock {
  /** Such as 'spinlock'. */
  readonly kind: string;
  /** Its name in the model, `mm[0].mmap_lock`; all parts of one lock have the same. */
  readonly name: string;
  /** Its name without indices, `mm.mmap_lock`: locks of one class are taken by the same rules. */
  readonly class: string;
  /** Several threads can hold it at once: the holder of one shared part does not exclude holders of others. */
  readonly mode: 'exclusive' | 'shared';
  /** A share that its holder may take again: it must be dropped as often as it was taken. */
  readonly nests?: true;
  /** Waiters spin, and holders have preemption off: a holder must not sleep. */
  readonly spins?: true;
}

/** Where in the sources of a model, for people only. */
export interface Source {
  /** The C file that the step stands for. */
  readonly file?: string;
  /** Where in it, if the model says so: a line from 1 up, or a function and the digest of what was modelled. */
  readonly inC?: {
    readonly path: string;
    readonly line?: number;
    readonly function?: string;
    readonly digest?: string;
  };
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
  /** Where it stands after a bug; undefined if none of its steps can report one. */
  readonly dead?: Location;
  /** Locations at which it idles and is not waited for, as a server does. Absent if there are none. */
  readonly rests?: readonly Location[];
  /** The CPU on which it runs; absent if it has one of its own. */
  readonly cpu?: string;
  /** What it interrupts and what interrupts it; absent for a task that turns nothing off. */
  readonly context?: CpuContext;
}

/** How a thread runs on its CPU. */
export interface CpuContext {
  readonly level: 'task' | 'softirq' | 'hardirq' | 'nmi';
  /** True while it has interrupts off; absent if it never has. */
  readonly irqsOff?: VariableId;
  /** Not 0 while it has softirqs off; absent if it never has. */
  readonly bhOff?: VariableId;
}

/**
 * Locations at which a thread may stay for ever without a failure: when it is done, and where it rests.
 * Example: `mayStayAt(thread).includes(thread.done) === true`
 */
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
  /**
   * For people: the condition that is false, as the model writes it. The guard has the part that control flow does not
   * decide.
   */
  readonly tested?: Expr;
}

export interface Step {
  readonly id: StepId;
  readonly thread: ThreadId;
  readonly from: Location;
  readonly to: Location;
  /** `procedure.label`, for people. */
  readonly label: string;
  /** For an arm of a choice: the arm's own path, as in `LocationInfo` (the thread stands at the choice). For people. */
  readonly armPath?: string;
  /** What the kernel does here, for people. */
  readonly caption: string;
  readonly source: Source;
  /** Bool. The step is enabled when its thread is at `from` and the guard is true. */
  readonly guard: Expr;
  /** Simultaneous: every expression reads the state before the step. No cell is written twice. */
  readonly assignments: readonly Assignment[];
  /**
   * The locks that the step takes and drops, in the order of the model; absent if there are none. The guard and the
   * assignments have the same meaning, so engines need not read this.
   */
  readonly locks?: readonly LockChange[];
  /**
   * For people: values that the step stores in dead locals, and resets of locals at their declaration. With these, and
   * without the resets among the assignments, locals have the values that the model gives them.
   */
  readonly unread?: readonly Assignment[];
  /** Taking this step violates the assertion with this message. */
  readonly reports?: Reported;
  /** Its meaning for a memory model, beside its accesses. Interleaving semantics does not use it. */
  readonly memory?: MemoryOperation;
  /** Lowered for any number: what it does with the loops that are not unrolled, in this order. */
  readonly loops?: readonly LoopMove[];
}

/** What a step does with a loop over a number of indices that is left open. */
export interface LoopMove {
  /** The index of the loop. */
  readonly index: VariableId;
  /** All indices are still to do, and it takes one; it takes the next one; none is left. */
  readonly way: 'enter' | 'next' | 'leave';
}

/** A lock that a step waits for and takes, or that it drops. */
export interface LockChange {
  readonly way: 'take' | 'drop';
  readonly mode: Lock['mode'];
  /** The owner, or the share of the step's own thread. */
  readonly lock: Cell;
  /** Of a lock that is taken: for the order of locks, it counts as a lock of another class. 0 if absent. */
  readonly subclass?: number;
}

export interface Assignment {
  readonly target: Cell;
  readonly value: Expr;
  /** Resets a dead local. */
  readonly reset?: true;
  /** In which order the store is; plain if absent. */
  readonly order?: StoreOrder;
}

/** A variable, or one of several by index. An index outside 0 … variables.length - 1 is a fault. */
export interface Cell {
  readonly variables: readonly VariableId[];
  /** Int; absent if there is just one variable. */
  readonly index?: Expr;
  /** With an index: as people write it, `['mm[', i, '].subpage[', j, ']']`. The same cell without it. */
  readonly text?: readonly (string | Expr)[];
}

export type Expr = {
  /** A name for people; it does not change the expression. */
  readonly name?: string;
  /** Lowered for any number: which copy the thread is that the expression names; absent for the step's own. */
  readonly member?: Expr;
} & (
  | { readonly op: 'const'; readonly value: number; readonly type: Type }
  | {
      readonly op: 'read';
      readonly cell: Cell;
      readonly type: Type;
      /** In which order the load is; plain if absent. */
      readonly order?: LoadOrder;
    }
  /** Is the thread at one of these locations? */
  | { readonly op: 'at'; readonly thread: ThreadId; readonly locations: readonly Location[] }
  | { readonly op: 'not'; readonly x: Expr }
  /** `and` and `or` read their right side only if the left does not decide, as in C. */
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

/** What a variable is in a store buffer: it says for which place a store is, or holds the values of stores to some places. */
export interface BufferSlot {
  /** The name of the buffer. */
  readonly buffer: string;
  /** Its number, from 0, the oldest. */
  readonly index: number;
  /** For a value: of which places. */
  readonly holds?: readonly string[];
}

/** What a Program has of x86-TSO: which of its threads bring the stores of others to memory. */
export interface StoreBuffers {
  /** How many stores each holds. */
  readonly slots: number;
  /** So many are enough by control flow alone; Infinity if it sets no bound. */
  readonly enough: number;
  readonly buffers: readonly StoreBuffer[];
  /** Bool. Does some store find its buffer full? If that is never so, more slots change nothing. */
  readonly full: Expr;
  readonly coarse: readonly CoarseStep[];
}

/**
 * A statement that a memory model takes for one atomic operation, though it does not say that it is one: it accesses several
 * places of memory, or reads and writes one. The code that it stands for may do so in several instructions.
 */
export interface CoarseStep extends Pick<Step, 'label' | 'source'> {
  /** The places, by name, each once. */
  readonly accesses: readonly string[];
  /** Has one of its accesses an order, such as that of READ_ONCE()? Such an access is no atomic operation. */
  readonly isMarked: boolean;
}

export interface StoreBuffer {
  /** The thread that brings its stores to memory. It is done all the time, and may take a step all the same. */
  readonly flusher: ThreadId;
  /** Whose stores it holds: those of one thread, or of the threads of one CPU. */
  readonly threads: readonly ThreadId[];
  readonly isEmpty: Expr;
}

export interface Program {
  readonly name: string;
  /** All settings, with their values; for people. */
  readonly settings: { readonly [name: string]: number | boolean | string };
  /** Names of the settings that differ from their defaults; for people. Absent if nobody knows which do. */
  readonly nonDefault?: readonly string[];
  readonly variables: readonly Variable[];
  readonly threads: readonly Thread[];
  /** The actors that have an index, even if it has just one value; absent if there are none. */
  readonly actors?: readonly ActorFamily[];
  /** In (thread, program) order: the order of successors. */
  readonly steps: readonly Step[];
  /** Bool over the variables: which combinations of initial values are initial states. */
  readonly initially: Expr;
  /** Monitors of properties; absent if there are none. Steps contain only what the model does. */
  readonly monitors?: readonly Monitor[];
  /** Bool. Every guard contains it, so no step is taken where it is false; absent if nothing is cut so. */
  readonly within?: Expr;
  /** The built-in checks that are switched off; absent if all are on. */
  readonly without?: readonly CheckName[];
  /** Under x86-TSO: its store buffers. Absent where every access is seen at once by all. */
  readonly storeBuffers?: StoreBuffers;
}

/**
 * The steps of a thread from a location, whatever their guards are.
 * Example: `stepsFrom(program, thread.id, thread.start)[0].label === 'increment.load'`
 */
export const stepsFrom = (program: Program, thread: ThreadId, location: Location): readonly Step[] =>
  program.steps.filter((step) => step.thread === thread && step.from === location);
