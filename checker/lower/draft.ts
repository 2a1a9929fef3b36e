// Drafts: the steps of one thread during lowering, between locations of which some may be the same. Control that takes
// no step (Goto, Return, entering a Call) is an alias from one location to another.

import type { SourceLocation } from '../../models/language/index.js';
import type { CheckName } from '../ir/built_in_checks.js';
import type { MemoryOperation } from '../ir/memory.js';
import type {
  Assignment,
  Cell,
  Expr,
  Location,
  LocationInfo,
  LockChange,
  LoopMove,
  Reported,
  ReportKind,
  Source,
  Step,
  VariableId,
} from '../ir/program.js';
import type { ProgramNames } from '../ir/text.js';

/** A text that is written after every actor is lowered, because it may refer to locations of other actors. */
export type Text = (names: ProgramNames) => string;

/** A condition that must be true when a step is taken, or when its actor arrives at the location before it. */
export interface DraftExpectation {
  readonly condition: Expr;
  readonly message: Text;
  readonly kind: ReportKind;
  readonly onArrival: boolean;
  /** The built-in check that it belongs to. */
  readonly check?: CheckName;
}

/** What the last part of lowering needs to know about the variables, for one thread. */
export interface ThreadNames extends ProgramNames {
  /** The thread's own variables. */
  readonly locals: readonly VariableId[];
  readonly locks: readonly VariableId[];
  /** The shares of locks that their thread may take again, each with the variable that counts how often it is held. */
  readonly nested: ReadonlyMap<VariableId, VariableId>;
  readonly objects: ObjectFacts;
  /** The thread's variables that must be 0 when it is done. */
  readonly kept: readonly Kept[];
  /** Variables that no other thread writes. */
  readonly own: readonly VariableId[];
}

/** A variable of an actor that must be 0 when it is done. */
export interface Kept {
  readonly id: VariableId;
  readonly message: string;
}

/** The objects of a state. */
export interface ObjectFacts {
  /** For each field of an object: the variable that says whether the object is live. */
  readonly lifetimes: ReadonlyMap<VariableId, VariableId>;
  /**
   * Objects whose accesses are not checked: those that are reused at once, and those that are live from the start to
   * the end.
   */
  readonly unchecked: ReadonlySet<VariableId>;
}

export interface Draft {
  readonly from: Location;
  readonly to: Location;
  readonly label: string;
  readonly path: string;
  readonly caption: Text;
  readonly source: Source;
  readonly guard: Expr;
  /** Of an actor that shares its CPU: when it runs, which is a part of the guard, and the rest of the guard. */
  readonly onCpu?: { readonly runs: Expr; readonly guard: Expr };
  readonly expectations: readonly DraftExpectation[];
  readonly assignments: readonly Assignment[];
  /** Locks that the step takes, waiting until they are free, and that it drops, a bug unless its thread owns them. */
  readonly locks: readonly DraftLock[];
  /** The variables that record that the step's thread waits for a lock that queues writers, where that matters. */
  readonly queue?: Cell;
  /** Does an actor rest at `from`? */
  readonly rests: boolean;
  /** Is it the step with which an interrupt begins? */
  readonly begins?: true;
  /** For an outcome of a test: the test. */
  readonly test?: TestShared;
  /** Its meaning for a memory model, beside its accesses. */
  readonly memory?: MemoryOperation;
  /** Of `locks`, those that are only tried: the step does not wait for them. */
  readonly tried?: readonly DraftLock[];
}

/** A change of a lock, with what only lowering needs to know of it. */
export interface DraftLock extends LockChange {
  /** For a share: where this is true, it is granted although a writer waits, and may be taken again. */
  readonly overtakes?: Expr;
}

/** The common part of the outcomes of one test. */
export interface TestShared {
  /** Distinguishes the outcomes of one test from those of another at the same location. */
  readonly id: symbol;
  /** Without the answer. */
  readonly caption: Text;
  /** The guards of the test that do not depend on its answer. */
  readonly guard: Expr;
}

/** A draft between resolved locations. */
export interface FlowEdge extends Draft {
  /** What it does with loops that are not unrolled. */
  readonly loops?: readonly LoopMove[];
  /** Locals that are reset on the way to `to`. */
  readonly fresh: readonly VariableId[];
  /** For an arm of a choice: its path, which is not that of the location. */
  readonly armPath?: string;
  /** Locals that are reset when the step begins: it is the first step of a callee, merged into a fork before it. */
  readonly anew: readonly VariableId[];
  /** Is it the first step of an arm, merged into a fork before it? An actor there need not choose the arm. */
  readonly isChosen: boolean;
}

/** A step whose texts are not written yet. */
export interface UnnumberedStep extends Omit<Step, 'id' | 'caption' | 'reports'> {
  readonly caption: Text;
  readonly reports?: Omit<Reported, 'message'> & { readonly message: Text };
}
export type UnfinishedStep = UnnumberedStep & Pick<FlowEdge, 'fresh' | 'anew'>;

export interface LoweredThread {
  readonly locations: readonly LocationInfo[];
  readonly start: Location;
  readonly done: Location;
  readonly dead: Location | undefined;
  /** Locations at which it rests. */
  readonly rests: readonly Location[];
  readonly steps: readonly UnnumberedStep[];
  /** The locations at which an actor is `at` a label. */
  readonly labels: ReadonlyMap<string, readonly Location[]>;
  /** Shares of locks that it takes where it may hold them already. */
  readonly takenAgain: ReadonlySet<VariableId>;
}

