// A counterexample to 'no value outside its domain' is a shortest one, whether it ends in a step or in a condition.

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

/** Nodes 1 and 2 are one step away; from 1 a step leads astray. */
const fork = astray(graph('0 1 3', '0 2'), '1-3');

test('a condition without a value is nearer than a step without one in an earlier state of the level', async () => {
  expect((await check(fork, [noValueAt(2)])).at(-1)).toBe(
    `${noFault}: violated by 2: 'undefined at 2' has no value: division by zero`,
  );
});

test('a condition without a value in the next level is not nearer', async () => {
  const longer = astray(graph('0 1 3', '0 2 4'), '1-3');
  expect((await check(longer, [noValueAt(4)])).at(-1)).toBe(
    `${noFault}: violated by 0 1: node would become 99, outside 0 … 4`,
  );
});

test('by iterative deepening the same is found', async () => {
  const report = await sameReport(fork, [noValueAt(2)], { search: 'iterative' });
  expect(report?.properties.at(-1)?.finding?.path.steps).toEqual([2]);
});

/** By hand: how few steps lead to something without a value, and is a condition nearer than a step met before it? */
function nearestFault(program: Program, properties: readonly Property[]) {
  const system = referenceSystem(program);
  const seen = system.seenStates();
  let level = system.initialStates().filter((state) => seen.add(state));
  for (let depth = 0; level.length > 0; depth++) {
    const lacks = level.map((state) =>
      properties.some((p) => typeof system.holds(p.condition, state) === 'string'),
    );
    const out = level.map((state) => system.transitions(state));
    const fails = out.map((transitions) => transitions.some((transition) => 'fault' in transition));
    const [condition, step] = [lacks.indexOf(true), fails.indexOf(true)];
    if (condition >= 0) return { length: depth, isOvertaking: step >= 0 && step < condition };
    if (step >= 0) return { length: depth + 1, isOvertaking: false };
    level = out
      .flat()
      .flatMap((transition) => ('to' in transition && seen.add(transition.to) ? [transition.to] : []));
  }
  return undefined;
}

test('in random Programs it takes as few steps as by brute force', { timeout: 60_000 }, async () => {
  let [faults, overtaken] = [0, 0];
  for (let seed = 1; seed <= 400; seed++) {
    const { program, properties } = randomProgram(seed);
    const asked = [...properties, divides(program, seed)];
    const report = await sameReport(program, asked, { statesMax: 150 });
    if (!report?.evidence.exhaustive) continue;
    const nearest = nearestFault(program, asked);
    const found = report.properties.find((result) => result.check.name === noFault)?.finding;
    expect(found?.path.steps.length, `seed ${seed}`).toBe(nearest?.length);
    if (nearest !== undefined) faults++;
    if (nearest?.isOvertaking) overtaken++;
  }
  expect({ faults, overtaken }).toEqual({ faults: 297, overtaken: 6 });
});

/** A condition that has no value where some variable has some value. */
function divides({ variables }: Program, seed: number): Property {
  const dice = random(seed);
  const { id, initial } = dice.pick(variables);
  const by = arithmetic('sub', read({ variables: [id] }, 'int'), int(initial[0]! + 1 - dice.below(3)));
  const condition = equal(arithmetic('div', int(1), by), int(7));
  return { name: 'divides', expectation: 'never', condition, source: {} };
}
