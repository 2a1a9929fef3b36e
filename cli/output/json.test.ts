// What docs/json.md promises of the JSON: its example is what is printed, and whatever is printed has no field that it
// does not tell of, and all that it says is always there.

import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { LimitKind } from '../../checker/index.js';
import { called, folder } from '../testing/command.js';
import { flushModel } from '../testing/flush_model.js';

const docs = readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8');

const printed = async (...args: readonly string[]) =>
  JSON.parse((await called([...args, '--format=json'])).stdout);

/** Fields that are always there, then those that may be. */
const fields = {
  essence: [['orderings', 'locks', 'ruledOut', 'unfairlyEscaped'], []],
  ordering: [['first', 'then', 'meeting', 'over', 'sentence'], []],
  moment: [
    ['actor', 'label', 'path', 'caption'],
    ['step', 'file', 'source'],
  ],
  over: [['path', 'how'], []],
  lock: [['lock', 'heldBy', 'notBy', 'sentence'], []],
  comparison: [
    [
      'schema',
      'model',
      'setting',
      'candidates',
      'scenarios',
      'environments',
      'cells',
      'costs',
      'conclusions',
    ],
    [],
  ],
  cell: [['candidate', 'scenario', 'environment', 'settings', 'verdict', 'exploration', 'violated'], []],
  exploration: [
    ['engine', 'search', 'storage', 'exhaustive', 'states', 'transitions', 'depth'],
    ['limit', 'limitKind'],
  ],
  violated: [['name', 'verdict', 'trace'], []],
  cost: [['name', 'environment', 'counter', 'about', 'cells'], []],
  costCell: [['candidate', 'scenario', 'values', 'isViolated'], []],
  conclusion: [['candidate', 'explored', 'costs'], ['about']],
} as const;

function has(object: object, kind: keyof typeof fields): void {
  const [needed, more] = fields[kind];
  const names = Object.keys(object);
  expect(names).toEqual(expect.arrayContaining([...needed]));
  expect(names.filter((name) => ![...needed, ...more].some((known) => known === name))).toEqual([]);
  for (const name of names) expect(docs).toContain(`\`${name}\``);
}

interface Essence {
  readonly orderings: readonly { readonly first: object; readonly then: object; readonly over: object[] }[];
  readonly locks: readonly object[];
}

function isEssence(essence: Essence): void {
  has(essence, 'essence');
  for (const ordering of essence.orderings) {
    has(ordering, 'ordering');
    has(ordering.first, 'moment');
    has(ordering.then, 'moment');
    for (const over of ordering.over) has(over, 'over');
  }
  for (const lock of essence.locks) has(lock, 'lock');
}

