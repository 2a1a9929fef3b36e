// CPUs: interrupts preempt what runs on their CPU, tasks share it, and each actor or CPU has its own variables.

import { describe, expect, test } from 'vitest';
import { spin_lock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  bool,
  Choose,
  cpu,
  type EachVar,
  int,
  interrupt,
  irqs_off,
  not,
  perActor,
  perCpu,
  preempt_off,
  procedure,
  self,
  shared,
  someone,
  source,
  when,
} from '../../models/language/index.js';
import { always, never } from '../../properties/language/index.js';
import { explored } from './testing/explored.js';
import { programOf, textOf } from './testing/small.js';

const c = source('kernel/irq.c');
const cpu0 = cpu('cpu0');
const state = shared({ lock: spinlock(), n: int(0, 2), b: bool() });
const { lock, n, b } = state;

const local_irq_disable = () => c`local_irq_disable()`(irqs_off.mine.set(true));
const local_irq_enable = () => c`local_irq_enable()`(irqs_off.mine.set(false));

/** x = x + 1, as the compiler may do it. */
const increment = (x: typeof n, loaded: EachVar<ReturnType<typeof int>>) => ({
  load: c`load`(loaded.mine.set(x)),
  store: c`store`(x.set(loaded.mine.plus(1))),
});

describe('an interrupt', () => {
  test('begins in a step of its own, if it is not disabled; the task takes no step until its handler ends', () => {
    const task = procedure('task', () => ({
      off: local_irq_disable(),
      work: c`work`(n.inc()),
      on: local_irq_enable(),
    }));
    const handler = procedure('handler', () => ({ handle: c`handle`(b.set(true)) }));
    const actors = [actor('task', task, {}, { on: cpu0 }), interrupt('irq', handler, { on: cpu0 })];
    const text = textOf({ state, actors });
    expect(text.slice(text.indexOf('actor task'))).toMatchInlineSnapshot(`
      "actor task
      {
      task.off:
              /* kernel/irq.c: local_irq_disable() */
              when (!(irq at handler.handle)); irqs_off[task] = true;
      task.work:
              /* kernel/irq.c: work */
              when (!(irq at handler.handle)); n = n + 1;
      task.on:
              /* kernel/irq.c: local_irq_enable() */
              when (!(irq at handler.handle)); irqs_off[task] = false; goto done;
      done:
              ;
      }

      actor irq
      {
      handler.interrupt:       /* rests here: not waited for */
              /* irq interrupts cpu0 */
              when (!irqs_off[task]);
      handler.handle:
              /* kernel/irq.c: handle */
              b = true; goto done;
      done:
              ;
      }
      "
    `);
  });

  test('that takes the lock of its CPU deadlocks, unless interrupts are disabled, or it is on another CPU', async () => {
    const unsafe = procedure('unsafe', () => ({ lock: spin_lock(lock), unlock: spin_unlock(lock) }));
    const safe = procedure('safe', () => ({
      off: local_irq_disable(),
      lock: spin_lock(lock),
      unlock: spin_unlock(lock),
      on: local_irq_enable(),
    }));
    const handler = procedure('handler', () => ({ lock: spin_lock(lock), unlock: spin_unlock(lock) }));
    const found = async (task: typeof unsafe | typeof safe, on: ReturnType<typeof cpu>) => {
      const actors = [
        actor('task', task as typeof unsafe, {}, { on: cpu0 }),
        interrupt('irq', handler, { on }),
      ];
      return (await explored({ state, actors })).map((line) => line.replace(/ states.*/, ' states'));
    };
    expect(await found(unsafe, cpu0)).toMatchInlineSnapshot(`
      [
        "violated: 11 states",
        "no deadlock: violated by task unsafe.lock, irq handler.interrupt",
      ]
    `);
    expect(await found(safe, cpu0)).toMatchInlineSnapshot(`
      [
        "holds: 14 states",
      ]
    `);
    expect(await found(unsafe, cpu('cpu1'))).toMatchInlineSnapshot(`
      [
        "holds: 11 states",
      ]
    `);
  });

  test('loses a count that is loaded and stored, with preemption off; not with interrupts off', async () => {
    const loaded = perActor('loaded', int(0, 2));
    const handler = procedure('handler', () => increment(n, loaded));
    const found = async (off: EachVar<ReturnType<typeof bool>> | typeof preempt_off) => {
      const [set, clear] =
        off === preempt_off
          ? [preempt_off.mine.inc(), preempt_off.mine.dec()]
          : [irqs_off.mine.set(true), irqs_off.mine.set(false)];
      const task = procedure('task', () => ({
        off: c`off`(set),
        ...increment(n, loaded),
        on: c`on`(clear),
      }));
      const one = actor('task', task, {}, { on: cpu0 });
      const irq = interrupt('irq', handler, { on: cpu0 });
      const both = always(one.done.and(irq.done).implies(n.eq(2)), 'both are counted');
      return (await explored({ state, actors: [one, irq] }, { both })).map((line) =>
        line.replace(/ states.*/, ' states'),
      );
    };
    expect(await found(preempt_off)).toMatchInlineSnapshot(`
      [
        "violated: 25 states",
        "both: violated by task task.off, task task.load, irq handler.interrupt, irq handler.load, irq handler.store, task task.store, task task.on",
      ]
    `);
    expect(await found(irqs_off)).toMatchInlineSnapshot(`
      [
        "holds: 15 states",
      ]
    `);
  });

  test('may occur again and again, and rests until it occurs', () => {
    const handler = procedure('handler', () => ({ handle: c`handle`(b.set(true)) }));
    const program = programOf({ state, actors: [interrupt('irq', handler, { on: cpu0, times: 'ever' })] });
    const [irq] = program.threads;
    expect(irq!.rests).toEqual([irq!.start]);
    expect(program.steps.map(({ from, to, label }) => `${label} ${from} ${to}`)).toEqual([
      'handler.interrupt 0 1',
      'handler.handle 1 0',
    ]);
  });
});

