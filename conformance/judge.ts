// The result of a judge: one Program explored by raceproof and by another tool, and every figure that both report.

import { hasValue } from '../checker/analyse/meaning.js';
import {
  asks,
  type EngineName,
  type Explored,
  explore,
  initialStates,
  needsGraph,
  type Program,
  type Property,
  type PropertyResult,
  type Report,
  referenceSystem,
  take,
} from '../checker/index.js';
import { isTrue } from '../checker/ir/expression.js';
import type { Check } from '../checker/search/report.js';

/** One figure that both sides have. */
export interface Figure {
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
}

export const figure = (what: string, ours: unknown, theirs: unknown): Figure => ({
  what,
  ours: String(ours),
  theirs: String(theirs),
});

export const disagreements = (comparisons: readonly Figure[]): readonly Figure[] =>
  comparisons.filter(({ ours, theirs }) => ours !== theirs);

/**
 * Our side, without what no other tool can be asked. A property whose condition may have no value is left out, since
 * every tool does something else there; its faults are judged in the steps.
 */
export const explored = (
  program: Program,
  properties: readonly Property[],
  engine: EngineName = 'reference',
): Promise<Report<Explored>> =>
  explore(
    program,
    properties.filter(({ condition }) => isTrue(hasValue(condition, program))),
    { engine, without: ['lock-order', 'irq-safety', 'stuck'] },
  );

/** Is it a condition on states? */
export const isCondition = (check: Check): boolean => asks(check, 'condition');

/** Is it about states and steps, which every tool can judge? */
const isSafety = (check: Check): boolean => !needsGraph(check);

/**
 * The results that every tool can judge: they are about states and steps, and decided. A deadlock of some actors
 * while others go on is none for the tools.
 */
export const judged = (program: Program, { properties }: Report): readonly PropertyResult[] =>
  properties.filter(
    (result) => isSafety(result.check) && result.verdict !== 'unknown' && !goesOn(program, result),
  );

/** Was a deadlock found in a state from which some step can be taken? */
function goesOn(program: Program, { check, finding }: PropertyResult): boolean {
  if (!asks(check, 'deadlock') || finding === undefined) return false;
  const { initial, steps } = finding.path;
  const end = steps.reduce(
    (state, step) => take(program.steps[step]!, state, program),
    initialStates(program)[initial]!,
  );
  return referenceSystem(program).transitions(end).length > 0;
}
