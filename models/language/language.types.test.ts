// What must compile, and what must not: checked by tsc, which also fails where a `@ts-expect-error` expects no error.
// Code that must not compile is in functions that are never called.

import { describe, expectTypeOf, test } from 'vitest';
import {
  down_read,
  kfree,
  kmalloc,
  mutex,
  mutex_lock,
  type Rwsem,
  rwsem,
  spin_lock,
  spinlock,
} from '../kernel/index.js';
import {
  type ArrayVar,
  type AtomicTest,
  all,
  array,
  type Bool,
  type BoolVar,
  bool,
  config,
  count,
  demands,
  demandsSoftly,
  type Enum,
  type EnumVar,
  expects,
  finished,
  given,
  type HoldersVar,
  holders,
  If,
  type Int,
  type IntVar,
  ifElse,
  int,
  isLive,
  not,
  type OwnerVar,
  object,
  oneOf,
  pointer,
  pool,
  procedure,
  record,
  rests,
  type StateOf,
  shared,
  source,
  While,
  when,
} from './index.js';

const c = source('mm/huge_memory.c');
const Pmd = oneOf('none', 'huge');
const settings = config({ fix: oneOf('none', 'unmap_mapping_page'), NR_SUBPAGES: int(1, 4), DEBUG: bool() });
const { fix, NR_SUBPAGES, DEBUG } = settings;
const state = shared({
  pmd: Pmd.starts('huge'),
  ptl: spinlock(),
  page_lock: mutex(),
  i_mmap: rwsem(),
  busy: bool(),
  compound_mapcount: int(-1, 1).starts(0),
  page: array(
    NR_SUBPAGES,
    record({ _mapcount: int(-1, 1).starts(-1), flags: array(2, oneOf('clean', 'dirty')) }),
  ),
  grid: array(2, array(3, bool())),
});
const { pmd, ptl, page_lock, i_mmap, busy, compound_mapcount, page, grid } = state;

describe('variables', () => {
  test('have the type of their domain', () => {
    expectTypeOf(pmd).toEqualTypeOf<EnumVar<'none' | 'huge'>>();
    expectTypeOf(compound_mapcount).toEqualTypeOf<IntVar>();
    expectTypeOf(busy).toEqualTypeOf<BoolVar>();
    expectTypeOf(ptl).toEqualTypeOf<OwnerVar<'spinlock'>>();
    expectTypeOf(shared({ who: holders('rcu') }).who).toEqualTypeOf<HoldersVar<'rcu'>>();
    expectTypeOf(i_mmap).toExtend<Rwsem>();
  });

  test('in nested arrays and records are inferred all the way down', () => {
    expectTypeOf(page.at(0)._mapcount).toEqualTypeOf<IntVar>();
    expectTypeOf(page.at(compound_mapcount).flags.at(1)).toEqualTypeOf<EnumVar<'clean' | 'dirty'>>();
    expectTypeOf(grid.at(1)).toEqualTypeOf<ArrayVar<ReturnType<typeof bool>>>();
    expectTypeOf(grid.at(1).at(2)).toEqualTypeOf<BoolVar>();
    () => {
      // @ts-expect-error a record has only its fields
      page.at(0).mapcount;
      // @ts-expect-error an array is read by .at()
      page[0];
      // @ts-expect-error and indexed by a number
      page.at(pmd);
      // @ts-expect-error an array is not assigned as a whole
      grid.set(true);
    };
  });

  test('take the values of their domain, and nothing else', () => {
    pmd.set('none');
    pmd.set(pmd);
    pmd.set(ifElse(busy, 'none', 'huge'));
    compound_mapcount.set(NR_SUBPAGES);
    busy.set(compound_mapcount.ge(0));
    () => {
      // @ts-expect-error a typing error in a word
      pmd.set('hugee');
      // @ts-expect-error a word of another enum
      pmd.set(fix);
      // @ts-expect-error a number is no word
      pmd.set(1);
      // @ts-expect-error a condition is no number
      compound_mapcount.set(busy);
      // @ts-expect-error a number is no condition
      busy.set(1);
      // @ts-expect-error a lock does not count
      ptl.dec();
      // @ts-expect-error and is taken and dropped, not set
      ptl.set('free');
      // @ts-expect-error an enum does not count
      pmd.inc();
    };
  });

  test('are no JavaScript values', () => {
    () => {
      // @ts-expect-error === would compare two objects
      pmd === 'none';
      // @ts-expect-error and so would < on numbers
      compound_mapcount < 0;
      // @ts-expect-error + would add a number to an object
      compound_mapcount + 1;
      // @ts-expect-error a condition is no boolean
      const wrong: boolean = busy;
      return wrong;
    };
  });
});

