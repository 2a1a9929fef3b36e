// The essence of a counterexample, told: which step must come before which, what the one sees of the other, and which
// lock would have put them in order. As data, and as a sentence for each ordering:
//
//   munmap[0] changes vma[0].pmd from huge to none (clear_pmd) before truncate[0] reads it (test_huge).

import {
  type Check,
  isEnabled,
  type Path,
  type Program,
  type Property,
  type Step,
  stepsFrom,
  type VariableId,
} from '../checker/index.js';
import { displayLocation, type SourceLocation } from '../models/language/index.js';
import { accessesOf, locksHeld, sharedBy } from './accesses.js';
import type { ContinuedRun, Ordering } from './events.js';
import { type EssenceOptions, essentialOrderings } from './orderings.js';
import type { TraceStep, Write } from './trace.js';
import { Words } from './words.js';

/** One end of an ordering. */
export interface Moment {
  /** The step's number in the trace, from 1; absent for what the actor would have done after the trace ends. */
  readonly step?: number;
  readonly actor: string;
  readonly label: string;
  readonly path: string;
  readonly caption: string;
  /** The C file that the step stands for. */
  readonly file?: string;
  /** The model's file and line. */
  readonly source?: string;
}

export interface EssentialOrdering {
  readonly first: Moment;
  readonly then: Moment;
  /** What both access and one changes; empty if they meet only through what other steps do. */
  readonly over: readonly {
    readonly path: string;
    /** `seen`: the later step reads what the first wrote; `missed`: the first read what the later would change. */
    readonly how: 'seen' | 'missed' | 'overwritten';
  }[];
  readonly sentence: string;
}

/** A lock that one actor holds from its first to its last step of the essence, and the other never. */
export interface EssentialLock {
  readonly lock: string;
  readonly heldBy: string;
  readonly notBy: readonly string[];
  readonly sentence: string;
}

export interface Essence {
  readonly orderings: readonly EssentialOrdering[];
  readonly locks: readonly EssentialLock[];
  /** How many runs without the bug break one of the orderings, and had to be found to know that none is too many. */
  readonly ruledOut: number;
  /** Does a run that keeps the orderings escape by passing over an actor for ever? Such runs are not counted. */
  readonly isUnfairlyEscaped: boolean;
}

/**
 * The fewest orderings between steps of different actors that make the bug of `check` inevitable; see docs/essence.md.
 * Throws an EssenceError where there is none to tell: for liveness, and where the search gets too large.
 */
export function essenceOf(
  program: Program,
  properties: readonly Property[],
  check: Check,
  path: Path,
  options: EssenceOptions & { readonly locate?: (at: SourceLocation) => string } = {},
): Essence {
  const { run, orderings, ruledOut, isUnfairlyEscaped } = essentialOrderings(
    program,
    properties,
    check,
    path,
    options,
  );
  const teller = new Teller(program, run, new Words(program, options.locate ?? displayLocation));
  return {
    orderings: orderings.map((ordering) => teller.ordering(ordering)),
    locks: teller.locks(orderings),
    ruledOut,
    isUnfairlyEscaped,
  };
}

class Teller {
  readonly #program: Program;
  readonly #run: ContinuedRun;
  readonly #words: Words;

  constructor(program: Program, run: ContinuedRun, words: Words) {
    this.#program = program;
    this.#run = run;
    this.#words = words;
  }

