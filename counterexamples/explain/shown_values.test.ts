// What a trace says of each step is what the model says there: the values of its locals, its own label, what it tested.

import { expect, test } from 'vitest';
import { explore, lower } from '../../checker/index.js';
import {
  bugOn,
  mod_timer,
  mutex,
  mutex_lock,
  spin_lock,
  spinlock,
  timer_list,
} from '../../models/kernel/index.js';
import {
  actor,
  actors,
  bool,
  Call,
  Either,
  If,
  int,
  model,
  not,
  onlyIf,
  procedure,
  shared,
  source,
  While,
} from '../../models/language/index.js';
import { never } from '../../properties/language/index.js';
import { renderLanes } from '../render/lanes.js';
import { fitTrace } from '../replay/refit_trace.js';
import { tracesOf } from '../testing/models.js';

const c = source('mm/gup.c');

const dead_local_state = shared({ hit: bool() });
const dead_local = (() => {
  const state = dead_local_state;
  const p = procedure('p', { FOLL_WRITE: bool(), tries: int(0, 3) }, ({ FOLL_WRITE, tries }) => ({
    set: c`FOLL_WRITE = true`(FOLL_WRITE.set(true), tries.set(1)),
    test: If(FOLL_WRITE, {
      clear: c`*flags &= ~FOLL_WRITE`(FOLL_WRITE.set(false), tries.set(tries.plus(1))),
    }),
    use: If(not(FOLL_WRITE), { hit: c`hit`(state.hit.set(true)) }),
  }));
  return model('dead_local', { about: 'a local dies', state, actors: [actor('p', p)] });
})();
const hit = { never_hit: never(dead_local_state.hit) };

const traceOf = async (...of: Parameters<typeof tracesOf>) => [...(await tracesOf(...of)).values()][0]!;

test('a local that nobody reads any more keeps its value, and what is stored in it is seen', async () => {
  const trace = await traceOf(dead_local, hit);
  expect(trace.steps.map(({ label, writes }) => [label, ...writes])).toEqual([
    ['p.set', { path: 'p:p.FOLL_WRITE', from: false, to: true }, { path: 'p:p.tries', from: 0, to: 1 }],
    ['p.test'],
    ['p.clear', { path: 'p:p.FOLL_WRITE', from: true, to: false }, { path: 'p:p.tries', from: 1, to: 2 }],
    ['p.use'],
    ['p.hit', { path: 'hit', from: false, to: true }],
  ]);
  expect(trace.states.map(({ values }) => values['p:p.tries'])).toEqual([0, 1, 1, 2, 2, 2]);
});

test('a word of memory that a primitive writes is not shown: it has one value', async () => {
  const state = shared({ timer: timer_list(), hit: bool() });
  const p = procedure('p', () => ({ arm: mod_timer(state.timer), hit: c`hit`(state.hit.set(true)) }));
  const armed = model('armed', { about: 'a timer', state, actors: [actor('p', p)] });
  const trace = await traceOf(armed, { never_hit: never(state.hit) });
  expect(trace.steps.map(({ writes }) => writes)).toEqual([
    [{ path: 'timer.pending', from: false, to: true }],
    [{ path: 'hit', from: false, to: true }],
  ]);
});

test('a store under a condition is shown only where it is made', async () => {
  const state = shared({ n: int(0, 2), hit: bool() });
  const p = procedure('p', () => ({
    count: c`if (n) n++`(onlyIf(state.n.gt(0), state.n.inc())),
    hit: c`hit`(state.hit.set(true)),
  }));
  const counted = model('counted', { about: 'a count', state, actors: [actor('p', p)] });
  const trace = await traceOf(counted, { never_hit: never(state.hit) });
  expect(trace.steps.map(({ writes }) => writes)).toEqual([[], [{ path: 'hit', from: false, to: true }]]);
});

test('a local starts anew with each call', async () => {
  const state = shared({ n: int(0, 2) });
  const callee = procedure('callee', { seen: bool() }, ({ seen }) => ({
    note: c`seen = true`(seen.set(true)),
    add: c`n++`(state.n.inc()),
  }));
  const p = procedure('p', () => ({ first: Call(callee), second: Call(callee) }));
  const twice = model('twice', { about: 'two calls', state, actors: [actor('p', p)] });
  const trace = await traceOf(twice, { never_two: never(state.n.eq(2)) });
  expect(trace.states.map(({ values }) => values['p:callee.seen'])).toEqual([false, true, false, true, true]);
});

test('a trace with such values fits the model from which it was saved', async () => {
  const lowered = lower(dead_local, {}, hit);
  const report = await explore(lowered.program, lowered.properties);
  const { check, finding } = report.properties.find(({ verdict }) => verdict === 'violated')!;
  const saved = { digest: '', path: finding!.path, trace: await traceOf(dead_local, hit) };
  expect(fitTrace(saved, lowered, [check])).toMatchObject({ fits: true });
});

test('an assertion that passes says what it has tested, and one that fails what it reports', async () => {
  const state = shared({ freed: bool() });
  const p = procedure('p', () => ({
    check: bugOn(state.freed, 'use after free in p()'),
    free: c`kfree()`(state.freed.set(true)),
    again: bugOn(state.freed, 'use after free in p()'),
  }));
  const trace = await traceOf(model('uaf', { about: 'x', state, actors: [actor('p', p)] }));
  expect(trace.steps.map(({ caption }) => caption)).toEqual([
    'tested: freed is false',
    'kfree()',
    'use after free in p()',
  ]);
});

test('what control flow decides of an assertion is listed among its reasons', async () => {
  const state = shared({ a: mutex(), s: spinlock() });
  const f = procedure('f', () => ({ s: spin_lock(state.s), a: mutex_lock(state.a) }));
  const trace = await traceOf(model('why', { about: 'sleeps', state, actors: [actor('x', f)] }));
  expect(trace.ending.terms).toEqual([
    { depth: 0, text: 's == x', value: true, since: 1, decides: true, reads: [{ path: 's', value: 'x' }] },
  ]);
});

test('a step in a choice has its own name in lanes, as everywhere', async () => {
  const state = shared({ n: int(0, 3) });
  const p = procedure('p', () => ({
    loop: While(state.n.lt(3), {
      next: Either({ one: { add: c`n++`(state.n.inc()) }, two: { sub: c`n = 0`(state.n.set(0)) } }),
    }),
  }));
  const trace = await traceOf(model('arms', { about: 'x', state, actors: [actors('p', 1, p)] }), {
    never_three: never(state.n.eq(3)),
  });
  expect([...new Set(trace.steps.map(({ label, path }) => `${label} ${path}`))]).toEqual([
    'p.loop p.loop',
    'p.add p.add',
  ]);
  expect(renderLanes(trace)).toMatch(/p\.add/);
  expect(renderLanes(trace)).not.toMatch(/ {2}p\.next/);
});
