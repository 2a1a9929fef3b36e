// check --checkpoint and --resume: a search that is killed goes on, and ends with the same report, byte for byte.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folder, raceproof } from '../testing/command.js';

const files = folder({});
afterAll(files.remove);
const at = (name: string) => join(files.path, name);
/** About 25 checkpoints are due in its search. */
const model = ['thp_truncate', '--set', 'NR_MUNMAP=3', '--set', 'NR_MMS=3', '--set', 'NR_FAULT=1'];
const held = ['check', ...model, '--set', 'fix=unmap_mapping_page', '--format=json'];
const often = ['--checkpoint=c', '--checkpoint-every=0'];
const run = (args: readonly string[], env: { readonly [name: string]: string } = {}) =>
  raceproof(args, { cwd: files.path, env });

/** Kills the process before the n-th time that it writes to a file or renames one. */
const killedBefore = (n: number) => {
  const code = `import fs from 'node:fs';
import { syncBuiltinESMExports as sync } from 'node:module';
let left = ${n};
for (const name of ['writeSync', 'renameSync']) {
  const own = fs[name];
  fs[name] = (...args) => (--left === 0 ? process.kill(process.pid, 'SIGKILL') : own(...args));
}
sync();`;
  writeFileSync(at('killer.mjs'), code);
  return { NODE_OPTIONS: `--import=${at('killer.mjs')}` };
};

let whole: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  whole = await run(held);
}, 120_000);

test('a search that is killed ten times at random moments ends with the same report', async () => {
  let random = 20_260_101;
  let resumed = 0;
  for (let kills = 0; kills < 10; kills++) {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    const more = existsSync(at('c')) ? ['--resume=c'] : [];
    resumed += more.length;
    const { status } = await run([...held, ...often, ...more], killedBefore(2 + ((random >>> 8) % 12)));
    expect(status).toBe(null);
  }
  expect(resumed).toBeGreaterThan(5);
  const last = await run([...held, ...often, '--resume=c']);
  expect([last.status, last.stdout]).toEqual([whole.status, whole.stdout]);
  // What the killed ones left of a file is gone.
  expect(readdirSync(files.path).filter((name) => name.endsWith('.part'))).toEqual([]);
}, 300_000);

describe('a checkpoint', () => {
  const base = [...held, '--checkpoint=good', '--checkpoint-every=0'];
  let good: Buffer;
  beforeAll(async () => {
    expect((await run([...base, '--max-states=100000'])).stderr).toMatch(
      /checkpoint of [\d,]+ states: to go on, repeat the command with --resume=good\n$/,
    );
    good = readFileSync(at('good'));
  }, 120_000);

  /** How a file is refused; it stays as it is. */
  async function refusal(bytes: Buffer | string, args: readonly string[] = held) {
    writeFileSync(at('bad'), bytes);
    const { status, stdout, stderr } = await run([...args, '--resume=bad', '--checkpoint=bad']);
    expect([status, stdout]).toEqual([2, '']);
    expect(readFileSync(at('bad')).equals(Buffer.from(bytes))).toBe(true);
    return stderr.replace(/^raceproof: --resume=bad: |\n$/g, '');
  }
  const changed = (from: string, to: string) =>
    Buffer.concat([
      Buffer.from(good.subarray(0, good.indexOf('\n')).toString().replace(from, to)),
      good.subarray(good.indexOf('\n')),
    ]);

  test('is refused and left alone where a byte of it is another one, or it is cut', async () => {
    const line = good.indexOf('\n');
    for (const place of [line + 5, Math.floor(good.length / 2), good.length - 1]) {
      const bytes = Buffer.from(good);
      bytes[place]! ^= 4;
      expect(await refusal(bytes)).toBe(
        'it is damaged: its checksum is another one; use an older copy, or begin anew without --resume',
      );
    }
    expect(await refusal(good.subarray(0, -7))).toContain('it is damaged');
    expect(await refusal(changed('"transitions":', '"transitions":1'))).toContain('it is damaged');
    expect(await refusal(good.subarray(0, 100))).toBe('it is no checkpoint of raceproof');
    expect(await refusal('')).toBe('it is no checkpoint of raceproof');
    expect(await refusal('{}\n')).toBe('it is no checkpoint of raceproof');
  }, 120_000);

  test('of another model, other settings, properties or options, or another version is refused', async () => {
    expect(await refusal(good, ['check', 'peterson'])).toBe(
      'it is a checkpoint of thp_truncate, and this is peterson',
    );
    expect(await refusal(good, ['check', ...model, '--set', 'fix=none'])).toBe(
      'it is a checkpoint with fix=unmap_mapping_page',
    );
    for (const other of ['--never=compound_mapcount == 9', '--max-depth=90', '--coverage']) {
      expect(await refusal(good, [...held, other])).toBe(
        'it is a checkpoint of another version of thp_truncate, or with other properties, --coverage or --max-depth',
      );
    }
    expect(await refusal(changed('"code":"', '"code":"0'))).toContain('another version of raceproof');
    expect(await refusal(changed('"schema":1', '"schema":0'))).toContain('another version of raceproof');
  }, 120_000);

  test('goes on with another number of workers, and with a limit of states that is no smaller', async () => {
    const { stdout } = await run([...held, '--resume=good', '--workers=2']);
    expect(stdout).toBe(whole.stdout);
    const { status, stderr } = await run([...held, '--resume=good', '--max-states=20']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/the search goes on from \d+ states, more than its limit of 20/);
  }, 120_000);

  test('is written when a limit of states or of memory ends the search, and goes on with a larger one', async () => {
    const limited = [...held, '--checkpoint=limited'];
    for (const limit of ['--max-states=300', '--max-states=20000', '--max-memory=3']) {
      const resume = existsSync(at('limited')) ? ['--resume=limited'] : [];
      const { status, stderr } = await run([...limited, ...resume, limit]);
      expect([limit, status]).toEqual([limit, 3]);
      expect(stderr).toMatch(/^checkpoint of [\d,]+ states: to go on, /m);
    }
    const { status, stdout } = await run([...limited, '--resume=limited']);
    expect([status, stdout]).toEqual([whole.status, whole.stdout]);
  }, 120_000);

  test('that cannot be written is said once, and the search goes on', async () => {
    const { status, stdout, stderr } = await run([...held, '--checkpoint=/dev/full', '--checkpoint-every=0']);
    expect([status, stdout]).toEqual([whole.status, whole.stdout]);
    expect(stderr.match(/cannot write the checkpoint \/dev\/full: ENOSPC.*there is none yet/g)).toHaveLength(
      1,
    );
    mkdirSync(at('folder'), { recursive: true });
    expect(await run([...held, '--checkpoint=folder'])).toMatchObject({ status: 74, stdout: '' });
  }, 120_000);

  test('is of breadth-first search with exact storage, and anything else is refused by name', async () => {
    for (const [option, who] of [
      ['--engine=reference', 'the reference engine'],
      ['--search=dfs', 'dfs search'],
      ['--storage=bitstate', 'bitstate storage'],
      ['--reduce=movers', "the reduction 'movers'"],
    ] as const) {
      const { status, stderr } = await run(['check', 'increment', option, '--checkpoint=no']);
      expect([status, stderr.startsWith(`raceproof: ${who} has no checkpoints; `)]).toEqual([2, true]);
    }
    expect((await run(['check', 'increment', '--checkpoint-every=3'])).stderr).toBe(
      'raceproof: --checkpoint-every needs --checkpoint=FILE\n',
    );
  }, 120_000);
});
