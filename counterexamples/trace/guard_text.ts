// What a step waits for, as text. A lock of several parts is one lock there: `sem can be taken for reading`.

import { conjuncts, type Expr, exprText, type Program, parts, type Step } from '../../checker/index.js';
import { handlerOver } from './interrupters.js';
import { lockPartOf } from './lock_parts.js';

/** C-like; `isOneOfSeveral`: it will be an operand of `||`. */
export function guardText(
  { thread, guard, locks = [] }: Step,
  program: Program,
  isOneOfSeveral: boolean,
): string {
  const taken = locks.flatMap(({ way, mode, lock: { variables } }) => {
    const part = way === 'take' ? lockPartOf(variables[0]!, program) : undefined;
    return part === undefined || variables.length > 1 ? [] : [{ lock: part.lock, mode }];
  });
  const isOfTaken = (x: Expr): boolean => {
    if (x.op === 'at') return false;
    if (x.op !== 'read') return parts(x).every(isOfTaken);
    return x.cell.variables.every((id) => {
      const part = lockPartOf(id, program);
      return taken.some(({ lock }) => lock === part?.lock);
    });
  };
  const all = conjuncts(guard);
  const isPlain = taken.length === 0 && all.every((x) => handlerOver(x, thread, program) === undefined);
  const others = isPlain ? [guard] : all.filter((x) => !isOfTaken(x));
  const level = isOneOfSeveral || taken.length + others.length > 1 ? 2 : 0;
  return [
    ...taken.map(({ lock, mode }) => `${lock} can be taken for ${mode === 'shared' ? 'reading' : 'writing'}`),
    ...others.map((x) => {
      const handler = handlerOver(x, thread, program);
      return handler === undefined
        ? exprText(x, program, level)
        : `${program.threads[handler]!.name} is over`;
    }),
  ].join(' && ');
}
