// A reduced search gives for every check the verdict and the trace of the full search, and is exact about deadlocks.

import { expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { loweringOf } from '../../models/manifest.js';
import { properties as propertiesOf } from '../../properties/index.js';
import type { Movers } from '../analyse/movers.js';
import { boundsIn } from '../analyse/ranges.js';
import { stepCanFault } from '../analyse/step_faults.js';
import { type ExploreOptions, explore } from '../explore.js';
import { lower } from '../index.js';
import { arithmetic, at, int, or, read, truth } from '../ir/expression.js';
import type { Program, Step } from '../ir/program.js';
import type { Property } from '../property/property.js';
import type { LimitReached } from '../search/limit.js';
import { checksOf } from '../search/report.js';
import { sameOnBothBackends } from '../testing/agree.js';
import { judgedAlike, randomKinds, randomlyJudgedAlike } from '../testing/judged_alike.js';
import { randomLocals } from '../testing/random_locals.js';
import { randomProgram } from '../testing/random_program.js';
import { compile } from './compile.js';
import { walk } from './compiled_search.js';
import { reducedSearch } from './reduced_search.js';
import { hash64 } from './table/hash64.js';

/** How many random Programs of each kind: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_PROGRAMS'] ?? 2_000) / 8;

const withoutStuck: ExploreOptions = { without: ['stuck'] };

test('random Programs are judged alike: bugs, deadlocks, faults, properties, dead threads and cycles', {
  timeout: 600_000,
}, async () => {
  const { whole, reduced, smaller, kinds } = await randomlyJudgedAlike(count, 'movers');
  expect(smaller).toBeGreaterThan(count / 3);
  expect(reduced / whole).toBeLessThan(0.8);
  expect(kinds).toEqual(randomKinds);
});

test('random Programs have the same report of the same reduced graph in WebAssembly', {
  timeout: 600_000,
}, async () => {
  let [compared, refused, smaller] = [0, 0, 0];
  for (let seed = 1; seed <= count; seed++) {
    for (const { program, properties } of [randomProgram(seed), randomLocals(seed)]) {
      const limits = seed % 5 === 0 ? { statesMax: seed % 31 } : {};
      const options: ExploreOptions = { ...withoutStuck, ...limits, reduce: 'movers' };
      const report = await sameOnBothBackends(program, properties, options);
      if (report === undefined) {
        refused++;
        continue;
      }
      compared++;
      if (report.evidence.limit !== undefined) continue;
      const whole = await explore(program, [], { ...withoutStuck, backend: 'wasm' });
      if (report.evidence.states < whole.evidence.states) smaller++;
    }
  }
  if (count === 250)
    expect({ compared, refused, smaller }).toEqual({ compared: 482, refused: 18, smaller: 157 });
});

test.each([
  ['thp_truncate', {}],
  ['thp_truncate', { fix: 'unmap_mapping_page', NR_MMS: 2, NR_MUNMAP: 2, NR_TRUNCATE: 2 }],
  ['philosophers', { NR_PHILOSOPHERS: 8 }],
  ['peterson', { NR_PROCESSES: 4 }],
])('%s %j has the same report of the same reduced graph in WebAssembly', async (name, settings) => {
  const { program } = lower(models.get(name)!.model, settings);
  const report = await sameOnBothBackends(program, [], { ...withoutStuck, reduce: 'movers' });
  const whole = await explore(program, [], withoutStuck);
  expect(report!.evidence.states).toBeLessThan(whole.evidence.states);
});

/** Two threads of 69 steps; those at 35 and 68 change what both read, all others nothing. */
function walkers(): Program {
  const x = { variables: [0] };
  const locations = Array.from({ length: 70 }, (_, i) => ({ label: `l${i}`, path: `l${i}` }));
  const steps = [0, 1].flatMap((thread) =>
    locations.slice(1).map((_, from): Step => {
      const value = arithmetic('add', arithmetic('mul', int(2), read(x, 'int')), int(thread));
      const assignments = from === 35 || from === 68 ? [{ target: x, value }] : [];
      const plain = { label: 'walk', caption: '', source: {}, guard: truth(true) };
      return { ...plain, id: 69 * thread + from, thread, from, to: from + 1, assignments };
    }),
  );
  return {
    ...{ name: 'walkers', settings: {}, initially: truth(true), steps },
    variables: [{ id: 0, name: 'x', domain: { kind: 'int', min: 0, max: 15 }, initial: [0] }],
    threads: [0, 1].map((id) => ({ id, name: `t${id}`, locations, start: 0, done: 69 })),
  };
}

test('a location is no mover in WebAssembly because another one is, of which the number differs by 32', async () => {
  const report = await sameOnBothBackends(walkers(), [], { ...withoutStuck, reduce: 'movers' });
  expect(report!.evidence).toMatchObject({ states: 21 });
});

test('with monitors every step is visible, and the reduction leaves no state out', async () => {
  const { program } = randomLocals(1);
  const plain = await judgedAlike(program, [], 'movers');
  expect(plain!.reduced).toBeLessThan(plain!.whole);
  const id = program.variables.length;
  const remembered = read({ variables: [id] }, 'bool');
  const variable = { id, name: 'left', domain: { kind: 'bool' }, initial: [0] } as const;
  const monitored = { ...program, monitors: [{ variable, update: or(remembered, at(0, [1])) }] };
  const property: Property = { name: 'it left', expectation: 'sometimes', condition: remembered, source: {} };
  const result = await judgedAlike(monitored, [property], 'movers');
  expect(result!.reduced).toBe(result!.whole);
});

test('a location that is wrongly taken for a mover is detected', async () => {
  let noticed = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const { program, properties } = randomLocals(seed);
    const checks = checksOf(program, properties);
    // Wrong on purpose: wherever no step reports or can have a fault, though others may depend on it.
    const isQuiet = (step: Step) =>
      step.reports === undefined && !stepCanFault(step, boundsIn(program.variables));
    const all: Movers = program.threads.map(({ id, locations }) => {
      const own = program.steps.filter(({ thread }) => thread === id);
      return new Set(
        [...locations.keys()].filter((at) => own.every((step) => step.from !== at || isQuiet(step))),
      );
    });
    const found = [[], all].map((movers) => {
      const search = walk(compile(program, { movers }), checks, {});
      let next = search.next();
      while (!next.done) next = search.next();
      return checks.filter((check) => next.done && next.value.places.has(check)).map(({ name }) => name);
    });
    if (found[0]!.join() !== found[1]!.join()) noticed++;
  }
  expect(noticed).toBe(5);
});

