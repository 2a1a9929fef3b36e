// A search with sleep sets finds the states of one without, in the same order and by the same paths, and has the same
// counts and findings; only fewer successors are made.

import { afterEach, expect, test, vi } from 'vitest';
import { models } from '../../models/index.js';
import { loweringOf } from '../../models/manifest.js';
import { properties as propertiesOf } from '../../properties/index.js';
import { sleepClasses } from '../analyse/sleep_sets.js';
import { lower } from '../index.js';
import { printProgram } from '../ir/print.js';
import type { Program } from '../ir/program.js';
import type { Property } from '../property/property.js';
import { EngineError } from '../search/engine_error.js';
import { checksOf } from '../search/report.js';
import { finish } from '../search/work.js';
import { randomLocals } from '../testing/random_locals.js';
import { randomProgram } from '../testing/random_program.js';
import { type Asleep, compile } from './compile.js';
import { type CompiledOptions, compiledSearch } from './compiled_search.js';
import { WasmWorker } from './search/wasm_worker.js';

/** How many random Programs of each kind: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_PROGRAMS'] ?? 2_000) / 10;

const awake: Asleep = { sleepClasses: () => undefined };

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a search in WebAssembly finds. */
function search(
  program: Program,
  properties: readonly Property[],
  asleep: Asleep,
  options: CompiledOptions = {},
) {
  const work = compiledSearch(compile(program, asleep), checksOf(program, properties), {
    ...{ backend: 'wasm', workersFrom: 0 },
    ...options,
  });
  const { counts, findings, undecided, limit, reached } = finish(work);
  return { counts, findings: [...findings], undecided: [...undecided], limit, reached: [...reached()] };
}

