// A Program and its monitors as one Program, and the text of both.

import { expect, test } from 'vitest';
import { explore } from '../explore.js';
import { sameReport, sameStates } from '../testing/agree.js';
import { counters } from '../testing/small_programs.js';
import { and, equal, int, not, or, read } from './expression.js';
import { afterRepeat, composed, isMonitored, variableAt } from './monitors.js';
import { printProgram } from './print.js';
import type { Monitor, Program } from './program.js';

const bare = counters(2, 2);
const c0 = read({ variables: [0] }, 'int');
const was = read({ variables: [2] }, 'bool');
const isOne = equal(c0, int(1));
const monitor: Monitor = {
  variable: { id: 2, name: 'p.once', domain: { kind: 'bool' }, initial: [0] },
  update: or(was, isOne),
};
const monitored: Program = { ...bare, monitors: [monitor] };

test('the product has the variables of monitors behind the others, and every step updates them', () => {
  const { variables, steps, monitors } = composed(monitored) as Program;
  expect(variables.map(({ name }) => name)).toEqual([...bare.variables.map(({ name }) => name), 'p.once']);
  expect(steps.map(({ assignments }) => assignments.at(-1))).toEqual(
    bare.steps.map(() => ({ target: { variables: [2] }, value: monitor.update })),
  );
  expect(monitors).toBeUndefined();
});

test('a Program without monitors is its own product, and so is a product', () => {
  expect(composed(bare)).toBe(bare);
  const product = composed(monitored);
  expect(composed(product)).toBe(product);
});

test('both engines run monitors beside the steps as they run the product', async () => {
  const states = sameStates(monitored);
  expect(states).toBe(sameStates(composed(monitored)));
  expect(states).toBeGreaterThan(sameStates(bare));
  const report = await sameReport(monitored, []);
  expect(report).toEqual(await explore(composed(monitored), [], { engine: 'reference' }));
  expect(report!.evidence.states).toBe(states);
});

test('a value that a monitor cannot hold is a fault of the step that stores it', async () => {
  const outside: Monitor = {
    ...monitor,
    variable: { ...monitor.variable, domain: { kind: 'int', min: 0, max: 0 } },
  };
  const report = await sameReport({ ...bare, monitors: [{ ...outside, update: c0 }] }, []);
  const [fault] = report!.properties.filter(({ check: { kind } }) => kind === 'domain');
  expect(fault).toMatchObject({
    verdict: 'violated',
    finding: { fault: 'p.once would become 1, outside 0 … 0' },
  });
});

test('a variable is found by its number, and those of monitors are known by it', () => {
  expect([0, 1, 2].map((id) => variableAt(monitored, id).name)).toEqual(['c0', 'c1', 'p.once']);
  expect([1, 2].map((id) => isMonitored(monitored, id))).toEqual([false, true]);
});

test('where a run repeats its last state, monitors still step and the rest stays', () => {
  expect(afterRepeat(or(was, equal(c0, int(2))), [monitor])).toEqual(or(monitor.update, equal(c0, int(2))));
});

test('one update more is one, also where what is left of a condition is another monitor', () => {
  // q is p one step later, so !q is !p; and p is !p. Were p replaced in what is put in, !q would be p.
  const q = { ...monitor.variable, id: 3, name: 'q' };
  const monitors = [
    { ...monitor, update: not(was) },
    { variable: q, update: was },
  ];
  const ofQ = read({ variables: [3] }, 'bool');
  expect(afterRepeat(not(was), monitors)).toEqual(was);
  expect(afterRepeat(and(not(was), ofQ), monitors)).toEqual(and(was, was));
});

test('the text of a Program names its monitors once, beside the actors', () => {
  const lines = printProgram(monitored).split('\n');
  const without = printProgram(bare).split('\n');
  expect(lines.filter((line) => !without.includes(line))).toEqual([
    '/* Monitors of properties: every step of an actor makes these assignments, too. */',
    'bool p.once = false;',
    '        p.once = p.once || c0 == 1;',
  ]);
});
