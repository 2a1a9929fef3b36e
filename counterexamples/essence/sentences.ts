// Writes an ordering of the essence as a sentence: what its two steps do to what both access.
//
//   munmap[0] changes vma[0].pmd from huge to none (clear_pmd) before truncate[0] reads it (test_huge).

import {
  isEnabled,
  type Lock,
  type Program,
  type Step,
  stepsFrom,
  type VariableId,
} from '../../checker/index.js';
import { sharedBy } from '../explain/accesses.js';
import type { TraceStep, Value, Write } from '../trace/trace.js';
import type { Words } from '../trace/trace_words.js';
import type { Ordering } from './continued_run.js';
import { type AccessingStep, asksFor, type Meeting } from './meetings.js';
import type { Orderings } from './orderings.js';

/** One end of an ordering. */
export interface Moment {
  /** The step's number in the trace, from 1; absent for a step after the end of the trace. */
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
  /** How the two interact; `nothing` only if no other orderings make the bug inevitable. */
  readonly meeting: Meeting;
  /** What both access and one changes; empty if they interact only through other steps. */
  readonly over: readonly {
    readonly path: string;
    /** `seen`: the later step reads what the first wrote; `missed`: the first read what the later would change. */
    readonly how: 'seen' | 'missed' | 'overwritten';
  }[];
  readonly sentence: string;
}

export class SentenceWriter {
  readonly #program: Program;
  readonly #found: Orderings;
  readonly #words: Words;

  constructor(program: Program, found: Orderings, words: Words) {
    this.#program = program;
    this.#found = found;
    this.#words = words;
  }

