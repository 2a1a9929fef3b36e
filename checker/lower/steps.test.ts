// Steps: guards, effects, expectations and captions, and their text in the Program.

import { describe, expect, test } from 'vitest';
import { bugOn, rcu_assign_pointer, warnOn } from '../../models/kernel/index.js';
import {
  actor,
  array,
  atOnce,
  bool,
  config,
  expects,
  expectsSoftly,
  forAll,
  given,
  ifElse,
  int,
  not,
  oneOf,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import { printProgram } from '../ir/print.js';
import { initialStates, take } from '../reference/semantics.js';
import { programOf, stepsOf, textOf } from './testing/small.js';

const c = source('mm/huge_memory.c');
const inFunction = source('mm/huge_memory.c', 'zap_huge_pmd');
const state = shared({
  pmd: oneOf('none', 'huge'),
  count: int(-1, 3).starts(-1),
  other: int(-1, 3).starts(-1),
  flag: bool(),
  marks: array(3, bool()),
});
const { pmd, count, other, flag, marks } = state;

test('a step has a caption, waits for its guards, and makes its effects at once', () => {
  const p = procedure('p', () => ({
    exchange: c`xchg():   read ${count},
      store ${pmd}`(when(flag), when(pmd.is('huge')), other.set(count), count.set(1)),
    nothing: c`cpu_relax()`(),
  }));
  expect(stepsOf(p, state)).toMatchInlineSnapshot(`
    "p.exchange:
            /* mm/huge_memory.c: xchg(): read count, store pmd */
            when (flag && pmd == huge); other = count, count = 1;
    p.nothing:
            /* mm/huge_memory.c: cpu_relax() */
            goto done;
    done:
            ;
    "
  `);
});

test('a caption may choose between words, as the effect does', () => {
  const to = ifElse(flag, 'huge', 'none');
  const p = procedure('p', () => ({ assign: rcu_assign_pointer(pmd, to) }));
  expect(stepsOf(p, state)).toMatchInlineSnapshot(`
    "p.assign:
            /* include/linux/rcupdate.h: rcu_assign_pointer(pmd, flag ? huge : none) */
            pmd = flag ? huge : none; goto done;
    done:
            ;
    "
  `);
});

test('the text of a Program begins with its variables and their first values', () => {
  const first = shared({ a: int(0, 2).starts(1, 2), b: oneOf('x', 'y').starts('y'), c: array(2, bool()) });
  const p = procedure('p', () => ({ look: c`look`(when(first.c.at(0))) }));
  const initially = first.a.lt(2).or(first.b.is('x'));
  expect(textOf({ state: first, actors: [actor('a', p)], initially })).toMatchInlineSnapshot(`
    "0 … 2 a = 1 or 2;
    { x, y } b = y;
    bool c[0] = false;
    bool c[1] = false;

    initially a < 2 || b == x;

    actor a
    {
    p.look:
            /* mm/huge_memory.c: look */
            when (c[0]); goto done;
    done:
            ;
    }
    "
  `);
});

test('an expectation is a step that reports before the step that goes on', () => {
  const p = procedure('p', () => ({
    check: c`take the huge pmd`(expects(pmd.is('huge'), 'VM_BUG_ON'), pmd.set('none')),
    warn: c`count`(expectsSoftly(count.ge(0), 'WARN_ON'), count.inc()),
    bug: bugOn(count.eq(3), 'BUG_ON(count == 3)'),
    warning: warnOn(flag, 'WARN_ON(flag)'),
  }));
  expect(stepsOf(p, state)).toMatchInlineSnapshot(`
    "p.check:
            /* mm/huge_memory.c: take the huge pmd */
            when (pmd != huge); bug "VM_BUG_ON";
            /* mm/huge_memory.c: take the huge pmd */
            when (pmd == huge); pmd = none;
    p.warn:
            /* mm/huge_memory.c: count */
            when (count < 0); warning "WARN_ON"; count = count + 1;
            /* mm/huge_memory.c: count */
            when (count >= 0); count = count + 1;
    p.bug:
            /* include/asm-generic/bug.h: BUG_ON(count == 3) */
            when (count == 3); bug "BUG_ON(count == 3)";
            /* include/asm-generic/bug.h: tested: count == 3 is false */
            when (count != 3);
    p.warning:
            /* include/asm-generic/bug.h: WARN_ON(flag) */
            when (flag); warning "WARN_ON(flag)"; goto done;
            /* include/asm-generic/bug.h: tested: flag is false */
            when (!flag); goto done;
    done:
            ;
    "
  `);
});

test('of several bugs the first one in the step is reported', () => {
  const p = procedure('p', () => ({
    check: c`check`(
      expects(flag, 'first'),
      when(pmd.is('huge')),
      expects(count.ge(0), 'second'),
      count.set(0),
    ),
  }));
  expect(stepsOf(p, state)).toMatchInlineSnapshot(`
    "p.check:
            /* mm/huge_memory.c: check */
            when (pmd == huge && !flag); bug "first";
            /* mm/huge_memory.c: check */
            when (pmd == huge && flag && count < 0); bug "second";
            /* mm/huge_memory.c: check */
            when (pmd == huge && flag && count >= 0); count = 0; goto done;
    done:
            ;
    "
  `);
});

test('a program without expectations has no dead location', () => {
  const fine = procedure('fine', () => ({ set: c`set`(flag.set(true)) }));
  const risky = procedure('risky', () => ({ check: bugOn(flag, 'BUG') }));
  const { threads } = programOf({ state, actors: [actor('a', fine), actor('b', risky)] });
  expect(threads.map(({ locations, done, dead }) => [locations.length, done, dead])).toEqual([
    [2, 1, undefined],
    [3, 1, 2],
  ]);
});

describe('what settings decide', () => {
  const settings = config({ fix: oneOf('none', 'merged'), EXTRA: bool(), COUNT: int(0, 3).starts(2) });
  const { fix, EXTRA, COUNT } = settings;

  test('a guard, an expectation and a value are constants', () => {
    const p = procedure('p', () => ({
      guarded: c`guarded`(when(fix.is('none').or(flag)), count.set(COUNT)),
      checked: c`checked`(expects(flag.or(fix.is('none')), 'BUG'), count.set(COUNT.minus(1).times(2))),
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.guarded:
              /* mm/huge_memory.c: guarded */
              count = 2;
      p.checked:
              /* mm/huge_memory.c: checked */
              count = 2; goto done;
      done:
              ;
      "
    `);
    expect(stepsOf(p, state, settings, { fix: 'merged', COUNT: 1 })).toMatchInlineSnapshot(`
      "p.guarded:
              /* mm/huge_memory.c: guarded */
              when (flag); count = 1;
      p.checked:
              /* mm/huge_memory.c: checked */
              when (!flag); bug "BUG";
              /* mm/huge_memory.c: checked */
              when (flag); count = 0; goto done;
      done:
              ;
      "
    `);
  });

  test('given() leaves parts out', () => {
    const p = procedure('p', () => ({
      set: c`set`(
        flag.set(true),
        given(EXTRA, when(pmd.is('huge')), given(fix.is('merged'), pmd.set('none'))),
      ),
    }));
    expect(stepsOf(p, state, settings)).toMatchInlineSnapshot(`
      "p.set:
              /* mm/huge_memory.c: set */
              flag = true; goto done;
      done:
              ;
      "
    `);
    expect(stepsOf(p, state, settings, { EXTRA: true, fix: 'merged' })).toMatchInlineSnapshot(`
      "p.set:
              /* mm/huge_memory.c: set */
              when (pmd == huge); flag = true, pmd = none; goto done;
      done:
              ;
      "
    `);
  });

  test('all of them stand in the first line of the text', () => {
    const p = procedure('p', () => ({ set: c`set`(flag.set(true)) }));
    const program = programOf({ state, settings, actors: [actor('a', p)] }, { COUNT: 3 });
    expect(printProgram(program).split('\n')[0]).toBe('/* small fix=none EXTRA=false COUNT=3 */');
  });
});

test('forAll() makes the same effect in many places, all in one step', () => {
  const p = procedure('p', () => ({
    snapshot: c`every mark but the last`(forAll(2, (i) => marks.at(i).set(not(marks.at(2))))),
  }));
  expect(stepsOf(p, state)).toMatchInlineSnapshot(`
    "p.snapshot:
            /* mm/huge_memory.c: every mark but the last */
            marks[0] = !marks[2], marks[1] = !marks[2]; goto done;
    done:
            ;
    "
  `);
});

test('a word is compared and stored by its spelling, whatever its enum', () => {
  const words = shared({ narrow: oneOf('huge', 'none'), wide: oneOf('none', 'table', 'huge') });
  const p = procedure('p', () => ({
    widen: c`widen`(words.wide.set(words.narrow)),
    compare: c`compare`(when(words.wide.is(words.narrow))),
  }));
  expect(stepsOf(p, words)).toMatchInlineSnapshot(`
    "p.widen:
            /* mm/huge_memory.c: widen */
            wide = narrow == none ? none : huge;
    p.compare:
            /* mm/huge_memory.c: compare */
            when (wide == (narrow == none ? none : huge)); goto done;
    done:
            ;
    "
  `);
});

describe('atOnce()', () => {
  const swap = procedure('swap', () => ({
    swap: c`swap(count, other)`(atOnce(count.set(other), other.set(count)), flag.set(true)),
  }));

  test('exchanges values, in whatever order they are written, on both engines', async () => {
    expect(stepsOf(swap, state)).toMatchInlineSnapshot(`
      "swap.swap:
              /* mm/huge_memory.c: swap(count, other) */
              count = other, other = count, flag = true; goto done;
      done:
              ;
      "
    `);
    const values = shared({ count: int(0, 3).starts(1), other: int(0, 3).starts(2) });
    const parts = [values.count.set(values.other), values.other.set(values.count)];
    for (const order of [parts, [...parts].reverse()]) {
      const p = procedure('p', () => ({ swap: c`swap`(atOnce(...order)) }));
      const program = programOf({ state: values, actors: [actor('a', p)] });
      const [step] = program.steps;
      expect(take(step!, initialStates(program)[0]!, program).value.toArray()).toEqual([2, 1]);
      for (const engine of ['compiled', 'reference'] as const) {
        expect((await explore(program, [], { engine })).evidence).toMatchObject({ states: 2, depth: 1 });
      }
    }
  });

  test('writes a place once, and does not extend to the effects after it', () => {
    const twice = procedure('p', () => ({ s: c`s`(atOnce(count.set(other), count.set(1))) }));
    expect(() => stepsOf(twice, state)).toThrow('this step writes count twice');
    const late = procedure('p', () => ({
      s: c`s`(atOnce(count.set(other), other.set(count)), when(count.eq(1))),
    }));
    expect(() => stepsOf(late, state)).toThrow('this step reads count after it has written it');
    const early = procedure('p', () => ({
      s: c`s`(flag.set(true), atOnce(count.set(1), pmd.set(ifElse(flag, 'none', 'huge')))),
    }));
    expect(() => stepsOf(early, state)).toThrow('this step reads flag after it has written it');
  });
});

describe('the C file of a step', () => {
  test('may have a line, or a function, for all steps or for one', () => {
    const p = procedure('p', () => ({
      one: inFunction`pmdp_huge_get_and_clear_full()`(pmd.set('none')),
      two: c.at(1653)`page_remove_rmap()`(count.dec()),
      three: inFunction.at('deposit_prealloc_pte')`pmd_lock()`.test(flag),
    }));
    expect(stepsOf(p, state)).toMatchInlineSnapshot(`
      "p.one:
              /* mm/huge_memory.c: zap_huge_pmd(): pmdp_huge_get_and_clear_full() */
              pmd = none;
      p.two:
              /* mm/huge_memory.c:1653: page_remove_rmap() */
              count = count - 1;
      p.three:
              /* mm/huge_memory.c: deposit_prealloc_pte(): pmd_lock(): true */
              when (flag); goto done;
              /* mm/huge_memory.c: deposit_prealloc_pte(): pmd_lock(): false */
              when (!flag); goto done;
      done:
              ;
      "
    `);
  });
  test('has no other place', () => {
    for (const at of [0, 1.5, -3, 'zap huge', '', null]) {
      expect(() => source('mm/rmap.c', at as never)`x`(flag.set(true))).toThrow(
        "source('mm/rmap.c', …) has a line, from 1 up, or the name of a function",
      );
    }
  });
});
