// IPIs: every other CPU runs the function with its interrupts on, in any order, and the caller waits.

import { expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf } from '../../checker/lower/testing/small.js';
import { check } from '../../checker/testing/check.js';
import { always, never } from '../../properties/language/index.js';
import {
  actor,
  actors,
  type Block,
  bool,
  cpu,
  If,
  int,
  interrupt,
  not,
  oneOf,
  perCpu,
  procedure,
  shared,
  source,
} from '../language/index.js';
import {
  kick_all_cpus_sync,
  local_irq_disable,
  local_irq_enable,
  smp_call_function,
  smp_call_function_many,
} from './index.js';

const c = source('kernel/x.c');
const state = shared({ n: int(0, 2), x: bool(), gate: oneOf('open', 'shut') });
const { n, x, gate } = state;
const ran = perCpu('ran', bool());

const task = (name: string, block: Block, on?: ReturnType<typeof cpu>) =>
  actor(
    name,
    procedure(name, () => block),
    {},
    on === undefined ? {} : { on },
  );

test('each other CPU has run the function when the call returns, in any order', async () => {
  const others = actors(
    'other',
    2,
    procedure('other', () => ({ one: c`work`(n.inc()) })),
  );
  const caller = task('caller', { call: smp_call_function((who) => ran.of(who).set(true)) });
  const properties = {
    all: always(not(caller.done).or(others.all((one) => ran.of(one)))),
    not_itself: never(ran.of(caller)),
    second_first: never(ran.of(others.of(1)).and(not(ran.of(others.of(0)))), 'the second is first'),
  };
  expect(await explored({ state, actors: [others, caller] }, properties)).toMatchInlineSnapshot(`
    [
      "violated: 24 states, 48 transitions, depth 6, levels 1 3 5 6 5 3 1",
      "second_first: violated by caller smp_call_function.send, caller smp_call_function.run",
    ]
  `);
});

test('a CPU outside of the mask does not run it, and is not waited for', async () => {
  const off = task('off', { off: local_irq_disable(), work: c`work`(n.inc()), on: local_irq_enable() });
  const on = task('on', { work: c`work`(n.inc()) });
  const call = smp_call_function_many(
    (who) => who.is(on),
    (who) => ran.of(who).set(true),
  );
  const caller = task('caller', { call });
  const properties = {
    only: never(ran.of(off)),
    waits: never(caller.done.and(off.at('off.on')), 'it returned while the other CPU had interrupts off'),
  };
  expect(await explored({ state, actors: [off, on, caller] }, properties)).toMatchInlineSnapshot(`
    [
      "violated: 32 states, 64 transitions, depth 7, levels 1 3 5 7 7 5 3 1",
      "waits: violated by off off.off, off off.work, caller smp_call_function_many.send, caller smp_call_function_many.run, caller smp_call_function_many.end",
    ]
  `);
});

/** Whoever saw the gate open must be through when the caller goes on. */
const kicked = (sync: Block, off: boolean) => {
  const section = procedure('section', () => ({
    off: off ? local_irq_disable() : c`interrupts stay on`(),
    look: If(gate.is('open'), { use: c`use`() }),
    on: local_irq_enable(),
  }));
  const others = actors('other', 2, section);
  const shut = { shut: c`gate = shut`(gate.set('shut')), ...sync, go: c`x = true`(x.set(true)) };
  const inside = never(x.and(others.any((one) => one.at('section.use'))), 'somebody is inside still');
  return explored({ state, actors: [others, task('caller', shut)] }, { inside });
};
test('kick_all_cpus_sync() waits for those that have interrupts off, and for nobody else', async () => {
  expect(await kicked({ kick: kick_all_cpus_sync() }, true)).toMatchInlineSnapshot(`
    [
      "holds: 131 states, 294 transitions, depth 10, levels 1 3 6 14 24 29 27 16 7 3 1",
    ]
  `);
  expect(await kicked({}, true)).toMatchInlineSnapshot(`
    [
      "violated: 75 states, 170 transitions, depth 8, levels 1 3 6 11 16 16 13 7 2",
      "inside: violated by other[0] section.off, other[0] section.look, caller caller.shut, caller caller.go",
    ]
  `);
  expect(await kicked({ kick: kick_all_cpus_sync() }, false)).toMatchInlineSnapshot(`
    [
      "violated: 125 states, 300 transitions, depth 10, levels 1 3 6 12 19 23 24 19 12 5 1",
      "inside: violated by other[0] section.off, other[0] section.look, caller caller.shut, caller kick_all_cpus_sync.send, caller kick_all_cpus_sync.end, caller caller.go",
    ]
  `);
});

test('a handler on the CPU is over before it runs the function', async () => {
  const cpu1 = cpu('cpu1');
  const handler = procedure('handler', () => ({ one: c`one`(x.set(true)), two: c`two`(x.set(false)) }));
  const target = task('task', { work: c`work`(n.inc()) }, cpu1);
  const call = smp_call_function_many(
    (who) => who.is(target),
    (who) => ran.of(who).set(x),
  );
  const all = [target, interrupt('irq', handler, { on: cpu1 }), task('caller', { call })];
  const seen = never(ran.of(target), 'the function ran inside of the handler');
  expect(await explored({ state, actors: all }, { seen })).toMatchInlineSnapshot(`
    [
      "holds: 32 states, 52 transitions, depth 7, levels 1 3 5 7 7 5 3 1",
    ]
  `);
});

test('a caller with interrupts off, or that is a handler, is warned', async () => {
  const call = { call: smp_call_function((who) => ran.of(who).set(true)) };
  const handler = procedure('handler', () => call);
  const all = [
    task('off', { off: local_irq_disable(), ...call, on: local_irq_enable() }),
    interrupt('irq', handler, { on: cpu('cpu0'), level: 'softirq' }),
  ];
  expect((await check(programOf({ state, actors: all }))).slice(1)).toMatchInlineSnapshot(`
    [
      "WARNING: lockdep_assert_irqs_enabled() in smp_call_function_many_cond(): violated by 0 1",
      "WARN_ON_ONCE(!in_task()) in smp_call_function_many_cond(): violated by 7 8",
    ]
  `);
});
