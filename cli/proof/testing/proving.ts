// For tests of the prover itself: is a parameterised Program proved, without looking first whether a small number
// refutes it? And does one?

import {
  FiniteInstance,
  type Obligations,
  type Parameterised,
  prove,
  type Sort,
} from '../../../checker/proof/index.js';
import { Stop } from '../../stop.js';
import { judge, searcher } from '../solvers.js';

type Numbers = ReadonlyMap<Sort, number>;

/** The same number of everything. */
export const alike = ({ sizes }: Parameterised, n: number): Numbers =>
  new Map([...sizes].map(([sort, least]) => [sort, least - 1 + n]));

const statesMax = 20_000;

/** What z3 does not prove: what no invariant that is found implies, else what it does not judge. `facts`: those about sizes. */
export async function unshown(program: Parameterised, facts?: Obligations): Promise<readonly string[]> {
  const stop = new Stop();
  const samples = [1, 2].map((n) => {
    const instance = new FiniteInstance(program, { sizes: alike(program, n), order: 'any', statesMax });
    return { instance, states: instance.explore().states };
  });
  const { failed, obligations } = await prove(program, samples, searcher('z3', stop));
  if (failed.length > 0) return failed.map(({ asks }) => asks);
  for (const one of [...(facts === undefined ? [] : [facts]), ...obligations]) {
    const answers = await judge('z3', one, stop);
    const open = one.questions.filter(({ id }) => answers.get(id) !== 'unsat');
    if (open.length > 0) return open.map(({ asks }) => asks);
  }
  return [];
}

/** Is an invariant found, and does z3 judge that it implies what is asked? */
export const isProved = async (program: Parameterised): Promise<boolean> =>
  (await unshown(program)).length === 0;

/** Does a state at these sizes violate a property, or is a step taken there that reports something? */
export function isRefutedAt(program: Parameterised, sizes: Numbers): boolean {
  const instance = new FiniteInstance(program, { sizes, order: 'any', statesMax });
  const { states, taken } = instance.explore();
  if ([...taken].some(({ reports }) => reports !== undefined)) return true;
  return program.claims.some(({ condition }) => {
    const holds = instance.compile(condition);
    return states.some((state) => holds(state, []) === 0);
  });
}
