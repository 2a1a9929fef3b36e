// raceproof explain --to=litmus, as its user calls it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { called } from '../testing/command.js';

const folder = mkdtempSync(join(tmpdir(), 'raceproof-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('explain --to=litmus', () => {
  test('prints a file that raceproof litmus judges as its comment says', async () => {
    const { status, stdout } = await called(['explain', 'n_tty_echo', '--to=litmus']);
    expect(status).toBe(0);
    expect(stdout).toContain('C n_tty_echo\n');
    expect(stdout).toContain(' * Result: Sometimes\n');
    const file = join(folder, 'n_tty_echo.litmus');
    writeFileSync(file, stdout);
    const judged = await called(['litmus', file]);
    expect(judged.status).toBe(12);
    expect(judged.stdout).toContain('Observation n_tty_echo Sometimes 1 2\n');
  });

  test('of a saved trace is that of its model', async () => {
    const of = (what: string) => called(['explain', what, '--to=litmus']);
    const [saved, found] = [await of('counterexamples/gallery/n_tty_echo.json'), await of('n_tty_echo')];
    expect(saved).toEqual(found);
  });

  test('names the settings that differ from their defaults', async () => {
    const set = ['--set', 'fix=queue_late'];
    const { stdout } = await called(['explain', 'n_tty_packet_mode', ...set, '--to=litmus']);
    expect(stdout.split('\n')[0]).toBe('C n_tty_packet_mode+fix-queue_late');
    expect(stdout).toContain('raceproof n_tty_packet_mode fix=queue_late, sleeps_with_a_status');
  });

  test.each([
    [
      ['kill_fasync'],
      21,
      /no litmus test says this race: models.*kill_fasync\.ts:\d+: write_lock_irq\.lock queues/,
    ],
    [['die_hard'], 21, /no litmus test says this race: 'not_solved' is violated whatever the order/],
    [['dir_seq_preempt'], 21, /there is no essence: 'no actor is stuck'/],
    [['increment', '--memory=tso'], 21, /the run is one of store buffers/],
    [['increment', '--format=json'], 2, /--format=json cannot be combined with --to=litmus/],
    [['increment', '--story'], 2, /--story cannot be combined with --to=litmus/],
  ])('%j ends with status %i', async (args, expected, message) => {
    const { status, stdout, stderr } = await called(['explain', ...args, '--to=litmus']);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(message);
  });

  test('refuses another format', async () => {
    const { status, stderr } = await called(['explain', 'increment', '--to=spin']);
    expect(status).toBe(2);
    expect(stderr).toContain('--to=spin: an essence can be written to litmus alone');
  });
});
