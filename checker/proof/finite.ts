// Asks a solver for a state of a finite instance, as numbers: those of instance.ts, so that each can be evaluated again.

import type { FiniteInstance, InstanceCell } from './instance.js';
import type { ProofQuestion } from './obligations.js';
import type { BoundIndex, Parameterised, Sort, StateTerm } from './program.js';
import { Smtlib } from './smtlib.js';

/** The name of a number that is asked for, by its position. */
export const valueName = (at: number): string => `|value ${at}|`;

/** By which condition an integer has which value; an integer term has its own. */
type Numbered = StateTerm | readonly { readonly value: number; readonly when: StateTerm }[];

const elements = (sort: Sort, size: number): readonly StateTerm[] =>
  Array.from({ length: size }, (_, index) => ({ op: 'element', sort, index }));

/** The condition that two terms are equal, without folding: both may be elements. */
const is = (x: StateTerm, y: StateTerm): StateTerm => ({ op: 'eq', x, y });

function numbered(cell: InstanceCell, instance: FiniteInstance): Numbered {
  if (cell.kind === 'place') {
    const { kind: _, ...whose } = cell;
    return cell.family.locations.map((_, at) => ({
      value: at,
      when: { op: 'at', ...whose, locations: [at] },
    }));
  }
  const read: StateTerm = { op: 'read', fun: cell.fun, args: cell.args };
  const { range } = cell.fun;
  switch (range.kind) {
    case 'int':
      return read;
    case 'bool':
      return [{ value: 1, when: read }];
    case 'enum':
      return range.values.map((_, value) => ({
        value,
        when: is(read, { op: 'const', value, type: range.values }),
      }));
    case 'index':
      return indexed(read, range.sort, instance);
    case 'owner':
      return instance.actors().map(({ value, actor }) => ({ value, when: is(read, actor) }));
  }
}

const indexed = (x: StateTerm, sort: Sort, instance: FiniteInstance): Numbered =>
  elements(sort, instance.size(sort)).map((one, value) => ({ value, when: is(x, one) }));

/** The question, with a number for each cell of the state and for each of these indices, in this order. */
export function withValues(
  program: Parameterised,
  question: ProofQuestion,
  indices: readonly BoundIndex[],
  instance: FiniteInstance,
  sizes: ReadonlyMap<Sort, number>,
): ProofQuestion {
  const smt = new Smtlib(program, sizes);
  const all = [
    ...instance.cells().map((cell) => numbered(cell, instance)),
    ...indices.map((one) => indexed({ op: 'var', ...one }, one.sort, instance)),
  ];
  const stated = all.map((one, at) => {
    const value =
      'op' in one
        ? smt.term(one)
        : one.reduceRight((rest, { value, when }) => `(ite ${smt.term(when)} ${value} ${rest})`, '0');
    return `(declare-const ${valueName(at)} Int)\n(assert (= ${valueName(at)} ${value}))\n`;
  });
  return { ...question, text: question.text + stated.join('') };
}