  ordering(ordering: Ordering): EssentialOrdering {
    const { first, then } = ordering;
    const [a, b] = [this.#taken(first), this.#taken(then)];
    const shared = this.#mostSpecific(sharedBy(a.accesses, b.accesses));
    return {
      first: this.#moment(first),
      then: this.#moment(then),
      meeting: this.#found.meets(ordering),
      over: shared.map((id) => ({
        path: this.#name(id),
        how: !a.accesses.writes.has(id) ? 'missed' : b.accesses.reads.has(id) ? 'seen' : 'overwritten',
      })),
      sentence: `${this.#sentence(ordering, shared)}.`,
    };
  }

  #sentence({ first, then }: Ordering, shared: readonly VariableId[]): string {
    const [a, b] = [this.#taken(first), this.#taken(then)];
    switch (this.#found.meets({ first, then })) {
      case 'data':
      case 'lock':
        if (shared.length > 0) return this.#overData({ first, then }, shared);
        return asksFor(a, b)
          ? `${this.#actor(first)} looks where ${this.#actor(then)} stands (${this.#place(first)}) before ${this.#runs(then)}`
          : `${this.#runs(first)} before ${this.#actor(then)} looks where it stands (${this.#place(then)})`;
      case 'asked':
        return `${this.#asked(first)} before ${this.#asked(then)}; ${this.#found.asked.variables.size > 0 ? 'the property reads what both change' : 'the property asks where both stand'}`;
      case 'nothing':
        return `${this.#runs(first)} before ${this.#runs(then)}; they access nothing in common`;
    }
  }

  #overData({ first, then }: Ordering, shared: readonly VariableId[]): string {
    const names = [...new Set(shared.map(this.#calledName))];
    const does = this.#accesses(first, shared, names.join(' and '));
    const known = names.length === 1 ? 'it' : names.join(' and ');
    if (then >= this.#found.run.taken) {
      const reacts = this.#isWaiting(then)
        ? `waits for ${known} (${this.#place(then)})`
        : `runs ${this.#place(then)}`;
      return `${does} before ${this.#actor(then)} ${reacts}`;
    }
    return `${does} before ${this.#accesses(then, shared, known)}`;
  }

  /** The shared data, or if there is none, the shared locks. */
  #mostSpecific(shared: readonly VariableId[]): readonly VariableId[] {
    const data = shared.filter((id) => this.#program.variables[id]!.lock === undefined);
    return data.length === 0 ? shared : data;
  }

  /**
   * `munmap[0] changes vma[0].pmd from huge to none (zap_huge_pmd.clear_pmd)`; `known` is the name already used in the
   * sentence.
   */
  #accesses(i: number, ids: readonly VariableId[], known: string): string {
    const texts = this.#stepTaken(i).writes.flatMap((write): readonly string[] => {
      const variable = this.#program.variables.find(
        ({ id, name }) => name === write.path && ids.includes(id),
      );
      if (variable === undefined) return [];
      const what = known === 'it' ? known : this.#calledName(variable.id);
      return [variable.lock === undefined ? changeText(write, what) : holdText(write, what, variable.lock)];
    });
    const does = texts.length === 0 ? `reads ${known}` : texts.join(' and ');
    return `${this.#actor(i)} ${does} (${this.#place(i)})`;
  }

  /** What a step changes of what the property reads. */
  #asked(i: number): string {
    return this.#isWritten(i) ? this.#accesses(i, this.#askedWrites(i), '') : this.#runs(i);
  }
  #askedWrites(i: number): readonly VariableId[] {
    const { taken, asked } = this.#found;
    return [...taken[i]!.accesses.writes].filter((id) => asked.variables.has(id));
  }
  /** Was the step taken? A waiting step after the trace has written nothing. */
  #isWritten = (i: number): boolean => i < this.#found.run.taken && this.#askedWrites(i).length > 0;

  #runs = (i: number): string => `${this.#actor(i)} runs ${this.#place(i)}`;
  #actor = (i: number): string => this.#program.threads[this.#step(i).thread]!.name;

  /** The label, and its occurrence if the actor is there more than once in the trace. */
  #place(i: number): string {
    const { label } = this.#step(i);
    const { events, run } = this.#found;
    const { thread, location, visit } = events[i]!;
    const isAgain = events.slice(0, run.length).some((other) => {
      return other.thread === thread && other.location === location && other.visit !== visit;
    });
    return isAgain ? `${label}, ${ordinal(visit)} time` : label;
  }

  #step = (i: number): Step => this.#program.steps[this.#found.run.steps[i]!]!;
  #name = (id: VariableId): string => this.#program.variables[id]!.name;
  /** All parts of a lock have the name of the lock. */
  #calledName = (id: VariableId): string => this.#program.variables[id]!.lock?.name ?? this.#name(id);
  #taken = (i: number): AccessingStep => this.#found.taken[i]!;
  #stepTaken(i: number): TraceStep {
    const { states, taken } = this.#found.run;
    return this.#words.step(this.#step(i), states[i]!, i < taken ? states[i + 1] : undefined);
  }

  /** Does its actor wait there? */
  #isWaiting(i: number): boolean {
    const { thread, from } = this.#step(i);
    const own = stepsFrom(this.#program, thread, from);
    return !own.some((step) => isEnabled(step, this.#found.run.states[i]!, this.#program));
  }

  #moment(i: number): Moment {
    const { actor, label, path, caption, file, source } = this.#stepTaken(i);
    return {
      ...(i < this.#found.run.length && { step: i + 1 }),
      ...{ actor, label, path, caption },
      ...(file !== undefined && { file }),
      ...(source !== undefined && { source }),
    };
  }
}

const changeText = ({ from, to }: Write, what: string): string =>
  from === to ? `writes ${to} to ${what}` : `changes ${what} from ${from} to ${to}`;

const holdText = ({ from, to }: Write, what: string, { mode }: Lock): string => {
  const isFree = (value: Value) => value === false || value === 'free';
  const way = mode === 'shared' ? ' for reading' : '';
  if (isFree(from) === isFree(to)) return changeText({ path: what, from, to }, what);
  return isFree(from) ? `takes ${what}${way}` : `drops ${what}`;
};

/** `1st`, `2nd`, `3rd`, `11th`. */
function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
