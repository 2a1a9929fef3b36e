// What docs/json.md and docs/json.schema.json promise of the JSON: whatever is printed is as the schema says, which has
// the words of the checker, and no field that docs/json.md does not name.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, test } from 'vitest';
import {
  checkKindNames,
  engineNames,
  type LimitKind,
  memoryModels,
  reductionNames,
  searchNames,
  storageNames,
} from '../../checker/index.js';
import { reportOf } from '../../checker/search/report.js';
import { called, folder } from '../testing/command.js';
import { flushModel } from '../testing/flush_model.js';
import { reportJson } from './report_json.js';

const fileOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const docs = fileOf('docs/json.md');
const schema = JSON.parse(fileOf('docs/json.schema.json'));
const ajv = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
}).addSchema(schema, 'json');

/** What is read of a definition of the schema. */
interface Definition {
  readonly properties?: { readonly [name: string]: Definition };
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Definition[];
  readonly items?: Definition;
}

/** Expects an object to be as one of the definitions of the schema says. */
function isValid(
  definition:
    | 'check'
    | 'statistics'
    | 'explain'
    | 'compare'
    | 'show'
    | 'litmus'
    | 'litmusOfModel'
    | 'savedTrace',
  object: object,
): void {
  const validate = ajv.getSchema(`json#/$defs/${definition}`)!;
  validate(object);
  expect(validate.errors ?? []).toEqual([]);
}

const printed = async (...args: readonly string[]) => {
  const object = JSON.parse((await called([...args, '--format=json'])).stdout);
  const isOfModel = args[0] === 'litmus' && !args[1]!.endsWith('.litmus');
  const definition = args[0] === 'render' ? 'savedTrace' : isOfModel ? 'litmusOfModel' : args[0];
  isValid(definition as Parameters<typeof isValid>[0], object);
  return object;
};

