// raceproof litmus: what it prints, and with which status it ends.

import { afterAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const files = folder({
  'sb.litmus': `C SB
{}
P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); }
P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x); }
exists (0:r0=0 /\\ 1:r0=0)
`,
  'race.litmus': 'C race\n{}\nP0(int *x) { *x = 1; }\nP1(int *x) { int r0; r0 = *x; }\nforall (x=1)\n',
  'stuck.litmus': 'C stuck\n{}\nP0(spinlock_t *l) { spin_lock(l); spin_lock(l); }\nexists (true)\n',
  'wrong.litmus': 'C wrong\n{}\nP0(int *x) { WRITE_ONC(*x, 1); }\nexists (x=1)\n',
  'binary.litmus': 'C\0\u0001',
  'nowhere.litmus': 'C nowhere\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=2)\n',
});
afterAll(() => files.remove());

const litmus = (...args: readonly string[]) => called(['litmus', ...args], { cwd: files.path });

describe('litmus', () => {
  test('prints the verdict as herd does, and the execution that decides', async () => {
    const { status, stdout, stderr } = await litmus('sb.litmus');
    expect({ status, stderr }).toEqual({ status: 12, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "Test SB Allowed
      States 4
      0:r0=0; 1:r0=0;
      0:r0=0; 1:r0=1;
      0:r0=1; 1:r0=0;
      0:r0=1; 1:r0=1;
      Ok
      Witnesses
      Positive: 1 Negative: 3
      Condition exists (0:r0=0 /\\ 1:r0=0)
      Observation SB Sometimes 1 3

      An execution that the Linux-kernel memory model allows, in which the condition is true:

        P0
          a  line 3   WRITE_ONCE(*x, 1)               W x=1
          b  line 3   r0 = READ_ONCE(*y)              R y=0, the first value
        P1
          c  line 4   WRITE_ONCE(*y, 1)               W y=1
          d  line 4   r0 = READ_ONCE(*x)              R x=0, the first value

        No interleaving has it, for that would be a cycle:

          a -> b  po       program order
          b -> c  fr       the read missed the write of y
          c -> d  po       program order
          d -> a  fr       the read missed the write of x

        Nothing in the Linux-kernel memory model keeps a before b, or c before d.
      "
    `);
  });

  test('prints the verdict alone with --format=herd, by the model that is asked for', async () => {
    expect(await litmus('sb.litmus', '--format=herd', '--model=sc')).toEqual({
      status: 0,
      stdout: [
        'Test SB Allowed',
        'States 3',
        '0:r0=0; 1:r0=1;',
        '0:r0=1; 1:r0=0;',
        '0:r0=1; 1:r0=1;',
        'No',
        'Witnesses',
        'Positive: 0 Negative: 3',
        'Condition exists (0:r0=0 /\\ 1:r0=0)',
        'Observation SB Never 0 3',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  test('prints JSON, SVG and Graphviz', async () => {
    const json = JSON.parse((await litmus('sb.litmus', '--format=json')).stdout);
    expect(json).toMatchObject({
      schema: 1,
      test: 'SB',
      model: 'lkmm',
      outcome: 'Sometimes',
      positive: 1,
      negative: 3,
    });
    expect(json.execution.unordered).toEqual([
      { from: 'a', to: 'b', name: 'po' },
      { from: 'c', to: 'd', name: 'po' },
    ]);
    expect((await litmus('sb.litmus', '--format=svg')).stdout).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [\s\S]*<\/svg>\n$/,
    );
    expect((await litmus('sb.litmus', '--format=dot')).stdout).toMatch(
      /^digraph "SB: Sometimes, by the Linux-kernel memory model" \{[\s\S]*\}\n$/,
    );
  });

  test('ends with 12 for a data race, and 11 where no execution ends', async () => {
    const race = await litmus('race.litmus', '--format=herd');
    expect(race.status).toBe(12);
    expect(race.stdout).toContain(
      'Ok\nWitnesses\nPositive: 2 Negative: 0\nFlag data-race\nCondition forall (x=1)\nObservation race Always 2 0',
    );
    const stuck = await litmus('stuck.litmus');
    expect(stuck.status).toBe(11);
    expect(stuck.stdout).toContain('No execution runs to its end: some thread waits for ever for a lock.');
  });

  test('has no picture where no execution would decide', async () => {
    expect(await litmus('nowhere.litmus', '--format=svg')).toEqual({
      status: 21,
      stdout: '',
      stderr:
        'raceproof: nowhere: there is no execution to show: No execution, allowed or not, makes the condition true: no read can have such a value.\n',
    });
  });

  test.each([
    [[], 'which file? raceproof litmus FILE'],
    [
      ['wrong.litmus'],
      "wrong.litmus:3:14: WRITE_ONC() is not covered: no primitive of this name is known; did you mean 'WRITE_ONCE'?",
    ],
    [['binary.litmus'], 'binary.litmus: this is no text: it has a NUL character in it'],
    [['missing.litmus'], 'no file missing.litmus: litmus reads .litmus files, not models'],
    [['.'], 'cannot read .: EISDIR: illegal operation on a directory, read'],
    [['sb.litmus', '--model=arm'], '--model=arm: not one of lkmm, tso, sc'],
  ])('refuses %j in one line, with status 2', async (args, message) => {
    const { status, stdout, stderr } = await litmus(...args);
    expect({ status, stdout, stderr: stderr.trimEnd() }).toEqual({
      status: 2,
      stdout: '',
      stderr: `raceproof: ${message}`,
    });
  });
});
