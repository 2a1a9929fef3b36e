// Errors of types in a model's file: found where TypeScript is installed, and said before anything is checked.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { called, folder, raceproof } from '../testing/command.js';
import { foundIn } from './type_errors.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const advice = 'nothing was checked; --no-types checks the model without its types\n';

/** A model; the lines of `more` begin at line 5. */
const text = (
  more: string,
  effect = 'n.set(1)',
) => `import { actor, int, model as define, procedure, shared, source } from 'raceproof/language';
import { mutex, mutex_lock, mutex_unlock } from 'raceproof/kernel';
const state = shared({ n: int(0, 3), m: mutex() });
const { n, m } = state;
${more}
const p = procedure('p', () => ({ lock: mutex_lock(m), one: source('x.c')\`n = 1\`(${effect}), unlock: mutex_unlock(m) }));
export const model = define('mine', { about: 'x', state, actors: [actor('a', p)] });
`;

/** A folder of files with these packages installed, by the folders where they lie. */
function project(files: { readonly [name: string]: string }, packages: { readonly [name: string]: string }) {
  const made = folder(files);
  for (const [name, at] of Object.entries(packages)) {
    const to = join(made.path, 'node_modules', name);
    mkdirSync(join(to, '..'), { recursive: true });
    symlinkSync(at, to);
  }
  return made;
}

const raceproofItself = { raceproof: root };
const typescript = { typescript: join(root, 'node_modules/typescript') };

describe('where TypeScript is installed', { timeout: 120_000 }, () => {
  beforeAll(() => {
    execFileSync(process.execPath, ['scripts/build.js', '--types'], { cwd: root });
  }, 600_000);
  const files = project(
    {},
    { ...raceproofItself, ...typescript, '@types/node': join(root, 'node_modules/@types/node') },
  );
  const here = { cwd: files.path };
  afterAll(files.remove);
  const checked = async (files: { readonly [name: string]: string }, ...more: readonly string[]) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(here.cwd, name), text);
    // In a process of its own: in one process a file of one name is loaded once.
    const outcome = await raceproof(['check', `./${Object.keys(files)[0]}`, ...more], here);
    for (const name of Object.keys(files)) rmSync(join(here.cwd, name));
    return outcome;
  };

  test('an error has its file, line and column, and the model is not checked', async () => {
    const wrong = { 'mine.ts': text("const k: number = 'k';\nexport { k };") };
    expect(await checked(wrong)).toEqual({
      status: 2,
      stdout: '',
      stderr: `mine.ts:5:7: Type 'string' is not assignable to type 'number'. (TypeScript 2322)\nraceproof: an error of types: ${advice}`,
    });
    expect(await checked(wrong, '--no-types')).toMatchObject({ status: 0, stderr: '' });
  });

  test('what the model says itself comes after it', async () => {
    expect((await checked({ 'mine.ts': text('', 'n.set(1, 2)') })).stderr).toBe(
      `mine.ts:6:91: Expected 1 arguments, but got 2. (TypeScript 2554)\nmine.ts:6: .set() takes one argument, not more\nraceproof: an error of types: ${advice}`,
    );
  });

  test('errors of a file that the model imports count, and those of another do not', async () => {
    const helper = 'export const two: number = "2";\n';
    const files = {
      'mine.ts': text("import { two } from './helper.js'; export { two };"),
      'other.ts': helper,
    };
    expect(await checked({ ...files, 'helper.ts': helper })).toMatchObject({
      status: 2,
      stderr: `helper.ts:1:14: Type 'string' is not assignable to type 'number'. (TypeScript 2322)\nraceproof: an error of types: ${advice}`,
    });
    expect(await checked({ ...files, 'helper.ts': 'export const two: number = 2;\n' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test('ten errors are printed, and the number of the others', async () => {
    const many = Array.from({ length: 12 }, (_, i) => `export const k${i}: number = 'k';`).join('\n');
    const { stderr } = await checked({ 'mine.ts': text(many) });
    expect(stderr.split('\n').slice(9)).toEqual([
      "mine.ts:14:14: Type 'string' is not assignable to type 'number'. (TypeScript 2322)",
      '2 more errors of TypeScript',
      `raceproof: errors of types: ${advice.trimEnd()}`,
      '',
    ]);
  });

  test('the options of the project count, with the types that it asks for, and what is unused does not', async () => {
    const config = {
      compilerOptions: { strict: true, noUnusedLocals: true, types: ['node'], outDir: 'out', rootDir: 'src' },
    };
    const uses = "const unneeded = 1; export const home = process.env['HOME'];";
    const files = { 'mine.ts': text(uses), 'tsconfig.json': JSON.stringify({ ...config, include: ['src'] }) };
    expect(await checked(files)).toMatchObject({ status: 0, stderr: '' });
    const lax = {
      'mine.ts': text('export const f = (x) => x;'),
      'tsconfig.json': '{ "compilerOptions": { "strict": false } }',
    };
    expect(await checked(lax)).toMatchObject({ status: 0, stderr: '' });
    const { stderr } = await checked({ 'mine.ts': lax['mine.ts'] });
    expect(stderr).toMatch(
      /^mine\.ts:5:19: Parameter 'x' implicitly has an 'any' type\. \(TypeScript 7006\)/,
    );
  });

  test('where something is missing the types are not known, which is noted', async () => {
    const files = {
      'mine.ts': text(
        "import type { T } from 'nowhere'; export const t: T = 1; export const k: number = 'k';",
      ),
    };
    const { status, stderr } = await checked(files);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        "the types of ./mine.ts were not checked: Cannot find module 'nowhere' or its corresponding type declarations.\n",
    });
    const options = { 'mine.ts': text(''), 'tsconfig.json': '{ "compilerOptions": { "strikt": true } }' };
    expect(await checked(options)).toMatchObject({
      status: 0,
      stderr: "the types of ./mine.ts were not checked: Unknown compiler option 'strikt'.\n",
    });
  });

  test('nothing is left in the project, and JavaScript is not asked about', async () => {
    expect(await checked({ 'mine.js': text('') })).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(here.cwd)).toEqual(['node_modules']);
    expect(readdirSync(join(here.cwd, 'node_modules')).sort()).toEqual(['@types', 'raceproof', 'typescript']);
  });

  test('a check removes what one that was killed has left, and not what one that runs has written', async () => {
    const modules = join(here.cwd, 'node_modules');
    const ended = spawnSync(process.execPath, ['--eval', '0']).pid;
    const [left, used] = [`.raceproof-types-${ended}-aB3xYz`, `.raceproof-types-${process.pid}-aB3xYz`];
    for (const name of [left, used]) mkdirSync(join(modules, name));
    await checked({ 'mine.ts': text('') });
    expect(readdirSync(modules).sort()).toEqual([used, '@types', 'raceproof', 'typescript']);
    rmSync(join(modules, used), { recursive: true });
  });

  test('a package that is not installed beside the file has the types of this one', async () => {
    const apart = project({ 'mine.ts': text('', 'n.set(1, 2)') }, typescript);
    expect((await raceproof(['check', './mine.ts'], { cwd: apart.path })).stderr).toMatch(
      /^mine\.ts:6:91: Expected 1/,
    );
    apart.remove();
  });
});

