// A search with symmetry keeps one state of each orbit, exactly, and finds the same as the full search, with traces of the
// same length.

import { describe, expect, test } from 'vitest';
import { randomSymmetricCase } from '../../conformance/testing/random_symmetric.js';
import { models } from '../../models/index.js';
import { properties as propertiesOf } from '../../properties/index.js';
import { Swap, type Symmetry } from '../analyse/swap.js';
import { symmetryOf } from '../analyse/symmetry.js';
import { deciderOf } from '../decide/decide.js';
import { type ExploreOptions, explore } from '../explore.js';
import { lower } from '../index.js';
import { at, int, less, not, read, truth } from '../ir/expression.js';
import { composed } from '../ir/monitors.js';
import { printProgram } from '../ir/print.js';
import type { Program } from '../ir/program.js';
import type { Property } from '../property/property.js';
import { referenceSystem } from '../reference/system.js';
import { EngineError } from '../search/engine_error.js';
import type { Check, Finding, Report } from '../search/report.js';
import { checksOf } from '../search/report.js';
import { finish } from '../search/work.js';
import { sameOnBothBackends } from '../testing/agree.js';
import { compile } from './compile.js';
import { compiledSearch, walk } from './compiled_search.js';
import type { PlainState } from './plan/layout.js';
import { reductionsFor } from './reductions.js';

/** How many random Programs: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_PROGRAMS'] ?? 2_000) / 20;

const reduced: ExploreOptions = { without: ['stuck'], reduce: 'symmetry' };

const keyOf = ({ at, value }: PlainState): string => `${at.join()} ${value.join()}`;

/** A state with two threads exchanged, from the definition of a swap. */
function exchanged(state: PlainState, swap: Swap): PlainState {
  const [at, value] = [[...state.at], [...state.value]];
  state.at.forEach((location, thread) => {
    at[swap.thread(thread)] = location;
  });
  state.value.forEach((one, id) => {
    value[swap.variable(id)] = swap.value(id, one);
  });
  return { at, value };
}

/** The number of orbits among all reachable states, counted by exchanging threads in each. */
function orbitCount(program: Program, symmetry: Symmetry): number {
  const { reached } = finish(compiledSearch(compile(program), checksOf(program, []), { statesMax: 20_000 }));
  const states = new Map([...reached()].map((state) => [keyOf(state), state]));
  const swaps = symmetry.classes.flatMap(({ threads: [first, ...others] }) =>
    others.map((other) => new Swap(symmetry, first!, other, program)),
  );
  let orbits = 0;
  for (const start of states.values()) {
    if (!states.delete(keyOf(start))) continue;
    orbits++;
    const open = [start];
    for (const state of open) {
      for (const swap of swaps) {
        const next = exchanged(state, swap);
        if (states.delete(keyOf(next))) open.push(next);
      }
    }
  }
  return orbits;
}

describe('there are as many states as orbits', () => {
  test.each([
    ['barrier', {}, 4],
    ['fischer', {}, 136],
    ['increment', { NR_ACTORS: 4 }, 48],
    ['mcs_lock', {}, 81],
    ['mcs_lock', { enqueue: 'in_two_steps' }, 232],
    ['peterson', { NR_PROCESSES: 3 }, 174],
    ['readers_writers', { NR_READERS: 2, NR_WRITERS: 2, writers_lock: 'for_reading' }, 200],
    ['two_phase_commit', { NR_RMS: 4 }, 166],
    ['test_and_set', { NR_LOCKERS: 3 }, 2],
  ] as const)('of %s %j: %i', async (name, settings, orbits) => {
    const { program } = lower(models.get(name)!.model, settings);
    expect(orbitCount(program, symmetryOf(program))).toBe(orbits);
    expect((await sameOnBothBackends(program, [], reduced))?.evidence.states).toBe(orbits);
  });

  test('of random Programs, in which threads name each other', async () => {
    let compared = 0;
    for (let seed = 0; seed < count; seed++) {
      const { program } = randomSymmetricCase(seed);
      const report = await sameOnBothBackends(program, [], { ...reduced, statesMax: 3_000 });
      if (report === undefined || report.evidence.limit !== undefined) continue;
      compared++;
      expect(report.evidence.states, `${seed}`).toBe(orbitCount(program, symmetryOf(program)));
    }
    if (count === 100) expect(compared).toBe(98);
  });
});

/** Does the reference engine confirm a finding: is it a run of the Program, at whose end the check is decided? */
function isConfirmed(program: Program, check: Check, { path }: Finding): boolean {
  const system = referenceSystem(program);
  let [state] = system.initialStates();
  const decider = deciderOf(check, program, {
    ...system,
    canGoOn: (one) => system.transitions(one).length > 0,
  })!;
  for (const [i, step] of path.steps.entries()) {
    const taken = system.transitions(state!).find((one) => one.step === step);
    if (taken === undefined) return false;
    const isLast = i === path.steps.length - 1;
    if (isLast && decider.atMove(taken)) return true;
    if (!('to' in taken)) return false;
    state = taken.to;
  }
  return decider.inState(state!);
}

