// What the sources of model files are given to call where JavaScript tests a value, or throws one: an expression of
// the model is refused there, since JavaScript finds every object true.

import { Expr } from './expression.js';
import { ModelError } from './location.js';
import { ArrayVar, OwnerVar } from './variable.js';

const instead: { readonly [operator: string]: string } = {
  '&&': 'use .and(…)',
  '||': 'use .or(…), or ?? for a default',
  '!': 'use not(…)',
  '?:': 'use ifElse(…), or If(…) for steps',
  if: 'use If(…)',
  while: 'use While(…)',
  switch: 'use If(…) and ElseIf(…)',
};

/** The value itself. Throws a ModelError for an expression, a lock or an array of the model. */
export function tested<T>(value: T, operator: string): T {
  if (!(value instanceof Expr || value instanceof OwnerVar || value instanceof ArrayVar)) return value;
  const what = value instanceof Expr ? 'an expression' : value instanceof OwnerVar ? 'a lock' : 'an array';
  throw new ModelError(
    `JavaScript's ${operator} cannot test ${what} of the model: ${instead[operator] ?? 'use .eq(…) or .is(…)'}`,
  );
}

/** The value itself if it is an error; a ModelError, with its line, for anything else that a file throws. */
export function thrown(value: unknown): unknown {
  if (value instanceof Error) return value;
  return new ModelError(
    `threw ${typeof value === 'string' ? `'${value}'` : String(value)}, which is no Error`,
  );
}
