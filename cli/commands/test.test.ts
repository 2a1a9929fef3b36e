// raceproof test: rows of projects, manifests and folders, in processes of their own.

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { modelNames } from '../../models/registry.js';
import { isRunning } from '../is_running.js';
import { called, finished, folder, raceproof, start } from '../testing/command.js';

const race = `import { actors, config, int, model, procedure, shared, source } from 'raceproof/language';
import { always } from 'raceproof/properties';

const c = source('increment.c');
const settings = config({ NR: int(1, 4).starts(2) });
const state = shared({ counter: int(0, 4) });
const increment = procedure('increment', { mine: int(0, 4) }, ({ mine }) => ({
  load: c\`mine = counter\`(mine.set(state.counter)),
  store: c\`counter = mine + 1\`(state.counter.set(mine.plus(1))),
}));
const adder = actors('adder', settings.NR, increment);
const race = model('race', { about: 'the lost update', settings, state, actors: [adder] });
export { race as model };
export const properties = {
  no_lost_update: always(adder.all((x: { done: any }) => x.done).implies(state.counter.eq(settings.NR))),
};
`;
const manifest = `export const manifest = [
  { settings: { NR: 1 }, violated: {}, states: 3 },
  { settings: {}, violated: { no_lost_update: 4 }, states: 12 },
];
`;

let project: ReturnType<typeof folder>;
const put = (name: string, text: string) => writeFileSync(join(project.path, name), text);
const read = (name: string) => readFileSync(join(project.path, name), 'utf8');
const rows = (...all: object[]) =>
  put('raceproof.config.json', JSON.stringify({ models: [{ model: './race.ts', rows: all }] }, null, 2));
/** In the project, with a cache that is its own. */
const run = (...args: string[]) => raceproof(['test', '--cache-dir=cache', ...args], { cwd: project.path });

beforeEach(() => {
  project = folder({ 'race.ts': race });
});
afterEach(() => project.remove());

describe('raceproof test', () => {
  test('runs the rows of the nearest project, and is content if all are as expected', async () => {
    rows({ settings: { NR: 1 }, verdict: 'holds' }, { settings: { NR: 3 }, violated: ['no_lost_update'] });
    expect(await run()).toEqual({
      status: 0,
      stdout: `ok    race.ts NR=1: holds, 3 states
ok    race.ts NR=3: violated: no_lost_update in 6 steps, 59 states

2 rows: 2 as expected
`,
      stderr: '',
    });
  });

  test('says of a surprise what differs, the row as it would be, and how to see it alone, and shows the trace', async () => {
    rows({ settings: { NR: 2 }, violated: { no_lost_update: 5 }, states: 12 });
    const { status, stdout } = await run();
    expect(status).toBe(22);
    expect(stdout).toContain(`
race.ts NR=2
  no_lost_update: expected violated in 5 steps, found violated in 4 steps
  the row as it would be now, at raceproof.config.json: models[0].rows[0]:
    { settings: { NR: 2 }, violated: { no_lost_update: 4 }, states: 12 }
  alone: raceproof check race.ts --set NR=2

no_lost_update: violated in 4 steps
`);
  });

  test('runs the manifest of a model file, those under a folder, and a model of the package', async () => {
    put('race.ts', race + manifest);
    put('notes.ts', 'export const manifest = [];\n');
    const [file, all, own] = [await run('race.ts'), await run('.'), await run('increment')];
    expect(file.stdout).toContain('2 rows: 2 as expected');
    expect(all.stdout).toBe(file.stdout);
    expect(own.stdout).toContain('4 rows: 4 as expected');
    expect([file.status, all.status, own.status]).toEqual([0, 0, 0]);
  });

  test('runs a project file in TypeScript', async () => {
    put(
      'raceproof.config.ts',
      `const NRS: readonly number[] = [1];
export default { models: [{ model: './race.ts', rows: NRS.map((NR) => ({ settings: { NR }, states: 3 })) }] };
`,
    );
    expect((await run()).stdout).toContain('1 row: 1 as expected');
  });

  test('reports a row that cannot be run as an error with its place, and runs the others', async () => {
    rows({ settings: { NR: 9 } }, { settings: { NR: 1 }, states: 3 });
    const { status, stdout } = await run();
    expect(status).toBe(2);
    expect(stdout).toContain('ERROR race.ts NR=9: NR=9: not in int(1, 4)');
    expect(stdout).toContain('2 rows: 1 as expected, 1 error');
  });

  test('ends with 70 for a bug of raceproof in a row, says so in that row, and runs the others', async () => {
    // No model may do so; but nothing of raceproof is to fail on a row without being noticed.
    put('broken.ts', `${race}JSON.stringify = () => {\n  throw new Error('out of order');\n};\n`);
    const models = [
      { model: './broken.ts', rows: [{ settings: { NR: 1 } }] },
      { model: './race.ts', rows: [{ settings: { NR: 2 }, states: 3 }] },
    ];
    put('raceproof.config.json', JSON.stringify({ models }));
    const { status, stdout } = await run('--jobs=2');
    expect(status).toBe(70);
    expect(stdout).toContain('ERROR broken.ts NR=1: internal error: out of order (a bug in raceproof, ');
    expect(stdout).toContain('WRONG race.ts NR=2: ');
    expect(stdout).toContain('2 rows: 0 as expected, 1 not, 1 error');
  });

  test('calls a row incomplete that a limit stops', async () => {
    rows({ settings: { NR: 4 }, verdict: 'holds' }, { settings: { NR: 4 }, verdict: 'incomplete' });
    const { status, stdout } = await run('--max-states=20');
    expect(status).toBe(22);
    expect(stdout).toContain('verdict: expected holds, found incomplete: stopped at 20 states');
    expect(stdout).toContain('2 rows: 1 as expected, 1 not');
  });
});

