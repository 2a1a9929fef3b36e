// Servers: a step can state that an actor that stands there is not waited for.

import { expect, test } from 'vitest';
import {
  actor,
  bool,
  config,
  Either,
  Goto,
  given,
  procedure,
  rests,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { programOf, stepsOf } from './testing/small.js';

const c = source('kernel/workqueue.c');
const state = shared({ pending: bool(), stop: bool() });
const { pending, stop } = state;
const settings = config({ SERVES: bool() });

/** The locations at which the only actor of a model rests, by their labels. */
const placesOf = (p: Parameters<typeof actor>[1], given = {}) => {
  const [thread] = programOf({ state, settings, actors: [actor('a', p)] }, given).threads;
  return thread!.rests?.map((at) => thread!.locations[at]!.label);
};

test('rests() does not change when a step waits, and marks its location', () => {
  const worker = procedure('worker', () => ({
    idle: c`wait for work`(rests(), when(pending), pending.set(false)),
    work: c`process_one_work()`(),
    again: Goto('idle'),
  }));
  expect(stepsOf(worker, state)).toMatchInlineSnapshot(`
    "worker.idle:       /* rests here: not waited for */
            /* kernel/workqueue.c: wait for work */
            when (pending); pending = false;
    worker.work:
            /* kernel/workqueue.c: process_one_work() */
            goto worker.idle;
    "
  `);
  expect(placesOf(worker)).toEqual(['worker.idle']);
});

test('an actor rests at a choice if one of the arms says so', () => {
  const worker = procedure('worker', () => ({
    idle: Either({
      work: { take: c`take work`(rests(), when(pending), pending.set(false)), again: Goto('idle') },
      stop: { leave: c`kthread_should_stop()`(when(stop)) },
    }),
  }));
  expect(stepsOf(worker, state)).toMatchInlineSnapshot(`
    "worker.idle:       /* rests here: not waited for */
            /* worker.take: kernel/workqueue.c: take work */
            when (pending); pending = false; goto worker.idle;
            /* worker.leave: kernel/workqueue.c: kthread_should_stop() */
            when (stop); goto done;
    done:
            ;
    "
  `);
  expect(placesOf(worker)).toEqual(['worker.idle']);
});

test('settings decide where it rests', () => {
  const worker = procedure('worker', () => ({
    idle: c`wait for work`(given(settings.SERVES, rests()), when(pending)),
  }));
  expect(placesOf(worker, { SERVES: true })).toEqual(['worker.idle']);
  expect(placesOf(worker)).toBeUndefined();
});
