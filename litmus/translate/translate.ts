// From a Program, whose actors end after so many rounds, to the event program of a litmus test, with what is asked of it.

import { checkNames } from '../../checker/ir/built_in_checks.js';
import { isTrue as isConstantTrue, walk } from '../../checker/ir/expression.js';
import type { Cell, CoarseStep, Program, Step, ThreadId } from '../../checker/ir/program.js';
import { accessesIn, coarseSteps } from '../../checker/memory/accesses.js';
import type { Property } from '../../checker/property/property.js';
import { computed, isTrue } from '../program/arithmetic.js';
import type { LitmusProgram } from '../program/instructions.js';
import { LitmusError, type LitmusValue } from '../syntax/ast.js';
import { pureOf, selected } from './expressions.js';
import { type ModelQuestions, questionsOf } from './questions.js';
import { storageOf, type VariableKind } from './storage.js';
import { threadCode } from './thread_code.js';

export interface TranslateOptions {
  /** So many rounds of its loops an actor goes; without it, loops are refused. */
  readonly rounds?: number | undefined;
  /** What accesses are that say nothing of order: `plain`, as C has them, or `once`. */
  readonly plain?: 'plain' | 'once';
}

export interface TranslatedModel extends ModelQuestions {
  readonly name: string;
  readonly program: LitmusProgram;
  /** First values, for each initial state. */
  readonly initials: readonly ReadonlyMap<string, LitmusValue>[];
  readonly threadNames: readonly string[];
  /** Steps that say nothing of order and are taken as one atomic read-modify-write. */
  readonly coarse: readonly CoarseStep[];
}

/** How a model is lowered for this: every fence is a step, and what the search of interleavings checks by itself is off. */
export const litmusLowering = {
  fences: [
    'mb',
    'rmb',
    'wmb',
    'mb__before_atomic',
    'mb__after_atomic',
    'mb__after_spinlock',
    'mb__after_unlock_lock',
  ],
  without: checkNames.filter((name) => name !== 'null-dereference'),
} as const;

const [threadsMax, initialsMax] = [16, 64];

/** Throws a LitmusError with the line of the model for what does not fit. */
export function translate(
  program: Program,
  properties: readonly Property[],
  { rounds, plain = 'plain' }: TranslateOptions = {},
): TranslatedModel {
  if (program.threads.length > threadsMax)
    throw new LitmusError(
      `${program.name} has ${program.threads.length} actors, and at most ${threadsMax} fit: give settings with fewer`,
    );
  const storage = storageOf(program);
  const questions = questionsOf(program, properties, storage);
  const { reports, moments } = questions;
  const coarse: Step[] = [];
  const context = {
    program,
    variables: program.variables,
    storage,
    plain,
    rounds,
    moments,
    reportOf: (step: Step) => reports.findIndex(({ message }) => message === step.reports?.message),
    isCoarse: (step: Step) => coarse.push(step),
  };
  const coded = (endlessSections: ReadonlySet<ThreadId>) =>
    program.threads.map((thread) => threadCode({ ...context, endlessSections }, thread));
  const alone = coded(new Set());
  const endless = new Set(program.threads.flatMap(({ id }) => (alone[id]!.waitsInSection ? [id] : [])));
  const threads = endless.size === 0 ? alone : coded(endless);
  return {
    name: program.name,
    program: {
      threads: threads.map(({ code }) => code),
      registers: threads.map(({ registers }) => registers),
      locations: locationsOf(program, storage),
    },
    initials: initialsOf(program, storage),
    threadNames: program.threads.map(({ name }) => name),
    coarse: coarseSteps(coarse, program, accessesIn(program).isMemory),
    ...questions,
  };
}

/** All that some step accesses; a lock is one location, whatever its parts. */
function locationsOf({ steps, variables }: Program, storage: readonly VariableKind[]): readonly string[] {
  const used = new Set<number>();
  const uses = ({ variables: ids }: Cell): void => {
    for (const id of ids) used.add(id);
  };
  for (const { guard, assignments } of steps) {
    const reads = [
      guard,
      ...assignments.flatMap(({ value, target }) => (target.index ? [value, target.index] : [value])),
    ];
    for (const x of reads)
      walk(x, (part) => {
        if (part.op === 'read') uses(part.cell);
      });
    for (const { target } of assignments) uses(target);
  }
  const names = variables.flatMap(({ id, name, lock }) => {
    if (storage[id]!.kind === 'lock') return used.has(id) ? [lock!.name] : [];
    return storage[id]!.kind === 'memory' ? [name] : [];
  });
  return [...new Set(names)];
}

const tooManyText = (program: string, count: number | 'more'): string =>
  `${program} has ${count === 'more' ? 'too many' : count} initial states, and at most ${initialsMax} fit: give settings with fewer first values`;

/** The product of all first values, as far as it is admitted. Locals begin with one value. */
function initialsOf(
  { variables, initially, name: program }: Program,
  storage: readonly VariableKind[],
): readonly ReadonlyMap<string, LitmusValue>[] {
  let all: readonly (readonly number[])[] = [[]];
  for (const { id, name, initial } of variables) {
    if (initial.length > 1 && storage[id]!.kind !== 'memory')
      throw new LitmusError(
        `${name} has several first values and is not in memory (notMemory): give settings that leave one`,
      );
    all = all.flatMap((values) => initial.map((value) => [...values, value]));
    if (all.length > initialsMax * 16) throw new LitmusError(tooManyText(program, 'more'));
  }
  const isAdmitted = (values: readonly number[]): boolean => {
    if (isConstantTrue(initially)) return true;
    const pure = pureOf(initially, {
      read: (cell) => selected(cell, String, () => ({ kind: 'value', value: 0 })),
      at: () => ({ kind: 'value', value: 0 }),
    });
    return isTrue(computed(pure, (id) => values[Number(id)]!));
  };
  const admitted = all.filter(isAdmitted);
  if (admitted.length > initialsMax) throw new LitmusError(tooManyText(program, admitted.length));
  return admitted.map(
    (values) =>
      new Map(
        variables.flatMap(({ id, name, lock }): readonly (readonly [string, number])[] =>
          storage[id]!.kind === 'memory' ? [[name, values[id]!]] : lock !== undefined ? [[lock.name, 0]] : [],
        ),
      ),
  );
}