test('the example is what explain prints', async () => {
  const example = /```json\n([^`]*)```/.exec(docs)![1]!;
  expect(JSON.parse(example)).toEqual(await printed('explain', 'increment'));
});

describe('the limit of an exploration', () => {
  const exploration = async (...options: readonly string[]) =>
    (await printed('check', 'peterson', ...options)).exploration;

  test('is told in words and by its kind', async () => {
    const reached = async (...options: readonly string[]) => {
      const { limit, limitKind } = await exploration(...options);
      return [limitKind, limit];
    };
    expect(await reached('--max-states=5')).toEqual(['states', '5 states']);
    expect(await reached('--max-depth=2')).toEqual(['depth', 'depth 2']);
    expect(await reached('--max-depth=2', '--search=dfs')).toEqual(['depth', 'depth 2']);
    expect(await reached('--max-states=5', '--engine=reference')).toEqual(['states', '5 states']);
    expect(await reached('--storage=hash64')).toEqual([
      'storage',
      expect.stringMatching(/^hash64 storage: /),
    ]);
  });

  test('is absent where everything was explored', async () => {
    expect(Object.keys(await exploration())).toEqual([
      'engine',
      'search',
      'storage',
      'exhaustive',
      'states',
      'transitions',
      'depth',
      'levels',
    ]);
  });

  test('has a kind that the documentation names', () => {
    const kinds: { readonly [kind in LimitKind]: true } = {
      ...{ states: true, depth: true, memory: true, time: true },
      ...{ heap: true, machine: true, interrupt: true, formula: true, storage: true },
    };
    const said = /^A `limitKind` is .*$/m.exec(docs)![0].matchAll(/`(\w+)`/g);
    expect(new Set([...said].map(([, word]) => word))).toEqual(new Set(['limitKind', ...Object.keys(kinds)]));
  });
});

describe('a comparison', () => {
  const files = folder({ 'flush.ts': flushModel });
  afterAll(files.remove);

  interface Printed {
    readonly cells: readonly { readonly exploration: object; readonly violated: object | null }[];
    readonly costs: readonly { readonly cells: readonly { readonly values: unknown }[] }[];
    readonly conclusions: readonly object[];
  }

  /** What is printed; all that the documentation names is there, and no more. */
  async function comparison(model: string, ...options: readonly string[]): Promise<Printed> {
    const args = ['compare', model, '--format=json', ...options];
    const object: Printed = JSON.parse((await called(args, { cwd: files.path })).stdout);
    has(object, 'comparison');
    for (const { violated, ...cell } of object.cells) {
      has({ ...cell, violated }, 'cell');
      has(cell.exploration, 'exploration');
      if (violated !== null) has(violated, 'violated');
    }
    for (const cost of object.costs) {
      has(cost, 'cost');
      for (const cell of cost.cells) has(cell, 'costCell');
    }
    for (const conclusion of object.conclusions) has(conclusion, 'conclusion');
    return object;
  }

  test('has costs whose cells and conclusions are as documented', async () => {
    const { costs, conclusions } = await comparison('flush.ts');
    expect(costs.map(({ cells }) => cells.length)).toEqual([4]);
    expect(conclusions).toHaveLength(2);
    const stopped = await comparison('flush.ts', '--max-states=2');
    expect(stopped.costs[0]?.cells[0]).toMatchObject({ values: null });
    expect(stopped.cells[0]?.exploration).toMatchObject({ exhaustive: true });
    expect(stopped.conclusions).toHaveLength(2);
  });

  test('has cells that are violated and cells that are not', async () => {
    const { cells, costs } = await comparison('peterson');
    expect(cells.map(({ violated }) => violated === null)).toEqual([true, true, false, false]);
    expect(costs).toEqual([]);
    const stopped = await comparison('peterson', '--max-states=5');
    expect(stopped.cells[0]?.exploration).toMatchObject({ limit: '5 states', limitKind: 'states' });
  });
});

describe('the essence in check', () => {
  test('stands at the property that speaks for the report, and is that of explain', async () => {
    const { properties } = await printed('check', 'thp_truncate');
    const told = properties.filter((property: object) => 'essence' in property);
    expect(told).toHaveLength(1);
    const [{ name, essence }] = told;
    isEssence(essence);
    expect(essence.orderings).toHaveLength(2);
    expect(essence.orderings[0].first).toMatchObject({ actor: 'munmap[0]', file: 'mm/huge_memory.c' });
    expect(essence.orderings[0].first.source).toMatch(/^models\/thp_truncate\/mm\/huge_memory\.ts:\d+$/);
    expect(essence.orderings[0].over).toEqual([{ path: 'vma[0].pmd', how: 'seen' }]);
    expect(essence.locks[0]).toMatchObject({ lock: 'vma[0].ptl', notBy: ['truncate[0]'] });
    expect(await printed('explain', 'thp_truncate')).toMatchObject({ property: name, essence });
  });

  test('is a reason where there is none, and nothing where nothing is violated', async () => {
    const { properties } = await printed('check', 'peterson', '--ltl=F G process[0] at peterson.critical');
    const told = properties.filter((property: object) => 'essence' in property);
    expect(told.map(({ essence }: { essence: object }) => essence)).toEqual([
      { why: expect.stringContaining('is about endless runs, which no ordering decides') },
    ]);
    const holding = await printed('check', 'peterson');
    expect(holding.properties.filter((property: object) => 'essence' in property)).toEqual([]);
  });
});