test('rests() is a part of a step, and finished a condition', () => {
  c`wait for work`(rests(), when(busy), given(DEBUG, rests()));
  expectTypeOf(finished.and(busy)).toEqualTypeOf<Bool>();
  () => {
    // @ts-expect-error it says where, not under which condition
    rests(busy);
    // @ts-expect-error it is no statement
    procedure('p', () => ({ idle: rests() }));
    // @ts-expect-error finished is no function
    finished();
  };
});

describe('expressions', () => {
  test('have the type of their value', () => {
    expectTypeOf(pmd.is('none')).toEqualTypeOf<Bool>();
    expectTypeOf(compound_mapcount.plus(1)).toEqualTypeOf<Int>();
    expectTypeOf(count(NR_SUBPAGES, (i) => page.at(i)._mapcount.ge(0))).toEqualTypeOf<Int>();
    expectTypeOf(all(2, (i) => grid.at(i).at(0)).and(busy)).toEqualTypeOf<Bool>();
    expectTypeOf(ifElse(busy, 1, compound_mapcount)).toEqualTypeOf<Int>();
    expectTypeOf(ifElse(busy, 'none', pmd)).toEqualTypeOf<Enum<'none' | 'huge'>>();
  });

  test('compare like with like', () => {
    pmd.is('huge').or(pmd.isIn('none', 'huge')).implies(busy);
    compound_mapcount.eq(NR_SUBPAGES).and(busy.eq(false));
    () => {
      // @ts-expect-error a typing error in a word
      pmd.is('hug');
      // @ts-expect-error in a setting, too
      fix.is('unmap');
      // @ts-expect-error and in a list
      pmd.isIn('none', 'table');
      // @ts-expect-error a word is no number
      compound_mapcount.eq('none');
      // @ts-expect-error a JavaScript boolean is no condition to join
      busy.and(true);
      // @ts-expect-error quantifiers take conditions
      all(2, () => compound_mapcount);
    };
  });
});

describe('settings', () => {
  test('are read, and never assigned', () => {
    expectTypeOf(fix).toEqualTypeOf<Enum<'none' | 'unmap_mapping_page'>>();
    expectTypeOf(NR_SUBPAGES).toEqualTypeOf<Int>();
    expectTypeOf(DEBUG).toEqualTypeOf<Bool>();
    () => {
      // @ts-expect-error not an enum
      fix.set('none');
      // @ts-expect-error nor a number
      NR_SUBPAGES.inc();
      // @ts-expect-error a setting is a scalar
      config({ page: array(2, bool()) });
      // @ts-expect-error and no lock
      config({ ptl: spinlock() });
    };
  });

  test('start at a value of their domain', () => {
    oneOf('none', 'huge').starts('huge');
    int(0, 4).starts(NR_SUBPAGES, 3);
    int(0, 4).startsAs((i = 0) => NR_SUBPAGES.plus(i));
    () => {
      // @ts-expect-error a typing error in a word
      oneOf('none', 'huge').starts('hugee');
      // @ts-expect-error a word is no number
      int(0, 4).starts('none');
      // @ts-expect-error at least one value
      bool().starts();
      // @ts-expect-error a lock starts free
      spinlock().starts('a');
    };
  });
});

test('locks are distinguished by their kind', () => {
  spin_lock(ptl);
  mutex_lock(page_lock);
  down_read(i_mmap);
  () => {
    // @ts-expect-error a mutex is no spinlock
    spin_lock(page_lock);
    // @ts-expect-error a spinlock is no mutex
    mutex_lock(ptl);
    // @ts-expect-error neither is a rwsem
    down_read(ptl);
    // @ts-expect-error a rwsem is no spinlock
    spin_lock(i_mmap);
    // @ts-expect-error nor is the place of its writer
    spin_lock(i_mmap.writer);
  };
});

test('a step is made of guards, expectations and effects', () => {
  c`${pmd} of ${page.at(0)._mapcount}, ${'words'}, ${ptl}`(
    demands(busy, 'BUG'),
    demandsSoftly(busy, 'WARN'),
    when(busy),
    expects(busy, 'BUG'),
    pmd.set('none'),
  );
  () => {
    // @ts-expect-error a condition alone is no guard
    c`wait`(busy);
    // @ts-expect-error a guard is a condition
    when(true);
    // @ts-expect-error so is what a step demands, and it says what is reported
    demands(busy);
    // @ts-expect-error an expectation is no condition
    when(demandsSoftly(busy, 'WARN'));
    // @ts-expect-error a step is no part of a step
    c`step`(c`step`());
    // @ts-expect-error a caption quotes no JavaScript number
    c`${1}`();
  };
});

