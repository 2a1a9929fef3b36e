// What rumur says of the export with scalarsets: without its symmetry reduction the states are ours, with it there are
// at most as many, with its exhaustive reduction those of our own, and every verdict and every length of a trace stays
// as it is.

import { symmetryOf } from '../checker/analyse/symmetry.js';
import { exportSymmetricMurphi } from '../checker/export/murphi/symmetric/murphi_symmetric.js';
import { plainText } from '../checker/export/names.js';
import { ExportError } from '../checker/export/refusals.js';
import { asks, type Explored, explore, isExample, type Program, type Report } from '../checker/index.js';
import { type Check, noDeadlock, noFault } from '../checker/search/report.js';
import { type Figure, figure, judged } from './judge.js';
import { runRumur } from './rumur.js';

/** Larger ones would take long, and show nothing that these do not. */
const statesMax = 20_000;
/** With more orders of threads, rumur tries them too long in each state. */
const ordersMax = 720;

/** Compares both with our report; nothing if no threads are interchangeable, or too many states for it. */
export async function judgeSymmetry(program: Program, report: Report<Explored>): Promise<readonly Figure[]> {
  const { states } = report.evidence;
  const { classes } = symmetryOf(program);
  if (classes.length === 0 || states > statesMax) return [];
  const run = (checks: readonly Check[], symmetry: 'off' | 'heuristic' | 'exhaustive') =>
    runRumur(exportSymmetricMurphi(program, checks), {
      findsDeadlocks: checks.some(({ name }) => name === noDeadlock),
      goesOn: checks.length === 0,
      statesExpected: states,
      symmetry,
    });
  const results = judged(program, report);
  const violated = results.filter(({ verdict }) => verdict === 'violated');
  const faults = violated.some(({ check }) => check.name === noFault);
  const rest = faults ? [] : results.filter(({ verdict }) => verdict !== 'violated');
  const whole = await run([], 'off');
  const checks = rest.map(({ check }) => check);
  const reduced = await run(checks, 'heuristic');
  const orders = classes.reduce((product, { threads }) => product * factorial(threads.length), 1);
  const ours = await explore(program, [], { reduce: 'symmetry', without: ['stuck'] });
  const exact = orders > ordersMax ? undefined : await run([], 'exhaustive');
  const possible = report.properties.filter(
    ({ check, verdict }) =>
      // After an error rumur does not judge it.
      !faults && asks(check, 'possibility') && verdict !== 'unknown' && isExported(check, program),
  );
  return [
    figure('states, with all orders of actors', states, whole.states),
    figure('states, with one order: no more', true, reduced.states <= states),
    figure('states, with one order: enough for all', true, reduced.states * orders >= states),
    ...(exact === undefined ? [] : [figure('states, one of each orbit', ours.evidence.states, exact.states)]),
    ...(faults
      ? []
      : [figure('all that holds, with one order', 'holds', reduced.errors[0]?.message ?? 'holds')]),
    ...rest.flatMap(({ check, verdict }) => {
      if (!isExample(check)) return [];
      const isReached = (reduced.covers.get(plainText(check.name)) ?? 0) > 0;
      return [figure(`${check.name}, with one order`, verdict, isReached ? 'reached' : 'unreached')];
    }),
    ...(await Promise.all(
      possible.map(async ({ check, verdict }) => {
        const { errors } = await run([check], 'heuristic');
        return figure(`${check.name}, with one order`, verdict, errors.length > 0 ? 'violated' : 'holds');
      }),
    )),
    ...(await Promise.all(
      violated.slice(0, faults ? 0 : 1).map(async ({ check, finding }) => {
        const { errors } = await run([check], 'heuristic');
        return figure(`${check.name}, with one order`, finding?.path.steps.length, errors[0]?.length);
      }),
    )),
  ];
}

/** What is always possible for one of interchangeable actors is refused. */
function isExported(check: Check, program: Program): boolean {
  try {
    exportSymmetricMurphi(program, [check]);
    return true;
  } catch (error) {
    if (error instanceof ExportError) return false;
    throw error;
  }
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
