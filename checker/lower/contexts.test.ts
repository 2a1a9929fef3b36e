// In which context an actor runs: what it may ask, and that sleeping in atomic context is reported. Both engines.

import { describe, expect, test } from 'vitest';
import {
  irqs_disabled,
  local_bh_disable,
  local_bh_enable,
  local_irq_disable,
  local_irq_enable,
  local_irq_restore,
  local_irq_save,
  mutex,
  mutex_lock,
  mutex_unlock,
  preempt_disable,
  preempt_enable,
  rcu_read_lock,
  rcu_read_lock_bh,
  rcu_read_lock_sched,
  rcu_read_unlock,
  rcu_read_unlock_bh,
  rcu_read_unlock_sched,
  spin_lock,
  spin_unlock,
  spinlock,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
} from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  bool,
  cpu,
  Either,
  expectsSoftly,
  Goto,
  hasInterruptsOff,
  If,
  inInterrupt,
  int,
  interrupt,
  isPreemptible,
  not,
  perActor,
  procedure,
  runsAs,
  self,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import type { CheckName } from '../ir/built_in_checks.js';
import type { LowerOptions } from './lower.js';
import { programOf, stepsOf, textOf } from './testing/small.js';

const c = source('kernel/x.c');
const state = shared({ m: mutex(), ptl: spinlock(), b: bool() });
const { m, ptl, b } = state;
const cpu0 = cpu('cpu0');

/** What both engines report of an actor, with the lengths of the traces, and how many states there are. */
async function reported(actorOf: ReturnType<typeof actor>, options: LowerOptions = {}) {
  const program = programOf({ state, actors: [actorOf] }, {}, options);
  const [reference, compiled] = await Promise.all(
    (['reference', 'compiled'] as const).map(async (engine) => {
      const { properties, evidence } = await explore(program, [], { engine });
      const found = properties.flatMap(({ check, finding }) =>
        finding === undefined ? [] : [`${check.name} in ${finding.path.steps.length}`],
      );
      return { found, states: evidence.states };
    }),
  );
  expect(compiled).toEqual(reference);
  return reference!;
}
const found = async (body: () => Block) => (await reported(actor('a', procedure('p', body)))).found;
const sleeps = { lock: mutex_lock, unlock: mutex_unlock };
const message = 'BUG: sleeping function called from invalid context';

describe('sleeping', () => {
  const section = perActor('section', int(0, 2), { forbidsSleep: true });
  const mark = perActor('mark', int(0, 2));
  const count = (of: typeof section, word: string, by: 1 | -1) => c`${word}`(of.mine.set(of.mine.plus(by)));

  test.each([
    ['preemption off', preempt_disable, preempt_enable],
    ['softirqs off', local_bh_disable, local_bh_enable],
    ['interrupts off', local_irq_disable, local_irq_enable],
    ['a lock that spins', () => spin_lock(ptl), () => spin_unlock(ptl)],
    ['what a model says to forbid it', () => count(section, 'enter', 1), () => count(section, 'leave', -1)],
  ] as const)('with %s is reported, before and behind it is not', async (_, off, on) => {
    const inside = () => ({ off: off(), lock: sleeps.lock(m), unlock: sleeps.unlock(m), on: on() });
    expect(await found(inside)).toEqual([`${message} in 2`]);
    const outside = () => ({
      first: sleeps.lock(m),
      done: sleeps.unlock(m),
      off: off(),
      on: on(),
      lock: sleeps.lock(m),
      unlock: sleeps.unlock(m),
    });
    expect(await found(outside)).toEqual([]);
  });

  test('is allowed by any other variable of the actor', async () => {
    const inside = () => ({ off: count(mark, 'x', 1), lock: sleeps.lock(m), unlock: sleeps.unlock(m) });
    expect(await found(inside)).toEqual([]);
  });

  test('in nested sections is reported until the last one ends', async () => {
    const nested = () => ({
      one: preempt_disable(),
      two: preempt_disable(),
      out: preempt_enable(),
      lock: sleeps.lock(m),
      unlock: sleeps.unlock(m),
      last: preempt_enable(),
    });
    expect(await found(nested)).toEqual([`${message} in 4`]);
  });

  test('is reported where a loop comes back with preemption off, though that stands further down', async () => {
    const loop = () => ({
      lock: sleeps.lock(m),
      unlock: sleeps.unlock(m),
      off: preempt_disable(),
      test: If(b, {}).Else({ set: c`set`(b.set(true)), again: Goto('lock') }),
      on: preempt_enable(),
    });
    expect(await found(loop)).toContain(`${message} in 6`);
  });

  test.each(['softirq', 'hardirq', 'nmi'] as const)(
    'in a %s is reported, in a task on a CPU is not',
    async (level) => {
      const p = procedure('p', () => ({ lock: sleeps.lock(m), unlock: sleeps.unlock(m) }));
      expect((await reported(interrupt('a', p, { on: cpu0, level }))).found).toEqual([`${message} in 2`]);
      expect((await reported(actor('a', p, {}, { on: cpu0 }))).found).toEqual([]);
    },
  );

  test('adds no step and no state where nothing forbids it', () => {
    const p = procedure('p', () => ({ lock: sleeps.lock(m), unlock: sleeps.unlock(m) }));
    const { variables, steps } = programOf({ state: shared({ m: mutex() }), actors: [actor('a', p)] });
    expect([variables.length, steps.length]).toEqual([1, 2]);
  });
});