describe('the schema', () => {
  test('has a definition for what every command prints, and refuses a field that it does not name', async () => {
    const object = await printed('check', 'peterson');
    const validate = ajv.getSchema('json#/$defs/check')!;
    expect(validate({ ...object, another: 1 })).toBe(false);
    expect(validate({ ...object, exploration: undefined })).toBe(false);
    await printed('show', 'peterson');
    await printed('render', 'increment');
    await printed('litmus', 'conformance/litmus/files/SB.litmus');
    await printed('litmus', 'conformance/litmus/files/MP+locks.litmus');
    await printed('litmus', 'conformance/litmus/files/PLAIN-race.litmus');
    await printed('litmus', 'page_uptodate');
    await printed('litmus', 'increment', '--plain=once');
    expect(ajv.getSchema('json')!(object)).toBe(true);
  });

  test('has the words of the checker for kinds of checks, engines, searches, storages and memory models', () => {
    const { expectation, exploration } = schema.$defs;
    expect(expectation.enum).toEqual(checkKindNames);
    const { engine, search, storage, reductions, memoryModel } = exploration.properties;
    expect([engine.enum, search.enum, storage.enum, memoryModel.enum]).toEqual([
      engineNames,
      searchNames,
      storageNames,
      memoryModels,
    ]);
    expect(reductions.items.enum).toEqual(reductionNames);
  });

  test('has no field and no word that docs/json.md does not name, but for those of a trace', () => {
    const { trace, reading, wait, ...others } = schema.$defs;
    const names = new Set<string>();
    const gather = ({ properties = {}, enum: words = [], anyOf = [], items }: Definition): void => {
      for (const name of [...Object.keys(properties), ...words]) names.add(String(name));
      for (const inner of [...Object.values(properties), ...anyOf, ...(items === undefined ? [] : [items])])
        gather(inner);
    };
    for (const definition of Object.values<Definition>(others)) gather(definition);
    expect(names.size).toBeGreaterThan(100);
    expect([...names].filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });

  test('describes the saved traces of the gallery', () => {
    const gallery = 'counterexamples/gallery';
    const saved = readdirSync(new URL(`../../${gallery}`, import.meta.url)).filter((name) =>
      name.endsWith('.json'),
    );
    expect(saved.length).toBeGreaterThan(15);
    for (const name of saved) isValid('savedTrace', JSON.parse(fileOf(`${gallery}/${name}`)));
  });

  const reports = folder({});
  afterAll(reports.remove);
  const everything = ['outDegrees', 'labels', 'variables'];
  test.each([
    ['of a complete search', [], everything],
    ['of a search that keeps no states', ['--storage=bitstate'], []],
    ['of one that a limit ended', ['--max-states=50'], []],
  ])('describes what --report=json:FILE writes, %s', async (_, options, present) => {
    const file = join(reports.path, 'report.json');
    await called(['check', 'thp_truncate', `--report=json:${file}`, ...options]);
    const object = JSON.parse(readFileSync(file, 'utf8'));
    isValid('statistics', object);
    expect(everything.filter((name) => name in object)).toEqual(present);
    expect(ajv.getSchema('json#/$defs/check')!(object)).toBe(false);
  });

  test('describes a report that rests on a proof', () => {
    const report = reportOf(
      {
        kind: 'proved',
        forEvery: { NR: 1 },
        obligations: [{ name: 'initially', outcome: 'proved' }],
        judges: ['z3 4.8.12'],
        instances: [{ settings: { NR: 1 }, states: 2 }],
      },
      [],
      { findings: new Map(), undecided: new Map() },
    );
    const run = { model: 'm', settings: {}, report, traces: new Map() };
    isValid('check', JSON.parse(reportJson(run)));
  });
});

test('the example is what explain prints', async () => {
  const example = /```json\n([^`]*)```/.exec(docs)![1]!;
  expect(JSON.parse(example)).toEqual(await printed('explain', 'increment'));
});

describe('the limit of an exploration', () => {
  const exploration = async (...options: readonly string[]) =>
    (await printed('check', 'peterson', ...options)).exploration;

  test('is given in words and by its kind', async () => {
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
      'reductions',
      'memoryModel',
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
      ...{ heap: true, machine: true, interrupt: true, formula: true, storage: true, buffer: true },
      within: true,
    };
    const said = /^A `limitKind` is .*$/m.exec(docs)![0].matchAll(/`(\w+)`/g);
    expect(new Set([...said].map(([, word]) => word))).toEqual(new Set(['limitKind', ...Object.keys(kinds)]));
  });
});

describe('the reason of a property that is unknown', () => {
  const reasons = async (...args: readonly string[]) => {
    const { properties } = await printed('check', ...args);
    return properties.flatMap(
      ({ name, verdict, reason }: { name: string; verdict: string; reason?: string }) => {
        expect(reason !== undefined).toBe(verdict === 'unknown');
        return reason === undefined ? [] : [[name, reason]];
      },
    );
  };

  test.each(['--ltl=F (4 / counter > 4)', '--always-possible=4 / counter == 4'])(
    'says why a formula has no value in some state: %s',
    async (asked) => {
      const [, formula] = asked.split(/=(.*)/s);
      expect(await reasons('increment', '--set', 'NR_ACTORS=1', asked)).toEqual([
        [formula, 'a formula has no value in some state (division by zero)'],
      ]);
    },
  );

  test('says what stopped the search, the same for every property', async () => {
    const said = await reasons('peterson', '--max-states=5');
    expect(new Set(said.map(([, reason]: readonly string[]) => reason))).toEqual(
      new Set(['stopped at 5 states']),
    );
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
    isValid('compare', object);
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
    const withEssence = properties.filter((property: object) => 'essence' in property);
    expect(withEssence).toHaveLength(1);
    const [{ name, essence }] = withEssence;
    expect(essence.orderings).toHaveLength(2);
    expect(essence.orderings[0].first).toMatchObject({ actor: 'munmap[0]', file: 'mm/huge_memory.c' });
    expect(essence.orderings[0].first.source).toMatch(/^models\/thp_truncate\/mm\/huge_memory\.ts:\d+$/);
    expect(essence.orderings[0].over).toEqual([{ path: 'vma[0].pmd', how: 'seen' }]);
    expect(essence.locks[0]).toMatchObject({ lock: 'vma[0].ptl', notBy: ['truncate[0]'] });
    expect(await printed('explain', 'thp_truncate')).toMatchObject({ property: name, essence });
  });

  test('is a reason where there is none, and nothing where nothing is violated', async () => {
    const { properties } = await printed('check', 'peterson', '--ltl=F G process[0] at peterson.critical');
    const withEssence = properties.filter((property: object) => 'essence' in property);
    expect(withEssence.map(({ essence }: { essence: object }) => essence)).toEqual([
      { why: expect.stringContaining('is about endless runs, which no ordering decides') },
    ]);
    const holding = await printed('check', 'peterson');
    expect(holding.properties.filter((property: object) => 'essence' in property)).toEqual([]);
  });
});
