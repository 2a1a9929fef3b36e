// raceproof barriers: what it prints, and with which status it ends.

import { afterAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const files = folder({
  'mp.litmus': `C mp
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r0; int r1; r0 = READ_ONCE(*y); r1 = READ_ONCE(*x); }
exists (1:r0=1 /\\ 1:r1=0)
`,
  'endless.ts': `import { actor, bool, int, model, procedure, shared, While, yes } from 'raceproof/language';
import { bugOn, READ_ONCE, WRITE_ONCE } from 'raceproof/kernel';

const state = shared({ data: int(0, 1), ready: bool() });
const { data, ready } = state;
export const properties = {};
const writer = procedure('writer', () => ({
  round: While(yes, { data: WRITE_ONCE(data, 1), ready: WRITE_ONCE(ready, true) }),
}));
const reader = procedure('reader', () => ({ test: bugOn(READ_ONCE(data).gt(1), 'BUG_ON(data > 1)') }));
export const endless = model('endless', {
  about: 'stores without bound',
  state,
  actors: [actor('writer', writer), actor('reader', reader)],
});
export { endless as model };
`,
  'widget.ts': `import { actor, bool, int, isLive, model, object, procedure, shared } from 'raceproof/language';
import { kfree, WRITE_ONCE } from 'raceproof/kernel';
import { always, never } from 'raceproof/properties';

const state = shared({ widget: object({ n: int(0, 1) }), x: int(0, 1), y: bool() });
const { widget, x, y } = state;
const free = procedure('free', () => ({ x: WRITE_ONCE(x, 1), y: WRITE_ONCE(y, true), free: kfree(widget) }));
const other = procedure('other', () => ({ y: WRITE_ONCE(y, true) }));
const freer = actor('freer', free);
export const widget_model = model('widget', { about: 'a leak', state, actors: [freer, actor('other', other)] });
export { widget_model as model };
export const properties = {
  no_leak: never(freer.done.and(isLive(widget))),
  x_is_0: always(x.eq(0)),
};
`,
  'wrong.litmus': 'C wrong\n{}\nP0(int *x) { WRITE_ONC(*x, 1); }\nexists (x=1)\n',
});
afterAll(() => files.remove());

const barriers = (...args: readonly string[]) => called(['barriers', ...args], { cwd: files.path });

describe('barriers', () => {
  test('prints what is missing in a litmus test, and what may stand there', async () => {
    const { status, stdout, stderr } = await barriers('mp.litmus');
    expect({ status, stderr }).toEqual({ status: 12, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "mp: under the Linux-kernel memory model barriers are missing:
        exists (1:r0=1 /\\ 1:r1=0)

      All holds with 1 barrier; with fewer it does not:
        before line 4 of P1: r1 = READ_ONCE(*x): an acquire by the load before it, or smp_rmb(), or smp_mb()
      "
    `);
    expect((await barriers('mp.litmus', '--memory=tso')).status).toBe(0);
  });

  test('prints what is missing in a model', async () => {
    const { status, stdout } = await barriers('waitqueue_active');
    expect(status).toBe(12);
    expect(stdout).toMatchInlineSnapshot(`
      "waitqueue_active: not asked: sleeps_with_input: it may look at a moment at which reader is not done, and there are no such moments.
      waitqueue_active: under the Linux-kernel memory model barriers are missing:
        some actor waits for ever

      All holds with 1 barrier; with fewer it does not:
        before n_tty_receive_buf_common.look (models/barriers/waitqueue_active.ts:83): smp_mb()

      Not needed for this beside the first of these:
        release in n_tty_receive_buf_common.store (models/barriers/waitqueue_active.ts:79)
        smp_mb() in n_tty_receive_buf_common.ttwu (models/barriers/waitqueue_active.ts:85)
      All of them can go at once.
      "
    `);
  });

  test.each([
    [
      'load buffering in a model that is too large',
      ['thp_truncate', '--plain=once'],
      'incomplete: the model is too large to guess what is read before it is written, so executions with load buffering are not covered.',
      'under the Linux-kernel memory model',
    ],
    [
      'rounds of a loop that go on',
      ['endless.ts', '--unroll=1'],
      'incomplete: some executions go round a loop more often than --unroll allows; what is never there may be in them.',
      'under the Linux-kernel memory model',
    ],
    [
      'store buffers that are too small',
      ['endless.ts', '--memory=tso'],
      'incomplete: store buffers of 4 stores are too small: some store finds its buffer full.',
      'under x86-TSO',
    ],
  ])('says that it does not cover %s, with status 3', async (_what, args, gap, title) => {
    const { status, stdout, stderr } = await barriers(...args);
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
    expect(stdout).toContain(`: ${gap}\n`);
    expect(stdout).toContain(`: ${title} no missing barrier was found; this is not a proof.\n`);
  });

  test('lists what no barrier is missing for, where a property is left out', async () => {
    expect(await barriers('widget.ts')).toMatchInlineSnapshot(`
      {
        "status": 0,
        "stderr": "",
        "stdout": "widget.ts: against x_is_0: violated by interleavings alone; no barrier helps, and it is left out here.
      widget.ts: under the Linux-kernel memory model no barrier is missing for what was asked:
        against no_leak
        some actor waits for ever
      ",
      }
    `);
    expect(await barriers('widget.ts', '--memory=tso')).toMatchInlineSnapshot(`
      {
        "status": 0,
        "stderr": "",
        "stdout": "widget.ts: x_is_0: violated by interleavings alone; no barrier helps, and it is left out here.
      widget.ts: under x86-TSO no barrier is missing for what was asked:
        no_leak
        no value out of range
      ",
      }
    `);
  });

  test.each([
    [[], "which model? raceproof barriers MODEL ('raceproof list' names them)"],
    [
      ['wrong.litmus'],
      "wrong.litmus:3:14: WRITE_ONC() is not covered: no primitive of this name is known (docs/memory.md lists them); did you mean 'WRITE_ONCE'?",
    ],
    [['missing.litmus'], 'no file missing.litmus, and no model of this name'],
    [
      ['mcs_lock'],
      'models/examples/mcs_lock.ts:74: process[0] goes round a loop at mcs.alone: give a number of rounds, --unroll=N',
    ],
  ])('refuses %j in one line, with status 2', async (args, message) => {
    const { status, stdout, stderr } = await barriers(...args);
    expect({ status, stdout, stderr: stderr.trimEnd() }).toEqual({
      status: 2,
      stdout: '',
      stderr: `raceproof: ${message}`,
    });
  });
});