/** Explores with a reduction and without, and expects the same but for the states, and which shortest trace it is. */
async function bothWays(
  program: Program,
  properties: readonly Property[],
  options: ExploreOptions,
  statesMax = 5_000,
) {
  const whole = await explore(program, properties, { without: ['stuck'], statesMax });
  if (whole.evidence.limit !== undefined) return undefined;
  const report = await explore(program, properties, options);
  const said = ({ verdict, properties: all }: Report) => ({
    verdict,
    properties: all.map(({ finding, verdict: own, reason, check }) => {
      return { name: check.name, own, reason, steps: finding?.path.steps.length };
    }),
  });
  expect(said(report), printProgram(program)).toEqual(said(whole));
  for (const { check, finding } of report.properties) {
    if (finding === undefined || check.kind === 'lockdep') continue;
    expect(isConfirmed(composed(program), check, finding), `${check.name} in ${printProgram(program)}`).toBe(
      true,
    );
  }
  expect(report.evidence.depth === whole.evidence.depth || options.reduce !== 'symmetry').toBe(true);
  return { whole: whole.evidence.states, states: report.evidence.states, report };
}

test.each(['symmetry', 'auto'] as const)(
  'random Programs are judged alike with %s, whatever copy a property names, by shortest traces',
  { timeout: 600_000 },
  async (reduce) => {
    const seen = { compared: 0, refused: 0, named: 0 };
    let [whole, states] = [0, 0];
    for (let seed = 0; seed < count; seed++) {
      const { program, properties } = randomSymmetricCase(seed);
      const ofOne = (['sometimes', 'never'] as const).map((expectation, i): Property => {
        return { name: `where_${i}`, expectation, condition: at(i, [2]), source: {} };
      });
      const safety = [...properties.filter(({ expectation }) => expectation !== 'alwaysPossible'), ...ofOne];
      try {
        const result = await bothWays(program, safety, { ...reduced, reduce });
        if (result === undefined) continue;
        seen.compared++;
        whole += result.whole;
        states += result.states;
        const named = result.report.properties.find(({ check }) => check.name === 'where_0');
        if (named?.finding !== undefined) seen.named++;
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        seen.refused++;
      }
    }
    if (count === 100) {
      expect({ ...seen, whole, states }).toEqual({
        ...{ compared: 97, refused: 0, named: 24, whole: 8411, states: reduce === 'auto' ? 3532 : 3533 },
      });
    }
  },
);

test('threads that are wrongly taken for interchangeable are detected', () => {
  let noticed = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { program: alike, properties } = randomSymmetricCase(seed);
    const checks = checksOf(alike, properties);
    const { orbits } = reductionsFor(composed(alike), checks, 'symmetry');
    // Wrong on purpose: the first step of the first thread waits for the opposite, and no other one does.
    const steps = alike.steps.map((step) => (step.id === 0 ? { ...step, guard: not(step.guard) } : step));
    const program: Program = { ...alike, steps };
    const found = [{}, { orbits: orbits! }].map((reduction) => {
      const { places } = finish(walk(compile(program, reduction), checks, {}));
      return checks.filter((check) => places.has(check)).map(({ name }) => name);
    });
    if (found[0]!.join() !== found[1]!.join()) noticed++;
  }
  expect(noticed).toBe(2);
});

test.each([1, 2, 3])('%i threads have the report of one', async (workers) => {
  const { program, properties } = lower(models.get('two_phase_commit')!.model, { NR_RMS: 4 });
  const options: ExploreOptions = { ...reduced, backend: 'wasm' };
  const together = await explore(program, properties, { ...options, workers, workersFrom: 0 });
  expect(together).toEqual(await explore(program, properties, options));
});

test('a limit on depth counts every step, and each storage keeps the orbits', async () => {
  const { program } = lower(models.get('barrier')!.model, {});
  const { levels } = (await explore(program, [], reduced)).evidence;
  const cut = await explore(program, [], { ...reduced, depthMax: 3 });
  expect(cut.evidence.levels).toEqual(levels.slice(0, 4));
  const hashed = await explore(program, [], { ...reduced, storage: 'hash64' });
  expect(hashed.evidence.levels).toEqual(levels);
});

test('limits of states and of memory, and a stop, end the search as without a reduction', async () => {
  const { program } = lower(models.get('mcs_lock')!.model, { NR_PROCESSES: 3 });
  for (const statesMax of [1, 99, 1284, 1285]) {
    const report = await sameOnBothBackends(program, [], { ...reduced, statesMax });
    expect(report?.evidence.states).toBe(statesMax);
  }
  const { limit } = (await explore(program, [], { ...reduced, memoryMax: 2 ** 16 })).evidence;
  expect(limit?.kind).toBe('memory');
  const larger = lower(models.get('mcs_lock')!.model, { NR_PROCESSES: 4 }).program;
  const stopped = await explore(larger, [], {
    ...reduced,
    onProgress: () => ({ kind: 'interrupt', text: 'a signal' }),
  });
  expect(stopped.evidence.limit).toEqual({ kind: 'interrupt', text: 'a signal' });
});

