// Blocks, calls and actors: which labels, arguments and actors compile. Run by tsc, as language.types.test.ts is.

import { describe, expectTypeOf, test } from 'vitest';
import { spin_lock, spin_unlock, spinlock } from '../kernel/index.js';
import {
  actor,
  actors,
  array,
  bool,
  Call,
  Choose,
  cpu,
  Either,
  type Enum,
  For,
  Goto,
  If,
  type Int,
  inline,
  int,
  interrupt,
  localsOf,
  model,
  type OwnerVar,
  oneOf,
  perActor,
  perCpu,
  procedure,
  Return,
  shared,
  source,
  While,
} from './index.js';

const c = source('mm/truncate.c');
const Pmd = oneOf('none', 'huge');
const state = shared({ pmd: Pmd, ptl: spinlock(), busy: bool(), n: int(0, 3) });
const { pmd, ptl, busy, n } = state;
const step = c`step`();

const callee = procedure(
  'callee',
  { orig_pmd: Pmd, i: int(0, 3), fast: bool() },
  ({ orig_pmd, i, fast }) => ({
    use: c`use`(pmd.set(orig_pmd), n.set(i), busy.set(fast)),
  }),
);
const everything = procedure('everything', () => ({
  first: step,
  test: If(busy, { then: step, jump: Goto('first') })
    .ElseIf(n.eq(1), { second: step })
    .Else({ third: step }),
  copies: For(2, (i) => ({ copy: c`copy ${i}`(), inner: If(i.eq(0), { deep: step }) })),
  loop: While(busy, { turn: step }),
  choice: Either({ left: { go_left: step }, right: { go_right: step } }),
  pick: Choose(3, (v) => ({ picked: c`picked ${v}`() })),
  call: Call(callee),
  leave: Return(),
}));
const truncate = actor('truncate', everything);

describe('labels', () => {
  test('of every block, at any depth, can be used in at()', () => {
    type Label = Parameters<typeof truncate.at>[0];
    type Own<L extends string> = `everything.${L}`;
    expectTypeOf<Label>().toEqualTypeOf<
      | Own<'first' | 'test' | 'then' | 'jump' | 'second' | 'third' | 'copies' | 'copy' | 'inner' | 'deep'>
      | Own<'loop' | 'turn' | 'choice' | 'left' | 'go_left' | 'right' | 'go_right' | 'pick' | 'picked'>
      | Own<'call' | 'leave'>
      | Own<
          | `test.${'then' | 'jump' | 'second' | 'third'}`
          | `copies.${'copy' | 'inner' | 'deep' | 'inner.deep'}`
        >
      | Own<
          'inner.deep' | 'loop.turn' | `choice.${'left' | 'go_left' | 'right' | 'go_right'}` | 'pick.picked'
        >
      | 'callee.use'
    >();
  });

  test('that do not exist do not compile', () => {
    () => {
      // @ts-expect-error no such label
      truncate.at('everything.frist');
      // @ts-expect-error a label carries its procedure's name
      truncate.at('first');
      // @ts-expect-error and stands in what is said to be around it
      truncate.at('everything.loop.then');
      // @ts-expect-error that of its own procedure
      truncate.at('everything.use');
      // @ts-expect-error in a family, too
      actors('munmap', 2, callee).any((m) => m.at('callee.used'));
      // @ts-expect-error and for one of it
      actors('munmap', 2, callee).of(1).at('everything.first');
    };
  });

  test('are names, and distinguished', () => {
    () => {
      // @ts-expect-error a number would move to the front
      procedure('p', () => ({ 1671: step }));
      // @ts-expect-error as text, too
      procedure('p', () => ({ '1671': step }));
      // @ts-expect-error in a nested block
      If(busy, { 1: step });
      // @ts-expect-error in a loop
      For(2, () => ({ 1: step }));
      // @ts-expect-error in an arm
      Either({ left: { 1: step } });
      // @ts-expect-error as an arm
      Either({ 1: { go: step } });
      procedure('p', () => ({
        // biome-ignore lint/suspicious/noDuplicateObjectKeys: that it does not compile is the point
        twice: step,
        // @ts-expect-error the same label twice
        twice: step,
      }));
    };
  });

  test('carry statements and nothing else', () => {
    () => {
      // @ts-expect-error an effect is no statement
      procedure('p', () => ({ clear: pmd.set('none') }));
      // @ts-expect-error neither is a procedure
      procedure('p', () => ({ call: callee }));
      // @ts-expect-error nor a block
      procedure('p', () => ({ block: { inner: step } }));
      // @ts-expect-error nor a primitive that lacks its lock
      procedure('p', () => ({ lock: spin_lock }));
    };
  });
});

describe('calls', () => {
  test('take values of the locals, by name', () => {
    Call(callee, { orig_pmd: pmd, i: n.plus(1), fast: busy });
    Call(callee, { orig_pmd: 'huge', fast: true });
    Call(callee);
    Call(procedure('p', () => ({ lock: spin_lock(ptl), unlock: spin_unlock(ptl) })));
    () => {
      // @ts-expect-error a typing error in a word
      Call(callee, { orig_pmd: 'hug' });
      // @ts-expect-error no such local
      Call(callee, { orig: 'huge' });
      // @ts-expect-error a word is no number
      Call(callee, { i: 'huge' });
      // @ts-expect-error a number is no condition
      Call(callee, { fast: 1 });
      // @ts-expect-error a callee without locals takes nothing
      Call(everything, { i: 1 });
      const whole = procedure('whole', { seen: array(2, bool()) }, () => ({}));
      // @ts-expect-error an array is no argument
      Call(whole, { seen: true });
    };
  });

  test('leave results of the locals’ types', () => {
    const { orig_pmd, i } = localsOf(callee);
    expectTypeOf(orig_pmd).toExtend<Enum<'none' | 'huge'>>();
    expectTypeOf(i).toExtend<Int>();
    () => {
      // @ts-expect-error no such local
      localsOf(callee).orig;
    };
  });
});