test('rows of the manifests are judged alike', { timeout: 600_000 }, async () => {
  const statesMax = process.env['LONG_TESTS'] ? Number.POSITIVE_INFINITY : 3_000;
  for (const { model, manifest } of models.values()) {
    for (const { settings, ...row } of manifest.filter(({ states }) => states <= statesMax)) {
      const { program, properties } = lower(model, settings, propertiesOf.get(model.name), loweringOf(row));
      const safety = properties.filter(
        ({ expectation }) => !['alwaysPossible', 'liveness'].includes(expectation),
      );
      await judgedAlike(program, safety, 'movers');
    }
  }
});

const large = () =>
  lower(models.get('thp_truncate')!.model, {
    fix: 'unmap_mapping_page',
    NR_MMS: 2,
    NR_MUNMAP: 2,
    NR_TRUNCATE: 2,
    NR_INVALIDATE: 1,
  }).program;

test('two workers store the same states of the reduced graph', { timeout: 60_000 }, async () => {
  const program = large();
  const one = await explore(program, [], { ...withoutStuck, reduce: 'movers' });
  const two = await explore(program, [], { ...withoutStuck, reduce: 'movers', workers: 2, workersFrom: 500 });
  expect(two).toEqual(one);
  const { states, depth } = one.evidence;
  expect({ states, depth }).toEqual({ states: 15_340, depth: 31 });
});