describe('an actor that is done', () => {
  const section = perActor('section', int(0, 2), { forbidsSleep: true });
  const worded = perActor('worded', int(0, 2), { keptMessage: 'BUG: worded' });
  const ss = srcu_struct('ss');
  const held = 'WARNING: lock held when returning to user space!';
  const atomic = (what: string) => `BUG: scheduling while atomic: ${what} when returning to user space`;
  const kinds = [
    ['inside rcu_read_lock()', rcu_read_lock, rcu_read_unlock, `${held} (rcu_read_lock)`],
    ['inside srcu_read_lock()', () => srcu_read_lock(ss), () => srcu_read_unlock(ss), `${held} (ss)`],
    ['with interrupts off', local_irq_disable, local_irq_enable, 'WARNING: syscall left IRQs disabled'],
    ['with softirqs off', local_bh_disable, local_bh_enable, atomic('softirqs are off')],
    ['with preemption off', preempt_disable, preempt_enable, atomic('preemption is off')],
    [
      'inside a section of the model',
      () => c`enter`(section.mine.inc()),
      () => c`leave`(section.mine.dec()),
      `${held} (section)`,
    ],
    [
      'inside a section with words of its own',
      () => c`enter`(worded.mine.inc()),
      () => c`leave`(worded.mine.dec()),
      'BUG: worded',
    ],
  ] as const;

  test.each(kinds)('%s is reported, and not where it has left', async (_, on, off, message) => {
    expect(await found(() => ({ on: on() }))).toEqual([`${message} in 1`]);
    expect(await found(() => ({ on: on(), work: c`work`(b.set(true)) }))).toEqual([`${message} in 2`]);
    expect(await found(() => ({ on: on(), off: off() }))).toEqual([]);
    expect(await found(() => ({ on: on(), off: off(), work: c`work`(b.set(true)) }))).toEqual([]);
  });

  test.each(kinds)('%s on one path is reported there', async (_, on, off, message) => {
    const leaves = (leaving: Block) => () => ({
      which: Either({ yes: { set: c`set`(b.set(true)) }, no: { skip: c`skip`() } }),
      on: on(),
      test: If(b, { early: off() }).Else(leaving),
    });
    expect(await found(leaves({}))).toEqual([`${message} in 3`]);
    expect(await found(leaves({ late: off() }))).toEqual([]);
  });

  test('in an outer section that nests another one is reported', async () => {
    const once = { one: rcu_read_lock(), two: rcu_read_lock(), out: rcu_read_unlock() };
    expect(await found(() => once)).toEqual([`${held} (rcu_read_lock) in 3`]);
    expect(await found(() => ({ ...once, last: rcu_read_unlock() }))).toEqual([]);
  });

  test('with the check off is not reported, and the check costs no state', async () => {
    const off = { without: ['lock-held'] } as const;
    const leaks = actor(
      'a',
      procedure('p', () => ({ on: rcu_read_lock(), work: c`work`() })),
    );
    const [on, without] = [await reported(leaks), await reported(leaks, off)];
    expect([on.found.length, without.found.length]).toEqual([1, 0]);
    expect(on.states).toBe(without.states);
  });

  test('costs no step where control flow decides that it has left', () => {
    const flag = bool();
    const body = procedure('p', { flag }, ({ flag }) => ({
      save: local_irq_save(flag),
      lock: preempt_disable(),
      unlock: preempt_enable(),
      restore: local_irq_restore(flag),
    }));
    const programs = [[], ['lock-held']].map((without) =>
      programOf({ state, actors: [actor('a', body)] }, {}, { without: without as readonly CheckName[] }),
    );
    expect(programs[0]!.steps).toEqual(programs[1]!.steps);
  });

  test('as an interrupt restores the flags of what it interrupted, but not the count of preemption', async () => {
    const at = async (body: () => Block, times: 1 | 'ever') =>
      (await reported(interrupt('a', procedure('p', body), { on: cpu0, times }))).found;
    for (const times of [1, 'ever'] as const) {
      expect(await at(() => ({ off: local_irq_disable() }), times)).toEqual([]);
      expect(await at(() => ({ off: preempt_disable(), on: preempt_enable() }), times)).toEqual([]);
      expect(await at(() => ({ lock: spin_lock(ptl), unlock: spin_unlock(ptl) }), times)).toEqual([]);
    }
    expect(await at(() => ({ off: preempt_disable() }), 1)).toEqual([`${atomic('preemption is off')} in 2`]);
    expect(await at(() => ({ lock: spin_lock(ptl) }), 'ever')).toContain(`${held} (ptl) in 2`);
  });
});

