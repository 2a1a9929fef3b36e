// Who is bound, and by which variable: by a rule or a claim for a thread that it singles out, by a quantifier or a loop
// for one that stands for all others of its class.

import type { ThreadClass } from '../../../analyse/swap.js';
import type { ThreadId } from '../../../ir/program.js';
import { binary, type MurphiExpression, type MurphiParameter, name } from '../syntax.js';
import { firstUnbound, type OpenTree } from './holes.js';
import type { SymmetricNames } from './names.js';

/** By thread, the variable that stands for it; they all stand for different ones. */
export type BoundThreads = ReadonlyMap<ThreadId, BoundVariable>;
interface BoundVariable {
  readonly name: string;
  readonly by: 'rule' | 'quantifier';
}

/** Where no rule and no quantifier binds anybody. */
export const nobodyBound: BoundThreads = new Map();

/** The same bindings, and one by a rule. */
const withSingled = (thread: ThreadId, bound: BoundThreads, names: SymmetricNames): BoundThreads =>
  new Map([...bound, [thread, { name: names.ruleLetters[bound.size]!, by: 'rule' }]]);

/** The same bindings, and one by a quantifier, for all others of its class. */
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

/** That it is none of those of its class that are bound; or, with `=`, that it is this one. */
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

/** That the bound threads of a class are different; or, with `=`, the ways in which two are the same. */
export const areDifferent = (
  bound: BoundThreads,
  names: SymmetricNames,
  sign: '!=' | '=' = '!=',
): readonly MurphiExpression[] =>
  [...bound].flatMap(([thread, one], i) =>
    isOther(one.name, names.classOf(thread)!, new Map([...bound].slice(i + 1)), names, sign),
  );

/** Translates with these threads bound, and all that the translation turns out to single out. */
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
