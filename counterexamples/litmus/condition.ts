// The exists clause: the values that say that the orderings of an essence happened, and that the actors came to its steps.

import type { Program, VariableId } from '../../checker/index.js';
import { LitmusError } from '../../litmus/index.js';
import { placeOfStep } from '../../litmus/translate/place.js';
import type { Orderings } from '../essence/orderings.js';
import type { RunIndex } from '../story/recorded_run.js';
import type { AskedOrdering, Change } from './asked.js';
import type { Included } from './included.js';
import type { Numbering } from './numbering.js';
import type { LocationKey, TestThread } from './statements.js';

/** What a register, or a location at the end, has. */
export type ExistsTerm =
  | { readonly thread: number; readonly register: number; readonly value: number }
  | { readonly of: LocationKey; readonly value: number };

export interface ConditionSource {
  readonly program: Program;
  readonly found: Orderings;
  readonly included: Included;
  readonly numbering: Numbering;
  /** In the order of the test; those that look at what the property reads are behind those of the actors. */
  readonly threads: readonly TestThread[];
}

/** All of them must be so. */
export function termsOf(source: ConditionSource, asked: readonly AskedOrdering[]): readonly ExistsTerm[] {
  const observers = asked.filter(({ kind }) => kind === 'observed');
  const own = asked.flatMap((one) => termsOfOne(source, one, observers.indexOf(one)));
  const all = [...own, ...onTheWay(source, asked)];
  const keyed = new Map(all.map((term) => [JSON.stringify({ ...term, value: 0 }), term] as const));
  return [...keyed.values()].sort(compareTerms);
}

const compareTerms = (a: ExistsTerm, b: ExistsTerm): number => {
  if (!('thread' in a)) return 'thread' in b ? 1 : 0;
  return 'thread' in b ? a.thread - b.thread || a.register - b.register : -1;
};

function termsOfOne(source: ConditionSource, asked: AskedOrdering, observer: number): readonly ExistsTerm[] {
  const { included } = source;
  const { first, then } = asked;
  switch (asked.kind) {
    case 'seen':
      requireNew(source, asked.variable, first, then);
      return [registerAt(source, then, `variable ${asked.variable}`)];
    case 'missed':
      requireOld(source, asked.variable, first, then);
      return [registerAt(source, first, `variable ${asked.variable}`)];
    case 'overwritten': {
      requireLast(source, asked.variable, first, then);
      const value = source.numbering.after(asked.variable, then);
      return [{ of: `variable ${asked.variable}`, value }];
    }
    case 'section':
      return [registerAt(source, then, `mark ${first}`)];
    case 'held':
      return [registerAt(source, then, `lock ${asked.lock}`)];
    case 'observed': {
      const thread = included.threads.length + observer;
      return [
        { thread, register: 0, value: valueAfter(source, asked.change) },
        { thread, register: 1, value: valueBefore(source, asked.later) },
      ];
    }
  }
}

function registerAt({ threads }: ConditionSource, index: RunIndex, of: LocationKey): ExistsTerm {
  for (const [thread, { registers }] of threads.entries()) {
    const register = registers.findIndex((one) => one.index === index && one.of === of);
    if (register >= 0) return { thread, register, value: registers[register]!.value };
  }
  throw new Error(`no register has ${of} at step ${index + 1}`);
}

function valueAfter(source: ConditionSource, { index, variable }: Change): number {
  if (variable === undefined) return 1;
  requireNew(source, variable, index, index);
  return source.numbering.after(variable, index);
}

function valueBefore(source: ConditionSource, { index, variable }: Change): number {
  if (variable === undefined) return 0;
  requireOld(source, variable, index, index);
  return source.numbering.before(variable, index);
}

/** The stores to a variable in the run, with the values that they leave. */
const storesTo = ({ found, included, numbering }: ConditionSource, id: VariableId) =>
  included.steps.flatMap((index) =>
    index < found.run.taken && found.taken[index]!.accesses.writes.has(id)
      ? [{ index, value: numbering.after(id, index) }]
      : [],
  );

/** Did the value that `then` reads not exist before `first`? */
function requireNew(source: ConditionSource, id: VariableId, first: RunIndex, then: RunIndex): void {
  const { numbering, included } = source;
  const value = numbering.before(id, then === first ? then + 1 : then);
  const earlier = storesTo(source, id).filter(({ index }) => index < first);
  if ([included.initial.get(id), ...earlier.map((store) => store.value)].includes(value))
    ambiguous(source, id, first);
}

/** Does the value that `first` reads not come back with `then` or later? */
function requireOld(source: ConditionSource, id: VariableId, first: RunIndex, then: RunIndex): void {
  const value = source.numbering.before(id, first);
  const { taken } = source.found;
  // A read never sees what its own actor stores later.
  const later = storesTo(source, id).filter(
    ({ index }) => index >= then && taken[index]!.step.thread !== taken[first]!.step.thread,
  );
  if (later.some((store) => store.value === value)) ambiguous(source, id, then);
}

/** Is `then` the last store, and is there no other of its value? */
function requireLast(source: ConditionSource, id: VariableId, first: RunIndex, then: RunIndex): void {
  const stores = storesTo(source, id);
  const value = source.numbering.after(id, then);
  const isOther = stores.some((store) => store.index !== then && store.value === value);
  if (stores.at(-1)!.index !== then || isOther) ambiguous(source, id, first);
}

/** A value comes back: numbers of its stores would say which of them an ordering is about. */
export class AmbiguousError extends LitmusError {
  readonly variable: VariableId;

  constructor({ program, found }: ConditionSource, variable: VariableId, index: RunIndex) {
    const { step } = found.taken[index]!;
    const { name } = program.variables[variable]!;
    super(
      `${step.label} stores to ${name}, and no value at the end says which of several stores came first`,
      placeOfStep(step),
    );
    this.variable = variable;
  }
}

function ambiguous(source: ConditionSource, id: VariableId, index: RunIndex): never {
  throw new AmbiguousError(source, id, index);
}

/** The values by which the actors came to the steps of the essence. */
function onTheWay({ threads }: ConditionSource, asked: readonly AskedOrdering[]): readonly ExistsTerm[] {
  const ends = new Set(asked.flatMap(({ first, then }) => [first, then]));
  return threads.flatMap(({ statements, registers }, thread) => {
    const branches = statements.flatMap(({ index, under }) => (ends.has(index) ? under : []));
    const tests = new Set(branches.map(({ index }) => index));
    return registers.flatMap(({ index, value }, register) =>
      tests.has(index) ? [{ thread, register, value }] : [],
    );
  });
}

/** Throws a LitmusError for a test that would ask nothing. */
export function requireTerms(terms: readonly ExistsTerm[]): void {
  if (terms.length === 0) throw new LitmusError('no value of a litmus test says these orderings');
}