describe('tasks of one CPU', () => {
  test('interleave, except while one has preemption off or holds a spinning lock', () => {
    const first = procedure('first', () => ({
      off: c`preempt_disable()`(preempt_off.mine.inc()),
      lock: spin_lock(lock),
    }));
    const second = procedure('second', () => ({ step: c`step`() }));
    const actors = [actor('a', first, {}, { on: cpu0 }), actor('b', second, {}, { on: cpu0 })];
    const text = textOf({ state, actors });
    expect(text.slice(text.indexOf('actor b'))).toMatchInlineSnapshot(`
      "actor b
      {
      second.step:
              /* kernel/irq.c: step */
              when (lock != a && preempt_off[a] == 0); goto done;
      done:
              ;
      }
      "
    `);
  });

  test('share per-CPU variables, and an actor without a CPU has its own', () => {
    const stat = perCpu('stat', int(0, 3));
    const p = procedure('p', () => ({ count: c`this_cpu_inc(stat)`(stat.mine.inc()) }));
    const a = actor('a', p, {}, { on: cpu0 });
    const q = procedure('q', () => ({ read: c`read`(when(stat.of(a).eq(1)), stat.mine.set(2)) }));
    const actors = [a, actor('b', p, {}, { on: cpu0 }), actor('other', q)];
    const program = programOf({ state, actors });
    expect(program.variables.map(({ name }) => name).filter((name) => name.startsWith('stat'))).toEqual([
      'stat[cpu0]',
      'stat[other]',
    ]);
  });

  test('have a variable in a property only where a step names it, though an effect on each of them might have', async () => {
    const seen = perActor('seen', bool());
    const p = procedure('p', () => ({
      each: Choose(someone(), (who) => ({
        mark: c`mark another`(when(not(who.is(self))), seen.of(who).set(true)),
      })),
    }));
    const [a, other] = [
      actor('a', p),
      actor(
        'other',
        procedure('other', () => ({ step: c`step`() })),
      ),
    ];
    const properties = { itself: never(seen.of(a)), other: never(seen.of(other)) };
    expect(await explored({ state, actors: [a, other] }, properties)).toMatchInlineSnapshot(`
      [
        "violated: 4 states, 4 transitions, depth 2, levels 1 2 1",
        "other: violated by a p.mark",
      ]
    `);
  });
});
