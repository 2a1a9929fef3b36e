// A server that idles is no deadlock for rumur and SPIN either, where the model says that it rests; and one where not.

import { expect, test } from 'vitest';
import { lower } from '../checker/index.js';
import {
  actor,
  bool,
  Goto,
  model,
  procedure,
  rests,
  shared,
  source,
  when,
} from '../models/language/index.js';
import { disagreements, explored } from './judge.js';
import { judgeByRumur } from './rumur_judge.js';
import { judgeBySpin } from './spin_judge.js';
import { missingTools } from './tools.js';

const missing = missingTools(['rumur', 'spin', 'gcc']);
const c = source('kernel/workqueue.c');
const state = shared({ pending: bool(), queued: bool() });
const { pending, queued } = state;

const server = (isServer: boolean) => {
  const worker = procedure('worker', () => ({
    idle: c`wait for work`(...(isServer ? [rests()] : []), when(pending), pending.set(false)),
    work: c`work`(),
    again: Goto('idle'),
  }));
  const queue = procedure('queue', () => ({ queue: c`queue_work()`(pending.set(true), queued.set(true)) }));
  const actors = [actor('kworker', worker), actor('user', queue)];
  return lower(model('server', { about: 'a worker that idles', state, actors }));
};

test.skipIf(missing.length > 0).each([
  [true, 'holds'],
  [false, 'violated'],
] as const)('that it rests is %s, so no deadlock: %s', { timeout: 120_000 }, async (isServer, expected) => {
  const { program, properties } = server(isServer);
  const report = await explored(program, properties);
  expect(report.properties.find(({ check }) => check.kind === 'deadlock')?.verdict).toBe(expected);
  const comparisons = [...(await judgeByRumur(program, report)), ...(await judgeBySpin(program, report))];
  expect(disagreements(comparisons)).toEqual([]);
  // Both tools were asked about the deadlock, each time it was violated alone.
  expect(comparisons.filter(({ what }) => what === 'no deadlock').length).toBeGreaterThan(0);
});