describe('choices', () => {
  test('bind a value of what they choose from', () => {
    Choose(Pmd, (v) => ({ set: c`set`(pmd.set(v)) }));
    Choose(bool(), (v) => ({ set: c`set`(busy.set(v)) }));
    Choose(int(0, 3), (v) => ({ set: c`set`(n.set(v)) }));
    () => {
      // @ts-expect-error a word of another enum
      Choose(oneOf('table'), (v) => ({ set: c`set`(pmd.set(v)) }));
      // @ts-expect-error a lock is not chosen
      Choose(spinlock(), () => ({ set: step }));
      // @ts-expect-error nor an array
      Choose(array(2, bool()), () => ({ set: step }));
    };
  });
});

describe('actors and models', () => {
  test('pass arguments of the right types, for each copy', () => {
    actors('munmap', n, callee, (i) => ({ i, orig_pmd: 'huge' }));
    actor('a', callee, { i: 3 });
    () => {
      // @ts-expect-error a word is no number
      actor('a', callee, { i: 'huge' });
      // @ts-expect-error no such local
      actors('b', 2, callee, (i) => ({ mm: i }));
      // @ts-expect-error a typing error in a word
      actors('b', 2, callee, () => ({ orig_pmd: 'hug' }));
      // @ts-expect-error a number of copies is no word
      actors('b', 'two', callee);
    };
  });

  test('are made of shared state and actors', () => {
    model('small', { about: '', state, actors: [truncate] });
    () => {
      // @ts-expect-error a procedure is no actor
      model('small', { about: '', state, actors: [callee] });
      // @ts-expect-error variables alone are no shared state
      model('small', { about: '', state: { pmd }, actors: [truncate] });
      // @ts-expect-error neither are domains
      model('small', { about: '', state: { pmd: Pmd }, actors: [truncate] });
      // @ts-expect-error what is initially true is a condition
      model('small', { about: '', state, actors: [truncate], initially: n });
    };
  });
});

describe('inlines and results', () => {
  const lock_irqsave = inline(
    'lock_irqsave',
    { flags: bool() },
    ({ flags }, lock: OwnerVar<'spinlock'>, on: boolean) => ({
      save: c`${String(on)}`(flags.set(true)),
      lock: spin_lock(lock),
    }),
  );
  const twice = inline('twice', (lock: OwnerVar<'spinlock'>) => ({
    a: lock_irqsave(lock, true),
    b: lock_irqsave(lock, false),
  }));
  const get = procedure('get', { ret: Pmd }, ({ ret }) => ({ read: c`read`(ret.set(pmd)) }));
  const user = procedure('user', { got: Pmd, one: bool() }, ({ got, one }) => ({
    both: twice(ptl),
    get: got.assign(Call(get)),
    one: c`one`(one.set(true)),
  }));

  test('have their labels under their own name', () => {
    type Label = Parameters<ReturnType<typeof named>['at']>[0];
    const named = () => actor('user', user);
    type Expected =
      | `user.${'both' | 'get' | 'one'}`
      | `twice.${'a' | 'b'}`
      | `lock_irqsave.${'save' | 'lock'}`
      | 'get.read';
    expectTypeOf<Label>().toEqualTypeOf<Expected>();
  });

  test('take what they name, and nothing else', () => {
    procedure('p', { n: int(0, 1) }, ({ n: own }) => {
      // @ts-expect-error a lock of another kind
      const first = twice(state.pmd);
      // @ts-expect-error too few
      const second = lock_irqsave(ptl);
      // @ts-expect-error a word is no number
      const third = own.assign(Call(get));
      // @ts-expect-error no result
      const fourth = own.assign(Call(callee));
      return { first, second, third, fourth };
    });
    // @ts-expect-error what an inline makes is a block
    inline('p', () => c`step`());
  });
});

test('an actor runs on a cpu, and an interrupt needs one', () => {
  const cpu0 = cpu('cpu0');
  const one = procedure('one', () => ({ step }));
  actor('task', one, {}, { on: cpu0 });
  const irq = interrupt('irq', one, { on: cpu0, level: 'softirq', times: 'ever' });
  const count = perCpu('count', int(0, 3));
  procedure('p', () => ({ count: c`count`(count.mine.inc(), perActor('flag', bool()).of(irq).set(true)) }));
  irq.at('one.step');
  () => {
    // @ts-expect-error where does it interrupt?
    interrupt('irq', one, {});
    // @ts-expect-error a task is no interrupt
    interrupt('irq', one, { on: cpu0, level: 'task' });
    // @ts-expect-error a CPU is no name
    actor('task', one, {}, { on: 'cpu0' });
    // @ts-expect-error whose count?
    count.inc();
    // @ts-expect-error an array is not distinguished by actors
    count.at(0);
  };
});
