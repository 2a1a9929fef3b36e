// What a user claims for a proof. A lemma is a clause that may be in the invariant; one that says what a counter is, as
// `contributes` does, is a sum:
//
//   lemma(all(NR, (k) => …))                       for each k: …
//   contributes(refs, user.count((x) => …).plus(1))    refs is 1, and the number of x of NR with …

import { type Clause, variable } from './clauses.js';
import type { BoundIndex, Family, Fun, StateClaim, StateTerm } from './program.js';
import { hasCount } from './rigid.js';
import { type Contribution, combined, type LinearSize, type SumRule } from './sums.js';
import { isFalse, isTrue, keyOf, not, replaced, walk } from './term.js';

/** A counter and what contributes to it; the number of it that contributes at first is not known yet. */
interface SumForm {
  readonly counter: Fun;
  readonly args: readonly BoundIndex[];
  readonly offset: LinearSize;
  readonly summands: readonly Omit<Contribution, 'isFirst'>[];
}

/** Is a condition true for all indices in the first states, or for none? Undefined if for some. */
export type AtFirst = (
  summand: Omit<Contribution, 'isFirst'>,
  args: readonly BoundIndex[],
) => boolean | undefined;

/** A lemma as a part of an invariant; as text, why it cannot be one. */
export function partOfLemma({ name, condition }: StateClaim, atFirst: AtFirst): Clause | SumRule | string {
  const form = sumForm(condition);
  if (form === undefined) {
    const { bound, body } = unquantified(condition);
    return { name: `lemma ${name}`, bound, body, isLemma: true };
  }
  const summands: Contribution[] = [];
  for (const one of form.summands) {
    const isFirst = atFirst(one, form.args);
    if (isFirst === undefined) return 'at first some of what contributes does, and some does not';
    summands.push({ ...one, isFirst });
  }
  return { ...form, summands, lemma: name };
}

/** Does it say, for all indices, what a counter is? */
export const isSumForm = (x: StateTerm): boolean => sumForm(x) !== undefined;

function unquantified(x: StateTerm): { readonly bound: readonly BoundIndex[]; readonly body: StateTerm } {
  const bound: BoundIndex[] = [];
  let body = x;
  while (body.op === 'all') {
    bound.push(body.bound);
    body = body.x;
  }
  return { bound, body };
}

function sumForm(x: StateTerm): SumForm | undefined {
  const { bound, body } = unquantified(x);
  if (body.op !== 'eq') return undefined;
  const [counter, is] = body.x.op === 'read' ? [body.x, body.y] : [body.y, body.x];
  if (counter.op !== 'read' || counter.fun.kind !== 'shared' || counter.fun.range.kind !== 'int')
    return undefined;
  if (bound.length !== counter.args.length) return undefined;
  const names = counter.args.map((arg) => (arg.op === 'var' ? arg.name : ''));
  if (!bound.every(({ name }) => names.includes(name))) return undefined;
  const sum = linear(is);
  if (sum === undefined || sum.summands.length === 0) return undefined;
  const args = counter.fun.args.map((sort, i) => ({ name: `p${i}`, sort }));
  const named = new Map(names.map((name, i) => [name, variable(args[i]!)] as const));
  const summands = sum.summands.map((one) => ({ ...one, condition: replaced(one.condition, named) }));
  return { counter: counter.fun, args, offset: sum.offset, summands };
}

/** A number, numbers of times each size, and what is counted. */
type LinearSum = Pick<SumForm, 'offset' | 'summands'>;

const number = (value: number): LinearSize => ({ number: value, sizes: new Map() });
const constant = (offset: LinearSize): LinearSum => ({ offset, summands: [] });

function linear(x: StateTerm): LinearSum | undefined {
  switch (x.op) {
    case 'const':
      return x.type === 'int' ? constant(number(x.value)) : undefined;
    case 'size':
      return constant({ number: 0, sizes: new Map([[x.sort, 1]]) });
    case 'sum':
      return hasCount(x.x) ? undefined : counted(x.x, 1, x.bound);
    case 'if': {
      const [then, otherwise] = [linear(x.then), linear(x.else)];
      if (then === undefined || otherwise === undefined) return undefined;
      if (then.summands.length > 0 || otherwise.summands.length > 0 || hasCount(x.x)) return undefined;
      const difference = combined(then.offset, otherwise.offset, -1);
      if (difference.sizes.size > 0) return undefined;
      return plus(constant(otherwise.offset), counted(x.x, difference.number));
    }
    case 'add':
    case 'sub': {
      const [a, b] = [linear(x.x), linear(x.y)];
      return a && b && plus(a, times(x.op === 'add' ? 1 : -1, b));
    }
    case 'mul': {
      const [factor, other] = x.x.op === 'const' ? [x.x, linear(x.y)] : [x.y, linear(x.x)];
      return factor.op === 'const' ? other && times(factor.value, other) : undefined;
    }
    default:
      return undefined;
  }
}

/** So many for each index with a condition; without an index, for the condition. Weights are positive. */
function counted(condition: StateTerm, weight: number, bound?: BoundIndex): LinearSum {
  const all: LinearSize = bound === undefined ? number(1) : { number: 0, sizes: new Map([[bound.sort, 1]]) };
  if (weight === 0 || isFalse(condition)) return constant(number(0));
  if (isTrue(condition)) return constant(combined(number(0), all, weight));
  if (weight < 0)
    return plus(constant(combined(number(0), all, weight)), counted(not(condition), -weight, bound));
  if (bound === undefined) return { offset: number(0), summands: [{ condition, weight }] };
  const family = familyOf(condition, bound);
  const named = { name: family === undefined ? 'm' : 'x', sort: bound.sort };
  const renamed = replaced(condition, new Map([[bound.name, variable(named)]]));
  const summand = { bound: named, condition: renamed, weight, ...(family !== undefined && { family }) };
  return { offset: number(0), summands: [summand] };
}

/** The family whose members it counts, by where they stand. */
function familyOf(condition: StateTerm, bound: BoundIndex): Family | undefined {
  let family: Family | undefined;
  walk(condition, (one) => {
    if (one.op === 'at' && one.member !== undefined && keyOf(one.member) === keyOf(variable(bound))) {
      family ??= one.family;
    }
  });
  return family;
}

const plus = (a: LinearSum, b: LinearSum): LinearSum => ({
  offset: combined(a.offset, b.offset, 1),
  summands: [...a.summands, ...b.summands],
});

function times(factor: number, { offset, summands }: LinearSum): LinearSum {
  const whole = constant(combined(number(0), offset, factor));
  return summands.reduce(
    (sum, { condition, weight, bound }) => plus(sum, counted(condition, factor * weight, bound)),
    whole,
  );
}