test('an atomic test has an answer, and is no condition', () => {
  const trylock = c`trylock_page()`.test(ptl.isFree(), { yes: [ptl.take()], no: [expects(busy, 'BUG')] });
  expectTypeOf(not(trylock)).toEqualTypeOf<AtomicTest>();
  expectTypeOf(not(busy)).toEqualTypeOf<Bool>();
  procedure('p', { got: bool(), old: int(0, 1), was: Pmd }, ({ got, old, was }) => ({
    branch: If(trylock, { yes: c`yes`() }).Else({ no: c`no`() }),
    loop: While(not(trylock), { again: c`again`() }),
    ignored: trylock,
    stored: got.assign(not(trylock)),
    swap: old.assign(c`xchg()`.value(compound_mapcount, compound_mapcount.set(0))),
    word: was.assign(c`xchg()`.value(pmd, pmd.set('none'))),
  }));
  () => {
    // @ts-expect-error C evaluates both sides of && in two moments
    trylock.and(busy);
    // @ts-expect-error nor can a condition be joined with it
    busy.and(trylock);
    // @ts-expect-error it is a step of its own, so no guard
    when(trylock);
    // @ts-expect-error and not read at once with the conditions of a chain
    If(busy, {}).ElseIf(trylock, {});
    // @ts-expect-error which cannot follow it either
    If(trylock, {}).ElseIf(busy, {});
    // @ts-expect-error what one answer has waits for nothing
    c`try`.test(busy, { yes: [when(busy)] });
    // @ts-expect-error and is no statement
    c`try`.test(busy, { no: [c`step`()] });
    // @ts-expect-error an answer is stored in a bool
    compound_mapcount.assign(trylock);
    // @ts-expect-error a number in a number
    busy.assign(c`xchg()`.value(compound_mapcount));
    // @ts-expect-error and a word in an enum that has it
    pmd.assign(c`read()`.value(fix));
    // @ts-expect-error a test is always true for JavaScript
    if (trylock) return 1;
    return 2;
  };
});

test('objects have fields, pointers point to them, and both are freed', () => {
  const Node = pool(2, { key: int(0, NR_SUBPAGES) });
  const Other = pool(2, { key: bool() });
  const s = shared({
    dev: object({ n: int(0, 1), lock: spinlock() }),
    node: Node,
    head: pointer(Node),
    other: Other,
  });
  const { dev, node, head, other } = s;
  expectTypeOf(dev.n).toEqualTypeOf<IntVar>();
  expectTypeOf(head.get.key).toEqualTypeOf<IntVar>();
  expectTypeOf(node.at(0).key).toEqualTypeOf<IntVar>();
  expectTypeOf(isLive(dev)).toEqualTypeOf<Bool>();
  head.set('NULL');
  head.set(node.ref(1));
  head.assign(kmalloc(node));
  kfree(dev);
  kfree(head);
  () => {
    // @ts-expect-error what is no object is not freed
    kfree(busy);
    // @ts-expect-error nor is a pool
    kfree(node);
    // @ts-expect-error a field is behind .get
    head.key;
    // @ts-expect-error an object of another pool
    head.set(other.ref(0));
    // @ts-expect-error as is one that is allocated there
    head.assign(kmalloc(other));
    // @ts-expect-error a pointer is no condition
    when(head);
    // @ts-expect-error and points to a pool
    pointer(int(0, 1));
  };
});

test('the state has a type, as traces and tests spell it', () => {
  type State = StateOf<typeof state>;
  expectTypeOf<State>().toEqualTypeOf<{
    readonly pmd: 'none' | 'huge';
    readonly ptl: string;
    readonly page_lock: string;
    readonly i_mmap: { readonly writer: string; readonly readers: readonly string[] };
    readonly busy: boolean;
    readonly compound_mapcount: number;
    readonly page: readonly { readonly _mapcount: number; readonly flags: readonly ('clean' | 'dirty')[] }[];
    readonly grid: readonly (readonly boolean[])[];
  }>();
  () => {
    const cells: State['grid'] = [[true]];
    // @ts-expect-error no such word
    const wrong: State['pmd'] = 'table';
    return [cells, wrong];
  };
});

// docs/model-files.md says what it lets pass.
test('TypeScript refuses what JavaScript would test or compare', () => {
  (): unknown => {
    // @ts-expect-error: an expression is always true
    const and = busy && pmd.is('none');
    // @ts-expect-error: an expression is always true
    const chosen = busy ? 1 : 2;
    // @ts-expect-error: an expression is always true
    if (page.at(0)._mapcount) return 1;
    // @ts-expect-error: `!` gives true or false, which is no condition
    const negated = when(!busy);
    // @ts-expect-error: `===` gives true or false
    const same = when(compound_mapcount === 1);
    // @ts-expect-error: no expression has an order
    const less = when(compound_mapcount < 1);
    return [and, chosen, negated, same, less];
  };
});
