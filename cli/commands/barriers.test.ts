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
    [[], "which model? raceproof barriers MODEL ('raceproof list' names them)"],
    [
      ['wrong.litmus'],
      "wrong.litmus:3:14: WRITE_ONC() is not covered: no primitive of this name is known; did you mean 'WRITE_ONCE'?",
    ],
    [['missing.litmus'], 'no file missing.litmus, and no model of this name'],
    [
      ['mcs_lock'],
      'models/examples/mcs_lock.ts:72: process[0] goes round a loop at mcs.alone: give a number of rounds, --unroll=N',
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
