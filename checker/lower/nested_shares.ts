// Nested shares of locks, as by a second down_read() in one task: the second share is granted as the first one is, and
// the lock must be dropped as often as it was taken. Only threads that can do so have a counter.
//
//   take   readers[p] := true, nested[p] := nested[p] + (readers[p] ? 1 : 0)
//   drop   readers[p] := nested[p] > 0, nested[p] := nested[p] > 0 ? nested[p] - 1 : 0

import type { Effect } from '../../models/language/index.js';
import { arithmetic, ifElse, int, less, read, truth } from '../ir/expression.js';
import type { Assignment, Cell } from '../ir/program.js';
import type { Scope } from './scope.js';

/** The variable that counts additional shares of the running actor; undefined if it never takes any. */
export function nestedIn({ variables, index }: Cell, { world }: Scope): Cell | undefined {
  const counts = variables.map((id) => world.state.nested.get(id));
  if (!counts.every((id) => id !== undefined)) return undefined;
  return { variables: counts, ...(index !== undefined && { index }) };
}

/** The assignments that take or drop such a share; undefined for anything else. */
export function nesting(
  effect: Effect['effect'],
  share: Cell,
  scope: Scope,
): readonly Assignment[] | undefined {
  const count = nestedIn(share, scope);
  if (count === undefined || effect === 'set') return undefined;
  const more = read(count, 'int');
  const isNested = less('lt', int(0), more);
  if (effect === 'drop') {
    return [
      { target: share, value: isNested },
      { target: count, value: ifElse(isNested, arithmetic('sub', more, int(1)), int(0)) },
    ];
  }
  const isAgain = ifElse(read(share, 'bool'), int(1), int(0));
  return [
    { target: share, value: truth(true) },
    { target: count, value: arithmetic('add', more, isAgain) },
  ];
}
