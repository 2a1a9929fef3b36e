// What rumur says of the export with scalarsets: without its symmetry reduction the states are ours, with it there are
// at most as many, and every verdict and every length of a trace stays as it is.

import { exportSymmetricMurphi } from '../checker/export/murphi_symmetric.js';
import { plainText } from '../checker/export/names.js';
import { symmetryOf } from '../checker/export/symmetry.js';
import type { Program, Report } from '../checker/index.js';
import { type Check, noDeadlock, noFault } from '../checker/search/report.js';
import { type Comparison, figure, isSafety } from './judge.js';
import { runRumur } from './rumur.js';

/** Compares both with our report; nothing if no threads are interchangeable. */
export async function judgeSymmetry(program: Program, report: Report): Promise<readonly Comparison[]> {
  const { classes } = symmetryOf(program);
  if (classes.length === 0) return [];
  const { states } = report.exploration;
  const text = exportSymmetricMurphi(program, []);
  const options = { goesOn: true, withoutTraces: true, statesExpected: states };
  const whole = await runRumur(text, options);
  const reduced = await runRumur(text, { ...options, symmetry: true });
  const largest = classes.reduce((product, { threads }) => product * factorial(threads.length), 1);
  return [
    figure('states, interchangeable actors told apart', states, whole.states),
    figure('states, not told apart: at most as many', true, reduced.states <= states),
    figure('and at least a share of them', true, reduced.states * largest >= states),
    ...(await compareVerdicts(program, report)),
  ];
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** All that holds in one run, and the first violation alone. */
async function compareVerdicts(program: Program, report: Report): Promise<readonly Comparison[]> {
  const results = report.properties.filter(({ check, verdict }) => isSafety(check) && verdict !== 'unknown');
  const violated = results.filter(({ verdict }) => verdict === 'violated');
  if (violated.some(({ check }) => check.name === noFault)) return [];
  const rest = results.filter(({ verdict }) => verdict !== 'violated');
  const run = (checks: readonly Check[]) =>
    runRumur(exportSymmetricMurphi(program, checks), {
      findsDeadlocks: checks.some(({ name }) => name === noDeadlock),
      statesExpected: report.exploration.states,
      symmetry: true,
    });
  const { errors, covers } = await run(rest.map(({ check }) => check));
  const [first] = violated;
  const alone = first && (await run([first.check]));
  return [
    figure('all that holds, not told apart', 'holds', errors[0]?.message ?? 'holds'),
    ...rest.flatMap(({ check: { kind, name }, verdict }) =>
      kind === 'sometimes'
        ? [figure(name, verdict, (covers.get(plainText(name)) ?? 0) > 0 ? 'reached' : 'unreached')]
        : [],
    ),
    ...(first === undefined
      ? []
      : [figure(first.check.name, first.finding?.path.steps.length, alone?.errors[0]?.length)]),
  ];
}
