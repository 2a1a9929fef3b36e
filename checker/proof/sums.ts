// Counters that are sums. Such a counter is a number, and the sum of what elements and members of families contribute:
// `compound_mapcount + 1` is the number of mms with a huge pmd and of actors between its clear and the last decrement.
// For each step solvers show that the counter changes by as much as the sum, and that nothing contributes otherwise but
// what the step names. Then three theorems of finite sums hold, the only things that no solver checks: a sum of positive
// weights is not negative, no part is larger than it, and where it is positive some part is.

import type { BoundIndex, Family, Fun, Rule, Sort, StateTerm } from './program.js';
import type { Smtlib, When } from './smtlib.js';
import { all, and, any, implies, isTouched, keyOf, not, or, parts, walk } from './term.js';
import { termText } from './text.js';

/** Some of what contributes: each index for which a condition is true contributes a weight. */
export interface Contribution {
  /** The variable of the index; absent for a condition without one, which contributes at most once. */
  readonly bound?: BoundIndex;
  /** Whose members contribute, if it is not about elements. */
  readonly family?: Family;
  readonly condition: StateTerm;
  /** Positive. */
  readonly weight: number;
  /** At first all contribute, or none. */
  readonly isFirst: boolean;
}

export interface SumRule {
  readonly counter: Fun;
  /** The indices of the counter, as variables of the conditions. */
  readonly args: readonly BoundIndex[];
  /** The counter is this and the sum: a number, and a number of times each size. */
  readonly offset: LinearSize;
  readonly summands: readonly Contribution[];
  /** The name of the user's claim, if it is one. */
  readonly lemma?: string;
}

/** What a solver is asked of a rule. */
export interface SumQuestion {
  readonly id: string;
  readonly text: string;
  readonly asks: string;
}

/** A number, and a number of times each size. */
export interface LinearSize {
  readonly number: number;
  readonly sizes: ReadonlyMap<Sort, number>;
}

const int = (value: number): StateTerm => ({ op: 'const', value, type: 'int' });
const variable = (bound: BoundIndex): StateTerm => ({ op: 'var', ...bound });
const times = (weight: number, x: StateTerm): StateTerm =>
  weight === 1 ? x : { op: 'mul', x: int(weight), y: x };
const plus = (x: StateTerm, y: StateTerm): StateTerm => ({ op: 'add', x, y });

/** A linear term of sizes; undefined for any other. */
export function linearIn(x: StateTerm): LinearSize | undefined {
  if (x.op === 'const' && x.type === 'int') return { number: x.value, sizes: new Map() };
  if (x.op === 'size') return { number: 0, sizes: new Map([[x.sort, 1]]) };
  if (x.op !== 'add' && x.op !== 'sub') return undefined;
  const [a, b] = [linearIn(x.x), linearIn(x.y)];
  return a && b && combined(a, b, x.op === 'add' ? 1 : -1);
}

/** The first, and the second so many times. */
export function combined(a: LinearSize, b: LinearSize, factor: number): LinearSize {
  const sizes = new Map(a.sizes);
  for (const [sort, n] of b.sizes) sizes.set(sort, (sizes.get(sort) ?? 0) + factor * n);
  return {
    number: a.number + factor * b.number,
    sizes: new Map([...sizes].filter(([, n]) => n !== 0)),
  };
}

const linearTerm = ({ number, sizes }: LinearSize): StateTerm =>
  [...sizes].reduce<StateTerm>((x, [sort, n]) => plus(x, times(n, { op: 'size', sort })), int(number));

/** The sum itself: the counter without its offset. */
function sumTerm({ counter, args, offset }: SumRule): StateTerm {
  const read: StateTerm = { op: 'read', fun: counter, args: args.map(variable) };
  if (offset.sizes.size > 0) return { op: 'sub', x: read, y: linearTerm(offset) };
  if (offset.number === 0) return read;
  return offset.number < 0 ? plus(read, int(-offset.number)) : { op: 'sub', x: read, y: int(offset.number) };
}

const overArgs = ({ args }: SumRule, x: StateTerm): StateTerm =>
  args.reduceRight((rest, one) => all(one, rest), x);
const overIndex = ({ bound }: Contribution, x: StateTerm): StateTerm =>
  bound === undefined ? x : all(bound, x);

/** The theorems of finite sums, each for all values of some variables. */
export function axiomsOf(
  rule: SumRule,
): readonly { readonly bound: readonly BoundIndex[]; readonly body: StateTerm }[] {
  const sum = sumTerm(rule);
  const isPositive: StateTerm = { op: 'lt', x: int(0), y: sum };
  const some = rule.summands.map((one) =>
    one.bound === undefined ? one.condition : any(one.bound, one.condition),
  );
  return [
    { bound: rule.args, body: { op: 'le', x: int(0), y: sum } },
    ...rule.summands.map(({ bound, condition, weight }) => ({
      bound: [...rule.args, ...(bound === undefined ? [] : [bound])],
      body: implies(condition, { op: 'le', x: int(weight), y: sum }),
    })),
    { bound: rule.args, body: implies(isPositive, or(...some)) },
  ];
}

