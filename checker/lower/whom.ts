// Actors as values: `nobody`, or a word for each actor. Where each actor has a variable, the one of an actor that varies
// is found by comparing word by word, as the slot is that a pointer means.
//
//   tlb.of(target)      tlb[target == a ? 0 : target == b ? 1 : -1]

import { ModelError } from '../../models/language/index.js';
import { constant, equal, ifElse, int } from '../ir/expression.js';
import type { Expr, ThreadId } from '../ir/program.js';
import type { Scope } from './scope.js';

/** What a variable of someone() may be worth. */
export const actorWords = ({ world }: Pick<Scope, 'world'>): readonly string[] => [
  'nobody',
  ...world.threadNames,
];

export const actorWord = (thread: ThreadId, scope: Scope): Expr => constant(thread + 1, actorWords(scope));

/** The number of the actor that is meant; -1, which is outside, for nobody. */
export function numberOfActor(whom: Expr, scope: Scope): Expr {
  if (whom.op === 'const') {
    if (whom.value > 0) return int(whom.value - 1);
    throw new ModelError('nobody has none of what each actor has', scope.at);
  }
  return scope.world.threadNames.reduceRight<Expr>(
    (rest, _, thread) => ifElse(equal(whom, actorWord(thread, scope)), int(thread), rest),
    int(-1),
  );
}
