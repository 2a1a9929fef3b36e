// Steps that a memory model takes for one atomic operation, though the model does not say that they are: what rests on them
// says so, in text, in JSON and, with --strict, by the exit status.

import { afterAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const files = folder({
  // Store buffering, which a second access in each step of a store hides.
  'buffering.ts': `import { actor, bool, config, If, int, model, oneOf, perActor, procedure, shared, source } from 'raceproof/language';
import { READ_ONCE, WRITE_ONCE } from 'raceproof/kernel';
import { never } from 'raceproof/properties';

const c = source('kernel/x.c');
const state = shared({ x: bool(), y: bool(), log: bool() });
const { x, y, log } = state;
const settings = config({ way: oneOf('alone', 'marked', 'plain') });
const { way } = settings;
const seen = perActor('seen', bool());
const half = (name, to, from) => actor(name, procedure(name, () => ({
  store: If(way.is('alone'), { once: WRITE_ONCE(to, true) })
    .ElseIf(way.is('marked'), { both: WRITE_ONCE(to, true, log.set(true)) })
    .Else({ plain: c\`store, log\`(to.set(true), log.set(true)) }),
  load: seen.mine.assign(READ_ONCE(from)),
})));
const [p, q] = [half('p', x, y), half('q', y, x)];
export const properties = {
  one_sees: never(p.done.and(q.done).and(seen.of(p).eq(false)).and(seen.of(q).eq(false)), 'one of them sees the other'),
};
const buffering = model('buffering', { about: 'store buffering', settings, state, actors: [p, q] });
export { buffering as model };
`,
  'counting.ts': `import { actor, bool, config, If, int, model, oneOf, procedure, shared, source } from 'raceproof/language';
import { atomic_inc, READ_ONCE, WRITE_ONCE } from 'raceproof/kernel';

const c = source('kernel/x.c');
const state = shared({ n: int(0, 2) });
const { n } = state;
const settings = config({ way: oneOf('plain', 'marked', 'atomic') });
const { way } = settings;
const count = procedure('count', () => ({
  inc: If(way.is('plain'), { add: c\`n++\`(n.inc()) })
    .ElseIf(way.is('marked'), { once: WRITE_ONCE(n, READ_ONCE(n).plus(1)) })
    .Else({ atomic: atomic_inc(n) }),
}));
export const properties = {};
const counting = model('counting', { about: 'a counter', settings, state, actors: [actor('p', count), actor('q', count)] });
export { counting as model };
`,
});
afterAll(() => files.remove());

const run = (...args: readonly string[]) => called(args, { cwd: files.path });
/** Without the places where lines are broken. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('check --memory=tso', () => {
  const check = (way: string, ...more: readonly string[]) =>
    run('check', 'buffering.ts', '--memory=tso', `--set=way=${way}`, ...more);

  test('finds store buffering where each step makes one access, with nothing to note', async () => {
    const { status, stdout } = await check('alone', '--strict');
    expect(status).toBe(12);
    expect(stdout).not.toContain('note:');
    expect(JSON.parse((await check('alone', '--format=json')).stdout).exploration).not.toHaveProperty(
      'coarse',
    );
  });

  test('names the line of a marked access that a second access hides, and fails with --strict', async () => {
    const { status, stdout } = await check('marked');
    expect(status).toBe(0);
    expect(flat(stdout)).toContain(
      'note: under x86-TSO p.both (buffering.ts:13) is taken for one locked instruction, since it accesses x and log in one step; READ_ONCE(), WRITE_ONCE() and their like are plain loads and stores: make a step of each access',
    );
    expect((await check('marked', '--strict')).status).toBe(10);
    const { exploration } = JSON.parse((await check('marked', '--format=json')).stdout);
    expect(exploration.coarse).toEqual([
      { label: 'p.both', source: 'buffering.ts:13', accesses: ['x', 'log'], marked: true },
      { label: 'q.both', source: 'buffering.ts:13', accesses: ['y', 'log'], marked: true },
    ]);
  });

  test('names plain steps of several accesses in one sentence, and fails with --strict', async () => {
    const { status, stdout } = await check('plain', '--strict');
    expect(status).toBe(10);
    expect(flat(stdout)).toContain('is not explored there: p.plain, q.plain');
    // Interleavings take no step for an instruction.
    expect((await run('check', 'buffering.ts', '--set=way=plain', '--strict')).status).toBe(0);
  });
});

test('compare --memory=tso notes on which steps the cells that hold rest', async () => {
  const { stdout } = await run('compare', 'buffering.ts', '--over=way', '--memory=tso');
  expect(flat(stdout)).toContain('note: under x86-TSO p.both is taken for one locked instruction');
  const { cells } = JSON.parse(
    (await run('compare', 'buffering.ts', '--over=way', '--memory=tso', '--format=json')).stdout,
  );
  const coarse = cells.map(({ exploration }: { exploration: { coarse?: readonly { label: string }[] } }) =>
    exploration.coarse?.map(({ label }) => label),
  );
  expect(coarse).toEqual([undefined, ['p.both', 'q.both'], ['p.plain', 'q.plain']]);
});

describe('litmus', () => {
  const litmus = (way: string, ...more: readonly string[]) =>
    run('litmus', 'counting.ts', '--plain=once', `--set=way=${way}`, ...more);

  test('says which step is taken for one atomic operation, and fails with --strict', async () => {
    expect(flat((await litmus('plain')).stdout)).toContain(
      'count.add reads and writes n in one step and says nothing of order: taken as one relaxed atomic operation',
    );
    expect(flat((await litmus('marked')).stdout)).toContain(
      'count.once reads and writes n in one step: taken as one relaxed atomic operation, which READ_ONCE() and WRITE_ONCE() are not; make a step of each access',
    );
    const statuses = ['plain', 'marked', 'atomic'].map(async (way) => (await litmus(way, '--strict')).status);
    expect(await Promise.all(statuses)).toEqual([10, 10, 0]);
    expect((await litmus('plain')).status).toBe(0);
    const json = JSON.parse((await litmus('marked', '--format=json')).stdout);
    expect(json.coarse).toEqual([{ label: 'count.once', line: 11, accesses: ['n'], marked: true }]);
  });
});

test('barriers notes the same', async () => {
  expect(flat((await run('barriers', 'buffering.ts', '--memory=tso', '--set=way=plain')).stdout)).toContain(
    'is not explored there: p.plain, q.plain.',
  );
  expect((await run('barriers', 'counting.ts', '--plain=once')).stdout).toContain(
    'counting.ts: note: count.add reads and writes n in one step',
  );
});
