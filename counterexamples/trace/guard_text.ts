// What a step waits for, as text. A lock of several parts is one lock there: `sem can be taken for reading`.

import { conjuncts, type Expr, exprText, type Program, parts, type Step } from '../../checker/index.js';
import { lockPartOf } from './lock_parts.js';

/** C-like; `isOneOfSeveral`: it will be an operand of `||`. */
export function guardText({ guard, locks = [] }: Step, program: Program, isOneOfSeveral: boolean): string {
  const taken = locks.flatMap(({ way, mode, lock: { variables } }) => {
    const part = way === 'take' ? lockPartOf(program.variables[variables[0]!]!, program) : undefined;
    return part === undefined || variables.length > 1 ? [] : [{ lock: part.lock, mode }];
  });
  const isOfTaken = (x: Expr): boolean => {
    if (x.op === 'at') return false;
    if (x.op !== 'read') return parts(x).every(isOfTaken);
    return x.cell.variables.every((id) => {
      const part = lockPartOf(program.variables[id]!, program);
      return taken.some(({ lock }) => lock === part?.lock);
    });
  };
  const others = taken.length === 0 ? [guard] : conjuncts(guard).filter((x) => !isOfTaken(x));
  const level = isOneOfSeveral || taken.length + others.length > 1 ? 2 : 0;
  return [
    ...taken.map(({ lock, mode }) => `${lock} can be taken for ${mode === 'shared' ? 'reading' : 'writing'}`),
    ...others.map((x) => exprText(x, program, level)),
  ].join(' && ');
}