/** The results with sleep sets and without; undefined if the engine refuses the Program. */
function both(
  program: Program,
  properties: readonly Property[],
  options: CompiledOptions = {},
  asleep: Asleep = {},
) {
  try {
    const without = search(program, properties, awake, { ...options, workers: 1 });
    return { without, found: search(program, properties, asleep, options) };
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}

const isSame = ({ without, found }: NonNullable<ReturnType<typeof both>>): boolean =>
  JSON.stringify(found) === JSON.stringify(without);

/** Counts the successors that a thread does not make, since others sleep. */
function countSlept(): () => number {
  const { sweep } = WasmWorker.prototype;
  let slept = 0;
  vi.spyOn(WasmWorker.prototype, 'sweep').mockImplementation(function (this: WasmWorker, ...all) {
    const next = sweep.apply(this, all);
    slept += this.exports.slept.value;
    return next;
  });
  return () => slept;
}

test('random Programs: bugs, deadlocks, faults, dead threads, cycles, several initial states, limits', {
  timeout: 3_600_000,
}, () => {
  const slept = countSlept();
  let [compared, findings, faults, transitions] = [0, 0, 0, 0];
  for (let seed = 1; seed <= count; seed++) {
    for (const { program, properties } of [randomProgram(seed), randomLocals(seed)]) {
      const limits = {
        ...(seed % 5 === 0 && { statesMax: seed % 31 }),
        ...(seed % 7 === 0 && { depthMax: seed % 5 }),
      };
      const results = both(program, properties, limits);
      if (results === undefined) continue;
      if (!isSame(results)) expect(results.found, printProgram(program)).toEqual(results.without);
      compared++;
      findings += results.found.findings.length;
      transitions += results.found.counts.transitions;
      if (JSON.stringify(results.found.findings).includes('fault')) faults++;
    }
  }
  expect(compared).toBeGreaterThan(1.8 * count);
  expect(findings).toBeGreaterThan(2 * count);
  expect(faults).toBeGreaterThan(count / 10);
  // A third of the random Programs' steps are independent of some other.
  expect(slept() / transitions).toBeGreaterThan(0.1);
});

test.each([2, 3, 7])('random Programs with %i threads', { timeout: 3_600_000 }, (workers) => {
  let compared = 0;
  for (let seed = 1; seed <= Math.max(4, count / 40); seed++) {
    for (const { program, properties } of [randomProgram(seed * 31), randomLocals(seed * 31)]) {
      const results = both(program, properties, { workers, workersFrom: seed % 7 });
      if (results === undefined) continue;
      if (!isSame(results)) expect(results.found, printProgram(program)).toEqual(results.without);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(count / 40);
});

test('rows of the manifests: states, transitions, levels, labels, findings', { timeout: 3_600_000 }, () => {
  const statesMax = process.env['LONG_TESTS'] ? Number.POSITIVE_INFINITY : 200;
  let compared = 0;
  for (const { model, manifest } of models.values()) {
    for (const { settings, ...row } of manifest.filter(({ states }) => states <= statesMax)) {
      const { program, properties } = lower(model, settings, propertiesOf.get(model.name), loweringOf(row));
      const results = both(program, properties);
      if (results === undefined) continue;
      if (!isSame(results)) expect(results.found, JSON.stringify(settings)).toEqual(results.without);
      expect(results.found.counts.states).toBe(row.states);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(100);
});

test.each([
  ['philosophers', { NR_PHILOSOPHERS: 8 }, 34_984, 10_917],
  ['two_phase_commit', { NR_RMS: 6 }, 402_305, 122_274],
  ['peterson', { NR_PROCESSES: 4 }, 72_660, 38_575],
  ['thp_truncate', { fix: 'unmap_mapping_page', NR_MMS: 2, NR_MUNMAP: 2 }, 10_637, 5_266],
] as const)('%s %j: of %i transitions %i are made', (name, settings, transitions, made) => {
  const slept = countSlept();
  const { program } = lower(models.get(name)!.model, settings);
  const results = both(program, [])!;
  expect(isSame(results)).toBe(true);
  const { counts } = results.found;
  expect([counts.transitions, counts.transitions - slept()]).toEqual([transitions, made]);
});

test.each([1, 2])(
  'a search begins without sleep sets, and has them from 20,000 states on (%i threads)',
  (workers) => {
    const slept = countSlept();
    const { program } = lower(models.get('philosophers')!.model, { NR_PHILOSOPHERS: 10 });
    const run = (options: CompiledOptions) => {
      const { counts, findings } = finish(compiledSearch(compile(program), checksOf(program, []), options));
      return { counts, findings: [...findings] };
    };
    const javascript = run({ backend: 'javascript' });
    expect(javascript.counts).toMatchObject({ states: 59_048, transitions: 393_650 });
    expect(run({ backend: 'auto', workers })).toEqual(javascript);
    if (workers === 1) expect(slept()).toBeGreaterThan(100_000);
    expect(run({ backend: 'auto', statesMax: 20_000 }).counts.states).toBe(20_000);
  },
);

/** As large as those of bench/results.md, which has these figures. */
const largeCases = [
  ['philosophers', { NR_PHILOSOPHERS: 12 }, 4_251_516, 1_035_619],
  ['two_phase_commit', { NR_RMS: 8 }, 18_507_777, 4_469_374],
  [
    'thp_truncate',
    {
      ...{ fix: 'unmap_mapping_page', page_mapped_reads: 'one_by_one' },
      ...{ NR_MMS: 3, NR_MUNMAP: 3, NR_INVALIDATE: 1, NR_FAULT: 1 },
    },
    23_244_462,
    7_616_120,
  ],
] as const;

test.runIf(process.env['LONG_TESTS']).each(largeCases)(
  '%s %j, with sleep sets from 20,000 states on: of %i transitions %i are made',
  { timeout: 3_600_000 },
  (name, settings, transitions, made) => {
    const slept = countSlept();
    const { program } = lower(models.get(name)!.model, settings);
    const { counts } = finish(compiledSearch(compile(program), checksOf(program, []), { backend: 'auto' }));
    expect([counts.transitions, counts.transitions - slept()]).toEqual([transitions, made]);
  },
);

test('a dependency that is left out is noticed', () => {
  let noticed = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { program, properties } = randomLocals(seed);
    // Wrong on purpose: no step depends on another one.
    const asleep: Asleep = { sleepClasses: (composed) => sleepClasses(composed, { depend: () => false }) };
    const results = both(program, properties, {}, asleep);
    if (results !== undefined && !isSame(results)) noticed++;
  }
  expect(noticed).toBe(12);
});
