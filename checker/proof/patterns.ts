// Hints for solvers: with which terms a clause of several variables is to be instantiated. Solvers choose by themselves
// terms with all the variables in them, which seldom occur; here each variable may also come from a term of its own.

import type { BoundIndex, StateTerm } from './program.js';
import { keyOf, parts, walk } from './term.js';

/** Groups of terms; each group has all variables. None where a clause has but one variable. */
export function patternsOf(bound: readonly BoundIndex[], body: StateTerm): readonly (readonly StateTerm[])[] {
  if (bound.length < 2) return [];
  const names = bound.map(({ name }) => name);
  const whole = new Map<string, StateTerm>();
  const single = new Map<string, StateTerm>();
  walk(body, (x) => {
    if ((x.op !== 'read' && x.op !== 'at') || hasQuantifier(x)) return;
    const used = names.filter((name) => mentions(x, name));
    if (used.length === names.length) whole.set(keyOf(x), x);
    const [only, ...others] = used;
    if (only === undefined || others.length > 0) return;
    if (!single.has(only) || x.op === 'at') single.set(only, x);
  });
  const each = names.map((name) => single.get(name));
  const isComplete = each.every((x) => x !== undefined);
  return [...[...whole.values()].map((x) => [x]), ...(isComplete ? [each] : [])];
}

const mentions = (x: StateTerm, name: string): boolean =>
  (x.op === 'var' && x.name === name) || parts(x).some((part) => mentions(part, name));
const hasQuantifier = (x: StateTerm): boolean =>
  x.op === 'all' || x.op === 'any' || parts(x).some(hasQuantifier);
