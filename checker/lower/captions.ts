// Captions: the text of a step for people. It is written after every actor is lowered, because it may refer to
// locations of other actors.

import type { CaptionPart, Place } from '../../models/language/index.js';
import type { Expr } from '../ir/program.js';
import { exprText } from '../ir/text.js';
import { wordsIn } from './constants.js';
import type { Text } from './draft.js';
import { lowerExpr } from './expressions.js';
import { poolIn } from './pointers.js';
import type { Scope } from './scope.js';

/** The parts of a caption as one line. */
export function captionOf(caption: readonly CaptionPart[], scope: Scope): Text {
  const parts = caption.flatMap((part): readonly (string | Expr)[] => {
    if (typeof part === 'string') return [part];
    if ('op' in part) return [lowerExpr(part, scope, wordsIn(part))];
    return part.procedure === undefined
      ? spelled(part, scope)
      : [lowerExpr({ op: 'read', place: part }, scope)];
  });
  return (names) => {
    const text = parts.map((part) => (typeof part === 'string' ? part : exprText(part, names))).join('');
    return text.replace(/\s+/g, ' ').trim();
  };
}

/** A shared place as the model writes it, which may be a whole record: `mm[0].mmap_lock`. */
function spelled({ name, path, pool }: Place, scope: Scope): readonly (string | Expr)[] {
  const [first, ...rest] = path;
  const isPointed = typeof first === 'object' && first.op === 'slot';
  const [begin, after]: readonly [string | Expr, Place['path']] = isPointed
    ? [lowerExpr(first.x, scope), rest]
    : [pool === undefined ? name : poolIn(pool, scope).name, path];
  const parts = after.flatMap((part) =>
    typeof part === 'string' ? [`.${part}`] : ['[', lowerExpr(part, scope), ']'],
  );
  return isPointed
    ? [begin, ...parts.map((part, i) => (i === 0 ? String(part).replace('.', '->') : part))]
    : [begin, ...parts];
}
