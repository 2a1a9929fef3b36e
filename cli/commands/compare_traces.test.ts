// raceproof compare --traces: two saved traces side by side.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { called, folder } from '../testing/command.js';

const files = folder({ 'bad.json': '{}' });
afterAll(files.remove);
const compare = (...args: readonly string[]) => called(['compare', '--traces', ...args], { cwd: files.path });

beforeAll(async () => {
  for (const [file, number] of Object.entries({ 'two.json': 2, 'three.json': 3 })) {
    const args = ['render', 'increment', '--set', `NR_ACTORS=${number}`, '--format=json'];
    writeFileSync(join(files.path, file), (await called(args)).stdout);
  }
});

describe('compare --traces', () => {
  test('prints the common steps, where they part, and what differs', async () => {
    const { status, stdout } = await compare('two.json', 'three.json');
    expect(status).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "two.json: increment: no_lost_update: violated in 4 steps
      three.json: increment: no_lost_update: violated in 6 steps

      settings that differ:

                   two.json  three.json
        NR_ACTORS  2         3

      the first step is the same; they part at step 2

      what differs in the state there:

                                 two.json  three.json
        adder[2]:increment.mine  -         0
        adder[2] at              -         increment.load

        two.json                    three.json
        2 adder[1] increment.load
        3 adder[0] increment.store  2 adder[0] increment.store
                                    3 adder[1] increment.load
                                    4 adder[2] increment.load
        4 adder[1] increment.store  5 adder[1] increment.store
                                    6 adder[2] increment.store

      what differs in the state after step 2:

                                 two.json         three.json
        counter                  0                1
        adder[0] at              increment.store  done
        adder[1] at              increment.store  increment.load
        adder[2]:increment.mine  -                0
        adder[2] at              -                increment.load

      what differs in the states at the ends:

                                 two.json  three.json
        counter                  1         2
        adder[1]:increment.mine  0         1
        adder[2]:increment.mine  -         1
        adder[2] at              -         done
      "
    `);
  });

  test('prints the same as data', async () => {
    const { stdout } = await compare('two.json', 'three.json', '--format=json');
    const object = JSON.parse(stdout);
    expect(object).toMatchObject({ schema: 1, first: 'two.json', second: 'three.json', common: 1 });
    expect(object.settings).toEqual([{ name: 'NR_ACTORS', first: 2, second: 3 }]);
  });

  test.each([
    [['two.json'], '--traces compares two saved traces: raceproof compare --traces A.json B.json'],
    [['two.json', 'three.json', '--format=html'], '--traces prints a table or json, not html'],
    [['two.json', 'no.json'], "no file 'no.json'"],
    [['two.json', 'bad.json'], 'bad.json: '],
  ])('%j is refused', async (args, message) => {
    const { status, stderr } = await compare(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(`raceproof: ${message}`);
  });
});
