// Comparisons of counts with small numbers, as quantifiers: count >= 1 is "some", count >= 2 "two that differ".

import type { StateTerm } from './program.js';
import { and, any, equal, not, or, replaced, truth } from './term.js';

type Counted = Extract<StateTerm, { op: 'sum' }>;

/** A sum of counts and a number. */
interface Linear {
  readonly sums: readonly Counted[];
  readonly number: number;
}

function linear(x: StateTerm): Linear | undefined {
  if (x.op === 'const' && x.type === 'int') return { sums: [], number: x.value };
  if (x.op === 'sum') return { sums: [x], number: 0 };
  if (x.op !== 'add') return undefined;
  const [a, b] = [linear(x.x), linear(x.y)];
  if (a === undefined || b === undefined) return undefined;
  return { sums: [...a.sums, ...b.sums], number: a.number + b.number };
}

/** A comparison of counts with a number up to 2, without counts; undefined for any other comparison. */
export function compared(op: 'eq' | 'lt' | 'le', x: StateTerm, y: StateTerm): StateTerm | undefined {
  const [a, b] = [linear(x), linear(y)];
  if (a === undefined || b === undefined) return undefined;
  if (a.sums.length > 0 && b.sums.length > 0) return undefined;
  const sums = [...a.sums, ...b.sums];
  const number = a.sums.length > 0 ? b.number - a.number : a.number - b.number;
  const least = (from: number): StateTerm | undefined => atLeast(sums, from);
  const fewer = (than: number): StateTerm | undefined => {
    const x = least(than);
    return x && not(x);
  };
  const isLeft = a.sums.length > 0;
  if (op === 'lt') return isLeft ? fewer(number) : least(number + 1);
  if (op === 'le') return isLeft ? fewer(number + 1) : least(number);
  const [some, more] = [least(number), least(number + 1)];
  return some && more && and(some, not(more));
}

function atLeast(sums: readonly Counted[], number: number): StateTerm | undefined {
  if (number <= 0) return truth(true);
  const some = sums.map(({ bound, x }) => any(bound, x));
  if (number === 1) return or(...some);
  if (number > 2) return undefined;
  const twice = sums.map(({ bound, x }) => {
    const other = { ...bound, name: `${bound.name}b` };
    const [one, two] = [bound, other].map((of): StateTerm => ({ op: 'var', ...of }));
    const both = and(not(equal(one!, two!)), x, replaced(x, new Map([[bound.name, two!]])));
    return any(bound, any(other, both));
  });
  const pairs = some.flatMap((one, i) => some.slice(i + 1).map((two) => and(one, two)));
  return or(...twice, ...pairs);
}
