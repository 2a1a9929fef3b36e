// What is asked of the executions of a model: the messages of its assertions, and properties that are about the end of a run.
// Where all actors that a property mentions are done, memory models and interleavings mean the same; before, no order of
// all events exists that a state could be a moment of.

import { constantOf, isFalse, not, substitute, walk } from '../../checker/ir/expression.js';
import type { Expr, Program, Step, ThreadId } from '../../checker/ir/program.js';
import type { Property } from '../../checker/property/property.js';
import type { Pure } from '../program/instructions.js';
import { number, pureOf, register, selected } from './expressions.js';
import { cellsIn, type VariableKind } from './storage.js';

/** A message that a model's assertions report. */
export interface ModelReport {
  readonly message: string;
  readonly kind: 'bug' | 'warning';
  readonly step: Step;
}

export interface EndQuestion {
  readonly name: string;
  readonly about: string | undefined;
  /** Is it wanted that the condition is true of some end? */
  readonly isWanted: boolean;
  /** Over registers of the name `endValue` gives them. */
  readonly condition: Pure;
}

/** A condition on what one actor alone knows: it is asked wherever the actor stands, and kept in a register of it. */
export interface OwnMoment {
  readonly thread: ThreadId;
  readonly register: string;
  readonly condition: Expr;
}

/** A property that memory models do not judge, and why. */
export interface Unjudged {
  readonly name: string;
  readonly why: string;
}

export interface ModelQuestions {
  readonly reports: readonly ModelReport[];
  readonly ends: readonly EndQuestion[];
  readonly moments: readonly OwnMoment[];
  readonly unjudged: readonly Unjudged[];
}

/** What a condition about the end reads. */
export type EndValue =
  | { readonly kind: 'done'; readonly thread: ThreadId }
  | { readonly kind: 'register'; readonly thread: ThreadId; readonly name: string }
  | { readonly kind: 'location'; readonly name: string };

const separator = ' ';
const keys = { done: 'done', register: 'register', location: 'location' } as const;

/** The name of a register in a condition about the end. */
const keyOf = (value: EndValue): string =>
  [value.kind, 'thread' in value ? value.thread : '', 'name' in value ? value.name : ''].join(separator);

/** What such a name stands for. */
export function endValue(key: string): EndValue {
  const [kind, thread, ...name] = key.split(separator);
  if (kind === keys.done) return { kind: 'done', thread: Number(thread) };
  if (kind === keys.register) return { kind: 'register', thread: Number(thread), name: name.join(separator) };
  return { kind: 'location', name: name.join(separator) };
}

/** The messages, one for each that differs, and the properties. */
export function questionsOf(
  program: Program,
  properties: readonly Property[],
  storage: readonly VariableKind[],
): ModelQuestions {
  const reports = new Map<string, ModelReport>();
  for (const step of program.steps) {
    if (step.reports === undefined) continue;
    const { message, kind } = step.reports;
    if (!reports.has(message)) reports.set(message, { message, kind, step });
  }
  const ends: EndQuestion[] = [];
  const unjudged: Unjudged[] = [];
  const moments: OwnMoment[] = [];
  for (const property of properties) {
    const moment = ownMoment(program, property, storage, moments.length);
    if (moment !== undefined) {
      moments.push(moment);
      ends.push(momentQuestion(property, moment));
      continue;
    }
    const asked = endQuestion(program, property, storage);
    if (typeof asked === 'string') unjudged.push({ name: property.name, why: asked });
    else ends.push(asked);
  }
  return { reports: [...reports.values()], ends, moments, unjudged };
}

/** A condition on states, of which `always` asks the opposite. */
const askedOf = ({ expectation, condition }: Property): Expr =>
  expectation === 'always' ? not(condition) : condition;

/** If a property is about the registers and places of one actor, the order of events does not matter. */
function ownMoment(
  program: Program,
  property: Property,
  storage: readonly VariableKind[],
  index: number,
): OwnMoment | undefined {
  const { expectation } = property;
  if (expectation === 'liveness' || expectation === 'alwaysPossible') return undefined;
  const condition = askedOf(property);
  const threads = involvedIn(program, condition, storage);
  if (typeof threads === 'string' || threads.size !== 1) return undefined;
  const isOwn = cellsIn(condition).every(({ variables }) =>
    variables.every((id) => storage[id]?.kind === 'register'),
  );
  return isOwn ? { thread: [...threads][0]!, register: `#moment ${index}`, condition } : undefined;
}

const momentQuestion = (
  { name, about, expectation }: Property,
  { thread, register: kept }: OwnMoment,
): EndQuestion => ({
  name,
  about,
  isWanted: expectation === 'sometimes',
  condition: register(keyOf({ kind: 'register', thread, name: kept })),
});

/** The question, or why there is none. */
function endQuestion(
  program: Program,
  property: Property,
  storage: readonly VariableKind[],
): EndQuestion | string {
  const { name, about, expectation } = property;
  if (expectation === 'liveness' || expectation === 'alwaysPossible')
    return 'it is about runs, and not about the end of one';
  const asked = askedOf(property);
  const involved = involvedIn(program, asked, storage);
  if (typeof involved === 'string') return involved;
  for (const thread of involved) {
    const { done, name: actor } = program.threads[thread]!;
    const before = substitute(asked, (x) =>
      x.op === 'at' && x.thread === thread && x.locations.includes(done)
        ? { op: 'const', value: 0, type: 'bool' }
        : undefined,
    );
    if (!isFalse(before))
      return `it may look at a moment at which ${actor} is not done, and there are no such moments`;
  }
  const known = new Map<string, EndValue>();
  const named = (value: EndValue): string => {
    known.set(keyOf(value), value);
    return keyOf(value);
  };
  const variableName = (id: number): string => {
    const of = storage[id]!;
    const { name: variable } = program.variables[id]!;
    return named(
      of.kind === 'register'
        ? { kind: 'register', thread: of.thread, name: variable }
        : { kind: 'location', name: variable },
    );
  };
  const pure = (x: Expr): Pure =>
    pureOf(x, {
      read: (cell) => selected(cell, variableName, pure),
      at: ({ thread, locations }) =>
        locations.includes(program.threads[thread]!.done)
          ? register(named({ kind: 'done', thread }))
          : number(0),
    });
  return { name, about, isWanted: expectation === 'sometimes', condition: pure(asked) };
}

/** The threads that can change what a condition reads; or why that is not judged. */
function involvedIn(
  program: Program,
  condition: Expr,
  storage: readonly VariableKind[],
): ReadonlySet<ThreadId> | string {
  const threads = new Set<ThreadId>();
  let why: string | undefined;
  walk(condition, (x) => {
    if (x.op === 'at') threads.add(x.thread);
    if (x.op !== 'read') return;
    for (const id of x.cell.variables) {
      const of = storage[id];
      if (of === undefined) why ??= 'it remembers what has happened, and events have no order in which to';
      else if (of.kind === 'register') threads.add(of.thread);
      else if (of.kind !== 'memory')
        why ??= `it looks at ${program.variables[id]!.name}, which is not memory`;
      else {
        for (const step of program.steps)
          if (step.assignments.some(({ target }) => target.variables.includes(id))) threads.add(step.thread);
      }
    }
  });
  if (why !== undefined) return why;
  if (constantOf(condition) !== undefined) return 'its condition is the same in every state';
  return threads;
}
