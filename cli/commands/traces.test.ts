// The commands about traces: save, replay, render, explain; and files that are none.

import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { called, folder, type Outcome } from '../testing/command.js';

const files = folder({
  'broken.json': '{"schema": 1, "kind": "raceproof trace", "tr',
  'foreign.json': '{"schema": 1, "model": "increment"}',
  'newer.json': '{"schema": 99, "kind": "raceproof trace"}',
  'deep.json': '['.repeat(1_000_000),
  'large.json': '',
  'payload.mjs': "import { writeFileSync } from 'node:fs'; writeFileSync('owned', '');",
});
truncateSync(join(files.path, 'large.json'), 500_000_001);
afterAll(files.remove);
const inFolder = (...args: readonly string[]) => called(args, { cwd: files.path });

/** What saves the decisive trace of increment: run once. */
let saving: Promise<Outcome> | undefined;

async function saved(change = (text: string) => text): Promise<string> {
  saving ??= inFolder('render', 'increment', '--format=json');
  writeFileSync(join(files.path, 'saved.json'), change((await saving).stdout));
  return 'saved.json';
}

describe('replay', () => {
  test('says that a trace fits its model', async () => {
    expect(await inFolder('replay', await saved())).toEqual({
      status: 0,
      stdout:
        'saved.json fits increment: no_lost_update: violated in 4 steps (the program is\n  unchanged since)\n',
      stderr: '',
    });
  });
  test('says where it does not fit any more, with status 20', async () => {
    const file = await saved((text) => text.replace('"values":{"counter":1,', '"values":{"counter":2,'));
    const { status, stdout } = await inFolder('replay', file, '--width=200');
    expect(status).toBe(20);
    expect(stdout).toBe(
      'saved.json no longer fits increment (the program is unchanged since): after 2 of 4 steps: step 3 (adder[0] increment.store): it leads elsewhere: counter is 1, in the trace 2\n',
    );
  });
  test('names the model file that a trace names, if there is one, and runs it for nobody', async () => {
    const file = await saved((text) =>
      text
        .replace('"model": "increment"', '"model": "own"')
        .replaceAll('models/examples/increment.ts', 'payload.mjs'),
    );
    const why =
      "raceproof: 'own' does not come with raceproof; the trace was saved from payload.mjs: to use that file, add --model=payload.mjs\n";
    const results = [await inFolder('replay', file), await inFolder('explain', file)];
    expect(results).toMatchObject([1, 2].map(() => ({ status: 2, stdout: '', stderr: why })));
  });
  test('takes the model that --model names, as explain and render do', async () => {
    const file = await saved((text) => text.replace('"model": "increment"', '"model": "own"'));
    for (const command of ['replay', 'explain', 'render'])
      expect(await inFolder(command, file, '--model=increment')).toMatchObject({ status: 0, stderr: '' });
    expect(await inFolder('explain', 'increment', '--model=increment')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--model is only for saved traces'),
    });
    expect(await inFolder('check', './own.json')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('for a saved trace use raceproof replay, render or explain ./own.json'),
    });
  });
  test('says of a trace of another Program that the program has changed, and whether it fits all the same', async () => {
    const file = await saved((text) => text.replace(/"digest": "./, '"digest": "x'));
    expect((await inFolder('replay', file, '--width=200')).stdout).toBe(
      'saved.json fits increment: no_lost_update: violated in 4 steps (the program has changed since)\n',
    );
  });
  test('says of a model of another name that it is another one, whether the trace fits it or not', async () => {
    const file = await saved((text) => text);
    expect((await inFolder('replay', file, '--model=peterson', '--width=300')).stdout).toMatch(
      /^saved\.json no longer fits increment: .*; the trace is of the model 'increment', and this is 'peterson'\n$/,
    );
    const renamed = await saved((text) => text.replace('"model": "increment"', '"model": "before"'));
    expect((await inFolder('replay', renamed, '--model=increment', '--width=300')).stdout).toBe(
      'saved.json fits increment, though it is a trace of before: no_lost_update: violated in 4 steps (the program is unchanged since)\n',
    );
  });
  test.each([
    [
      'of a model that is not here',
      '"refcount"',
      "'refcount' does not come with raceproof; give the file with --model=FILE",
    ],
    ['that names a file to run', '"./payload.mjs"', "'./payload.mjs' does not come with raceproof"],
  ])('and render report a trace %s, and run nothing', async (_, model, why) => {
    const file = await saved((text) => text.replace('"model": "increment"', `"model": ${model}`));
    const replayed = await inFolder('replay', file, '--width=200');
    expect(replayed).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(why) });
    const { status, stdout, stderr } = await inFolder('render', file);
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'no_lost_update: violated in 4 steps']);
    expect(stderr).toContain('shown as it was saved');
    expect(existsSync(join(files.path, 'owned'))).toBe(false);
  });
  test('and render report settings that the model does not have', async () => {
    const file = await saved((text) => text.replace('"NR_ACTORS": 2', '"NR_ACTORS": "\\u001b[2J"'));
    const { status, stdout } = await inFolder('replay', file, '--width=200');
    expect([status, stdout]).toEqual([20, expect.stringContaining('saved.json no longer fits increment: ')]);
    expect(stdout).not.toContain('\u001b');
    expect((await inFolder('render', file)).status).toBe(0);
  });
  test.each([
    ['broken.json', /^raceproof: broken\.json: no JSON: /],
    ['foreign.json', /^raceproof: foreign\.json: this is no saved trace: /],
    ['newer.json', /^raceproof: newer\.json: schema 99: this version reads schemas 1, 2, 3, 4\n$/],
    ['missing.json', /^raceproof: no file 'missing\.json'\n$/],
    ['.', /^raceproof: no file '\.'\n$/],
    ['large.json', /^raceproof: large\.json: larger than 500000000 bytes\n$/],
    ['deep.json', /^raceproof: deep\.json: nested more than 20 deep\n$/],
  ])('refuses %s in one line', async (file, message) => {
    const { status, stdout, stderr } = await inFolder('replay', file);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

describe('render', () => {
  test.each([
    ['lanes', /^no_lost_update: violated in 4 steps\n/],
    ['html', /^<!DOCTYPE html>[\s\S]*The essence/],
    ['markdown', /^### no\\_lost\\_update: violated in 4 steps\n[\s\S]*It happens whenever/],
    ['mermaid', /^sequenceDiagram\n/],
    ['svg', /^<svg /],
    ['itf', /^\{\n {2}"#meta"/],
  ])('prints %s, the same of a model and of its saved trace', async (format, start) => {
    const ofModel = await inFolder('render', 'increment', `--format=${format}`);
    const ofFile = await inFolder('render', await saved(), `--format=${format}`);
    expect(ofModel.stdout).toMatch(start);
    expect(ofFile).toEqual(ofModel);
  });
  test('takes the property and the order that are asked for', async () => {
    const reached = await inFolder('render', 'increment', '--property=two_hold_a_value');
    expect(reached.stdout).toMatch(/^two_hold_a_value: reached in 2 steps\n/);
    const fewest = await inFolder('render', 'increment', '--minimal=switches', '--format=mermaid');
    expect(fewest.stdout.match(/over a\d: \d/g)).toEqual([
      'over a0: 1',
      'over a1: 2',
      'over a1: 3',
      'over a0: 4',
    ]);
    const unknown = await inFolder('render', 'increment', '--property=no_lost_updat');
    expect(unknown).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("did you mean 'no_lost_update'?"),
    });
    const holds = await inFolder('render', 'peterson');
    expect(holds).toMatchObject({
      status: 21,
      stderr: expect.stringContaining('holds, so there is no trace to show'),
    });
  });
  test('shows an outdated trace as it was saved, and says so', async () => {
    const file = await saved((text) => text.replace('"values":{"counter":1,', '"values":{"counter":2,'));
    const { status, stdout, stderr } = await inFolder('render', file);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^no_lost_update: violated in 4 steps\n/);
    expect(stderr).toMatch(/^saved\.json no longer fits increment \(.*\): shown as it was saved\n$/);
  });
  test('lets no text of a file steer the terminal', async () => {
    const file = await saved((text) => text.replaceAll('counter = mine + 1', '\\u001b[2J\\u202ex'));
    const { stdout } = await inFolder('render', file, '--format=lanes');
    expect(stdout).not.toContain('\u001b');
  });
});

test('explain prints the essence as text and as data', async () => {
  const { stdout, status } = await called(['explain', 'increment']);
  expect(status).toBe(0);
  expect(stdout).toContain('1. adder[0] reads counter (increment.load) before adder[1] writes 1 to');
  const { essence } = JSON.parse((await called(['explain', 'increment', '--format=json'])).stdout);
  expect(essence.orderings).toHaveLength(2);
});

describe('the explorer of a model', () => {
  test('has the store buffers that --memory=tso asks for', async () => {
    const has = async (...more: readonly string[]) =>
      (await called(['render', 'peterson_pair', '--format=explorer', ...more])).stdout.includes(
        'buffer of process[0][0].place',
      );
    expect(await Promise.all([has(), has('--memory=tso', '--buffer=2')])).toEqual([false, true]);
  });
  test('has no store buffers larger than those of any CPU', async () => {
    expect(await called(['render', 'dekker', '--format=explorer', '--memory=tso', '--buffer=1000'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'raceproof: --buffer=1000: at most 100, more than the store buffers of any CPU hold\n',
    });
  });
  test('begins without a trace, so options that choose one are refused', async () => {
    for (const option of ['--property=no_lost_update', '--minimal=steps'])
      expect(await called(['render', 'increment', '--format=explorer', option])).toEqual({
        status: 2,
        stdout: '',
        stderr:
          'raceproof: --property and --minimal choose a trace, and the explorer of a model begins without one: save the trace with --format=json, and render that file\n',
      });
  });
});
