// The searches on graphs given by their paths. Steps are numbered in the order in which the edges are written.

import { describe, expect, test } from 'vitest';
import { explore } from '../explore.js';
import { int } from '../ir/expression.js';
import { sameReport } from '../testing/agree.js';
import { check } from '../testing/check.js';
import { randomProgram } from '../testing/random_program.js';
import { counters, graph, nodeIs } from '../testing/small_programs.js';

/** Steps 0: 0-1, 1: 1-2, 2: 2-3, 3: 0-3, 4: 3-0. */
const shortcut = graph('0 1 2 3', '0 3 0');

describe('breadth-first search', () => {
  test('counts states, transitions and levels, and finds the shortest path', async () => {
    expect(await check(shortcut, [nodeIs('never', 3)])).toEqual([
      'violated: 4 states, 5 transitions, depth 2, levels 1 2 1',
      'never 3: violated by 3',
    ]);
  });

  test('finds the first of the shortest paths, in the order of the steps', async () => {
    expect(await check(graph('0 2 3', '0 1 3 0'), [nodeIs('sometimes', 3)])).toEqual([
      'holds: 4 states, 5 transitions, depth 2, levels 1 2 1',
      'sometimes 3: reached by 0 1',
    ]);
  });

  test('finds a deadlock where it is nearest', async () => {
    expect(await check(graph('0 1 2', '0 3'))).toEqual([
      'violated: 4 states, 3 transitions, depth 2, levels 1 2 1',
      'no deadlock: violated by 2',
    ]);
  });

  test('leaves checks undecided beyond a limit on depth', async () => {
    expect(await check(shortcut, [nodeIs('never', 2), nodeIs('never', 9)], { depthMax: 1 })).toEqual([
      'incomplete: 3 states, 2 transitions, depth 1, levels 1 2, stopped by depth 1',
    ]);
  });

  test('stops before the limit on states is exceeded', async () => {
    expect(await check(shortcut, [nodeIs('never', 2)], { statesMax: 3 })).toEqual([
      'incomplete: 3 states, 3 transitions, depth 1, levels 1 2, stopped by 3 states',
    ]);
  });

  test('a step without a value counts as a transition and leads to no state', async () => {
    const program = counters(1, 2);
    const [step] = program.steps;
    const faulty = { ...step!, id: 1, assignments: [{ ...step!.assignments[0]!, value: int(7) }] };
    expect(await check({ ...program, steps: [step!, faulty] })).toEqual([
      'violated: 3 states, 4 transitions, depth 2, levels 1 1 1',
      'no value out of range: violated by 1: c0 would become 7, outside 0 … 2',
    ]);
  });
});

describe('depth-first search', () => {
  test('reports the first path that it finds, and no distances', async () => {
    expect(await check(shortcut, [nodeIs('never', 3)], { search: 'dfs' })).toEqual([
      'violated: 4 states, 5 transitions, depth 3, no levels',
      'never 3: violated by 0 1 2',
    ]);
  });

  test('does not expand what is too far away', async () => {
    expect(await check(shortcut, [nodeIs('never', 3)], { search: 'dfs', depthMax: 2 })).toEqual([
      'violated: 4 states, 4 transitions, depth 2, no levels, stopped by depth 2',
      'never 3: violated by 3',
    ]);
  });

  test('stops before the limit on states is exceeded', async () => {
    expect(await check(shortcut, [], { search: 'dfs', statesMax: 2 })).toEqual([
      'incomplete: 2 states, 3 transitions, depth 1, no levels, stopped by 2 states',
    ]);
  });

  test('sees as many states and transitions of random Programs as breadth-first search', async () => {
    for (let seed = 5_000; seed < 5_100; seed++) {
      const { program } = randomProgram(seed);
      const depthFirst = await sameReport(program, [], { search: 'dfs', statesMax: 2_000 });
      if (depthFirst === undefined || !depthFirst.evidence.exhaustive) continue;
      const { evidence } = await explore(program, []);
      const { states, transitions } = depthFirst.evidence;
      expect({ states, transitions }).toEqual({
        states: evidence.states,
        transitions: evidence.transitions,
      });
    }
  });
});

