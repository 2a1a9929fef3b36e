// That a command called in the process of a test says what it says as a process of its own: every command, to people and
// to programs, what goes to stderr, mistakes, and model files.

import { afterAll, expect, test } from 'vitest';
import { called, folder, raceproof } from './command.js';

const files = folder({
  'mine.ts': `import { actor, int, model, procedure, shared, source } from 'raceproof/language';
import { always } from 'raceproof/properties';
const c = source('x.c');
const state = shared({ x: int(0, 2) });
const { x } = state;
const p = procedure('p', () => ({ one: c\`x = 1\`(x.set(1)), two: c\`x = 2\`(x.set(2)) }));
const mine = model('mine', { about: 'a model of a user', state, actors: [actor('a', p)] });
export { mine as model };
export const properties = { small: always(x.le(1)) };
`,
  'throws.ts': 'const x: number = 1;\n\nthrow new Error("out of ideas");\n',
});
afterAll(files.remove);
const here = { cwd: files.path };

test.each([
  [['--version']],
  [['list']],
  [['show', 'mine.ts']],
  [['check', 'mine.ts']],
  [['check', 'increment', '--format=json', '--max-states=5']],
  [['compare', 'peterson', '--width=200']],
  [['export', 'increment', '--to=promela']],
  [['render', 'mine.ts', '--format=markdown']],
  [['explain', 'increment']],
  [['replay', 'gone.json']],
  [['simulate', 'increment', '--seed=1', '--walks=50']],
  [['check', 'throws.ts']],
  [['chekc', 'increment']],
])('raceproof %j', async (args) => {
  expect(await called(args, here)).toEqual(await raceproof(args, here));
});
