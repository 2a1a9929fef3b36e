// What lowering leaves of sizes and indices, as parts of a parameterised Program.

import { walk } from '../ir/expression.js';
import type { Expr, Thread } from '../ir/program.js';
import type { OpenSizes } from '../lower/rigid.js';
import type { Property } from '../property/property.js';
import type { Family, Sort, StateTerm } from './program.js';
import { walk as walkTerm } from './term.js';

const ofRuns = { why: 'is about whole runs' } as const;
/** By what a property expects: whether its condition must be true in every state, or false. */
export const kindOfClaim: {
  readonly [kind in Property['expectation']]: { readonly isWanted: boolean } | { readonly why: string };
} = {
  always: { isWanted: true },
  never: { isWanted: false },
  lemma: { isWanted: true },
  sometimes: { why: 'says what happens in some run' },
  alwaysPossible: ofRuns,
  liveness: ofRuns,
};

/** The family that a thread stands for. */
export function familyOf({ id, name, locations, start, done, dead }: Thread, { rigid }: OpenSizes): Family {
  const copy = [...rigid.values()].find(
    (one) => one.kind === 'index' && one.role === 'copy' && one.thread === id,
  );
  const own = { thread: id, locations, start, done, ...(dead !== undefined && { dead }) };
  if (copy?.kind !== 'index') return { ...own, name };
  return { ...own, name: name.replace(/\[0\]$/, ''), sort: copy.setting };
}

/** The sizes that an expression of sizes and indices alone depends on; none for any other expression. */
export function sizesIn(x: Expr, { rigid }: OpenSizes): readonly string[] {
  const sizes = new Set<string>();
  let isRigid = true;
  walk(x, (one) => {
    if (one.op === 'at') isRigid = false;
    if (one.op !== 'read') return;
    const of = rigid.get(one.cell.variables[0]!);
    if (of === undefined) isRigid = false;
    else if (of.kind === 'size') sizes.add(of.setting);
  });
  return isRigid ? [...sizes] : [];
}

/** The sort of an index; undefined for what is none. */
export function sortOf(x: StateTerm): Sort | undefined {
  if (x.op === 'var' || x.op === 'first' || x.op === 'element' || x.op === 'modulo') return x.sort;
  return x.op === 'read' && x.fun.range.kind === 'index' ? x.fun.range.sort : undefined;
}

/** Does it count elements, where no comparison with a small number has taken the count away? */
export function hasCount(x: StateTerm): boolean {
  let found = false;
  walkTerm(x, (one) => {
    if (one.op === 'sum') found = true;
  });
  return found;
}
