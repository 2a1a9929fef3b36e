// Shares of locks that their holder takes again, as a second down_read() by one task: it is granted as the first one is,
// and the lock is dropped as often as it is taken. Only threads whose control flow leads there count how often.
//
//   take   readers[p] := true, nested[p] := nested[p] + (readers[p] ? 1 : 0)
//   drop   readers[p] := nested[p] > 0, nested[p] := nested[p] > 0 ? nested[p] - 1 : 0

import type { Effect } from '../../models/language/index.js';
import { arithmetic, ifElse, int, less, read, truth } from '../ir/expression.js';
import type { Assignment, Cell } from '../ir/program.js';
import type { Scope } from './scope.js';

/** Where it is counted how often the running actor has taken its share once more; undefined if it never does. */
export function nestedIn({ variables, index }: Cell, { world }: Scope): Cell | undefined {
  const counts = variables.map((id) => world.state.nested.get(id));
  if (!counts.every((id) => id !== undefined)) return undefined;
  return { variables: counts, ...(index !== undefined && { index }) };
}

/** What taking or dropping such a share stores; undefined for anything else. */
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
