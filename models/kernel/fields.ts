// What the primitives share that are records, such as an rcu_head: what their arguments must be, and their names in captions.

import { describe, ModelError, type Place } from '../language/index.js';

/** Throws a ModelError unless `x` has the field. `whose`: `call_rcu()`; `what`: `an rcu_head()`. */
export function requireField(x: unknown, field: string, whose: string, what: string): void {
  if (field in Object(x)) return;
  throw new ModelError(`${whose} needs ${what} of the shared state, not ${describe(x)}`);
}

/** The record of which a variable is a field, for captions: `dev.rcu` of `dev.rcu.posted`. */
export const wholeOf = ({ place }: { readonly place: Place }): { readonly place: Place } => ({
  place: { ...place, path: place.path.slice(0, -1) },
});