describe('turning on what is not off', () => {
  const underflow = 'DEBUG_LOCKS_WARN_ON(val > preempt_count()) in preempt_count_sub()';
  const unlock = 'WARNING: bad unlock balance detected!';
  test.each([
    ['preempt_enable', preempt_disable, preempt_enable, underflow],
    ['local_bh_enable', local_bh_disable, local_bh_enable, underflow],
    ['rcu_read_unlock_bh', rcu_read_lock_bh, rcu_read_unlock_bh, `${unlock} (rcu_read_lock_bh)`],
    ['rcu_read_unlock_sched', rcu_read_lock_sched, rcu_read_unlock_sched, `${unlock} (rcu_read_lock_sched)`],
  ] as const)('%s() reports, and does not behind its counterpart', async (_, off, on, message) => {
    expect(await found(() => ({ on: on() }))).toEqual([`${message} in 1`]);
    expect(await found(() => ({ off: off(), on: on(), again: on() }))).toEqual([`${message} in 3`]);
    expect(await found(() => ({ off: off(), on: on() }))).toEqual([]);
  });
});

describe('an actor may ask', () => {
  test('at which level it runs, which costs no step', () => {
    const p = procedure('p', () => ({
      test: If(runsAs('task'), { a: c`task`() }).Else({ b: c`interrupt`() }),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.a:
              /* kernel/x.c: task */
              goto done;
      done:
              ;
      "
    `);
  });

  test('whether it is preemptible, has interrupts off, or is in an interrupt', () => {
    const p = procedure('p', () => ({
      off: preempt_disable(),
      softirqs: local_bh_disable(),
      irqs: local_irq_disable(),
      ask: c`ask`(
        expectsSoftly(isPreemptible(), 'not preemptible'),
        expectsSoftly(inInterrupt(), 'not in interrupt'),
        expectsSoftly(irqs_disabled(), 'interrupts are on'),
      ),
    }));
    const text = stepsOf(p, state);
    expect(text.slice(text.indexOf('p.ask'))).toMatchInlineSnapshot(`
      "p.ask:
              /* kernel/x.c: ask */
              when (!(preempt_off[a] == 0 && bh_off[a] == 0 && !irqs_off[a])); warning "not preemptible"; goto done;
              /* kernel/x.c: ask */
              when (preempt_off[a] == 0 && bh_off[a] == 0 && !irqs_off[a] && bh_off[a] == 0); warning "not in interrupt"; goto done;
              /* kernel/x.c: ask */
              when (preempt_off[a] == 0 && bh_off[a] == 0 && !irqs_off[a] && bh_off[a] != 0 && !irqs_off[a]); warning "interrupts are on"; goto done;
              /* kernel/x.c: ask */
              when (preempt_off[a] == 0 && bh_off[a] == 0 && !irqs_off[a] && bh_off[a] != 0 && irqs_off[a]); warning "BUG: scheduling while atomic: preemption is off when returning to user space"; goto done;
      done:
              ;
      "
    `);
  });

  test('and of an interrupt, its level', async () => {
    const p = procedure('p', () => ({
      one: c`one`(expectsSoftly(isPreemptible(), 'not preemptible')),
      two: c`two`(expectsSoftly(inInterrupt(), 'not in interrupt')),
      three: c`three`(expectsSoftly(irqs_disabled(), 'interrupts are on')),
    }));
    const at = async (level: 'softirq' | 'hardirq') =>
      (await reported(interrupt('a', p, { on: cpu0, level }))).found;
    expect(await at('hardirq')).toEqual(['not preemptible in 2']);
    expect(await at('softirq')).toEqual(['not preemptible in 2', 'interrupts are on in 4']);
  });

  test('whether interrupts are off on the CPU of another actor: by any actor there, or by a handler', () => {
    const task = procedure('task', () => ({ off: local_irq_disable(), on: local_irq_enable() }));
    const plain = procedure('plain', () => ({ step: c`step`() }));
    const tasks = [
      actor('a', task, {}, { on: cpu0 }),
      actor('b', plain, {}, { on: cpu0 }),
      interrupt('hard', plain, { on: cpu0 }),
      interrupt('soft', plain, { on: cpu0, level: 'softirq' }),
      actor('alone', plain),
    ] as const;
    const asks = procedure('asks', () => ({
      b: c`b`(when(not(hasInterruptsOff(tasks[1])))),
      alone: c`alone`(when(not(hasInterruptsOff(tasks[4])))),
      itself: c`itself`(when(not(hasInterruptsOff(self)))),
    }));
    const text = textOf({ state, actors: [...tasks, actor('asks', asks)] });
    expect(text.slice(text.indexOf('asks.b'))).toMatchInlineSnapshot(`
      "asks.b:
              /* kernel/x.c: b */
              when (!(irqs_off[a] || hard at plain.step));
      asks.alone:
              /* kernel/x.c: alone */
              ;
      asks.itself:
              /* kernel/x.c: itself */
              goto done;
      done:
              ;
      }
      "
    `);
  });
});
