// --without=NAME: which built-in checks of locks a command leaves out.

import { describe, expect, test } from 'vitest';
import { checkNames } from '../../checker/index.js';
import { called, folder } from '../testing/command.js';

const files = folder({
  'kept.ts': `import { spin_lock, spinlock } from 'raceproof/kernel';
import { actor, model as define, procedure, shared } from 'raceproof/language';
const state = shared({ ptl: spinlock() });
const p = procedure('p', () => ({ lock: spin_lock(state.ptl), again: spin_lock(state.ptl) }));
export const model = define('kept', { about: 'x', state, actors: [actor('p', p)] });
`,
});
const check = (...options: readonly string[]) => called(['check', `${files.path}/kept.ts`, ...options]);

describe('--without', () => {
  test('switches off the check that it names, and no other', async () => {
    expect((await check()).stdout).toContain('BUG: spinlock recursion (ptl)');
    expect((await check()).status).toBe(14);
    const off = await check('--without=lock-recursion', '--without=lock-held');
    expect(off.stdout).not.toContain('recursion');
    expect(off.status).toBe(11);
  });

  test('names the checks that there are', async () => {
    const { status, stderr } = await check('--without=lock-hold');
    expect(status).toBe(2);
    expect(stderr).toContain('--without=lock-hold: no such check');
    expect(stderr).toContain("did you mean 'lock-held'?");
  });

  test('is told by the help, with every name', async () => {
    const { stdout } = await called(['check', '--help']);
    for (const name of checkNames) expect(stdout).toContain(name);
  });
});
