// A bug ends its actor, a domain error the run, a warning nothing: the report says which it was.

import { afterAll, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const files = folder({
  'soft.ts': `import { actor, config, expects, expectsSoftly, given, int, model as define, not, procedure, shared, source } from 'raceproof/language';
import { always } from 'raceproof/properties';
const c = source('mm/slub.c');
const settings = config({ BUG: int(0, 1) });
const state = shared({ n: int(0, 3) });
const p = procedure('p', () => ({
  free: c\`free\`(
    given(settings.BUG.eq(0), expectsSoftly(state.n.gt(0), 'WARNING: n')),
    given(settings.BUG.eq(1), expects(state.n.gt(0), 'BUG: n')),
    state.n.set(2),
  ),
}));
export const model = define('soft', { about: 'x', settings, state, actors: [actor('p', p)] });
export const properties = { small: always(state.n.lt(2)), range: always(state.n.lt(3)) };
`,
});
afterAll(files.remove);
const check = (...options: readonly string[]) =>
  called(['check', 'soft.ts', ...options], { cwd: files.path });
const ended = 'a warning ends no run: what happens after it was explored too';

test('a warning is found beside what happens after it, and both are said', async () => {
  const { status, stdout } = await check();
  expect(status).toBe(12);
  expect(stdout).toMatch(/violated in 1 step +always +small/);
  expect(stdout).toMatch(/holds +always +range/);
  expect(stdout).toMatch(/violated in 1 step +assertion +WARNING: n/);
  expect(stdout).toContain(ended);
});

test('after a bug the actor does nothing more, so nothing is said of what would follow', async () => {
  const { status, stdout } = await check('--set', 'BUG=1');
  expect(status).toBe(14);
  expect(stdout).toMatch(/holds +always +small/);
  expect(stdout).not.toContain(ended);
});

test('JSON has the severity of an assertion, and of nothing else', async () => {
  const severities = async (...options: readonly string[]) => {
    const { stdout } = await check('--format=json', ...options);
    const { properties } = JSON.parse(stdout);
    return properties.map(({ name, severity }: { name: string; severity?: string }) => [name, severity]);
  };
  const others = [
    ['no deadlock', undefined],
    ['no actor is stuck', undefined],
    ['no value out of range', undefined],
  ];
  const stated = [
    ['small', undefined],
    ['range', undefined],
  ];
  expect(await severities()).toEqual([...stated, ['WARNING: n', 'warning'], ...others]);
  expect(await severities('--set', 'BUG=1')).toEqual([...stated, ['BUG: n', 'bug'], ...others]);
});