test('where no TypeScript is installed nothing is asked', async () => {
  const files = project({ 'mine.ts': text("const k: number = 'k';\nexport { k };") }, raceproofItself);
  expect(await called(['check', './mine.ts'], { cwd: files.path })).toMatchObject({ status: 0, stderr: '' });
  files.remove();
});

test.each([
  ['process.exit(3)', [], 0, 'the types of ./mine.ts were not checked: the compiler failed'],
  [
    'setInterval(() => {}, 1000)',
    ['--max-seconds=3'],
    3,
    'raceproof: stopped at 3 seconds while the types of ./mine.ts were checked: nothing was checked',
  ],
])('a compiler that does %j does not keep the check from its end', async (does, more, status, said) => {
  const compiler = folder({ 'package.json': '{ "bin": { "tsc": "tsc.js" } }', 'tsc.js': does });
  const files = project({ 'mine.ts': text('') }, { ...raceproofItself, typescript: compiler.path });
  expect(await raceproof(['check', './mine.ts', ...more], { cwd: files.path })).toMatchObject({
    status,
    stderr: `${said}\n`,
  });
  expect(readdirSync(join(files.path, 'node_modules')).sort()).toEqual(['raceproof', 'typescript']);
  files.remove();
  compiler.remove();
});

test('what the compiler prints is read with its further lines', () => {
  const printed =
    "/a/x.ts(1,2): error TS2345: Not assignable.\n  Types differ.\n/a/y.mts(3,4): error TS2304: Cannot find name 'z'.\n";
  expect(foundIn(printed, 1)).toEqual({
    errors: [
      { file: '/a/x.ts', line: 1, column: 2, code: 2345, message: 'Not assignable.\n  Types differ.' },
      { file: '/a/y.mts', line: 3, column: 4, code: 2304, message: "Cannot find name 'z'." },
    ],
  });
  expect(foundIn('', 0)).toEqual({ errors: [] });
});
