// What the commands say of actors that are stuck, and of the check where it was left out.

import { afterAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const words = `import { actor, bool, config, Goto, given, int, model as define, not, procedure, rests, shared, source, when } from 'raceproof/language';
const c = source('kernel/kthread.c');
`;
const files = folder({
  // A kthread that is not woken beside a timer.
  'wake.ts': `${words}
const settings = config({ WAKES: bool(), IDLES: bool() });
const state = shared({ woken: bool(), jiffies: bool() });
const { woken, jiffies } = state;
const tick = procedure('tick', () => ({ tick: c\`jiffies++\`(jiffies.set(not(jiffies))), again: Goto('tick') }));
const kthread = procedure('kthread', () => ({
  start: c\`prepare\`(),
  wait: c\`schedule()\`(given(settings.IDLES, rests()), when(woken)),
}));
const wake = procedure('wake', () => ({ wake: c\`wake_up()\`(given(settings.WAKES, woken.set(true))) }));
export const model = define('wake', {
  about: 'a wakeup that is missing', settings, state,
  actors: [actor('kthread', kthread), actor('timer', tick), actor('waker', wake)],
});
`,
  // Nobody is stuck, but it takes the graph of 131,072 states to see that.
  'wide.ts': `${words}
const state = shared({ a: int(0, 15), b: int(0, 15), c: int(0, 15), d: int(0, 15) });
const count = (name, to) => actor(name, procedure(name, () => ({ i: c\`i++\`(to.set(to.plus(1).mod(16))), again: Goto('i') })));
const late = procedure('late', () => ({ wait: c\`wait\`(when(state.a.eq(state.b))) }));
export const model = define('wide', {
  about: 'four counters', state,
  actors: [count('p', state.a), count('q', state.b), count('r', state.c), count('s', state.d), actor('late', late)],
});
`,
});
afterAll(files.remove);
const run = (...args: readonly string[]) => called(args, { cwd: files.path });

describe('an actor that is stuck', () => {
  test('is a violation with the exit status of a deadlock, and the trace says who, and where', async () => {
    const { status, stdout } = await run('check', 'wake.ts');
    expect(status).toBe(11);
    expect(stdout).toContain('wake: violated: no actor is stuck in 1 step');
    expect(stdout).toContain('kthread is stuck at kthread.wait: no run from here lets it go on');
    expect(stdout).toMatch(/waits at kthread\.wait\n.*until woken/);
  });

  test('is none once it is woken, or rests there, or nobody asks', async () => {
    expect((await run('check', 'wake.ts', '--set', 'WAKES=true')).status).toBe(0);
    expect((await run('check', 'wake.ts', '--set', 'IDLES=true')).status).toBe(0);
    const { status, stdout } = await run('check', 'wake.ts', '--without=stuck');
    expect([status, stdout.includes('no actor is stuck')]).toEqual([0, false]);
  });

  test('has no essence, as its end is about all that may follow', async () => {
    const { status, stderr } = await run('explain', 'wake.ts');
    expect([status, stderr]).toEqual([
      21,
      expect.stringContaining("'no actor is stuck' is about all that may follow"),
    ]);
  });

  test.each(['json', 'html', 'markdown', 'mermaid', 'svg', 'itf'])('is rendered as %s', async (format) => {
    const { status, stdout } = await run('render', 'wake.ts', `--format=${format}`);
    expect([status, stdout.includes('stuck')]).toEqual([0, true]);
  });
});

describe('where too much memory is asked for', () => {
  const left = "'no actor is stuck' is not checked unasked beyond 6 MiB of memory; everything else was";

  test('it is not checked, and said so; everything else was, and holds', async () => {
    const { status, stdout } = await run('check', 'wide.ts', '--max-memory=6');
    expect(status).toBe(0);
    expect(stdout).toMatch(/holds +deadlock +no deadlock\n +not checked +stuck +no actor is stuck\n/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(left);
  });

  test('JSON names the limit', async () => {
    const { stdout } = await run('check', 'wide.ts', '--max-memory=6', '--format=json');
    const { verdict, exploration, properties } = JSON.parse(stdout);
    expect([verdict, exploration.exhaustive]).toEqual(['holds', true]);
    expect(properties.find(({ expectation }: { expectation: string }) => expectation === 'stuck')).toEqual({
      ...{ name: 'no actor is stuck', expectation: 'stuck', verdict: 'unchecked', trace: null },
      ...{ reason: '6 MiB of memory' },
    });
  });

  test('and it was asked for, the answer is incomplete', async () => {
    const { status, stdout } = await run('check', 'wide.ts', '--max-memory=6', '--stuck');
    expect([status, stdout]).toEqual([3, expect.stringMatching(/unknown +stuck +no actor is stuck\n/)]);
  });
});
