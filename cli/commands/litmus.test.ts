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
  'passing.ts': `import { actor, bool, config, If, int, model, procedure, shared, source, when, While } from 'raceproof/language';
import { bugOn, READ_ONCE, smp_load_acquire, smp_wmb, WRITE_ONCE } from 'raceproof/kernel';

const c = source('kernel/x.c');
const state = shared({ data: int(0, 1), ready: bool() });
const { data, ready } = state;
const settings = config({ barriers: bool(), loops: bool(), mixed: bool() });
const { barriers, loops, mixed } = settings;
export const properties = {};
const writer = procedure('writer', () => ({
  data: WRITE_ONCE(data, 1),
  loop: If(loops, {
    round: While(READ_ONCE(data).eq(1), { again: WRITE_ONCE(data, 1) }) }),
  mixed: If(mixed, { both: c\`both\`(data.set(1), ready.set(true)) }),
  wmb: If(barriers, { fence: smp_wmb() }),
  ready: WRITE_ONCE(ready, true),
}));
const reader = procedure('reader', () => ({
  wait: c\`while (!smp_load_acquire(&ready))\`(when(smp_load_acquire(ready))),
  test: bugOn(READ_ONCE(data).eq(0), 'BUG_ON(!data)'),
}));
export const passing = model('passing', {
  about: 'message passing',
  settings,
  state,
  actors: [actor('writer', writer), actor('reader', reader)],
});
export { passing as model };
`,
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

  test('judges a model by its executions', async () => {
    const { status, stdout, stderr } = await litmus('passing.ts');
    expect({ status, stderr }).toEqual({ status: 14, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "passing under the Linux-kernel memory model: 2 executions, 1 with a bug

        Sometimes 1/1  ! BUG_ON(!data)
        Never     0/1    some actor waits for ever

      An execution that the Linux-kernel memory model allows, with: BUG_ON(!data) (Sometimes):

        writer
          a  line 11  WRITE_ONCE(data, 1)             W data=1
          b  line 16  WRITE_ONCE(ready, true)         W ready=1
        reader
          c  line 19  while (!smp_load_acquire(&ready))  R ready=1, from b
          d  line 20  BUG_ON(!data)                   R data=0, the first value

        No interleaving has it, for that would be a cycle:

          a -> b  po       program order
          b -> c  rf       the read sees the write of ready
          c -> d  po       program order
          d -> a  fr       the read missed the write of data

        Nothing in the Linux-kernel memory model keeps a before b.
      "
    `);
    const barriers = ['--set', 'barriers=true'];
    expect((await litmus('passing.ts', ...barriers)).status).toBe(0);
    expect((await litmus('passing.ts', '--model=tso')).status).toBe(0);
    const json = JSON.parse((await litmus('passing.ts', '--format=json')).stdout);
    expect([json.executions, json.answers[0]]).toEqual([
      { ended: 1, waiting: 0, bug: 1, cut: 0 },
      { name: 'BUG_ON(!data)', outcome: 'Sometimes', positive: 1, negative: 1, ok: false },
    ]);
    expect((await litmus('passing.ts', '--format=svg')).stdout).toContain('>reader</text>');
    expect((await litmus('passing.ts', '--format=dot')).stdout).toContain('label="writer"');
    expect((await litmus('passing.ts', ...barriers, '--format=svg')).status).toBe(21);
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
    [[], 'which file or model? raceproof litmus FILE, raceproof litmus MODEL'],
    [['sb.litmus', '--unroll=2'], '--unroll is for models, not for .litmus files'],
    [['passing.ts', '--format=herd'], '--format=herd is for .litmus files: herd knows no models'],
    [
      ['passing.ts', '--set', 'loops=true'],
      'passing.ts:13: writer goes round a loop at writer.again: give a number of rounds, --unroll=N',
    ],
    [
      ['passing.ts', '--set', 'mixed=true'],
      'passing.ts:14: writer.both accesses data and ready in one step, and C gives the accesses no order: make a step of each',
    ],
    [
      ['wrong.litmus'],
      "wrong.litmus:3:14: WRITE_ONC() is not covered: no primitive of this name is known (docs/memory.md lists them); did you mean 'WRITE_ONCE'?",
    ],
    [['binary.litmus'], 'binary.litmus:1:2: this is no text: there is a NUL character here'],
    [['missing.litmus'], 'no file missing.litmus, and no model of this name'],
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
