// Which threads are bound, and by which variables: a rule or a claim binds a thread that it singles out; a quantifier
// or a loop binds a variable that stands for all others of its class.

import type { ThreadClass } from '../../../analyse/swap.js';
import type { ThreadId } from '../../../ir/program.js';
import { binary, type MurphiExpression, type MurphiParameter, name } from '../syntax.js';
import { firstUnbound, type OpenTree } from './holes.js';
import type { SymmetricNames } from './names.js';

/** By thread, the variable that stands for it; different threads have different variables. */
export type BoundThreads = ReadonlyMap<ThreadId, BoundVariable>;
interface BoundVariable {
  readonly name: string;
  readonly by: 'rule' | 'quantifier';
}

/** No bindings: outside of every rule and quantifier. */
export const nobodyBound: BoundThreads = new Map();

/** The same bindings and one more, by a rule. */
const withSingled = (thread: ThreadId, bound: BoundThreads, names: SymmetricNames): BoundThreads =>
  new Map([...bound, [thread, { name: names.ruleLetters[bound.size]!, by: 'rule' }]]);

/** The same bindings and one more, by a quantifier over all others of its class. */
export interface OfEachThread {
  readonly variable: string;
  readonly inner: BoundThreads;
  readonly over: MurphiParameter;
}
/** Example: beside p, which a rule binds, the next variable is x. */
export function withEach(thread: ThreadId, bound: BoundThreads, names: SymmetricNames): OfEachThread {
  const depth = [...bound.values()].filter(({ by }) => by === 'quantifier').length;
  const variable = names.quantifierLetters[depth]!;
  return {
    variable,
    inner: new Map([...bound, [thread, { name: variable, by: 'quantifier' }]]),
    over: { name: variable, type: names.of(names.classOf(thread)!).type },
  };
}

/** The bound variables, with their types. */
export const parametersOf = (bound: BoundThreads, names: SymmetricNames): readonly MurphiParameter[] =>
  [...bound].map(([thread, { name: variable }]) => ({
    name: variable,
    type: names.of(names.classOf(thread)!).type,
  }));

/** The condition that it differs from all bound threads of its class; or, with `=`, that it is this one. */
export const isOther = (
  variable: string,
  of: ThreadClass,
  bound: BoundThreads,
  names: SymmetricNames,
  sign: '!=' | '=' = '!=',
): readonly MurphiExpression[] =>
  [...bound].flatMap(([thread, other]) =>
    names.classOf(thread) === of ? [binary(sign, name(variable), name(other.name))] : [],
  );

/** The condition that the bound threads of a class are different; or, with `=`, the conditions that two are equal. */
export const areDifferent = (
  bound: BoundThreads,
  names: SymmetricNames,
  sign: '!=' | '=' = '!=',
): readonly MurphiExpression[] =>
  [...bound].flatMap(([thread, one], i) =>
    isOther(one.name, names.classOf(thread)!, new Map([...bound].slice(i + 1)), names, sign),
  );

/** Translates with these threads bound, and with all that the translation singles out besides. */
export function bindAll<T extends OpenTree>(
  first: readonly ThreadId[],
  names: SymmetricNames,
  translate: (bound: BoundThreads) => T,
): { readonly bound: BoundThreads; readonly open: T } {
  let bound = first.reduce((known, thread) => withSingled(thread, known, names), nobodyBound);
  for (;;) {
    const open = translate(bound);
    const missing = firstUnbound(open);
    if (missing === undefined) return { bound, open };
    bound = withSingled(missing, bound, names);
  }
}