/** A location with several arms; the choice and the first step of the arm are one step. */
export interface Fork {
  readonly at: Location;
  readonly label: string;
  readonly path: string;
  readonly arms: readonly {
    readonly entry: Location;
    /** Locations made while the arm was lowered: entry … end - 1. */
    readonly end: Location;
    /** The step for an arm that begins with none; `from` and `to` are filled in later. */
    readonly skip: Omit<Draft, 'from' | 'to'>;
  }[];
}

/** The locations of one statement: where it begins, and those it made, `made` … `end - 1`. */
export interface Extent {
  readonly start: Location;
  readonly made: Location;
  readonly end: Location;
}

/** The location at which control that reaches a location stops. */
export interface Arrival {
  /** Undefined for a cycle without a step. */
  readonly at: Location | undefined;
  /** The locals that are reset on the way. */
  readonly fresh: readonly VariableId[];
  /** The locations on the way, the last one included. */
  readonly via: readonly Location[];
  /** What happens on the way to loops that are not unrolled. */
  readonly loops: readonly LoopMove[];
}

/** Where a loop that is not unrolled is entered, or where its body ends and may begin again. */
export type OpenLoop =
  | { readonly index: VariableId; readonly way: 'enter' }
  | { readonly index: VariableId; readonly way: 'next'; readonly again: Location };

const joinedArrival = (first: Omit<Arrival, 'at'>, then: Arrival): Arrival => ({
  at: then.at,
  fresh: [...first.fresh, ...then.fresh],
  via: [...first.via, ...then.via],
  loops: [...first.loops, ...then.loops],
});

/** The control flow of one thread, as it is built. */
export class Flow {
  readonly drafts: Draft[] = [];
  readonly forks: Fork[] = [];
  readonly #alias = new Map<Location, Location>();
  /** Locals that are reset when control passes through a location: the entry of a procedure. */
  readonly #fresh = new Map<Location, readonly VariableId[]>();
  /** Loops that are not unrolled, by the locations where they begin and where their bodies end. */
  readonly loops = new Map<Location, OpenLoop>();
  /** For each label, its statements. */
  readonly labels = new Map<string, Extent[]>();
  /** Where statements begin, in program order. */
  readonly begins = new Map<Location, SourceLocation | undefined>();
  #next = 0;

  /** Changes all drafts, but no location of theirs. */
  guard(change: (drafts: readonly Draft[]) => readonly Draft[]): void {
    this.drafts.splice(0, this.drafts.length, ...change([...this.drafts]));
    const skips = this.forks.flatMap(({ arms }) => arms.map(({ skip }) => ({ ...skip, from: -1, to: -1 })));
    const changed = [...change(skips)];
    this.forks.splice(
      0,
      this.forks.length,
      ...this.forks.map((fork) => ({
        ...fork,
        arms: fork.arms.map((arm) => ({ ...arm, skip: changed.shift()! })),
      })),
    );
  }

  location(): Location {
    return this.#next++;
  }
  /** One above the newest location. */
  get end(): Location {
    return this.#next;
  }

  /** Control that reaches `from` is at `to`. */
  alias(from: Location, to: Location): void {
    this.#alias.set(from, to);
  }
  fresh(at: Location, locals: readonly VariableId[]): void {
    this.#fresh.set(at, locals);
  }
  /** The statement with this label begins at `start`, and made the locations from `made` on. */
  labelled(label: string, start: Location, made: Location): void {
    const extent = { start, made, end: this.end };
    this.labels.set(label, [...(this.labels.get(label) ?? []), extent]);
  }

  /** By a location: those from which control comes there. */
  waysInto(): ReadonlyMap<Location, readonly Location[]> {
    const into = new Map<Location, Location[]>();
    const way = (from: Location, to: Location) => into.set(to, [...(into.get(to) ?? []), from]);
    for (const { from, to } of this.drafts) way(from, to);
    for (const [from, to] of this.#alias) way(from, to);
    for (const [end, loop] of this.loops) if (loop.way === 'next') way(end, loop.again);
    for (const { at, arms } of this.forks) for (const { entry } of arms) way(at, entry);
    return into;
  }

  resolve(from: Location): Arrival {
    return this.arrivals(from)[0]!;
  }

  /** Where control that reaches a location stops: in several places only behind loops that are not unrolled. */
  arrivals(from: Location): readonly Arrival[] {
    const fresh: VariableId[] = [];
    const via: Location[] = [];
    const loops: LoopMove[] = [];
    const others: Arrival[] = [];
    for (let at = from; !via.includes(at); ) {
      via.push(at);
      fresh.push(...(this.#fresh.get(at) ?? []));
      const next = this.#alias.get(at);
      if (next === undefined) return [{ at, fresh, via, loops }, ...others];
      const loop = this.loops.get(at);
      if (loop?.way === 'next') {
        const again: LoopMove = { index: loop.index, way: 'next' };
        const before = { fresh: [...fresh], via: [...via], loops: [...loops, again] };
        others.push(...this.arrivals(loop.again).map((on) => joinedArrival(before, on)));
      }
      if (loop !== undefined) loops.push({ index: loop.index, way: loop.way === 'next' ? 'leave' : 'enter' });
      at = next;
    }
    return [{ at: undefined, fresh, via, loops }, ...others];
  }
}