describe('a model file', () => {
  test('may write to stdout: that goes to stderr, and is no answer', async () => {
    put('race.ts', `import { writeSync } from 'node:fs';\nwriteSync(1, 'hello\\n');\n${race}`);
    rows({ settings: { NR: 1 }, states: 3 });
    expect(await run()).toEqual({
      status: 0,
      stdout: 'ok    race.ts NR=1: holds, 3 states\n\n1 row: 1 as expected\n',
      stderr: 'hello\n',
    });
  });
  test('that waits for what never comes is an error of its row', async () => {
    put('race.ts', `${race}await new Promise(() => {});\n`);
    rows({ settings: { NR: 1 } });
    const { status, stdout } = await run();
    expect(status).toBe(2);
    expect(stdout).toContain('ERROR race.ts NR=1: race.ts');
  });
});

describe('the cache', () => {
  test('keeps results under what they depend on, and a change of the model explores it again', async () => {
    rows({ settings: { NR: 1 }, states: 3 });
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    expect(readdirSync(join(project.path, 'cache'))).toHaveLength(1);
    put('race.ts', race.replace('mine.plus(1)', 'mine'));
    expect((await run()).status).toBe(0);
    expect(readdirSync(join(project.path, 'cache'))).toHaveLength(2);
    await run('--engine=reference');
    expect(readdirSync(join(project.path, 'cache'))).toHaveLength(3);
  });
  test('never shows a place as it was from another folder', async () => {
    put('race.ts', race + manifest.replace('no_lost_update: 4', 'no_lost_update: 5'));
    const options = (report: string) => [
      `--cache-dir=${join(project.path, 'cache')}`,
      `--report=sarif:${join(project.path, report)}`,
    ];
    const places = (report: string) => [...new Set(read(report).match(/"uri": .*/g))];
    await raceproof(['test', 'race.ts', ...options('a.json')], { cwd: project.path });
    const file = join(basename(project.path), 'race.ts');
    await raceproof(['test', file, ...options('b.json')], { cwd: dirname(project.path) });
    expect(places('a.json')).toEqual(['"uri": "race.ts"']);
    expect(places('b.json')).toEqual([`"uri": "${file}"`]);
  });
  test('is not used where a file of it is damaged, and that is said', async () => {
    rows({ settings: { NR: 1 }, states: 3 });
    const first = await run();
    const [name] = readdirSync(join(project.path, 'cache'));
    put(`cache/${name}`, read(`cache/${name}`).replace('"states":3', '"states":4'));
    const again = await run();
    expect([again.status, again.stdout]).toEqual([0, first.stdout]);
    expect(again.stderr).toContain('is damaged, and is not used');
  });
  test('is left alone by --no-cache, and one that cannot be written is no error', async () => {
    rows({ settings: { NR: 1 }, states: 3 });
    expect((await raceproof(['test', '--no-cache'], { cwd: project.path })).status).toBe(0);
    expect(existsSync(join(project.path, 'cache'))).toBe(false);
    put('file', '');
    expect((await raceproof(['test', '--cache-dir=file'], { cwd: project.path })).status).toBe(0);
  });
});

