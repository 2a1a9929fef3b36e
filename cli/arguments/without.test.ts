// --without=NAME: which built-in checks a command leaves out.

import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkNames } from '../../checker/index.js';
import { called, folder } from '../testing/command.js';

const files = folder({
  'kept.ts': `import { spin_lock, spinlock } from 'raceproof/kernel';
import { actor, config, model as define, oneOf, procedure, shared } from 'raceproof/language';
const settings = config({ fix: oneOf('none') });
const state = shared({ ptl: spinlock() });
const p = procedure('p', () => ({ lock: spin_lock(state.ptl), again: spin_lock(state.ptl) }));
export const model = define('kept', {
  about: 'x', settings, state, actors: [actor('p', p)],
  comparison: { candidates: 'fix', scenarios: { alone: {} } },
});
`,
});
const check = (...options: readonly string[]) => called(['check', `${files.path}/kept.ts`, ...options]);

describe('--without', () => {
  test('switches off the check that it names, and no other', async () => {
    expect((await check()).stdout).toContain('BUG: spinlock recursion (ptl)');
    expect((await check()).status).toBe(14);
    const off = await check('--without=lock-recursion', '--without=lock-held');
    expect(off.stdout).not.toContain('BUG');
    expect(off.status).toBe(11);
  });

  test('is said in the report', async () => {
    const { stdout } = await check('--without=lock-recursion', '--without=deadlock');
    expect(stdout).toContain('note: switched off by --without: lock-recursion, deadlock');
  });

  test('is an option of every command that explores or prints the program', async () => {
    const off = '--without=lock-recursion';
    const run = (verb: string, ...options: readonly string[]) =>
      called([verb, `${files.path}/kept.ts`, ...options]);
    const firstLines = async (verb: string, ...options: readonly string[]) => {
      const given = [await run(verb, ...options), await run(verb, ...options, off)];
      return given.map(({ status, stdout }) => [status, stdout.includes('BUG: spinlock recursion')]);
    };
    expect(await firstLines('compare')).toEqual([
      [0, true],
      [0, false],
    ]);
    expect(await firstLines('render')).toEqual([
      [0, true],
      [0, false],
    ]);
    expect(await firstLines('simulate')).toEqual([
      [14, true],
      [11, false],
    ]);
    expect(await firstLines('show')).toEqual([
      [0, true],
      [0, false],
    ]);
    expect(await firstLines('export')).toEqual([
      [0, true],
      [0, false],
    ]);
    const explained = [await run('explain'), await run('explain', off)];
    expect(
      explained.map(({ stdout, stderr }) => `${stdout}${stderr}`.includes('spinlock recursion')),
    ).toEqual([true, false]);
  });

  test('is part of a saved trace, which is replayed under it', async () => {
    const { stdout } = await called([
      'render',
      `${files.path}/kept.ts`,
      '--without=lock-recursion',
      '--format=json',
    ]);
    const file = `${files.path}/kept.json`;
    writeFileSync(file, stdout);
    const model = `--model=${files.path}/kept.ts`;
    const replayed = await called(['replay', file, model, '--width=300']);
    expect([replayed.status, replayed.stdout]).toEqual([
      0,
      expect.stringContaining('the program is unchanged'),
    ]);
    const without = JSON.stringify({ ...JSON.parse(stdout), schema: 3 });
    writeFileSync(file, without.replace('"without":["lock-recursion"],', ''));
    expect((await called(['replay', file, model])).status).toBe(20);
    const refused = await called(['render', file, '--without=stuck']);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('--without is only for models'),
    ]);
  });

  test('names the checks that there are', async () => {
    const { status, stderr } = await check('--without=lock-hold');
    expect(status).toBe(2);
    expect(stderr).toContain('--without=lock-hold: no such check');
    expect(stderr).toContain("did you mean 'lock-held'?");
  });

  test.each(['check', 'compare', 'render', 'explain', 'simulate', 'show', 'export'])(
    'is listed by the help on %s, with every name',
    async (verb) => {
      const { stdout } = await called([verb, '--help']);
      for (const name of checkNames) expect(stdout).toContain(name);
    },
  );
});
