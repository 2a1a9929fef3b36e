// simulate: walks by chance and by hand.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { called, finished, folder, main, type Outcome, start } from '../testing/command.js';

const files = folder({});
afterAll(files.remove);
const inFolder = (...args: readonly string[]) => called(args, { cwd: files.path });

describe('simulate', () => {
  test('walks by chance from a seed until something is violated', async () => {
    const found = await inFolder('simulate', 'increment', '--seed=1', '--walks=50');
    expect(found.status).toBe(12);
    expect(found.stdout).toMatch(
      /^seed \d+, after \d+ walks? and \d+ steps: not a shortest one\n\nno_lost_update: /,
    );
    expect(await inFolder('simulate', 'increment', '--seed=1', '--walks=50')).toEqual(found);
  });
  test('says of walks that met nothing that they prove nothing', async () => {
    const { stdout } = await inFolder('simulate', 'peterson', '--walks=3', '--steps=20', '--guided');
    expect(stdout).toBe('3 walks, 60 steps: no violation met; this is not a proof\n');
  });
  test('steps by hand: choose, go back and forth, print, save what is met or the mere walk, and replay that', async () => {
    const child = start(['simulate', 'increment', '--interactive'], { cwd: files.path });
    child.stdin.end(
      '1\n1\nu\ng 2\ng 3\nu\n2\n1\n9\ns early\n1\np\ns by-hand.json\ns by-hand\ni 1\n\u001b[2J\nq\n',
    );
    const { status, stdout } = await finished(child);
    expect(status).toBe(0);
    expect(stdout).toContain('after 1 step of 2:\n');
    expect(stdout).toContain('usage: g NUMBER, with NUMBER from 0 to 2\n');
    expect(stdout).toContain('no step 9 in the list\nsaved a walk of 3 steps in early.json\n');
    expect(stdout).toContain(
      'after 4 steps:\nviolated: no_lost_update\nreached: all_finish\n  no step can be taken\n  counter = 1\n',
    );
    expect(stdout).toContain(
      'saved no_lost_update in by-hand.json\ncannot write by-hand.json: the file exists already\ni NUMBER: ',
    );
    expect(stdout).toContain("no command '\\u001b[2J'; h lists the commands\n");
    expect((await inFolder('replay', 'by-hand.json')).status).toBe(0);
    const early = await inFolder('replay', 'early.json', '--width=200');
    expect(early).toEqual({
      status: 0,
      stdout: 'early.json fits increment: by hand: walked in 3 steps (the program is unchanged since)\n',
      stderr: '',
    });
    expect((await inFolder('render', 'early.json')).stdout).toMatch(/^by hand: walked in 3 steps\n/);
    expect(await inFolder('explain', 'early.json')).toMatchObject({
      status: 21,
      stderr: 'raceproof: early.json is a walk without a violation: only a counterexample has an essence\n',
    });
  });

  /** What the simulator prints of some commands, from after its first state on. */
  async function walked(model: readonly string[], ...commands: readonly string[]): Promise<string> {
    const child = start(['simulate', ...model, '--interactive'], { cwd: files.path });
    child.stdin.end(commands.map((command) => `${command}\n`).join(''));
    const { stdout } = await finished(child);
    return stdout.slice(stdout.indexOf('\n', stdout.indexOf('after 0 steps:')) + 1);
  }
  test('says by hand what each step would change and violate, and takes steps by name', async () => {
    const said = await walked(
      ['increment'],
      '1',
      'increment',
      'adder[1]',
      'adder[0] store',
      'load',
      'nobody',
    );
    expect(said).toBe(`  1  adder[0]  increment.load  mine = counter
      mine: stays 0
  2  adder[1]  increment.load  mine = counter
      mine: stays 0
after 1 step:
  1  adder[0]  increment.store  counter = mine + 1
      counter: 0 → 1
  2  adder[1]  increment.load  mine = counter
      mine: stays 0
      ✓ reaches two_hold_a_value
'increment' may be one of several steps: 1 adder[0] increment.store, 2 adder[1]
  increment.load
after 2 steps:
reached: two_hold_a_value
  1  adder[0]  increment.store  counter = mine + 1
      counter: 0 → 1
  2  adder[1]  increment.store  counter = mine + 1
      counter: 0 → 1
after 3 steps:
  1  adder[1]  increment.store  counter = mine + 1
      counter: stays 1
      ✗ violates no_lost_update
      ✓ reaches all_finish
'load' cannot be taken now: adder[0] is at done; adder[1] is at increment.store
no command 'nobody'; h lists the commands
`);
  });
  test('evaluates formulas by hand, checks all that can follow, and goes along what that finds', async () => {
    const said = await walked(
      ['increment'],
      ...['1', '2', 'e counter + 1', 'e counter == 2', 'e F counter == 2', 'e', 'c', 'g 4', 'c 1'],
      ...['c 0', 'c x'],
    );
    expect(said.slice(said.indexOf('counter + 1 is'))).toBe(`counter + 1 is 1
counter == 2 is false (counter = 0)
'F counter == 2' is about runs: a formula that is evaluated here is about one state
usage: e FORMULA, such as 'e x == 1'
4 states, 4 transitions: all that can follow this one
  violated: no_lost_update, in 2 steps; g 4 goes there
  reached: all_finish, in 2 steps
  reached: two_hold_a_value, here
  holds: no deadlock, no actor is stuck, no value out of range
after 2 steps of 4:
reached: two_hold_a_value
  1  adder[0]  increment.store  counter = mine + 1
      counter: 0 → 1
  2  adder[1]  increment.store  counter = mine + 1
      counter: 0 → 1
after 4 steps:
violated: no_lost_update
reached: all_finish
  no step can be taken
1 state, 0 transitions: all that can follow this one
  violated: no_lost_update, here
  reached: all_finish, here
  holds: no deadlock, no actor is stuck, no value out of range
  not reached: two_hold_a_value
after 4 steps:
violated: no_lost_update
reached: all_finish
  no step can be taken
usage: c [STATES], such as c 50000
usage: c [STATES], such as c 50000
`);
  });
  test('says by hand why an actor waits and for whom, and what a limit leaves open', async () => {
    const said = await walked(
      ['readers_writers', '--width=100'],
      ...['reader[0]', 'reader[1]', 'y', 'y writer[0]', 'y reader', 'y nobody', 'c 5', 'writer'],
    );
    expect(said.slice(said.indexOf('after 2 steps'))).toBe(`after 2 steps:
reached: all_read_at_once
  1  reader[0]  read.compare  tested: low == high is true
  2  reader[1]  read.compare  tested: low == high is true
  writer[0] waits at write.down_write: reader[0] holds sem for reading, reader[1] holds sem for
    reading
writer[0] waits at write.down_write: reader[0] holds sem for reading, reader[1] holds sem for
  reading
  reader[0] does not hold sem for reading && reader[1] does not hold sem for reading && writer[0]
    does not hold sem for reading && sem is not held for writing is false
    reader[0] does not hold sem for reading is false
    reader[1] does not hold sem for reading is false
writer[0] waits at write.down_write: reader[0] holds sem for reading, reader[1] holds sem for
  reading
  reader[0] does not hold sem for reading && reader[1] does not hold sem for reading && writer[0]
    does not hold sem for reading && sem is not held for writing is false
    reader[0] does not hold sem for reading is false
    reader[1] does not hold sem for reading is false
reader[0] does not wait: it is at read.compare
reader[1] does not wait: it is at read.compare
no actor 'nobody'
5 states, 6 transitions: stopped at 5 states: not a proof
  reached: all_read_at_once, here
  not decided: writers_are_alone, writers_get_in, BUG_ON(low != high), no deadlock, no actor is
    stuck, no value out of range
  not checked, since these are about whole runs: lock-order
after 2 steps:
reached: all_read_at_once
  1  reader[0]  read.compare  tested: low == high is true
  2  reader[1]  read.compare  tested: low == high is true
  writer[0] waits at write.down_write: reader[0] holds sem for reading, reader[1] holds sem for
    reading
'writer' cannot be taken now: writer[0] waits at write.down_write: reader[0] holds sem for reading,
  reader[1] holds sem for reading
`);
  });
  test('takes random steps by hand, with the next seed each time, and loads what was saved', async () => {
    const said = await walked(
      ['increment', '--seed=5'],
      ...['r 2', 'r', 'r 9 5', 'r x', 's random', 'g 1', 'l random', 'l nothing', 'l'],
    );
    expect(said).toContain('2 random steps, seed 5\n1  adder[');
    expect(said).toContain('1 random step, seed 6\n3  adder[');
    expect(said).toContain('1 random step, seed 5\n4  adder[');
    expect(said).toContain('usage: r [N [SEED]], such as r 10\nsaved ');
    expect(said).toMatch(
      /after 1 step of 4:\n[\s\S]*after 4 steps:\n[\s\S]*\nno file 'nothing.json'\nusage: l FILE\n$/,
    );
    const other = await walked(['increment', '--set=NR_ACTORS=3'], 'l random');
    expect(other).toContain('random.json does not fit: ');
    expect(other).toContain('; it was saved with NR_ACTORS=2\n');
  });

  test('ends once nobody reads it, however many commands follow', async () => {
    const child = start(['simulate', 'increment', '--interactive']);
    child.stdout.once('data', () => child.stdout.destroy());
    child.stdin.on('error', () => {});
    const feed = setInterval(() => child.stdin.write('p\n'), 20);
    const status = await new Promise((resolve) => child.once('exit', resolve));
    clearInterval(feed);
    expect(status).toBe(0);
  });

  describe.skipIf(!existsSync('/usr/bin/script'))('in a terminal', () => {
    /** Types each text once there is a prompt. What the terminal showed, and the status. */
    async function typed(...texts: readonly string[]): Promise<Outcome> {
      const command = [process.execPath, main, 'simulate', 'increment', '--interactive'].join(' ');
      const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], { cwd: files.path });
      let [prompts, isTyped] = [0, 0];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        prompts += text.split('> ').length - 1;
        while (isTyped < Math.min(prompts, texts.length)) child.stdin.write(texts[isTyped++]!);
      });
      return finished(child);
    }

    test('offers a prompt with a history, and q leaves', async () => {
      const { status, stdout } = await typed('1\r', '\u001b[A\r', 'q\r');
      expect(stdout).toContain('after 2 steps:');
      expect(status).toBe(0);
    });
    test('stops a check at Ctrl-C, and goes on', async () => {
      const actors = ['NR_MUNMAP=3', 'NR_DONTNEED=1', 'NR_FAULT=1', 'NR_TRUNCATE=2', 'NR_INVALIDATE=1'];
      const settings = ['fix=unmap_mapping_page', 'NR_MMS=3', ...actors];
      const set = settings.map((one) => `--set=${one}`).join(' ');
      const command = `${process.execPath} ${main} simulate thp_truncate ${set} --interactive`;
      const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], { cwd: files.path });
      const awaited = [
        ['> ', 'c 1000000000\r'],
        ['thp_truncate from here', '\u0003'],
        ['stopped at', 'q\r'],
      ] as const;
      let [shown, next] = ['', 0];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        shown += text;
        if (next < awaited.length && shown.includes(awaited[next]![0]))
          child.stdin.write(awaited[next++]![1]);
      });
      expect((await finished(child)).status).toBe(0);
      expect(next).toBe(3);
    });
    test('leaves with Ctrl-D, and with Ctrl-C as interrupted', async () => {
      expect((await typed('1\r', '\u0004')).status).toBe(0);
      expect((await typed('1\r', '12\u0003')).status).toBe(130);
    });
  });
});
