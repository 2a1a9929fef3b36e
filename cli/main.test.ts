// The command as a whole: its exit statuses, what it says to mistakes, and how it behaves among other commands.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { called, finished, folder, packageCopy, raceproof, start } from './testing/command.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A model file with a state x, the steps of one actor p, and properties. */
const modelFile = (steps: string, properties = '', domain = 'int(0, 1)') => `
import { actor, int, model, procedure, shared, source, when } from 'raceproof/language';
import { bugOn, spin_lock, spinlock } from 'raceproof/kernel';
import { always, sometimes } from 'raceproof/properties';
const c = source('x.c');
const state = shared({ x: ${domain}, lock: spinlock() });
const { x, lock } = state;
const p = procedure('p', () => ({ ${steps} }));
const mine = model('mine', { about: 'a model of a user', state, actors: [actor('a', p)] });
export { mine as model };
export const properties = { ${properties} };
`;

const files = folder({
  'holds.ts': modelFile('one: c`x = 1`(x.set(1))', 'ok: always(x.le(1)), reaches_one: sometimes(x.eq(1))'),
  'deadlock.ts': modelFile('one: c`wait`(when(x.eq(1)))'),
  'unreached.ts': modelFile('one: c`x = 1`(x.set(1))', 'reaches_two: sometimes(x.eq(2))'),
  'bug.ts': modelFile('one: c`x = 1`(x.set(1)), two: bugOn(x.eq(1), "BUG_ON(x == 1)")'),
  'fault.ts': modelFile('one: c`x++`(x.inc()), two: c`x++`(x.inc())'),
  'empty_domain.ts': modelFile('one: c`x = 1`(x.set(1))', '', 'int(3, 1)'),
  'throws.ts': 'const x: number = 1;\n\nthrow new Error("out of ideas");\n',
  'misspelt.ts': 'const x: number = 1;\nconst y: = 2;\n',
  'misspelt.mjs': 'const x = 1;\n\nconst y = = 2;\n',
  'enum.ts': '// TypeScript that is more than types\nenum A { b }\n',
  'nothing.ts': 'export const modle = 1;\n',
  'imports_nothing.ts': "import type { Model } from 'raceproof/language';\nimport { x } from './gone.js';\n",
  'imports_unknown.ts': "\n\nimport { x } from 'raceproof/lnguage';\n",
  'never_loaded.ts': 'await new Promise(() => {});\n',
  'never_lowered.ts': modelFile('...(() => { for (;;); })()'),
  'split.ts': "export { model, properties } from './holds.js';\n",
});
afterAll(files.remove);

const linux = process.platform === 'linux';
const here = { cwd: files.path };

describe.concurrent('the exit status is the verdict:', () => {
  test.each([
    [0, 'all hold', ['check', 'holds.ts']],
    [0, 'all hold, in TypeScript over two files', ['check', 'split.ts']],
    [3, 'too many states', ['check', 'increment', '--max-states=3']],
    [3, 'too deep', ['check', 'increment', '--max-depth=1']],
    [11, 'a deadlock', ['check', 'deadlock.ts']],
    [12, 'an always that is false', ['check', 'increment']],
    [12, 'a sometimes that is never true', ['check', 'unreached.ts']],
    [12, 'a value outside its domain', ['check', 'fault.ts']],
    [14, 'an assertion in the code', ['check', 'bug.ts']],
    [0, 'a list', ['list']],
    [0, 'help', ['--help']],
  ])('%i for %s', async (status, _, args) => {
    const outcome = await raceproof(args, here);
    expect(outcome).toMatchObject({ status, stderr: '' });
    expect(outcome.stdout).not.toBe('');
  });
});

describe('a mistake is reported in one line, with status 2:', () => {
  test.each([
    [['check', 'no_such_model'], "raceproof: no model 'no_such_model' ('raceproof list' names them)"],
    [['check', 'gone.ts'], "raceproof: no file 'gone.ts'"],
    [['check', 'bug'], "raceproof: no model 'bug'; did you mean './bug.ts'?"],
    [['check', './'], "raceproof: './' is a folder: name the model's file in it, such as model.ts"],
    [['check', 'thp_truncate', '--set', 'NR_MMS=0'], 'raceproof: NR_MMS=0: not in int(1, 3)'],
    [
      ['check', 'empty_domain.ts'],
      'empty_domain.ts:6: int(3, 1) is empty: the first bound is above the second',
    ],
    [['check', 'throws.ts'], 'throws.ts:3: out of ideas'],
    [['check', 'misspelt.ts'], 'misspelt.ts:2: Unexpected token `=`'],
    [['check', 'misspelt.mjs'], 'misspelt.mjs:3: Unexpected token'],
    [['check', 'enum.ts'], 'enum.ts:2: TypeScript enum is not supported in strip-only mode'],
    [
      ['check', 'nothing.ts'],
      "nothing.ts:1: this file exports no 'model' (it exports modle); did you mean 'model' instead of 'modle'?",
    ],
    [['check', 'imports_nothing.ts'], "imports_nothing.ts:2: cannot import './gone.js': no such file"],
    [
      ['check', 'imports_unknown.ts'],
      "imports_unknown.ts:3: cannot import 'raceproof/lnguage': the package has raceproof/language, /kernel and /properties",
    ],
  ])('raceproof %j', async (args, line) => {
    const { status, stdout, stderr } = await called(args, here);
    expect({ status, stdout, stderr: stderr.trimEnd() }).toEqual({ status: 2, stdout: '', stderr: line });
  });

  test('a misspelt value of a setting', async () => {
    const args = ['check', 'thp_truncate', '--set', 'fix=unmap_maping_page'];
    const { status, stdout, stderr } = await called(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^raceproof: fix=unmap_maping_page: .*; did you mean 'unmap_mapping_page'\?\n$/);
  });
});

