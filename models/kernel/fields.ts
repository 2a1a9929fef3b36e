// What the primitives share that are records, such as an rcu_head: what their arguments must be, and their names in captions.

import { describe, int, ModelError, type Place } from '../language/index.js';

/**
 * A word of memory that a primitive writes because the kernel writes there. What it holds matters to nobody, so it has one
 * value: it adds no state, and traces do not show it. But where it lies in an object that was freed, the write is a
 * use-after-free.
 */
export const memoryWord = () => int(0, 0);

/** How often a line, a tasklet or a work item may be disabled at once. More is a fault: int(0, 15) has no such value. */
export const disableDepth = 15;

/** Throws a ModelError unless `x` has the field. `whose`: `call_rcu()`; `what`: `an rcu_head()`. */
export function requireField(x: unknown, field: string, whose: string, what: string): void {
  if (field in Object(x)) return;
  throw new ModelError(`${whose} needs ${what} of the shared state, not ${describe(x)}`);
}

/** The record of which a variable is a field, for captions: `dev.rcu` of `dev.rcu.posted`. */
export const wholeOf = ({ place }: { readonly place: Place }): { readonly place: Place } => ({
  place: { ...place, path: place.path.slice(0, -1) },
});
