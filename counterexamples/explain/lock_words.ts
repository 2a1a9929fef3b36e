// A condition that asks for a part of a lock, such as `sem.writer == p`, as words: `p holds sem for writing`.

import { type Expr, type Program, substitute, type VariableId } from '../../checker/index.js';
import { lockPartOf } from '../trace/lock_parts.js';

/** The same condition, with words in place of what asks for a part of a lock. */
export const inLockWords = (x: Expr, program: Program): Expr =>
  substitute(x, (part) => {
    const words = lockQuestion(part, program);
    if (words !== undefined) return { ...part, name: words };
    if (part.name === undefined) return undefined;
    const { name, ...unnamed } = part;
    return { ...inLockWords(unnamed as Expr, program), name };
  });

/** `p holds sem for reading`; undefined for a condition that asks for more, or for a lock of one variable. */
export function lockQuestion(x: Expr, program: Program): string | undefined {
  if (x.op === 'read') return shareWords(x.cell.variables, program);
  if (x.op === 'not' && x.x.op === 'read') return shareWords(x.x.cell.variables, program, false);
  if (x.op !== 'eq' || x.x.op !== 'read' || x.y.op !== 'const' || x.x.cell.variables.length > 1)
    return undefined;
  const of = lockPartOf(x.x.cell.variables[0]!, program);
  if (of?.part !== 'writer') return undefined;
  if (x.y.value === 0) return `${of.lock} is not held for writing`;
  return `${program.threads[x.y.value - 1]!.name} holds ${of.lock} for writing`;
}

function shareWords(
  [id, ...others]: readonly VariableId[],
  program: Program,
  isSo = true,
): string | undefined {
  const of = others.length > 0 ? undefined : lockPartOf(id!, program);
  if (of?.part === 'queued') return `${of.who} has ${isSo ? '' : 'not '}queued for ${of.lock}`;
  if (of?.part !== 'reader') return undefined;
  return `${of.who} ${isSo ? 'holds' : 'does not hold'} ${of.lock} for reading`;
}
