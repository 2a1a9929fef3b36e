// Random questions about whole runs: formulas over any conditions, fairness weak and strong to threads and to single
// steps, and now and then an assumption. Few temporal operators each, so that their automata stay small.

import type { Expr, Program, StepId } from '../checker/ir/program.js';
import type { Fairness, Liveness } from '../checker/property/property.js';
import type { Random } from '../checker/testing/random.js';
import { type Formula, state } from '../properties/language/temporal.js';

const unary = ['not', 'next', 'eventually', 'always'] as const;
const binary = ['and', 'or', 'implies', 'iff', 'until', 'weakUntil', 'release', 'leadsTo'] as const;

/** A formula whose operators stand at most so deep in each other. */
function randomFormula(random: Random, condition: () => Expr, depth: number): Formula<Expr> {
  if (depth === 0 || random.oneIn(5)) return state(condition());
  const inner = () => randomFormula(random, condition, depth - 1);
  return random.oneIn(2)
    ? { op: random.pick(unary), x: inner() }
    : { op: random.pick(binary), x: inner(), y: inner() };
}

/** A formula, and what is assumed of the runs that it is about. */
export function randomLiveness(random: Random, program: Program, condition: () => Expr): Liveness {
  const formula = randomFormula(random, condition, 3);
  const fairness = random.oneIn(3) ? [] : program.threads.flatMap((_, id) => fairTo(random, program, id));
  if (!random.oneIn(4)) return { formula, fairness };
  return { formula, fairness, assumption: randomFormula(random, condition, 1) };
}

function fairTo(random: Random, { threads, steps }: Program, thread: number): readonly Fairness[] {
  if (random.oneIn(4)) return [];
  const own = steps.filter((step) => step.thread === thread).map(({ id }) => id);
  const { name } = threads[thread]!;
  const fair = (of: readonly StepId[], at: string): Fairness => {
    return { strength: random.oneIn(3) ? 'strong' : 'weak', name: `${name}${at}`, steps: of };
  };
  const one = random.pick(own);
  return [fair(own, ''), ...(random.oneIn(3) ? [fair([one], ` at step ${one}`)] : [])];
}
