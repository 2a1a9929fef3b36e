// Traces as mails: plain ASCII in 72 columns, with what a reader needs to get the same again.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { model as increment_model } from '../../models/examples/increment.js';
import { firstFound } from '../testing/found.js';
import { starvedWriter } from '../testing/models.js';
import { readSavedTrace } from '../trace/saved.js';
import { asciiDrawing, asciiText } from './ascii.js';
import { renderLanes } from './lanes.js';
import { renderMail } from './mail.js';

const gallery = new URL('../gallery/', import.meta.url);

test('a mail says what is claimed, why, with which settings, and how to get it again', async () => {
  const { trace, essence } = await firstFound(increment_model);
  const origin = {
    tool: 'raceproof 0.1.0',
    commands: [['raceproof', 'check', 'increment', "--never=x == 'y'"]],
  };
  expect(renderMail(trace, { essence, origin })).toMatchInlineSnapshot(`
    "no_lost_update: violated in 4 steps
    (an interleaving that raceproof 0.1.0 found in the model 'increment';
    the kernel itself was not run)

    Settings: the defaults.

    It happens in every run of these actors that keeps these orders; without
    any one of them it need not:

      1. adder[0] reads counter (increment.load) before adder[1] writes 1 to
         it (increment.store).
      2. adder[1] reads counter (increment.load) before adder[0] changes it
         from 0 to 1 (increment.store).

      at the start: counter = 0

         adder[0]                     | adder[1]
         -----------------------------+-----------------------------
    != the racy window opens
    ! 1  increment.load   increment.c |
    !    mine = counter               |
    !    mine: stays 0                |
    !                                 |
    ! 2                               | increment.load   increment.c
    !                                 | mine = counter
    !                                 | mine: stays 0
    !                                 |
    ! 3  increment.store  increment.c |
    !    counter = mine + 1           |
    !    counter: 0 -> 1              |
    !                                 |
    ! 4                               | increment.store  increment.c
    !                                 | counter = mine + 1
    !                                 | counter: stays 1
    != the racy window closes
         -----------------------------+-----------------------------
         done                         | done

      X no_lost_update
        everyone who is done has counted
        always !(adder[0] is done && adder[1] is done) || counter == 2
        turned false at step 4 (increment.store)
          false  !(adder[0] is done && adder[1] is done) (since step 4)
            true  adder[0] is done (since step 3)
            true  adder[1] is done (since step 4)
          false  counter == 2 (counter = 1)

    To reproduce:

      raceproof check increment '--never=x == '\\''y'\\'''
    "
  `);
});

test.each(readdirSync(gallery).filter((name) => name.endsWith('.json')))(
  '%s as a mail is ASCII of at most 72 columns, with every step',
  (name) => {
    const { trace } = readSavedTrace(readFileSync(new URL(name, gallery), 'utf8'));
    const mail = renderMail(trace);
    expect(mail).toMatch(/^[\n -~]*$/);
    expect(mail.split('?')).toHaveLength(renderLanes(trace).split('?').length);
    expect(Math.max(...mail.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
    // Terms of the condition may begin with a number, too; they are indented more.
    const numbers = mail.split('\n').flatMap((line) => /^[! ] {1,2}(\d+) {2}/.exec(line)?.[1] ?? []);
    expect(numbers).toEqual(trace.steps.map((_, i) => String(i + 1)));
  },
);

test('a mail of an endless run says where it returns', async () => {
  const mail = renderMail(await starvedWriter());
  expect(mail).toContain('@ steps 2 to 7, again and again:');
  expect(mail).toContain('@ back to step 2');
});

test('ASCII has a spelling for marks, leaves accents out, and replaces one character of a drawing by one', () => {
  expect(asciiText('huge → none, naïve ≤ 3 … 漢')).toBe('huge -> none, naive <= 3 ... ?');
  expect(asciiDrawing('┏│─┼║\n  4')).toBe('#|-+!\n  4');
});

test('commands are quoted for a shell and broken at spaces', async () => {
  const { trace } = await firstFound(increment_model);
  const words = [
    'raceproof',
    'check',
    'thp_truncate',
    ...Array.from({ length: 6 }, (_, i) => `--set=NUMBER_${i}=1`),
  ];
  const mail = renderMail(trace, { origin: { tool: 'raceproof', commands: [words, ["it's", '(x)']] } });
  expect(mail.slice(mail.indexOf('To reproduce'))).toMatchInlineSnapshot(`
    "To reproduce:

      raceproof check thp_truncate --set=NUMBER_0=1 --set=NUMBER_1=1 \\
        --set=NUMBER_2=1 --set=NUMBER_3=1 --set=NUMBER_4=1 \\
        --set=NUMBER_5=1
      'it'\\''s' '(x)'
    "
  `);
});