  ordering(ordering: Ordering): EssentialOrdering {
    const [first, then] = [this.#told(ordering.first), this.#told(ordering.then)];
    const [a, b] = [this.#accesses(ordering.first), this.#accesses(ordering.then)];
    const shared = this.#mostTelling(sharedBy(a, b));
    const over = shared.map((id) => ({
      path: this.#program.variables[id]!.name,
      how: !a.writes.has(id) ? 'missed' : b.reads.has(id) ? 'seen' : 'overwritten',
    })) satisfies EssentialOrdering['over'];
    const names = shared.map(this.#name);
    const does = clause(first, names, names.join(' and '));
    const known = names.length === 1 ? 'it' : names.join(' and ');
    const reacts =
      ordering.then < this.#run.taken
        ? clause(then, names, known)
        : this.#isWaiting(ordering.then) && names.length > 0
          ? `${then.actor} waits for ${known} (${then.label})`
          : `${then.actor} runs ${then.label}`;
    return {
      first: this.#moment(ordering.first),
      then: this.#moment(ordering.then),
      over,
      sentence: `${does} before ${reacts}.`,
    };
  }

  /** The data that two steps share, or if there is none, the locks. */
  #mostTelling(shared: readonly VariableId[]): readonly VariableId[] {
    const data = shared.filter((id) => this.#program.variables[id]!.lock === undefined);
    return data.length === 0 ? shared : data;
  }

  /** A lock that would have ordered the steps, had both actors held it throughout. */
  locks(orderings: readonly Ordering[]): readonly EssentialLock[] {
    const ends = orderings.flatMap(({ first, then }) => [first, then]);
    const actors = [...new Set(ends.map((i) => this.#step(i).thread))].sort((a, b) => a - b);
    const spans = actors.map((thread) => {
      const own = ends.filter((i) => this.#step(i).thread === thread);
      const [from, to] = [Math.min(...own), Math.max(...own)];
      const held = this.#run.states
        .slice(from, to + 1)
        .map((state) => new Set(locksHeld(this.#program, thread, state)));
      return { thread, ends: own.length, held };
    });
    return spans.flatMap(({ thread, ends: count, held }) => {
      if (count < 2) return [];
      const others = spans.filter((span) => span.thread !== thread);
      return [...held[0]!]
        .filter((id) => held.every((locks) => locks.has(id)))
        .filter((id) => others.every((span) => !span.held.some((locks) => locks.has(id))))
        .map((id): EssentialLock => {
          const lock = this.#name(id);
          const heldBy = this.#program.threads[thread]!.name;
          const notBy = others.map((span) => this.#program.threads[span.thread]!.name);
          const sentence = `${heldBy} holds ${lock} from its first to its last of these steps, ${notBy.join(' and ')} at none: held by both, it would have ordered them.`;
          return { lock, heldBy, notBy, sentence };
        });
    });
  }

  #step = (i: number): Step => this.#program.steps[this.#run.steps[i]!]!;
  #name = (id: VariableId): string => this.#program.variables[id]!.name;
  #accesses = (i: number) => accessesOf(this.#program, this.#step(i), this.#run.states[i]!);
  #told = (i: number): TraceStep =>
    this.#words.step(
      this.#step(i),
      this.#run.states[i]!,
      i < this.#run.taken ? this.#run.states[i + 1] : undefined,
    );

  /** Can its actor take no step there? */
  #isWaiting(i: number): boolean {
    const { thread, from } = this.#step(i);
    const own = stepsFrom(this.#program, thread, from);
    return !own.some((step) => isEnabled(step, this.#run.states[i]!, this.#program));
  }

  #moment(i: number): Moment {
    const { actor, label, path, caption, file, source } = this.#told(i);
    return {
      ...(i < this.#run.length && { step: i + 1 }),
      ...{ actor, label, path, caption },
      ...(file !== undefined && { file }),
      ...(source !== undefined && { source }),
    };
  }
}

/** `munmap[0] changes vma[0].pmd from huge to none (zap_huge_pmd.clear_pmd)`; `known` is what it was called before. */
function clause({ actor, label, writes }: TraceStep, shared: readonly string[], known: string): string {
  const changes = writes.filter(({ path }) => shared.includes(path));
  if (shared.length === 0) return `${actor} runs ${label}`;
  if (changes.length === 0) return `${actor} reads ${known} (${label})`;
  const texts = changes.map((write) => changeText(write, known === 'it' ? known : write.path));
  return `${actor} ${texts.join(' and ')} (${label})`;
}

const changeText = ({ from, to }: Write, what: string): string =>
  from === to ? `writes ${to} to ${what}` : `changes ${what} from ${from} to ${to}`;