describe('--update', () => {
  test('rewrites rows of JSON', async () => {
    rows({ settings: { NR: 2 }, violated: { no_lost_update: 5 } }, { settings: { NR: 1 }, states: 3 });
    const { status, stdout } = await run('--update');
    expect(status).toBe(22);
    expect(stdout).toContain(
      'rewritten: raceproof.config.json: models[0].rows[0]: { settings: { NR: 2 }, violated: { no_lost_update: 4 } }',
    );
    expect((await run()).stdout).toContain('2 rows: 2 as expected');
  });
  test('rewrites a row of a manifest where it is written as an object, and nothing around it', async () => {
    const wrong = `${race}const states = 13;
export const manifest = [{ settings: { NR: 1 }, states: 4 /* why */ }, // stays
  { settings: {}, states }, Object({ settings: {}, states }), ...[{ settings: {}, states }], { settings: {}, states }];
`;
    put('race.ts', wrong);
    const { stdout } = await run('race.ts', '--update');
    expect(read('race.ts')).toBe(
      wrong
        .replace('{ settings: { NR: 1 }, states: 4 /* why */ }', '{ settings: { NR: 1 }, states: 3 }')
        .replace('{ settings: {}, states }', '{ settings: {}, states: 12 }'),
    );
    expect(stdout.match(/not rewritten: .*by hand: \{ settings: \{\}, states: 12 \}/g)).toHaveLength(3);
  });
});

describe('reports', () => {
  test('are written, several at once, and annotations go to stdout', async () => {
    rows({ settings: { NR: 2 }, violated: {} });
    const summary = join(project.path, 'summary.md');
    const args = ['junit:a.xml', 'sarif:b.json', 'json:c.json', 'markdown:d.md', 'github'].map(
      (to) => `--report=${to}`,
    );
    const { status, stdout } = await raceproof(['test', '--no-cache', ...args], {
      cwd: project.path,
      env: { GITHUB_STEP_SUMMARY: summary },
    });
    expect(status).toBe(22);
    expect(stdout).toContain(
      '::error file=race.ts,line=9,title=raceproof%3A race.ts NR=2::no_lost_update: expected holds',
    );
    expect(read('a.xml')).toContain('<failure type="unexpected"');
    expect(JSON.parse(read('b.json')).runs[0].results).toHaveLength(1);
    expect(JSON.parse(read('c.json')).counts.unexpected).toBe(1);
    expect(read('summary.md')).toBe(read('d.md'));
  });
  test('for code scanning have places from the root of the repository, whatever the folder is', async () => {
    mkdirSync(join(project.path, '.git'));
    mkdirSync(join(project.path, 'sub'));
    put('sub/race.ts', race + manifest.replace('no_lost_update: 4', 'no_lost_update: 5'));
    const args = ['test', 'race.ts', '--no-cache', '--report=sarif:b.json'];
    await raceproof(args, { cwd: join(project.path, 'sub') });
    expect([...new Set(read('sub/b.json').match(/"uri": .*/g))]).toEqual(['"uri": "sub/race.ts"']);
  });
  test('go to where a link leads, and to a device as it is', async () => {
    rows({ settings: { NR: 1 }, states: 3 });
    put('real.xml', 'old');
    symlinkSync('real.xml', join(project.path, 'link.xml'));
    const { status, stdout } = await run('--report=junit:link.xml', '--report=json:/dev/null');
    expect([status, stdout.includes('1 row: 1 as expected')]).toEqual([0, true]);
    expect(read('real.xml')).toContain('<testsuites');
    expect(lstatSync(join(project.path, 'link.xml')).isSymbolicLink()).toBe(true);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });
  test('that cannot be written are refused before anything is explored', async () => {
    rows({ settings: { NR: 1 } });
    expect(await run('--report=junit:nowhere/a.xml')).toMatchObject({ status: 74, stdout: '' });
  });
});

