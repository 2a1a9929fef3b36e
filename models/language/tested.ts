// Functions that the rewritten sources of model files call where JavaScript tests a value, or throws one: there an
// expression of the model is refused, since every object is true in JavaScript.

import { Expr } from './expression.js';
import { ModelError } from './location.js';
import { PerActorVar } from './per_actor.js';
import { QueueVar } from './queue.js';
import { OwnerVar } from './scalar_variable.js';
import { AtomicTest } from './step.js';
import { ArrayVar } from './variable.js';

const instead: { readonly [operator: string]: string } = {
  '&&': 'use .and(…)',
  '||': 'use .or(…), or ?? for a default',
  '!': 'use not(…)',
  '?:': 'use ifElse(…), or If(…) for steps',
  if: 'use If(…)',
  while: 'use While(…)',
  switch: 'use If(…) and ElseIf(…)',
};

/** Values that are always true in JavaScript. */
const untestable: readonly (readonly [kind: abstract new (...args: never) => unknown, what: string])[] = [
  [Expr, 'an expression'],
  [OwnerVar, 'a lock'],
  [ArrayVar, 'an array'],
  [QueueVar, 'a queue'],
  [PerActorVar, 'what each actor has'],
  [AtomicTest, 'an atomic test'],
];

/** The value itself. Throws a ModelError for an expression, a test, a lock, an array or a queue of the model. */
export function tested<T>(value: T, operator: string): T {
  const what = untestable.find(([kind]) => value instanceof kind)?.[1];
  if (what === undefined) return value;
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
