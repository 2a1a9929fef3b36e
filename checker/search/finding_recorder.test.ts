// Missing values are found on a shortest path: a step without a value is a fault of the model, a condition without one
// a fault of the formula.

import { expect, test } from 'vitest';
import { arithmetic, equal, int, less, read } from '../ir/expression.js';
import type { Program } from '../ir/program.js';
import type { Property } from '../property/property.js';
import { referenceSystem } from '../reference/system.js';
import { sameReport } from '../testing/agree.js';
import { check } from '../testing/check.js';
import { random } from '../testing/random.js';
import { randomProgram } from '../testing/random_program.js';
import { graph } from '../testing/small_programs.js';
import { noFault } from './report.js';

/** 1 / (this node - that node) <= 1: it has no value in one node. */
const noValueAt = (node: number): Property => {
  const by = arithmetic('sub', read({ variables: [0] }, 'int'), int(node));
  const condition = less('le', arithmetic('div', int(1), by), int(1));
  return { name: `undefined at ${node}`, expectation: 'always', condition, source: {} };
};

/** The step of the graph with this label leads to no node. */
const astray = (program: Program, label: string): Program => ({
  ...program,
  steps: program.steps.map((step) =>
    step.label === label ? { ...step, assignments: [{ target: { variables: [0] }, value: int(99) }] } : step,
  ),
});

/** Nodes 1 and 2 are one step away; from 1 a step leads to no node. */
const fork = astray(graph('0 1 3', '0 2'), '1-3');

test('a condition without a value is a fault of its formula, and a step without one a fault of the model', async () => {
  const report = await check(fork, [noValueAt(2)]);
  expect(report.slice(2)).toEqual([
    `${noFault}: violated by 0 1: node would become 99, outside 0 … 3`,
    'formula without a value: undefined at 2: violated by 2: division by zero',
  ]);
});

test('each formula has its own first state without a value, and a formula with a value everywhere is not listed', async () => {
  const report = await check(graph('0 1 3', '0 2'), [noValueAt(3), noValueAt(9), noValueAt(0)]);
  expect(report.slice(2)).toEqual([
    'formula without a value: undefined at 3: violated by 0 1: division by zero',
    'formula without a value: undefined at 0: violated by no step: division by zero',
  ]);
});

test('a formula without a value ends no run, so it does not limit other verdicts', async () => {
  const report = await sameReport(graph('0 1 3', '0 2'), [noValueAt(2), { ...noValueAt(9), name: 'fine' }]);
  const fine = report!.properties.find((result) => result.check.name === 'fine');
  expect(fine).toMatchObject({ verdict: 'holds' });
  expect(fine).not.toHaveProperty('isUpToFault');
  expect(report!.properties[0]).toMatchObject({ verdict: 'unknown' });
});

test('iterative deepening has the same findings', async () => {
  const report = await sameReport(fork, [noValueAt(2)], { search: 'iterative' });
  expect(report?.properties.slice(-2).map(({ finding }) => finding?.path.steps)).toEqual([[0, 1], [2]]);
});

/** By brute force: the fewest steps to a state in which a condition has no value, and to a step that has none. */
function nearestFaults(program: Program, asked: Property) {
  const system = referenceSystem(program);
  const seen = system.seenStates();
  let level = system.initialStates().filter((state) => seen.add(state));
  let [condition, step]: [number?, number?] = [];
  for (let depth = 0; level.length > 0; depth++) {
    const out = level.map((state) => system.transitions(state));
    if (level.some((state) => typeof system.holds(asked.condition, state) === 'string')) condition ??= depth;
    if (out.flat().some((transition) => 'fault' in transition)) step ??= depth + 1;
    level = out
      .flat()
      .flatMap((transition) => ('to' in transition && seen.add(transition.to) ? [transition.to] : []));
  }
  return { condition, step };
}

test('in random Programs traces are as short as by brute force', { timeout: 60_000 }, async () => {
  let [steps, conditions] = [0, 0];
  for (let seed = 1; seed <= 400; seed++) {
    const { program, properties } = randomProgram(seed);
    const asked = divides(program, seed);
    const report = await sameReport(program, [...properties, asked], { statesMax: 150 });
    if (!report?.evidence.exhaustive) continue;
    const nearest = nearestFaults(program, asked);
    const lengthOf = (name: string) =>
      report.properties.find((result) => result.check.name === name)?.finding?.path.steps.length;
    expect(lengthOf(noFault), `seed ${seed}`).toBe(nearest.step);
    // A check that is violated before is not evaluated any more.
    if (lengthOf(asked.name) === undefined)
      expect(lengthOf(`formula without a value: ${asked.name}`), `seed ${seed}`).toBe(nearest.condition);
    if (nearest.step !== undefined) steps++;
    if (nearest.condition !== undefined) conditions++;
  }
  expect({ steps, conditions }).toEqual({ steps: 226, conditions: 162 });
});

/** A condition that has no value where some variable has some value. */
function divides({ variables }: Program, seed: number): Property {
  const dice = random(seed);
  const { id, initial } = dice.pick(variables);
  const by = arithmetic('sub', read({ variables: [id] }, 'int'), int(initial[0]! + 1 - dice.below(3)));
  const condition = equal(arithmetic('div', int(1), by), int(7));
  return { name: 'divides', expectation: 'never', condition, source: {} };
}