describe('a suite that is stopped', () => {
  /** A model that is lowered for ever. */
  const endless = `${race.replace('({ mine }) => ({', '({ mine }) => forever() ?? ({')}
function forever(): undefined {
  for (;;);
}
`;
  const args = ['--no-cache', '--jobs=1', '--report=junit:a.xml', '--report=json:c.json'];
  const counts = () => JSON.parse(read('c.json')).counts;

  test('by --max-seconds writes whole reports of what was done, and ends with 3', async () => {
    put('race.ts', endless + manifest);
    const { status, stdout } = await run('race.ts', '--max-seconds=4', ...args);
    expect(status).toBe(3);
    expect(stdout).toContain('2 rows: 0 as expected, 2 not run; stopped at 4 seconds');
    expect(read('a.xml').match(/<skipped\/>/g)).toHaveLength(2);
    expect(counts()).toEqual({ expected: 0, unexpected: 0, error: 0, 'not run': 2 });
  });

  test('by SIGTERM does so too, and ends with 143', async () => {
    put('first.ts', race + manifest);
    put('race.ts', endless + manifest);
    const child = start(['test', 'first.ts', 'race.ts', ...args], { cwd: project.path });
    const outcome = finished(child);
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (text: string) => text.includes('12 states') && resolve());
    });
    child.kill('SIGTERM');
    expect((await outcome).status).toBe(143);
    expect(counts()).toEqual({ expected: 2, unexpected: 0, error: 0, 'not run': 2 });
  });

  test('by a signal to all of its processes, as Ctrl-C in a terminal, blames no row', async () => {
    put('first.ts', race + manifest);
    put('race.ts', endless + manifest);
    const child = start(['test', 'first.ts', 'race.ts', ...args], { cwd: project.path, detached: true });
    const outcome = finished(child);
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (text: string) => text.includes('12 states') && resolve());
    });
    process.kill(-child.pid!, 'SIGINT');
    expect((await outcome).status).toBe(130);
    expect(counts()).toEqual({ expected: 2, unexpected: 0, error: 0, 'not run': 2 });
  });

  test.each([
    // The reference engine needs hours for its states.
    ['searches', "(process.stderr.write('begun'), {"],
    ['lowers a model that never returns', "(process.stderr.write('begun') && forever(), {"],
  ])('by SIGKILL leaves no process that %s', { timeout: 60_000 }, async (_, body) => {
    const long = endless
      .replaceAll('int(0, 4)', 'int(0, 100_000)')
      .replace('forever() ?? ({', body)
      .replace(
        '  load:',
        '  wait: While(mine.lt(100_000), { more: c`mine++`(mine.set(mine.plus(1))) }),\n  load:',
      )
      .replace('source }', 'source, While }');
    put('race.ts', long);
    rows({ settings: { NR: 2 }, verdict: 'holds' });
    const child = start(['test', '--engine=reference', '--no-cache', '--jobs=1'], {
      ...{ cwd: project.path, detached: true },
    });
    // Of a test that fails nothing may search on, either.
    onTestFinished(() => {
      if (isRunning(-child.pid!)) process.kill(-child.pid!, 'SIGKILL');
    });
    const outcome = finished(child);
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (text: string) => text.includes('begun') && resolve());
    });
    child.kill('SIGKILL');
    // The process that searches has the same stderr, so this waits for the end of both.
    expect((await outcome).status).toBe(null);
  });

  test('whose process dies reports the row as an error, and runs the others', async () => {
    put(
      'race.ts',
      race.replace('({ mine }) => ({', "({ mine }) => (process.kill(process.pid, 'SIGKILL'), {"),
    );
    rows({ settings: { NR: 1 } });
    const { status, stdout } = await run();
    expect(status).toBe(2);
    expect(stdout).toContain('ERROR race.ts NR=1: ');
  });
});

test('a folder is searched past what editors hide in it, and what it has and cannot be read is named', async () => {
  put('race.ts', race + manifest);
  symlinkSync('me@host.17', join(project.path, '.#race.ts'));
  expect(await run('.', '--no-cache')).toMatchObject({ status: 0 });
  symlinkSync('nothing', join(project.path, 'gone.ts'));
  const { status, stderr } = await run('.', '--no-cache');
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^raceproof: cannot read gone\.ts: ENOENT[^\n]*\n$/),
  });
});

describe('mistakes', () => {
  test.each([
    [['nowhere.ts'], "raceproof: no file, folder or model 'nowhere.ts'"],
    [['race.ts'], 'raceproof: race.ts exports no manifest, and no project file has rows for it: '],
    [['bad.json'], 'raceproof: bad.json is not JSON: '],
    [['--report=junit'], 'raceproof: --report=junit: write --report=junit:FILE'],
    [
      ['--report=junot:x'],
      "raceproof: --report=junot:x: not one of junit, sarif, json, markdown, github; did you mean 'junit'?",
    ],
    [['--report=github:x'], 'raceproof: --report=github:x: github has no file'],
    [
      ['--report=junit:a', '--report=json:./a'],
      'raceproof: --report: two reports cannot go to one file, ./a',
    ],
    [['throws.config.ts'], 'raceproof: throws.config.ts:2: no rows today'],
    [['list.config.ts'], 'raceproof: list.config.ts: [] is no object'],
  ])('%j is one line and status 2', async (args, message) => {
    put('bad.json', '{');
    put('throws.config.ts', "const x = 1;\nthrow new Error('no rows today');\n");
    put('list.config.ts', 'export default [];\n');
    const { status, stderr, stdout } = await called(['test', '--no-cache', ...args], { cwd: project.path });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

test("this repository's own project names every model that comes with the package", () => {
  const { models } = JSON.parse(
    readFileSync(new URL('../../raceproof.config.json', import.meta.url), 'utf8'),
  );
  expect(models).toEqual(modelNames);
});