describe('refused by name is', () => {
  const named = (name: string) => lower(models.get(name)!.model, {}).program;
  const refused = (program: Program, properties: readonly Property[] = []) =>
    expect(explore(program, properties, reduced)).rejects;

  test('a model without interchangeable actors', async () => {
    await refused(named('philosophers')).toThrow(
      "the reduction 'symmetry' would leave every state: no copies of an actor are shown to be interchangeable",
    );
  });

  test('a property that depends on which copy is which', async () => {
    const program = named('fischer');
    const door = program.variables.find(({ name }) => name === 'door')!;
    const condition = less('lt', read({ variables: [door.id] }, 'int'), int(1));
    await refused(program, [{ name: 'low', expectation: 'sometimes', condition, source: {} }]).toThrow(
      "the reduction 'symmetry' would leave every state: 'low' depends on which process is which",
    );
  });

  test('a checkpoint, which has every state', async () => {
    await expect(explore(named('barrier'), [], { ...reduced, snapshots: true })).rejects.toThrow(
      "the reduction 'symmetry' has no checkpoints",
    );
  });

  test('coverage, which needs every state', async () => {
    await expect(explore(named('barrier'), [], { ...reduced, coverage: true })).rejects.toThrow(
      "coverage needs every state, and the reduction 'symmetry' leaves some out",
    );
  });
});

describe('auto takes', () => {
  const taken = async (
    name: string,
    settings: { readonly [name: string]: unknown },
    properties: readonly Property[] = [],
    options: ExploreOptions = {},
  ) => {
    const { program } = lower(models.get(name)!.model, settings);
    const { evidence } = await explore(program, properties, { ...reduced, ...options, reduce: 'auto' });
    return [evidence.reductions.join(), evidence.reductionsWhy];
  };

  test('movers and symmetry where stubborn sets leave nothing out', async () => {
    expect(await taken('mcs_lock', { NR_PROCESSES: 3 })).toEqual([
      'movers,symmetry',
      'movers, since actors run alone at 3 places; symmetry, since the 3 copies of process are interchangeable; not stubborn, since the order of the other steps matters',
    ]);
  });
  test('movers and stubborn sets where nobody is interchangeable', async () => {
    expect(await taken('philosophers', {})).toEqual([
      'movers,stubborn',
      'movers, since actors run alone at 4 places; stubborn, since actors may go before some of the others at 8 places; not symmetry, since no copies of an actor are shown to be interchangeable',
    ]);
  });
  test('symmetry alone with a limit on depth', async () => {
    expect(await taken('mcs_lock', {}, [], { depthMax: 5 })).toEqual([
      'symmetry',
      'symmetry, since the 2 copies of process are interchangeable; not movers, since a limit on depth counts every step; not stubborn, since a limit on depth asks for shortest paths',
    ]);
  });
  test('none where none leaves states out', async () => {
    expect(await taken('bakery', {})).toEqual([
      '',
      'none: not movers, since other actors can observe every step; not stubborn, since the order of the other steps matters; not symmetry, since no copies of an actor are shown to be interchangeable',
    ]);
  });
  test('none for a property of whole runs, and for coverage', async () => {
    const ends: Property = {
      ...{ name: 'ends', expectation: 'alwaysPossible', condition: truth(true), source: {} },
    };
    expect(await taken('barrier', {}, [ends])).toEqual(['', "none, since 'ends' needs every state"]);
    expect(await taken('barrier', {}, [], { coverage: true })).toEqual([
      '',
      'none, since coverage needs every state',
    ]);
  });
});

test.each([
  ['mcs_lock', { NR_PROCESSES: 3 }, 7597, 1285, 964],
  ['peterson', { NR_PROCESSES: 3 }, 894, 174, 104],
  ['readers_writers', { NR_READERS: 2, NR_WRITERS: 2 }, 30, 18, 14],
  ['peterson', { NR_PROCESSES: 3, EXIT_LEVEL: 1 }, 882, 172, 103],
] as const)('%s %j: %i states, %i orbits, %i with auto', async (name, settings, ...states) => {
  const { program, properties } = lower(models.get(name)!.model, settings, propertiesOf.get(name));
  const safety = properties.filter(
    ({ expectation }) => !['alwaysPossible', 'liveness'].includes(expectation),
  );
  const plain = await explore(program, [], { without: ['stuck'] });
  const orbits = await explore(program, [], reduced);
  const both = await explore(program, [], { ...reduced, reduce: 'auto' });
  expect([plain, orbits, both].map(({ evidence }) => evidence.states)).toEqual(states);
  expect(both.evidence.reductions).toEqual(expect.arrayContaining(['movers', 'symmetry']));
  for (const reduce of ['symmetry', 'auto'] as const) {
    expect(await bothWays(program, safety, { ...reduced, reduce }, 20_000)).toBeDefined();
  }
});
