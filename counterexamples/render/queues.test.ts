// How a queue reads in a trace: as the values in it, not as its cells.

import { expect, test } from 'vitest';
import {
  actor,
  model,
  not,
  oneOf,
  procedure,
  queue,
  record,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { tracesOf } from '../testing/models.js';
import { renderLanes } from './lanes.js';

test('a step shows the whole queue before and after, its head first; what a local keeps, by its own name', async () => {
  const c = source('kernel/workqueue.c');
  const state = shared({
    pool: record({ worklist: queue(oneOf('flush', 'reset'), 2) }),
    done: oneOf('none', 'flush', 'reset'),
  });
  const { worklist } = state.pool;
  const work = procedure('work', { scheduled: queue(oneOf('flush', 'reset'), 2) }, ({ scheduled }) => ({
    first: c`insert_work()`(worklist.push('flush')),
    second: c`insert_work()`(worklist.push('reset')),
    move: c`move_linked_works()`(when(not(worklist.isEmpty)), scheduled.push(worklist.head), worklist.pop()),
    run: c`process_one_work()`(state.done.set(scheduled.head), scheduled.pop()),
    absent: c`list_del_init()`(worklist.remove('flush')),
  }));
  const of = model('workqueue', { about: 'a queue', state, actors: [actor('worker', work)] });
  const traces = await tracesOf(of, {
    ends: never(state.done.is('flush').and(worklist.isEmpty)),
    done: never(actor('worker', work).done),
  });
  expect(renderLanes(traces.get('done')!)).toMatchInlineSnapshot(`
    "done: violated in 5 steps
      workqueue

      at the start: pool.worklist = [], done = none

         worker
         ───────────────────────────────────────
      1  work.first           kernel/workqueue.c
         insert_work()
         pool.worklist: [] → [flush]
      2  work.second          kernel/workqueue.c
         insert_work()
         pool.worklist: [flush] → [flush, reset]
      3  work.move            kernel/workqueue.c
         move_linked_works()
         scheduled: [] → [flush]
         pool.worklist: [flush, reset] → [reset]
      4  work.run             kernel/workqueue.c
         process_one_work()
         done: none → flush
         scheduled: [flush] → []
      5  work.absent          kernel/workqueue.c
         list_del_init()
         pool.worklist: stays [reset]
         ───────────────────────────────────────
         done

      ✗ done
        never worker is done
        turned true at step 5 (work.absent)
    "
  `);
});