describe('a limit on depth', () => {
  const searches = ['bfs', 'dfs', 'iterative'] as const;
  /** 3 is two steps away by 0 4 3, and the path that is walked first has three steps. */
  const detour = graph('0 1 2 3 5', '0 4 3');

  test.each(searches)(
    'includes the states at that distance, checked and not expanded: %s',
    async (search) => {
      const properties = [nodeIs('never', 3), nodeIs('never', 5)];
      const [head, ...found] = await check(detour, properties, { search, depthMax: 2 });
      expect(head).toMatch(/^violated: 5 states, 4 transitions, depth 2, .*, stopped by depth 2$/);
      expect(found).toEqual(['never 3: violated by 4 5']);
    },
  );

  test.each(searches)('finds a state that was passed too far away: %s', async (search) => {
    const [head, found] = await check(detour, [nodeIs('never', 5)], { search, depthMax: 3 });
    expect(head).toMatch(/^violated: 6 states, 6 transitions, depth 3, /);
    expect(found).toBe('never 5: violated by 4 5 3');
  });

  test.each(searches)('of 0 checks the initial states alone: %s', async (search) => {
    const properties = [nodeIs('sometimes', 0), nodeIs('never', 1)];
    expect((await check(detour, properties, { search, depthMax: 0 })).slice(1)).toEqual([
      'sometimes 0: reached by no step',
    ]);
  });

  test('finds the same states and the same violations of random Programs in every search', async () => {
    let [compared, cut] = [0, 0];
    for (let seed = 7_000; seed < 7_100; seed++) {
      const { program, properties } = randomProgram(seed);
      for (const depthMax of [0, 1, 3]) {
        const reports = [];
        for (const search of searches) {
          reports.push(await sameReport(program, properties, { search, depthMax, statesMax: 300 }));
        }
        const [breadth, depth, deepening] = reports;
        if (breadth === undefined || breadth.evidence.limit?.kind === 'states') continue;
        const { evidence } = breadth;
        expect(deepening).toEqual({ ...breadth, evidence: { ...evidence, search: 'iterative' } });
        const { states, transitions, limit } = depth!.evidence;
        expect({ states, transitions, limit }).toEqual({
          states: evidence.states,
          transitions: evidence.transitions,
          limit: evidence.limit,
        });
        expect(depth!.properties.map(({ verdict }) => verdict)).toEqual(
          breadth.properties.map(({ verdict }) => verdict),
        );
        compared++;
        if (evidence.limit !== undefined) cut++;
      }
    }
    expect({ compared, cut }).toEqual({ compared: 291, cut: 185 });
  });
});

test.each(['bfs', 'dfs', 'iterative'] as const)(
  'an initial state that another one leads to keeps its number: %s',
  async (search) => {
    const turns = graph('0 1 2');
    const variables = turns.variables.map((variable) => ({ ...variable, initial: [0, 1, 2] }));
    const properties = [nodeIs('never', 2)];
    const report = await sameReport({ ...turns, variables }, properties, { search });
    const { path } = report!.properties[0]!.finding!;
    expect(report!.evidence.states).toBe(3);
    expect(path).toEqual(search === 'dfs' ? { initial: 0, steps: [0, 1] } : { initial: 2, steps: [] });
  },
);

describe('iterative deepening', () => {
  test('finds the shortest path and the levels, as breadth-first search does', async () => {
    const properties = [nodeIs('never', 3), nodeIs('sometimes', 2)];
    const breadthFirst = await check(shortcut, properties);
    expect(await check(shortcut, properties, { search: 'iterative' })).toEqual(breadthFirst);
  });

  test('reports the same of random Programs as breadth-first search', async () => {
    let compared = 0;
    for (let seed = 6_000; seed < 6_150; seed++) {
      const { program, properties } = randomProgram(seed);
      const iterative = await sameReport(program, properties, { search: 'iterative', statesMax: 300 });
      if (iterative === undefined || !iterative.evidence.exhaustive) continue;
      const breadthFirst = await explore(program, properties, { engine: 'reference' });
      const { evidence } = breadthFirst;
      expect(iterative).toEqual({ ...breadthFirst, evidence: { ...evidence, search: 'iterative' } });
      compared++;
    }
    // The others are refused: two properties and a step compute beyond 2^53.
    expect(compared).toBe(147);
  });
});
