// A search with stubborn sets gives for every check the verdict and the trace of the full search, and is exact about
// deadlocks.

import { describe, expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { loweringOf } from '../../models/manifest.js';
import { properties as propertiesOf } from '../../properties/index.js';
import { type StubbornTable, stubbornTable } from '../analyse/stubborn.js';
import { type ExploreOptions, explore } from '../explore.js';
import { lower } from '../index.js';
import { allOf, arithmetic, equal, int, not, read, truth } from '../ir/expression.js';
import { composed } from '../ir/monitors.js';
import { printProgram } from '../ir/print.js';
import type { Program, Step } from '../ir/program.js';
import type { Property } from '../property/property.js';
import { EngineError } from '../search/engine_error.js';
import { checksOf } from '../search/report.js';
import { finish } from '../search/work.js';
import { sameOnBothBackends } from '../testing/agree.js';
import { judgedAlike, randomKinds, randomlyJudgedAlike } from '../testing/judged_alike.js';
import { randomLocals } from '../testing/random_locals.js';
import { randomProgram } from '../testing/random_program.js';
import { compile } from './compile.js';
import { walk } from './compiled_search.js';
import { reductionsFor } from './reductions.js';

/** How many random Programs of each kind: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_PROGRAMS'] ?? 2_000) / 16;

const reduced: ExploreOptions = { without: ['stuck'], reduce: 'stubborn' };

test.each(['stubborn', 'auto'] as const)(
  'random Programs are judged alike with %s: bugs, deadlocks, faults, properties, dead threads and cycles',
  { timeout: 3_600_000 },
  async (reduce) => {
    const { whole, reduced, smaller, kinds } = await randomlyJudgedAlike(count, reduce);
    expect(smaller).toBeGreaterThan(count / 2);
    expect(reduced / whole).toBeLessThan(0.8);
    expect(kinds).toEqual(randomKinds);
  },
);

test('random Programs have the same report of the same reduced graph in WebAssembly', {
  timeout: 3_600_000,
}, async () => {
  let [compared, refused] = [0, 0];
  for (let seed = 1; seed <= count; seed++) {
    for (const { program, properties } of [randomProgram(seed), randomLocals(seed)]) {
      const limits = seed % 5 === 0 ? { statesMax: seed % 31 } : {};
      const reduce = seed % 2 === 0 ? 'stubborn' : 'auto';
      const report = await sameOnBothBackends(program, properties, { ...reduced, ...limits, reduce });
      if (report === undefined) refused++;
      else compared++;
    }
  }
  expect(compared).toBeGreaterThan(10 * refused);
});

test.each([
  ['philosophers', { NR_PHILOSOPHERS: 8 }, 6560, 3364, 1764],
  ['peterson', { NR_PROCESSES: 4 }, 18165, 11868, 597],
  ['two_phase_commit', { NR_RMS: 6 }, 50816, 10242, 287],
  ['thp_truncate', { fix: 'unmap_mapping_page', NR_MMS: 2, NR_MUNMAP: 2 }, 4092, 1063, 583],
] as const)('%s %j: %i states, %i with stubborn sets, %i with auto', async (name, settings, ...states) => {
  const { program } = lower(models.get(name)!.model, settings);
  const plain = await explore(program, [], { without: ['stuck'] });
  const stubborn = await sameOnBothBackends(program, [], reduced);
  const auto = await sameOnBothBackends(program, [], { ...reduced, reduce: 'auto' });
  expect([plain, stubborn!, auto!].map(({ evidence }) => evidence.states)).toEqual(states);
});

test.each([2, 3])('%i threads have the report of one', { timeout: 60_000 }, async (workers) => {
  const options: ExploreOptions = { ...reduced, backend: 'wasm' };
  for (let seed = 1; seed <= 10; seed++) {
    const { program, properties } = randomLocals(seed * 31);
    const together = await explore(program, properties, { ...options, workers, workersFrom: seed % 7 });
    expect(together).toEqual(await explore(program, properties, options));
  }
  const { program } = lower(models.get('peterson')!.model, { NR_PROCESSES: 4 });
  const together = await explore(program, [], { ...options, workers, workersFrom: 500 });
  expect(together).toEqual(await explore(program, [], options));
});

test.each(['stubborn', 'auto'] as const)(
  'rows of the manifests are judged alike with %s',
  { timeout: 3_600_000 },
  async (reduce) => {
    const statesMax = process.env['LONG_TESTS'] ? Number.POSITIVE_INFINITY : 1_500;
    let compared = 0;
    for (const { model, manifest } of models.values()) {
      for (const { settings, ...row } of manifest.filter(({ states }) => states <= statesMax)) {
        const { program, properties } = lower(model, settings, propertiesOf.get(model.name), loweringOf(row));
        const safety = properties.filter(
          ({ expectation }) => !['alwaysPossible', 'liveness'].includes(expectation),
        );
        if ((await judgedAlike(program, safety, reduce)) !== undefined) compared++;
      }
    }
    expect(compared).toBeGreaterThan(100);
  },
);

/** A Program of threads that take their steps in a circle or in a line; variables are numbers 0 … 3. */
function small(
  names: readonly string[],
  ...threads: readonly (readonly Pick<Step, 'guard' | 'assignments' | 'locks' | 'reports' | 'to'>[])[]
): Program {
  const steps = threads.flatMap((own, thread) =>
    own.map((doing, from) => ({ label: `l${from}`, caption: '', source: {}, thread, from, ...doing })),
  );
  return {
    ...{ name: 'small', settings: {}, initially: truth(true) },
    steps: steps.map((step, id) => ({ ...step, id })),
    variables: names.map((name, id) => {
      return { id, name, domain: { kind: 'int', min: 0, max: 3 }, initial: [0] };
    }),
    threads: threads.map(({ length }, id) => {
      const locations = Array.from({ length: length + 2 }, (_, i) => ({ label: `l${i}`, path: `l${i}` }));
      return { id, name: `t${id}`, locations, start: 0, done: length, dead: length + 1 };
    }),
  };
}

const value = (id: number) => read({ variables: [id] }, 'int');
const set = (id: number, n: number) => ({ target: { variables: [id] }, value: int(n) });
const always = truth(true);

/** The names of the checks for which a search finds something, with a table of stubborn sets or without. */
function found(
  program: Program,
  properties: readonly Property[],
  stubborn?: StubbornTable,
): readonly string[] {
  const checks = checksOf(program, properties);
  const { places } = finish(walk(compile(program, stubborn && { stubborn }), checks, {}));
  return checks.filter((check) => places.has(check)).map(({ name }) => name);
}

/** What is found; undefined if the engine refuses the Program. */
function refusable<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

const tableOf = (program: Program, properties: readonly Property[] = []): StubbornTable =>
  reductionsFor(composed(program), checksOf(program, properties), 'stubborn').stubborn!;

test('random Programs: the reduced search itself finds all, before the search for traces, which may find more', {
  timeout: 3_600_000,
}, () => {
  let findings = 0;
  for (let seed = 1; seed <= 2 * count; seed++) {
    for (const { program, properties } of [randomProgram(seed), randomLocals(seed)]) {
      const own = refusable(() => found(program, properties, tableOf(program, properties)));
      if (own === undefined) continue;
      const whole = found(program, properties);
      expect(own, printProgram(program)).toEqual(whole);
      findings += whole.length;
    }
  }
  expect(findings).toBeGreaterThan(2 * count);
});

describe('what the sets are made of is needed:', () => {
  test('without dependencies, findings of random Programs are lost', () => {
    let noticed = 0;
    for (let seed = 1; seed <= 70; seed++) {
      const { program, properties } = randomLocals(seed);
      const table = tableOf(program, properties);
      // Wrong on purpose: no thread needs another one.
      const rows = table.rows.map((row) => row.map((bit, column) => (column === 0 ? bit : 0)));
      const whole = found(program, properties);
      expect(found(program, properties, table)).toEqual(whole);
      if (found(program, properties, { ...table, rows }).join() !== whole.join()) noticed++;
    }
    expect(noticed).toBe(7);
  });

  test('without sticky steps, a loop of one thread leaves out another thread for ever', () => {
    const reports = { kind: 'bug', message: 'it came here' } as const;
    const program = small(
      ['x'],
      [
        { guard: always, assignments: [set(0, 1)], to: 1 },
        { guard: always, assignments: [set(0, 0)], to: 0 },
      ],
      [
        { guard: always, assignments: [], to: 1 },
        { guard: always, assignments: [], reports, to: 3 },
      ],
    );
    const table = tableOf(program);
    expect(found(program, [], table)).toEqual(['it came here']);
    // Wrong on purpose: a cycle need not have a state where all threads go on.
    const rows = table.rows.map((row) => row.map((bit, column) => (column === 0 ? 0 : bit)));
    expect(found(program, [], { ...table, rows })).toEqual([]);
  });

  test('without what conditions read, a state in between is left out', () => {
    const program = small(
      ['x', 'y'],
      [{ guard: always, assignments: [set(0, 1)], to: 1 }],
      [{ guard: always, assignments: [set(1, 1)], to: 1 }],
    );
    const condition = equal(arithmetic('sub', value(1), value(0)), int(1));
    const property: Property = { name: 'y is first', expectation: 'sometimes', condition, source: {} };
    expect(found(program, [property], tableOf(program, [property]))).toEqual(['y is first']);
    // Wrong on purpose: the analysis does not know the condition.
    const blind = stubbornTable(composed(program), { conditions: [], asksForSteps: true });
    expect(found(program, [property], blind)).toEqual([]);
  });
});

test('a deadlock of locks is found although a waiting thread may come to a bug later', async () => {
  const isFree = (id: number) => equal(value(id), int(0));
  const isSet = (id: number) => equal(value(id), int(1));
  const locks = (id: number) => [{ way: 'take', mode: 'exclusive', lock: { variables: [id] } } as const];
  const local = (to: number) => ({ guard: always, assignments: [], to });
  const { steps, variables, ...rest } = small(
    ['m', 'n', 'freed', 'taken'],
    [{ guard: always, assignments: [set(2, 1)], to: 1 }],
    [
      { guard: isFree(0), assignments: [set(0, 2)], locks: locks(0), to: 1 },
      { guard: allOf([isFree(1), isSet(3)]), assignments: [set(1, 2)], locks: locks(1), to: 2 },
    ],
    [
      {
        guard: allOf([not(isFree(0)), isFree(1)]),
        assignments: [set(1, 3), set(3, 1)],
        locks: locks(1),
        to: 1,
      },
      ...[2, 3, 4].map(local),
      { guard: isFree(0), assignments: [set(0, 3)], locks: locks(0), to: 5 },
    ],
  );
  // Thread 1 waits for n, and has a bug there once thread 0 has freed what it is in.
  const bug: Omit<Step, 'id' | 'to'> = {
    ...{ label: 'l1', caption: '', source: {}, thread: 1, from: 1, guard: isSet(2), assignments: [] },
    reports: { kind: 'bug', message: 'use after free' },
  };
  const program: Program = {
    ...rest,
    without: ['lock-order'],
    steps: [...steps, { ...bug, id: steps.length, to: rest.threads[1]!.dead! }],
    variables: variables.map((one) =>
      one.id < 2
        ? {
            ...one,
            domain: { kind: 'owner', values: ['free', 't0', 't1', 't2'] },
            lock: { kind: 'lock', name: one.name, class: one.name, mode: 'exclusive' },
          }
        : one,
    ),
  };
  for (const reduce of ['stubborn', 'auto'] as const) {
    const { report } = (await judgedAlike(program, [], reduce))!;
    expect(report.properties.map(({ verdict }) => verdict)).toEqual(['violated', 'violated', 'holds']);
  }
});

test('where a step has a fault, all threads go on', async () => {
  const program = small(
    ['x', 'y'],
    [{ guard: always, assignments: [set(0, 9)], to: 1 }],
    [{ guard: always, assignments: [set(1, 1)], to: 1 }],
  );
  const condition = equal(value(1), int(1));
  const property: Property = { name: 'y is 1', expectation: 'sometimes', condition, source: {} };
  const { report } = (await judgedAlike(program, [property], 'stubborn'))!;
  expect(report.properties.map(({ verdict }) => verdict)).toEqual(['reached', 'holds', 'violated']);
  expect((await sameOnBothBackends(program, [property], reduced))?.evidence.states).toBe(2);
});

test('what the reduction cannot do is refused by name', async () => {
  const { program } = randomLocals(1);
  const refused = (options: ExploreOptions) =>
    expect(explore(program, [], { ...reduced, ...options })).rejects;
  await refused({ engine: 'reference' }).toThrow("the reference engine has no reduction 'stubborn'");
  await refused({ search: 'dfs' }).toThrow("dfs search has no reduction 'stubborn'");
  await refused({ depthMax: 3 }).toThrow(
    "with the reduction 'stubborn' a state need not be found by a shortest path: a limit on depth is not supported",
  );
  await refused({ snapshots: true }).toThrow("the reduction 'stubborn' has no checkpoints");
  await refused({ coverage: true }).toThrow('coverage needs every state');
  const line = Array.from({ length: 32 }, () => [{ guard: always, assignments: [], to: 1 }]);
  await expect(explore(small([], ...line), [], reduced)).rejects.toThrow(
    "the reduction 'stubborn' is for at most 31 actors, and the model has 32",
  );
  const few = small([], ...line.slice(1));
  expect((await sameOnBothBackends(few, [], reduced))?.evidence.states).toBe(32);
});
