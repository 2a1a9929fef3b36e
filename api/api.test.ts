// The package as a TypeScript user has it: docs/api.md is a program that compiles and prints what it says, and a model's
// file is loaded without a guard around the process.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as api from './main.js';
import { buildTypes, compiled, project, ran, root } from './testing/project.js';

const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, of, text]) => (of === language ? [text!] : []));
const [model, program] = blocks('ts');
const [printed] = blocks('');
const user = project({ 'refcount.ts': model!, 'try.ts': program! });
afterAll(user.remove);

describe('docs/api.md', { timeout: 600_000 }, () => {
  beforeAll(() => {
    expect(buildTypes()).toEqual({ status: 0, said: '' });
  }, 600_000);

  test.each([
    ['esnext', 'bundler'],
    ['node16', 'node16'],
  ] as const)('compiles with --module %s --moduleResolution %s', (...how) => {
    expect(compiled(['refcount.ts', 'try.ts'], how, user.path)).toEqual({ status: 0, said: '' });
  });

  test('prints what it says', () => {
    expect(ran(process.execPath, ['out/try.js'], user.path)).toEqual({ status: 0, said: printed });
  });

  test('names all that a program may call', async () => {
    const { default: _, ...main }: { readonly [name: string]: unknown } = await built();
    const words = Object.keys(main).filter((name) => /^(?!export)[a-z]/.test(name));
    expect(words.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  });
});

const built = (): Promise<typeof api> => import(join(root, 'dist/api/main.js'));

test('a model is loaded from its file in TypeScript, and the process is left as it is', async () => {
  const { check, loadModel, ModelError } = await built();
  const { exit } = process;
  const { write } = process.stdout;
  const loaded = await loadModel(join(user.path, 'refcount.ts'));
  expect([process.exit, process.stdout.write]).toEqual([exit, write]);
  const { report } = await check(loaded, { settings: { fix: 'atomic' }, typed: [] });
  expect([report.verdict, report.evidence.states]).toEqual(['holds', 16]);
  const dropping = project({
    'dropping.ts': model!.replace('expects(not(freed),', 'expects(not(freed) && refs.eq(0),'),
  });
  const file = join(dropping.path, 'dropping.ts');
  const refused = loadModel(file).then(({ lower }) => lower({}));
  await expect(refused).rejects.toThrow(ModelError);
  await refused.catch(({ at }) =>
    expect({ ...at, file: at.file }).toEqual({ file: pathToFileURL(file).href, line: 14 }),
  );
  dropping.remove();
});

test('an option that there is not, or a value that means nothing, is refused, and the right one named', async () => {
  const { check, compare, loadModel } = await built();
  const increment = await loadModel('increment');
  const untyped = (options: object) => check(increment, options);
  for (const [options, message] of [
    [{ maxStates: 10 }, "check has no option 'maxStates'; did you mean 'statesMax'?"],
    [{ set: {} }, "check has no option 'set'; did you mean 'settings'?"],
    [{ setings: {} }, "check has no option 'setings'; did you mean 'settings'?"],
    [{ engine: 'referense' }, "check: engine is 'referense', not one of compiled, reference; did you mean"],
    [{ search: 'random' }, "check: search is 'random', not one of bfs, dfs, "],
    [{ without: ['deadlok'] }, "check: without is 'deadlok', not one of lock-held, "],
    [{ statesMax: Number.NaN }, 'check: statesMax is NaN, not a number from 0 up'],
  ] as const) {
    await expect(untyped(options)).rejects.toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining(message),
    });
  }
  await expect(untyped({ budget: 1 })).rejects.toThrow(
    "check has no option 'budget'; there are engine, search,",
  );
  await expect(compare(increment, { maxSeconds: 1 } as object)).rejects.toThrow(
    "compare has no option 'maxSeconds'; there are engine, search,",
  );
  const { report } = await untyped({ statesMax: 5, depthMax: undefined });
  expect([report.verdict, report.evidence.states]).toEqual(['incomplete', 5]);
});

test('docs/api.md names every option of check and compare', async () => {
  const { explorationAccepted, memoryAccepted } = await import('./options.js');
  const searches = [...Object.keys(explorationAccepted), ...Object.keys(memoryAccepted)];
  const names = [...searches, 'settings', 'typed', 'candidates', 'over', 'only'];
  expect(names.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
});

test('formulas as text, a model by its name, and no essence where nothing is violated', async () => {
  const { check, explain, loadModel, traceOf, EngineError } = await built();
  const peterson = await loadModel('peterson');
  const typed = [{ name: 'both', expectation: 'never', text: 'nobody at done' }] as const;
  await expect(check(peterson, { typed })).rejects.toMatchObject({ name: 'FormulaError' });
  const holds = await check(peterson);
  expect([holds.report.verdict, traceOf(holds), explain(holds)]).toEqual(['holds', undefined, undefined]);
  await expect(check(peterson, { engine: 'reference', workers: 2 })).rejects.toThrow(EngineError);
});