/** As people read it: `page.compound_mapcount + 1 is the number of …`. */
export function sumText(rule: SumRule): string {
  const parts = rule.summands.map(({ bound, condition, weight }) => {
    const each = weight === 1 ? '' : `${weight} times `;
    return bound === undefined
      ? `${each}1 if ${termText(condition)}`
      : `${each}the number of ${bound.name} of ${bound.sort} with ${termText(condition)}`;
  });
  return `${termText(sumTerm(rule))} is ${parts.join(', and ') || 'always 0'}`;
}

/** At first the counter is the sum of what contributes then. */
export function sumInitially(rule: SumRule, at: number, smt: Smtlib): readonly SumQuestion[] {
  const first = rule.summands.map((one) => overIndex(one, one.isFirst ? one.condition : not(one.condition)));
  const whole = rule.summands.reduce<LinearSize>((sum, { bound, weight, isFirst }) => {
    if (!isFirst) return sum;
    const one = bound === undefined ? { number: 1, sizes: new Map() } : ofSize(bound.sort);
    return combined(sum, one, weight);
  }, rule.offset);
  const read: StateTerm = { op: 'read', fun: rule.counter, args: rule.args.map(variable) };
  const text = `(assert (not ${smt.term(overArgs(rule, and(...first, { op: 'eq', x: read, y: linearTerm(whole) })))}))\n`;
  return [question(rule, at, text, 'is at first the sum of what contributes')];
}

const ofSize = (sort: Sort): LinearSize => ({ number: 0, sizes: new Map([[sort, 1]]) });

const question = (rule: SumRule, at: number, text: string, says: string): SumQuestion => ({
  id: `sum ${at} ${rule.counter.name}`,
  text,
  asks: `that ${termText({ op: 'read', fun: rule.counter, args: rule.args.map(variable) })} ${says}`,
});

/**
 * A step changes the counter by as much as the contributions of the indices that it names, and no other contribution.
 * Nothing is asked of a step that writes nothing that the rule reads.
 */
export function sumKept(rule: SumRule, at: number, step: Rule, smt: Smtlib): readonly SumQuestion[] {
  if (![readOf(rule), ...rule.summands.map(({ condition }) => condition)].some((x) => isTouched(x, step)))
    return [];
  const names = new Map<string, string>(rule.args.map(({ name }) => [name, `|some ${name}|`]));
  const declared = rule.args.map(({ name, sort }) => `(declare-const |some ${name}| ${smt.sort(sort)})\n`);
  const changes: string[] = [];
  const others: string[] = [];
  for (const [i, one] of rule.summands.entries()) {
    const { condition, bound, weight } = one;
    if (!isTouched(condition, step)) continue;
    const value = (when: When, index?: string) =>
      `(ite ${smt.term(condition, when, bound === undefined ? names : new Map(names).set(bound.name, index!))} ${weight} 0)`;
    if (bound === undefined) {
      changes.push(`(- ${value('after')} ${value('before')})`);
      continue;
    }
    const named = indicesNamed(one, step).map((x) => smt.term(x, 'before', names));
    const other = `|other ${i}|`;
    declared.push(`(declare-const ${other} ${smt.sort(bound.sort)})\n`);
    const isOther = named.map((index) => `(not (= ${other} ${index}))`);
    others.push(
      `(=> (and true ${isOther.join(' ')}) (= ${value('before', other)} ${value('after', other)}))`,
    );
    for (const [j, index] of named.entries()) {
      const earlier = named.slice(0, j).map((before) => `(= ${index} ${before})`);
      const change = `(- ${value('after', index)} ${value('before', index)})`;
      changes.push(earlier.length === 0 ? change : `(ite (or false ${earlier.join(' ')}) 0 ${change})`);
    }
  }
  const read = (when: When) => smt.term(readOf(rule), when, names);
  const kept = `(= (- ${read('after')} ${read('before')}) (+ 0 0 ${changes.join(' ')}))`;
  const text = `${declared.join('')}(assert (not (and ${kept} ${others.join(' ')})))\n`;
  return [question(rule, at, text, 'stays the sum of what contributes')];
}

const readOf = ({ counter, args }: SumRule): StateTerm => ({
  op: 'read',
  fun: counter,
  args: args.map(variable),
});

/** The indices whose contribution a step may change: what it writes to, and its own member. */
function indicesNamed({ bound, condition }: Contribution, step: Rule): readonly StateTerm[] {
  const found = new Map<string, StateTerm>();
  const self: StateTerm = { op: 'var', name: 'self', sort: bound!.sort };
  walk(condition, (one) => {
    if (one.op === 'at' && one.family === step.family && isBound(one.member, bound!)) found.set('self', self);
    if (one.op !== 'read') return;
    for (const { fun, args } of step.updates) {
      if (fun !== one.fun) continue;
      for (const [i, arg] of args.entries()) {
        if (isBound(one.args[i], bound!) && isClosed(arg, step)) found.set(keyOf(arg), arg);
      }
    }
  });
  if (found.has(keyOf(self))) found.delete('self');
  return [...found.values()];
}

const isBound = (x: StateTerm | undefined, bound: BoundIndex): boolean =>
  x?.op === 'var' && x.name === bound.name;

/** Has it no variables but those of the step? */
function isClosed(x: StateTerm, step: Rule): boolean {
  if (x.op === 'var') return x.name === 'self' || step.picks.some(({ name }) => name === x.name);
  return parts(x).every((part) => isClosed(part, step));
}
