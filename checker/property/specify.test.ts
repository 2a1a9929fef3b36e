// The form of a formula must not change its meaning: as a condition, as a monitor or as liveness, it has one verdict,
// also where a run ends in a step with a fault.

import { describe, expect, test } from 'vitest';
import { type Formula, state } from '../../properties/language/temporal.js';
import { didYouMean } from '../index.js';
import { int, truth } from '../ir/expression.js';
import type { Expr, Program } from '../ir/program.js';
import { graphProgram } from '../liveness/testing/graph_program.js';
import { sameReport } from '../testing/agree.js';
import { type Stated, specify } from './specify.js';
import { parseFormula } from './text/parser.js';

/** The steps with these labels store a value that their variable cannot hold: they lead to no state. */
function astray(program: Program, labels: string): Program {
  const flag = { id: 0, name: 'flag', domain: { kind: 'bool' }, initial: [0] } as const;
  return {
    ...program,
    variables: [flag],
    steps: program.steps.map((step) =>
      labels.split(' ').includes(step.label)
        ? { ...step, assignments: [{ target: { variables: [0] }, value: int(2) }] }
        : step,
    ),
  };
}

const named = (text: string, program: Program, truths: { readonly [name: string]: string }) =>
  parseFormula(
    text.replace(/\b[pq]\b/g, (name) => `(walker at ${[...truths[name]!].join('|')})`),
    program,
    didYouMean,
  );

/** The kind of the check, and its verdict, on both engines. */
async function checked(
  program: Program,
  expectation: Stated['expectation'],
  claim: Formula<Expr>,
  assumption?: Formula<Expr>,
): Promise<string> {
  const stated: Stated = {
    ...{ name: 'it', expectation, claim, fairness: [], assumption, about: undefined, source: {} },
  };
  const specified = specify(program, [stated]);
  const report = await sameReport(specified.program, specified.properties);
  const { check, verdict, finding, isVacuous } = report!.properties[0]!;
  const steps = finding === undefined ? '' : ` in ${finding.path.steps.length}`;
  return `${check.kind}: ${verdict}${steps}${isVacuous ? ' vacuously' : ''}`;
}

describe('a run that ends in a step without meaning repeats its last state', () => {
  const truths = { p: 'b', q: 'c' };
  const line = astray(graphProgram('ab bc', truths).program, 'bc');
  test.each([
    ['G (p -> X not p)', 'always: violated in 1', 'liveness: violated in 1'],
    ['not p W q', 'always: violated in 1', 'liveness: violated in 1'],
    ['p -> X p', 'always: holds', 'liveness: holds'],
    ['G (p -> X p)', 'always: holds', 'liveness: holds'],
  ])('%s', async (text, asMonitor, asLiveness) => {
    const claim = named(text, line, truths);
    expect(await checked(line, 'run', claim)).toMatch(asMonitor);
    expect(await checked(line, 'run', claim, state(truth(true)))).toMatch(asLiveness);
  });

  test('and `previously` still changes there', async () => {
    expect(await checked(line, 'never', named('Y p', line, truths))).toBe('never: violated in 1');
    // Where another actor could go on, the state is not repeated.
    const fork = astray(graphProgram('ab bc bd dd', truths).program, 'bc');
    expect(await checked(fork, 'never', named('p and Y p', fork, truths))).toBe('never: holds');
  });
});

describe('previously beside the future', () => {
  const truths = { p: 'b', q: 'c' };
  const { program } = graphProgram('ab bc', truths);
  test.each([
    ['Y p', 'liveness: violated in 2'],
    ['not Y p', 'liveness: holds'],
    ['F Y p', 'liveness: holds'],
    ['F (q and Y p)', 'liveness: holds'],
    ['G F Y p', 'liveness: violated in 2'],
    ['F G Y q', 'liveness: holds'],
    ['F G Y Y q', 'liveness: holds'],
    ['G (q -> Y p)', 'liveness: violated in 2'],
    ['G (q -> O Y p)', 'liveness: holds'],
    ['X X X (Y q and Y Y p)', 'liveness: holds'],
  ])('%s', async (text, expected) => {
    expect(await checked(program, 'run', named(text, program, truths))).toBe(expected);
  });
});

test('repeating the last state is no step of a shortest counterexample', async () => {
  const truths = { p: 'b', q: 'c' };
  const { program } = graphProgram('ab bc', truths);
  const claim = named('G F Y p', program, truths);
  const stated: Stated = {
    ...{ name: 'it', expectation: 'run', claim, fairness: [], about: undefined, source: {} },
  };
  const specified = specify(program, [stated]);
  const report = await sameReport(specified.program, specified.properties, { shortestLassos: true });
  const { finding } = report!.properties[0]!;
  expect([finding?.path.steps.length, finding?.loop, finding?.isShortest]).toEqual([2, undefined, undefined]);
});

describe('a property whose left sides are never true holds vacuously', () => {
  // p at b, which no run visits twice; q at no reachable node.
  const truths = { p: 'b', q: 'd' };
  const { program } = graphProgram('ab bc cc db', truths);
  test.each([
    ['always', 'q -> p', true],
    ['always', 'p -> p', false],
    ['always', 'p or not q', true],
    ['always', 'not q or p', true],
    ['always', 'not p or not q or p', true],
    ['always', 'not q', false],
    ['always', 'O q -> p', true],
    ['always', 'O p -> not q', false],
    ['always', '(q -> p) and (p -> not q)', false],
    ['always', 'F q -> p', true],
    ['always', 'F p -> not q', false],
    ['always', 'q leadsTo p', true],
    ['run', 'G F p -> G F q', true],
    ['run', 'G F not p -> F p', false],
    ['run', 'G (not q or F p)', true],
    ['run', 'G (F q -> p)', true],
    ['run', '(p U q) -> F p', true],
    // At the first position only.
    ['run', 'p -> F q', true],
    ['run', 'X p -> F p', false],
    ['run', 'G (p -> F not p)', false],
    ['run', 'G (Y q -> F p)', true],
    ['run', 'G (Y p -> F not p)', false],
  ] as const)('%s %s: %s', async (expectation, text, isVacuous) => {
    const result = await checked(program, expectation, named(text, program, truths));
    expect(result.replace(/^\w+: /, '')).toBe(isVacuous ? 'holds vacuously' : 'holds');
  });
});
