// raceproof init: the project that it writes is green, and its types are those of the package.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { called, folder, raceproof } from '../testing/command.js';

const files = folder({});
afterAll(files.remove);
const here = { cwd: files.path };
const root = fileURLToPath(new URL('../../', import.meta.url));
const tsc = join(root, 'node_modules/.bin/tsc');

describe('a new project', () => {
  const project = join(files.path, 'my-race');
  const there = { cwd: project };

  test('is written where nothing is, and says what to do next', async () => {
    const { status, stdout, stderr } = await called(['init', 'my-race'], here);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe(
      'my-race: my_race.ts, package.json, tsconfig.json, raceproof.config.json, .vscode/tasks.json, .gitignore',
    );
    expect(stdout).toContain('cd my-race && npm install');
    expect(await called(['init', 'my-race'], here)).toMatchObject({
      status: 2,
      stderr: 'raceproof: init my-race: there is something in ./my-race, and nothing is overwritten\n',
    });
  });

  test('passes its own test, in which a wrong expectation is found', async () => {
    expect(await raceproof(['test', '--no-cache'], there)).toMatchObject({ status: 0 });
    const model = join(project, 'my_race.ts');
    const text = readFileSync(model, 'utf8');
    writeFileSync(model, text.replace('no_leak: 6', 'no_leak: 7'));
    expect(await raceproof(['test', '--no-cache'], there)).toMatchObject({ status: 22 });
    writeFileSync(model, text);
  });

  test('has a model whose race is found and whose fix holds', async () => {
    expect((await called(['check', './my_race.ts'], there)).stdout.split('\n')[0]).toBe(
      'my_race: violated: no_leak in 6 steps',
    );
    expect(await called(['check', './my_race.ts', '--set', 'fix=atomic'], there)).toMatchObject({
      status: 0,
    });
  });

  test('has a model that finds a use-after-free in the put itself, if the wrong one of two puts frees', async () => {
    const text = readFileSync(join(project, 'my_race.ts'), 'utf8');
    const put = 'atomic_dec_and_test(widget.refs)';
    writeFileSync(join(project, 'early.ts'), text.replace(put, `not(${put})`));
    const { stdout } = await called(['check', './early.ts', '--set', 'fix=atomic'], there);
    rmSync(join(project, 'early.ts'));
    expect(stdout.split('\n')[0]).toBe(
      'my_race: violated: BUG: KASAN: slab-use-after-free in widget_put in 3 steps',
    );
  });

  test('asks for this package, and has what its own scripts run', () => {
    const { scripts, devDependencies, type } = JSON.parse(
      readFileSync(join(project, 'package.json'), 'utf8'),
    );
    expect({ type, scripts }).toEqual({
      type: 'module',
      scripts: { check: 'raceproof check ./my_race.ts', test: 'raceproof test' },
    });
    expect(devDependencies).toEqual({ raceproof: `file:${root}` });
  });

  test('has types that tsc accepts, once the package is installed', { timeout: 600_000 }, () => {
    execFileSync(process.execPath, ['scripts/build.js', '--types'], { cwd: root });
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(root, join(project, 'node_modules/raceproof'));
    expect(execFileSync(tsc, ['--project', '.'], { cwd: project, encoding: 'utf8' })).toBe('');
  });

  test.each([
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ])('has them with module %s and moduleResolution %s, too', { timeout: 600_000 }, (module, resolution) => {
    const errors = () => {
      const options = ['--project', '.', '--module', module, '--moduleResolution', resolution];
      const { stdout, status } = spawnSync(tsc, options, { cwd: project, encoding: 'utf8' });
      return { status, stdout };
    };
    expect(errors()).toEqual({ status: 0, stdout: '' });
    // The types are those of the package, and not any.
    const wrong = join(project, 'wrong.ts');
    writeFileSync(wrong, "import { spin_lock } from 'raceproof/kernel';\nspin_lock('lock');\n");
    const { stdout } = errors();
    rmSync(wrong);
    expect(stdout).toMatch(/^wrong\.ts\(2,11\): error TS2345: /);
  });
});

test.each([
  [['init'], 'raceproof: which name? raceproof init NAME\n'],
  [
    ['init', '../elsewhere'],
    "raceproof: init '../elsewhere': a name has small letters, digits, _ and -, and begins with a letter\n",
  ],
])('%j is refused', async (args, stderr) => {
  expect(await called(args, here)).toEqual({ status: 2, stdout: '', stderr });
  expect(existsSync(join(files.path, '../elsewhere'))).toBe(false);
});
