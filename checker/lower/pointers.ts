// Pointers: NULL, or a word for each slot of a pool. Slots and words are compared one by one, so that only numbers are
// computed, which every exporter can write.
//
//   the slot of p:   p == node0 ? 0 : p == node1 ? 1 : -1

import { ModelError } from '../../models/language/index.js';
import { constant, equal, ifElse, int } from '../ir/expression.js';
import type { Expr } from '../ir/program.js';
import type { Scope, StatePool } from './scope.js';

/** A pool of the state, by its domain. */
export function poolIn(domain: object, { world, at }: Scope): StatePool {
  const pool = world.pools.get(domain);
  if (pool !== undefined) return pool;
  throw new ModelError(`a pointer to a pool that is not in the state of the model '${world.model.name}'`, at);
}

const slotsOf = ({ values }: StatePool): readonly number[] => values.slice(1).map((_, i) => i);
const wordOf = ({ values }: StatePool, slot: number): Expr => constant(slot + 1, values);

/** The index of the slot that a pointer points to; -1, which is out of range, for NULL. */
export function slotMeant(pointer: Expr, domain: object, scope: Scope): Expr {
  if (pointer.op === 'const' && pointer.value === 0)
    throw new ModelError('NULL points to no object', scope.at);
  const pool = poolIn(domain, scope);
  return slotsOf(pool).reduceRight<Expr>(
    (rest, slot) => ifElse(equal(pointer, wordOf(pool, slot)), int(slot), rest),
    int(-1),
  );
}

/** The pointer to a slot; if there is no slot, a word outside of every pointer's domain. */
export function addressOf(index: Expr, domain: object, scope: Scope): Expr {
  const pool = poolIn(domain, scope);
  const slots = slotsOf(pool);
  if (index.op === 'const' && !slots.includes(index.value)) {
    throw new ModelError(`${pool.name} has no slot ${index.value}`, scope.at);
  }
  return slots.reduceRight<Expr>(
    (rest, slot) => ifElse(equal(index, int(slot)), wordOf(pool, slot), rest),
    wordOf(pool, slots.length),
  );
}
