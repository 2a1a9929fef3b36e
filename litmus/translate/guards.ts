// Is one of some conditions true whatever their parts are? Found by trying all values of the parts.

import type { Expr } from '../../checker/ir/program.js';

const atomsMax = 10;

/** True: one of them always is. False also where they have too many parts to try. */
export function isTotal(conditions: readonly Expr[]): boolean {
  const atoms = [...new Set(conditions.flatMap(atomsIn))];
  if (atoms.length > atomsMax) return false;
  for (let values = 0; values < 1 << atoms.length; values++) {
    const isTrueOf = (atom: string) => ((values >> atoms.indexOf(atom)) & 1) === 1;
    if (!conditions.some((one) => holds(one, isTrueOf))) return false;
  }
  return true;
}

const textOf = (x: Expr): string => JSON.stringify(x, (key, value) => (key === 'name' ? undefined : value));

function atomsIn(x: Expr): readonly string[] {
  if (x.op === 'const') return [];
  if (x.op === 'not') return atomsIn(x.x);
  if (x.op === 'and' || x.op === 'or') return [...atomsIn(x.x), ...atomsIn(x.y)];
  return [textOf(x)];
}

function holds(x: Expr, isTrueOf: (atom: string) => boolean): boolean {
  if (x.op === 'const') return x.value !== 0;
  if (x.op === 'not') return !holds(x.x, isTrueOf);
  if (x.op === 'and') return holds(x.x, isTrueOf) && holds(x.y, isTrueOf);
  if (x.op === 'or') return holds(x.x, isTrueOf) || holds(x.y, isTrueOf);
  return isTrueOf(textOf(x));
}
