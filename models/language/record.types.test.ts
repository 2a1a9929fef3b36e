// What must compile, and what must not, of records, queues and conditional effects: run by tsc.

import { describe, expectTypeOf, test } from 'vitest';
import { spinlock } from '../kernel/index.js';
import {
  type Bool,
  bool,
  type Enum,
  type Int,
  int,
  oneOf,
  onlyIf,
  queue,
  record,
  same,
  shared,
  when,
} from './index.js';

const { busy } = shared({ busy: bool() });

describe('a record', () => {
  const { left, right, other, works } = shared({
    left: record({ kind: oneOf('anon', 'file'), count: int(0, 3), lock: spinlock() }),
    right: record({ kind: oneOf('anon', 'file'), count: int(0, 3), lock: spinlock() }),
    other: record({ dirty: bool() }),
    works: queue(oneOf('flush', 'reset'), 2),
  });

  test('takes values of its fields, and another record of the same', () => {
    left.set({ kind: 'anon' });
    left.set({ count: left.count.plus(1), kind: right.kind });
    expectTypeOf(same(other, other)).toEqualTypeOf<Bool>();
    expectTypeOf(works.head).toEqualTypeOf<Enum<'flush' | 'reset'>>();
    expectTypeOf(works.length).toEqualTypeOf<Int>();
  });

  test('takes nothing else', () => {
    () => {
      // @ts-expect-error: no such word
      left.set({ kind: 'huge' });
      // @ts-expect-error: no such field
      left.set({ size: 1 });
      // @ts-expect-error: a lock has no value
      left.set({ lock: true });
      // @ts-expect-error: another record
      left.copy(other);
      // @ts-expect-error: another record
      same(left, other);
      // @ts-expect-error: no word of the queue
      works.push('other');
      // @ts-expect-error: what is read from a queue is no place
      works.head.set('flush');
      // @ts-expect-error: a record has no place in a queue
      works.push(left);
      // @ts-expect-error: a guard is no conditional part
      onlyIf(busy, when(busy));
    };
  });
});