describe.concurrent('among other commands', () => {
  test('a reader that goes away ends it quietly, and the status stays the verdict', async () => {
    const child = start(['check', 'increment', '--format=json']);
    child.stdout.destroy();
    expect(await finished(child)).toMatchObject({ status: 12, stderr: '' });
  });

  test.runIf(linux)('a full disk is said, with status 74', async () => {
    const { spawnSync } = await import('node:child_process');
    const main = join(root, 'dist/cli/main.js');
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${main}" list > /dev/full`]);
    expect(status).toBe(74);
    expect(String(stderr)).toMatch(/^raceproof: cannot write the result: ENOSPC/);
  });

  test.each([
    ['SIGINT', 130, 'Ctrl-C'],
    ['SIGTERM', 143, 'SIGTERM'],
    ['SIGHUP', 129, 'SIGHUP'],
  ] as const)('%s ends a search as incomplete, with status %i', async (signal, expected, limit) => {
    const args = ['check', 'peterson', '--set', 'NR_PROCESSES=5', '--engine=reference', '--format=json'];
    // Before the search has begun, it ends as any process does: then once more, and later.
    for (const delay of [1000, 2000, 4000, 8000, 16000]) {
      const child = start(args);
      setTimeout(() => child.kill(signal), delay);
      const { status, stdout } = await finished(child);
      if (status === null) continue;
      expect(status).toBe(expected);
      expect(JSON.parse(stdout)).toMatchObject({
        verdict: 'incomplete',
        exploration: { exhaustive: false, limit },
      });
      return;
    }
    expect.unreachable('never interrupted while it searched');
  });

  test('--max-seconds is for the whole of a comparison, which reports how far it came', async () => {
    const { status, stdout } = await raceproof(['compare', 'thp_truncate', '--max-seconds=0.5']);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^thp_truncate: .*\nstopped at 0\.5 seconds: \d+ of \d+ cells were run\n/);
  });

  test.each([
    ['loaded', 'never_loaded.ts'],
    ['lowered', 'never_lowered.ts'],
  ])('--max-seconds is heard while a model is %s', async (doing, file) => {
    const { status, stderr } = await raceproof(['check', file, '--max-seconds=4'], here);
    expect(stderr).toBe(`raceproof: stopped at 4 seconds while ${file} was ${doing}: nothing was checked\n`);
    expect(status).toBe(3);
  });

  test('a mistake of its own is one line, with status 70, and with RACEPROOF_DEBUG=1 a stack', async () => {
    const broken = packageCopy();
    const checker = join(broken.path, 'dist/cli/check.cjs');
    const text = readFileSync(checker, 'utf8');
    const mistake = "throw new ReplayError('no such step');";
    writeFileSync(
      checker,
      text.replace(/^function replay\(.*$/m, (start) => `${start} ${mistake}`),
    );
    const plain = await raceproof(['check', 'increment'], { main: broken.main });
    const debug = await raceproof(['check', 'increment'], {
      main: broken.main,
      env: { RACEPROOF_DEBUG: '1' },
    });
    broken.remove();
    expect(plain).toEqual({
      status: 70,
      stdout: '',
      stderr:
        'raceproof: internal error: no such step (a bug in raceproof, not in the model; RACEPROOF_DEBUG=1 prints the stack)\n',
    });
    expect(debug.stderr).toMatch(
      /^raceproof: internal error: ReplayError: no such step\n\s+at replay \(dist\/cli\/check\.cjs:/,
    );
  });

  test('--stats adds to stderr and leaves the result as it is', async () => {
    const [without, with_] = await Promise.all([
      called(['check', 'increment']),
      called(['check', 'increment', '--stats']),
    ]);
    expect(with_.stdout).toBe(without.stdout);
    expect(with_.stderr).toMatch(/^\d+\.\d\d s, [\d,]+ states\/s, [\d,]+ transitions\/s, \d+ MB\n$/);
  });

  test('what is not sure to be exhaustive is no proof, and says why', async () => {
    const { status, stdout } = await called(['check', 'holds.ts', '--storage=hash64'], here);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^mine: incomplete, hash64 storage: a state was missed with\n? *probability/);
  });

  test('another order of search finds the same violation', async () => {
    const { status, stdout } = await called(['check', 'increment', '--search=dfs'], here);
    expect(status).toBe(12);
    expect(stdout).toMatch(/depth first, .*; a counterexample of this search need not be the\s+shortest/s);
  });

  test('the number of workers changes nothing', async () => {
    const args = ['check', 'peterson', '--set', 'NR_PROCESSES=4', '--format=json'];
    const [one, two] = await Promise.all([called(args), called([...args, '--workers=2'])]);
    expect(two).toEqual(one);
  });

  test('both engines print the same, but for their name', async () => {
    const [compiled, reference] = await Promise.all([
      called(['check', 'increment', '--format=json']),
      called(['check', 'increment', '--format=json', '--engine=reference']),
    ]);
    expect(reference.stdout).toBe(compiled.stdout.replace('"compiled"', '"reference"'));
  });
});
