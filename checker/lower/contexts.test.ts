// In which context an actor runs: what it may ask, and that sleeping in atomic context is reported. Both engines.

import { describe, expect, test } from 'vitest';
import {
  irqs_disabled,
  local_bh_disable,
  local_bh_enable,
  local_irq_disable,
  local_irq_enable,
  mutex,
  mutex_lock,
  mutex_unlock,
  preempt_disable,
  preempt_enable,
  spin_lock,
  spin_unlock,
  spinlock,
} from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  bool,
  cpu,
  expectsSoftly,
  Goto,
  If,
  inInterrupt,
  int,
  interrupt,
  isPreemptible,
  perActor,
  procedure,
  runsAs,
  shared,
  source,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import { programOf, stepsOf } from './testing/small.js';

const c = source('kernel/x.c');
const state = shared({ m: mutex(), ptl: spinlock(), b: bool() });
const { m, ptl, b } = state;
const cpu0 = cpu('cpu0');

/** What both engines report of an actor, with the lengths of the traces, and how many states there are. */
async function reported(actorOf: ReturnType<typeof actor>) {
  const program = programOf({ state, actors: [actorOf] });
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
              when (preempt_off[a] == 0 && bh_off[a] == 0 && !irqs_off[a] && bh_off[a] != 0 && irqs_off[a]); goto done;
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
});
