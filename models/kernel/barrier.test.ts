// Accesses in an order are what they are without it, and a barrier takes no step, where every access is seen at once.

import { expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { programOf, refusalsIn, stepsOf } from '../../checker/lower/testing/small.js';
import { never } from '../../properties/language/index.js';
import {
  actor,
  bool,
  If,
  int,
  oneOf,
  perActor,
  procedure,
  shared,
  source,
  While,
} from '../language/index.js';
import {
  atomic_fetch_add_acquire,
  READ_ONCE,
  set_current_state,
  smp_cond_load_acquire,
  smp_load_acquire,
  smp_mb,
  smp_rmb,
  smp_store_release,
  smp_wmb,
  test_and_set_bit,
  WRITE_ONCE,
  xchg_release,
} from './index.js';

const c = source('drivers/x.c');
const state = shared({ x: int(0, 2), flag: bool(), task: oneOf('RUNNING', 'SLEEPS') });
const { x, flag, task } = state;
const r0 = perActor('r0', int(0, 2));
const refusal = refusalsIn(import.meta.url);

const ordered = procedure('ordered', () => ({
  early: smp_mb(),
  write: WRITE_ONCE(x, 1),
  wmb: smp_wmb(),
  publish: smp_store_release(flag, true),
  sleep: set_current_state(task, 'SLEEPS'),
  test: If(smp_load_acquire(flag), { rmb: smp_rmb(), read: r0.mine.assign(READ_ONCE(x)) }),
  wait: smp_cond_load_acquire(x, (value) => value.eq(1)),
  last: smp_mb(),
}));

test('a barrier takes no step, and a load shows its order where it is printed', () => {
  expect(stepsOf(ordered, state)).toMatchInlineSnapshot(`
    "ordered.write:
            /* include/asm-generic/rwonce.h: WRITE_ONCE(x, 1) */
            x = 1;
    ordered.publish:
            /* include/asm-generic/barrier.h: smp_store_release(&flag, true) */
            flag = true;
    ordered.sleep:
            /* include/linux/sched.h: set_current_state(SLEEPS) */
            task = SLEEPS;
    ordered.test:
            /* if (smp_load_acquire(&flag)) */
            when (smp_load_acquire(&flag));
            /* if (!smp_load_acquire(&flag)) */
            when (!smp_load_acquire(&flag)); goto ordered.wait;
    ordered.read:
            /* include/asm-generic/rwonce.h: r0 = READ_ONCE(x) */
            r0[a] = READ_ONCE(x);
    ordered.wait:
            /* include/asm-generic/barrier.h: smp_cond_load_acquire(&x, …) */
            when (smp_load_acquire(&x) == 1); goto done;
    done:
            ;
    "
  `);
});

test('a memory model to which it matters has a step for the barrier, and every order', () => {
  const { steps } = programOf({ state, actors: [actor('a', ordered)] }, {}, { fences: ['mb', 'rmb', 'wmb'] });
  const orders = (x: unknown): readonly string[] =>
    typeof x !== 'object' || x === null
      ? []
      : Object.entries(x).flatMap(([key, value]) => (key === 'order' ? [String(value)] : orders(value)));
  const said = steps.map(({ label, memory, guard, assignments }) => {
    const what = memory === undefined ? '' : ` ${memory.kind === 'fence' ? memory.fence : memory.kind}`;
    return `${label}${what} ${orders({ guard, assignments }).join(' ')}`.trim();
  });
  expect(said).toMatchInlineSnapshot(`
    [
      "ordered.early mb",
      "ordered.write once",
      "ordered.wmb wmb",
      "ordered.publish release",
      "ordered.sleep mb once",
      "ordered.test acquire",
      "ordered.test acquire",
      "ordered.rmb rmb",
      "ordered.read once",
      "ordered.wait acquire",
      "ordered.last mb",
    ]
  `);
});

test('a read-modify-write says its order, and whether it gives a value back', () => {
  const { steps } = programOf({
    state,
    actors: [
      actor(
        'a',
        procedure('modify', () => ({
          set: If(test_and_set_bit(flag), {}),
          add: r0.mine.assign(atomic_fetch_add_acquire(1, x)),
          exchange: xchg_release(x, 1),
        })),
      ),
    ],
  });
  expect(steps.map(({ label, caption, memory }) => [label, caption, memory])).toMatchInlineSnapshot(`
    [
      [
        "modify.set",
        "test_and_set_bit(flag): true",
        {
          "kind": "modify",
          "order": "full",
          "returns": true,
        },
      ],
      [
        "modify.set",
        "test_and_set_bit(flag): false",
        {
          "kind": "modify",
          "order": "full",
          "returns": true,
        },
      ],
      [
        "modify.add",
        "r0 = atomic_fetch_add_acquire(1, &x)",
        {
          "kind": "modify",
          "order": "acquire",
          "returns": true,
        },
      ],
      [
        "modify.exchange",
        "xchg_release(&x, 1)",
        {
          "kind": "modify",
          "order": "release",
          "returns": true,
        },
      ],
    ]
  `);
});

test('what each actor has for itself is a register, and whether interrupts are off is no memory', () => {
  const { variables } = programOf({
    state,
    actors: [
      actor('a', ordered),
      actor(
        'b',
        procedure('idle', () => ({ one: c`one`(r0.mine.set(1)) })),
      ),
    ],
  });
  expect(variables.map(({ name, registerOf }) => [name, registerOf])).toEqual([
    ['x', undefined],
    ['flag', undefined],
    ['task', undefined],
    ['r0[a]', 0],
    ['r0[b]', 1],
  ]);
});

test('barriers change no count', async () => {
  const counts = (barriers: boolean) => {
    const step = (kind: typeof smp_mb, label: string) => (barriers ? { [label]: kind() } : {});
    const writer = procedure('writer', () => ({
      x: WRITE_ONCE(x, 1),
      ...step(smp_wmb, 'wmb'),
      flag: WRITE_ONCE(flag, true),
    }));
    const reader = procedure('reader', () => ({
      ...step(smp_mb, 'mb'),
      wait: While(READ_ONCE(flag).eq(false), step(smp_mb, 'mb')),
      ...step(smp_rmb, 'rmb'),
      read: r0.mine.assign(READ_ONCE(x)),
    }));
    const [w, r] = [actor('w', writer), actor('r', reader)];
    return explored({ state, actors: [w, r] }, { missed: never(r.done.and(r0.of(r).eq(0))) });
  };
  expect(await counts(true)).toEqual(await counts(false));
  expect(await counts(true)).toMatchInlineSnapshot(`
    [
      "holds: 5 states, 6 transitions, depth 4, levels 1 1 1 1 1",
    ]
  `);
});

test('what is no variable has no order, and no actor is ever at a barrier', () => {
  const none = undefined as never;
  const said = [
    refusal(() => READ_ONCE(1 as never)), // <-
    refusal(() => WRITE_ONCE(1 as never, none)), // <-
    refusal(() => smp_load_acquire(none)), // <-
    refusal(() => smp_store_release('p' as never, none)), // <-
  ];
  expect(said).toEqual([
    'READ_ONCE() needs a variable, not 1',
    'WRITE_ONCE() needs a variable, not 1',
    'smp_load_acquire() needs a variable, not undefined: is a name misspelt?',
    "smp_store_release() needs a variable, not 'p'",
  ]);
  const a = actor(
    'a',
    procedure('p', () => ({ mb: smp_mb(), one: c`one`(flag.set(true)) })),
  );
  const twice = programOf.bind(undefined, {
    state,
    actors: [
      a,
      actor(
        'b',
        procedure('q', () => ({
          late: If(a.at('p.mb'), { two: c`two`(flag.set(false)) }), // <-
        })),
      ),
    ],
  });
  expect(refusal(() => twice())).toBe("no actor is ever at 'p.mb': it takes no step");
});
