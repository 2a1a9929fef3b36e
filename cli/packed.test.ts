// The package as a user has it: the packed tarball is the only dependency of a project elsewhere. npm installs it
// without network and with an empty cache; the packages that it depends on are those of this repository, by `overrides`.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiled, ran, root } from '../api/testing/project.js';

const folder = mkdtempSync(join(tmpdir(), 'raceproof-'));
const project = join(folder, 'project');
afterAll(() => rmSync(folder, { recursive: true }), 120_000);

const { version, dependencies, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const tarball = join(folder, `raceproof-${version}.tgz`);
const overrides = Object.fromEntries(
  Object.keys(dependencies).map((name) => [name, `file:${join(root, 'node_modules', name)}`]),
);
const installs = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
const install = (path: string) => ran('npm', [...installs, '--cache', join(folder, 'cache')], path);

const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
const [model, program] = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text]) => text!);

const command = (path: string, args: readonly string[]) =>
  ran(join(path, 'node_modules/.bin/raceproof'), args, path);

describe('a project that depends on the packed tarball alone', { timeout: 600_000 }, () => {
  beforeAll(() => {
    // `npm pack` builds, with the declarations.
    expect(ran('npm', ['pack', '--pack-destination', folder], root).status).toBe(0);
    mkdirSync(project);
    const files = {
      'package.json': JSON.stringify({
        type: 'module',
        dependencies: { raceproof: `file:${tarball}` },
        overrides,
      }),
      'refcount.ts': model!,
      'try.ts': program!,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
    expect(install(project)).toMatchObject({ status: 0 });
  }, 600_000);

  test('has what package.json exports, and the pages of docs/', () => {
    const packed = join(project, 'node_modules/raceproof');
    const targets = Object.values(exports).flatMap((target) => Object.values(target as object));
    for (const path of [...targets, 'docs/language.md', 'docs/json.schema.json', 'LICENSE'])
      expect(existsSync(join(packed, path)), path).toBe(true);
    expect(existsSync(join(packed, 'checker'))).toBe(false);
  });

  test.each<readonly [readonly string[], number, string]>([
    [['list'], 0, 'thp_truncate'],
    [['check', './refcount.ts'], 12, 'refcount: violated: no_leak in 6 steps'],
    [['check', './refcount.ts', '--set', 'fix=atomic', '--strict'], 0, 'refcount: holds'],
    [['check', 'thp_truncate', '--property=locks_nest'], 2, "no option '--property'"],
    [['check', './refcount.ts', '--report=html:report.html'], 12, 'no_leak'],
    [['compare', './refcount.ts'], 0, 'three owners'],
    [['compare', './refcount.ts', '--over', 'fix=none,atomic', '--over', 'NR=1,2'], 0, 'fix by NR'],
    [['render', './refcount.ts', '--format=html'], 0, '<!DOCTYPE html>'],
    [['render', './refcount.ts', '--format=mail'], 0, 'no_leak'],
    [['render', './refcount.ts', '--format=explorer'], 0, 'raceproofEngine'],
    [['explain', './refcount.ts', '--story'], 0, 'no_leak'],
    [['simulate', './refcount.ts', '--walks=100'], 12, 'not a shortest one'],
    [['export', './refcount.ts', '--to=murphi'], 0, 'startstate'],
    [['show', 'increment'], 0, 'increment.load'],
    [['check', './refcount.ts', '--certificate=refcount.json', '--set', 'fix=atomic'], 0, 'holds'],
    [['verify', 'refcount.json', './refcount.ts', '--set', 'fix=atomic'], 0, 'certified: 16 states'],
  ])('raceproof %j works', (args, status, text) => {
    const { said, ...rest } = command(project, args);
    expect({ args, ...rest, said }).toMatchObject({ args, status });
    expect(said).toContain(text);
  });

  test('compiles and runs the program of docs/api.md', () => {
    expect(compiled(['refcount.ts', 'try.ts'], ['node16', 'node16'], project)).toEqual({
      status: 0,
      said: '',
    });
    const [, printed] = /^It prints\n\n```\n(.*?)^```$/ms.exec(page)!;
    expect(ran(process.execPath, ['out/try.js'], project)).toEqual({ status: 0, said: printed });
  });

  test('has copies of all examples, each alone in a folder, with the counts of their manifests', () => {
    const names = readdirSync(join(root, 'models/examples'))
      .filter((file) => /^[a-z_]+\.ts$/.test(file))
      .map((file) => file.slice(0, -'.ts'.length));
    const files = names.map((name) => {
      const { status, said } = command(project, ['show', name, '--as=source']);
      expect({ name, status }).toEqual({ name, status: 0 });
      mkdirSync(join(project, 'copies', name), { recursive: true });
      writeFileSync(join(project, 'copies', name, `${name}.ts`), said);
      return `copies/${name}/${name}.ts`;
    });
    expect(compiled(files, ['node16', 'node16'], project)).toEqual({ status: 0, said: '' });
    const tested = command(project, ['test', '--no-cache', ...files]);
    expect(tested).toMatchObject({ status: 0 });
    for (const file of files) expect(tested.said).toContain(`ok    ${file}`);
    // A size that no manifest has needs a setting alone; checker/search/known_counts.test.ts derives the figures.
    const wider = command(project, ['check', 'copies/increment/increment.ts', '--set', 'NR_ACTORS=6']);
    expect(wider.said).toContain('13,494 states, 46,590 transitions');
  });

  test('has the models of docs/small-models.md, in which neither tsc nor Biome finds anything', () => {
    const small = readFileSync(join(root, 'docs/small-models.md'), 'utf8');
    const files = [...small.matchAll(/^```ts\n\/\/ (\w+\.ts)\n(.*?)^```$/gms)].map(([, name, code]) => {
      mkdirSync(join(project, 'small'), { recursive: true });
      writeFileSync(join(project, 'small', name!), code!);
      return `small/${name}`;
    });
    expect(files).toHaveLength(6);
    expect(compiled(files, ['node16', 'node16'], project)).toEqual({ status: 0, said: '' });
    const linted = ran(
      join(root, 'node_modules/.bin/biome'),
      ['lint', '--error-on-warnings', ...files],
      project,
    );
    expect(linted).toMatchObject({ status: 0 });
    expect(linted.said).toContain('Checked 6 files');
    const drv = command(project, ['check', 'small/drv.ts', '--set', 'fix=rcu_kref', '--set', 'NR_OPEN=2']);
    expect(drv.said).toContain('drv: holds');
  });

  test('begins another project, which installs the same tarball, and whose npm test is green', () => {
    expect(command(project, ['init', 'my-race']).status).toBe(0);
    const begun = join(folder, 'my-race');
    cpSync(join(project, 'my-race'), begun, { recursive: true });
    const file = join(begun, 'package.json');
    const written = JSON.parse(readFileSync(file, 'utf8'));
    expect(written.devDependencies).toEqual({ raceproof: `file:${tarball}` });
    writeFileSync(file, JSON.stringify({ ...written, overrides }));
    expect(install(begun)).toMatchObject({ status: 0 });
    const tested = ran('npm', ['test', '--silent'], begun);
    expect(tested).toMatchObject({ status: 0 });
    expect(tested.said).toContain('3 rows: 3 as expected');
    expect(ran('npm', ['run', '--silent', 'check'], begun)).toMatchObject({ status: 12 });
  });
});
