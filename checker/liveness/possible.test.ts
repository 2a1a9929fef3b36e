// alwaysPossible properties, on small graphs and on random Programs, on both engines.

import { expect, test } from 'vitest';
import { explore } from '../explore.js';
import { exportPromela, exportTla } from '../export/index.js';
import type { Program } from '../ir/program.js';
import type { Property } from '../property/property.js';
import { initialStates, type State, transitions } from '../reference/semantics.js';
import { referenceSystem } from '../reference/system.js';
import { checksOf } from '../search/report.js';
import { sameReport } from '../testing/agree.js';
import { check } from '../testing/check.js';
import { randomProgram } from '../testing/random_program.js';
import { graph, nodeIs } from '../testing/small_programs.js';

const possible = (node: number): Property => ({
  ...nodeIs('always', node),
  name: `${node} stays possible`,
  expectation: 'alwaysPossible',
});

/** Steps 0: 0-1, 1: 1-0, 2: 1-2, 3: 2-3, 4: 3-2. */
const trap = graph('0 1 0', '1 2 3 2');

test('a property holds if every state can still reach its condition, though some run never does', async () => {
  expect(await check(trap, [possible(3), possible(2)])).toEqual([
    'holds: 4 states, 5 transitions, depth 3, levels 1 1 1 1',
  ]);
});

test('the counterexample is the shortest path to a state that cannot reach it', async () => {
  expect(await check(trap, [possible(0)])).toEqual([
    'violated: 4 states, 5 transitions, depth 3, levels 1 1 1 1',
    '0 stays possible: violated by 0 2',
  ]);
});

test('every search gives the same result', async () => {
  for (const search of ['dfs', 'iterative'] as const) {
    const lines = await check(trap, [possible(0)], { search });
    expect(lines.at(-1)).toBe('0 stays possible: violated by 0 2');
  }
});

test('it is undecided unless every state was explored', async () => {
  const { properties } = await explore(trap, [possible(0)], { statesMax: 2 });
  expect(properties[0]!.verdict).toBe('unknown');
});

/**
 * By brute force: the fewest steps to a state from which no matching state can be reached; undefined if there is none.
 */
function nearestLost(program: Program, { condition }: Property): number | undefined {
  const system = referenceSystem(program);
  const key = (state: State) => JSON.stringify(state);
  const next = (state: State) =>
    transitions(state, program).flatMap((move) => ('to' in move ? [move.to] : []));
  const reaches = (from: State): boolean => {
    const known = new Map([[key(from), from]]);
    for (const state of known.values()) {
      if (system.holds(condition, state) === true) return true;
      for (const to of next(state)) known.set(key(to), to);
    }
    return false;
  };
  let level = initialStates(program);
  const seen = new Set(level.map(key));
  for (let depth = 0; level.length > 0; depth++) {
    if (level.some((state) => !reaches(state))) return depth;
    const found = new Map(level.flatMap(next).map((state) => [key(state), state]));
    level = [...found].flatMap(([name, state]) => (seen.has(name) ? [] : [state]));
    for (const state of level) seen.add(key(state));
  }
  return undefined;
}

test('the results on random Programs equal brute force', { timeout: 120_000 }, async () => {
  let [lost, kept] = [0, 0];
  for (let seed = 1; seed <= 120; seed++) {
    const { program, properties } = randomProgram(seed);
    const asked = properties
      .filter(({ liveness }) => liveness === undefined)
      .map((one): Property => ({ ...one, expectation: 'alwaysPossible' }));
    const report = await sameReport(program, asked, { statesMax: 60 });
    if (!report?.evidence.exhaustive) continue;
    for (const { check: of, finding, verdict } of report.properties) {
      const property = asked.find(({ name }) => name === of.name);
      if (property === undefined || verdict === 'unknown') continue;
      expect(finding?.path.steps.length, `seed ${seed}`).toBe(nearestLost(program, property));
      if (finding === undefined) kept++;
      else lost++;
    }
  }
  expect({ lost, kept }).toMatchInlineSnapshot(`
    {
      "kept": 60,
      "lost": 61,
    }
  `);
});

test('exporters for tools that check each run by itself refuse it by name', () => {
  const checks = checksOf(trap, [possible(0)]);
  const about = "'0 stays possible' asks what is always possible, which";
  expect(() => exportPromela(trap, checks)).toThrow(`${about} SPIN cannot check (rumur can, --to=murphi)`);
  expect(() => exportTla(trap, checks)).toThrow(`${about} TLC cannot check (rumur can, --to=murphi)`);
});
