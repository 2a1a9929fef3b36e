// Waiting writers: where it matters (checker/analyse/waiting_writers.ts), a Program records which actors wait to write,
// and a reader is granted a share only while no actor holds the lock for reading or no writer waits.

import { allOf, equal, int, not, or, read } from '../ir/expression.js';
import type { Cell, Expr, VariableId } from '../ir/program.js';
import { requireThread } from './own.js';
import type { Scope } from './scope.js';

/**
 * The variable that records that the running actor waits for the lock to write; undefined where that does not matter.
 */
export function queueFor({ variables, index }: Cell, scope: Scope): Cell | undefined {
  const thread = requireThread(scope);
  const { state } = scope.world;
  const own = variables.map((id) => state.waiting.get(state.variables[id]!.lock!.name)?.get(thread));
  if (!own.every((id) => id !== undefined)) return undefined;
  return { variables: own, ...(index !== undefined && { index }) };
}

/** May the running actor take a share, as far as waiting writers are concerned? */
export function admitted({ variables, index }: Cell, scope: Scope): Expr {
  return allOf(
    variables.map((id, i) => {
      const lets = isOpen(id, scope);
      return index === undefined ? lets : or(not(equal(index, int(i))), lets);
    }),
  );
}

function isOpen(share: VariableId, scope: Scope): Expr {
  const { variables, waiting } = scope.world.state;
  const { name } = variables[share]!.lock!;
  const queue = waiting.get(name) ?? new Map<number, VariableId>();
  const others = [...queue].flatMap(([thread, id]) => (thread === scope.thread ? [] : [id]));
  const none = (ids: readonly VariableId[]) => allOf(ids.map((id) => not(read({ variables: [id] }, 'bool'))));
  const readers = variables.flatMap(({ id, lock }) =>
    lock?.name === name && lock.mode === 'shared' ? [id] : [],
  );
  return others.length === 0 ? none([]) : or(none(readers), none(others));
}
