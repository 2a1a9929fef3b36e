// Searches in WebAssembly: the same reports, states and traces as in JavaScript, from the first state on, from a later one
// on, and where JavaScript goes on again.

import { expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { properties } from '../../properties/index.js';
import { explore } from '../explore.js';
import { arithmetic, int, read, truth } from '../ir/expression.js';
import type { Program } from '../ir/program.js';
import { lower } from '../lower/lower.js';
import { checksOf } from '../search/report.js';
import { finish } from '../search/work.js';
import { sameOnBothBackends, sameStates } from '../testing/agree.js';
import { randomProgram } from '../testing/random_program.js';
import { compile } from './compile.js';
import { compiledSearch } from './compiled_search.js';

/** How many random Programs: more with `npm run test:long`. */
const count = Number(process.env['RANDOM_PROGRAMS'] ?? 2_000);

test('random Programs have the same report in WebAssembly', { timeout: 600_000 }, async () => {
  const seen = { holds: 0, violated: 0, incomplete: 0, refused: 0 };
  for (let seed = 1; seed <= count; seed++) {
    const { program, properties } = randomProgram(seed);
    const limits = {
      statesMax: seed % 5 === 0 ? seed % 31 : 150,
      ...(seed % 7 === 0 && { depthMax: seed % 5 }),
    };
    const report = await sameOnBothBackends(program, properties, limits);
    seen[report?.verdict ?? 'refused']++;
    if (report?.evidence.exhaustive && report.evidence.states < 60 && seed % 4 === 0) {
      expect(sameStates(program, properties, { backend: 'wasm' })).toBe(report.evidence.states);
    }
  }
  if (count === 2_000) expect(seen).toEqual({ holds: 135, violated: 1739, incomplete: 35, refused: 91 });
});

test.each([
  ['thp_truncate', {}],
  ['thp_truncate', { fix: 'unmap_mapping_page', NR_TRUNCATE: 2 }],
  ['peterson', { NR_PROCESSES: 4 }],
  ['philosophers', { NR_PHILOSOPHERS: 8 }],
])('%s %j has the same report in WebAssembly as in JavaScript', async (name, settings) => {
  const lowered = lower(models.get(name)!.model, settings, properties.get(name));
  expect(await sameOnBothBackends(lowered.program, lowered.properties)).toBeDefined();
});

test('WebAssembly joins at 2,000 states, and JavaScript goes on where its memory is full, with the same states', () => {
  const { program } = lower(models.get('peterson')!.model, { NR_PROCESSES: 4 });
  const run = (options: object) => {
    const { counts, findings, reached } = finish(
      compiledSearch(compile(program), checksOf(program, []), options),
    );
    return { counts, findings, last: [...reached()].slice(-50) };
  };
  const javascript = run({ backend: 'javascript' });
  expect(javascript.counts.states).toBe(18_165);
  expect(run({ backend: 'auto' })).toEqual(javascript);
  expect(run({ backend: 'wasm', wasmStatesMax: 5_000 })).toEqual(javascript);
  expect(run({ backend: 'auto', wasmStatesMax: 9_999 })).toEqual(javascript);
});

test.each([1, 999, 2_500, 18_164, 18_165])(
  'a limit of %i states stops both backends at the same place',
  async (statesMax) => {
    const { program } = lower(models.get('peterson')!.model, { NR_PROCESSES: 4 });
    const report = await sameOnBothBackends(program, [], { statesMax });
    expect(report?.evidence.states).toBe(statesMax);
  },
);

/** x := x + 1, from `min` on, in a domain up to `max`. */
function counter(min: number, max: number): Program {
  const locations = ['add', 'done'].map((label) => ({ label, path: label }));
  const value = arithmetic('add', read({ variables: [0] }, 'int'), int(1));
  return {
    ...{ name: 'counter', settings: {}, initially: truth(true) },
    variables: [{ id: 0, name: 'x', domain: { kind: 'int', min, max }, initial: [min] }],
    threads: [{ id: 0, name: 't', locations, start: 0, done: 1 }],
    steps: [
      {
        ...{ id: 0, thread: 0, from: 0, to: 0, label: 't.add', caption: '', source: {}, guard: truth(true) },
        assignments: [{ target: { variables: [0] }, value }],
      },
    ],
  };
}

test('numbers at both ends of 32 bits are exact in WebAssembly, and larger ones are left to JavaScript', async () => {
  const inside = await sameOnBothBackends(counter(2 ** 31 - 6, 2 ** 31 - 2), []);
  expect(inside?.evidence.states).toBe(5);
  expect(await sameOnBothBackends(counter(-(2 ** 31), -(2 ** 31) + 4), [])).toBeDefined();
  const large = counter(2 ** 31 - 2, 2 ** 31 + 2);
  await expect(explore(large, [], { backend: 'wasm' })).rejects.toThrow(
    '--backend=wasm: the model has numbers of more than 32 bits',
  );
  expect((await explore(large, [])).evidence.states).toBe(5);
  await expect(explore(large, [], { workers: 2 })).rejects.toThrow(
    'several workers search in WebAssembly, and the model has numbers of more than 32 bits',
  );
  await expect(explore(large, [], { workers: 2, backend: 'javascript' })).rejects.toThrow(
    'the JavaScript backend has one worker',
  );
});

test.each([
  [{ engine: 'reference' }, 'the reference engine has no WebAssembly backend'],
  [{ search: 'dfs' }, 'dfs search has no WebAssembly backend'],
  [{ storage: 'hash64' }, 'hash64 storage has no WebAssembly backend'],
] as const)('WebAssembly is refused by name with %j', async (options, message) => {
  await expect(explore(counter(0, 3), [], { ...options, backend: 'wasm' })).rejects.toThrow(message);
});