test.each([2, 3])(
  '%i threads have the report of one for random Programs',
  { timeout: 60_000 },
  async (workers) => {
    for (let seed = 1; seed <= 15; seed++) {
      const { program, properties } = randomLocals(seed * 31);
      const options: ExploreOptions = { ...withoutStuck, reduce: 'movers', backend: 'wasm' };
      const together = await explore(program, properties, { ...options, workers, workersFrom: seed % 7 });
      expect(together).toEqual(await explore(program, properties, options));
    }
  },
);

test('what stops the reduced search stops the search for traces too', { timeout: 60_000 }, async () => {
  const { program } = lower(models.get('thp_truncate')!.model, {
    ...{ NR_MMS: 3, NR_MUNMAP: 3, NR_DONTNEED: 1, NR_FAULT: 1, NR_TRUNCATE: 2 },
  });
  const stop: LimitReached = { kind: 'time', text: '1 second' };
  const progress: (number | undefined)[] = [];
  const { verdict, evidence } = await explore(program, [], {
    ...withoutStuck,
    reduce: 'movers',
    onProgress: ({ states, again }) => {
      progress.push(again);
      return states > 100_000 || again !== undefined ? stop : undefined;
    },
  });
  expect(progress.filter((again) => again !== undefined)).toHaveLength(1);
  expect(verdict).toBe('incomplete');
  expect(evidence.states).toBeGreaterThan(100_000);
  expect(evidence.limit).toEqual({
    kind: 'time',
    text: '1 second, while the trace of a finding was searched',
  });
  expect(evidence.pathless).toEqual(['VM_BUG_ON_PAGE(page_mapped(page), page)']);
});

test('where a storage misses states of a trace, the run is incomplete and says why', async () => {
  const { program } = lower(models.get('thp_truncate')!.model, { NR_MMS: 2, NR_MUNMAP: 2, NR_FAULT: 1 });
  const checks = checksOf(program, []);
  const search = reducedSearch(compile(program), checks, 'movers', {
    storage: { kind: 'bitstate', hash: await hash64(), bytes: 512 },
  });
  let next = search.next();
  while (!next.done) next = search.next();
  const { limit, pathless, findings } = next.value;
  expect(pathless?.map(({ name }) => name)).toEqual(['VM_BUG_ON_PAGE(page_mapped(page), page)']);
  expect(limit).toEqual({
    kind: 'storage',
    text: 'bitstate storage: the search for the trace of a finding missed states on it',
  });
  expect([...findings]).toEqual([]);
});

test('a property of whole runs stays unknown, and the report names it', async () => {
  const { program, properties } = lower(
    models.get('thp_truncate')!.model,
    {},
    propertiesOf.get('thp_truncate'),
  );
  const { verdict, properties: results } = await explore(program, properties, { reduce: 'movers' });
  expect(verdict).toBe('violated');
  expect(results.filter((result) => result.verdict === 'unknown')).toMatchObject([
    {
      check: { name: 'truncate_ends' },
      reason: "'truncate_ends' needs more than the states that the reduction 'movers' leaves",
    },
  ]);
});

test('what needs the states that are left out is refused by name', async () => {
  const { program } = randomLocals(1);
  const refused = (options: ExploreOptions, properties: readonly Property[] = []) =>
    expect(explore(program, properties, { reduce: 'movers', ...options })).rejects;
  await refused({ engine: 'reference' }).toThrow("the reference engine has no reduction 'movers'");
  await refused({ search: 'dfs' }).toThrow("dfs search has no reduction 'movers'");
  await refused({ depthMax: 3 }).toThrow("with the reduction 'movers' a depth does not count every step");
  await refused({ coverage: true }).toThrow(
    "coverage needs every state, and the reduction 'movers' leaves some out: ask for one of the two",
  );
  await refused({ stuckStatesMax: Number.POSITIVE_INFINITY }).toThrow(
    "'no actor is stuck' needs every state, and the reduction 'movers' leaves some out",
  );
});
