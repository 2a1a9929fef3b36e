// Models by memory models: what sequential consistency says of them is what the search of all interleavings finds.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explore, lower } from '../../checker/index.js';
import { addresses, litmusModel } from '../../conformance/litmus_model.js';
import {
  bugOn,
  clear_bit_unlock,
  complete,
  completion,
  down,
  folio_put,
  kref_put,
  mutex,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  rcu_read_lock,
  rcu_read_unlock,
  refcount,
  refcount_dec,
  semaphore,
  smp_load_acquire,
  smp_mb,
  smp_store_release,
  spin_lock,
  spin_unlock,
  spinlock,
  synchronize_rcu,
  synchronize_rcu_bh,
  synchronize_sched,
  up,
  WRITE_ONCE,
  wait_for_completion,
  wait_on_bit_lock,
} from '../../models/kernel/index.js';
import {
  actor,
  type Block,
  bool,
  If,
  int,
  perActor,
  procedure,
  shared,
  source,
  While,
  when,
} from '../../models/language/index.js';
import { loadEntry } from '../../models/registry.js';
import { never } from '../../properties/language/index.js';
import { loadProperties } from '../../properties/registry.js';
import { enumerate } from '../execution/enumerate.js';
import type { Execution } from '../execution/event.js';
import { grow } from '../execution/grow.js';
import { broken } from '../models/model.js';
import { parseLitmus } from '../syntax/parser.js';
import { modelNamed } from '../testing/judged.js';
import { loweredParts, type ModelParts, refusalOfModel, saidOfModel } from '../testing/model_answers.js';
import { howItEnds, judgeModel } from '../verdict/model_verdict.js';
import { evaluationOf, judge } from '../verdict/verdict.js';
import { translate } from './translate.js';

const c = source('kernel/x.c');
const state = shared({ x: int(0, 3), y: int(0, 3), flag: bool() });
const { x, y, flag } = state;
const r0 = perActor('r0', int(0, 3));
const r1 = perActor('r1', int(0, 3));
const [a, b] = [
  (block: () => Block) => actor('a', procedure('pa', block)),
  (block: () => Block) => actor('b', procedure('pb', block)),
];

describe('store buffering', () => {
  const of = (fence: boolean) => {
    const barrier = () => (fence ? { mb: smp_mb() } : {});
    const one = a(() => ({ w: WRITE_ONCE(x, 1), ...barrier(), r: r0.mine.assign(READ_ONCE(y)) }));
    const two = b(() => ({ w: WRITE_ONCE(y, 1), ...barrier(), r: r0.mine.assign(READ_ONCE(x)) }));
    const both = never(one.done.and(two.done).and(r0.of(one).eq(0)).and(r0.of(two).eq(0)));
    return [{ state, actors: [one, two] }, { both }] as const;
  };
  test('is allowed without barriers, and forbidden with them', () => {
    expect(saidOfModel(...of(false), 'lkmm')[0]).toBe('against both: Sometimes 1/3');
    expect(saidOfModel(...of(false), 'tso')[0]).toBe('against both: Sometimes 1/3');
    expect(saidOfModel(...of(false), 'sc')[0]).toBe('against both: Never 0/3');
    expect(saidOfModel(...of(true), 'lkmm')).toEqual([
      'against both: Never 0/3',
      'some actor waits for ever: Never 0/3',
    ]);
  });
});

describe('message passing', () => {
  const of = (
    publish: 'plain' | 'once' | 'release',
    wait: 'once' | 'acquire',
    data: 'plain' | 'once' = 'once',
  ) => {
    const one = a(() => ({
      data: data === 'plain' ? c`x = 1`(x.set(1)) : WRITE_ONCE(x, 1),
      flag: publish === 'release' ? smp_store_release(flag, true) : WRITE_ONCE(flag, true),
    }));
    const two = b(() => ({
      wait: c`wait`(when(wait === 'once' ? READ_ONCE(flag) : smp_load_acquire(flag))),
      test: bugOn(READ_ONCE(x).eq(0), 'stale'),
    }));
    return [{ state, actors: [one, two] }, {}] as const;
  };
  test('needs a release and an acquire; who waits is not kept waiting', () => {
    expect(saidOfModel(...of('once', 'once'), 'lkmm')).toEqual([
      'stale: Sometimes 1/1',
      'some actor waits for ever: Never 0/1',
    ]);
    expect(saidOfModel(...of('release', 'once'), 'lkmm')[0]).toBe('stale: Sometimes 1/1');
    expect(saidOfModel(...of('release', 'acquire'), 'lkmm')[0]).toBe('stale: Never 0/1');
    expect(saidOfModel(...of('once', 'once'), 'tso')[0]).toBe('stale: Never 0/1');
  });
  test('by a bit lock, a put, a completion or a semaphore has the order of the kernel, and is no step that says nothing of order', () => {
    const held = shared({
      x: int(0, 3),
      bit: bool().starts(true),
      refs: refcount(2).starts(2),
      sem: semaphore(0),
      cell: completion(),
    });
    const last = perActor('last', bool());
    const { bit, refs, sem, cell } = held;
    const by = (publish: () => Block, wait: () => Block): ModelParts => ({
      state: held,
      actors: [
        a(() => ({ data: WRITE_ONCE(held.x, 1), ...publish() })),
        b(() => ({ ...wait(), test: bugOn(READ_ONCE(held.x).eq(0), 'stale') })),
      ],
    });
    const isLast = () => ({ wait: c`wait`(when(smp_load_acquire(refs).eq(1))) });
    for (const parts of [
      by(
        () => ({ unlock: clear_bit_unlock(bit) }),
        () => ({ lock: wait_on_bit_lock(bit) }),
      ),
      by(() => ({ put: last.mine.assign(kref_put(refs)) }), isLast),
      by(() => ({ put: refcount_dec(refs) }), isLast),
      by(() => ({ put: last.mine.assign(folio_put(refs)) }), isLast),
      by(
        () => ({ up: up(sem) }),
        () => ({ down: down(sem) }),
      ),
      by(
        () => ({ done: complete(cell) }),
        () => ({ wait: wait_for_completion(cell) }),
      ),
    ]) {
      expect(saidOfModel(parts, {}, 'lkmm')).toContain('stale: Never 0/1');
      expect(translate(loweredParts(parts, {}).program, [], {}).coarse).toEqual([]);
    }
  });
  test('by a plain store has a data race, unless it is taken for marked', () => {
    expect(saidOfModel(...of('once', 'once', 'plain'), 'lkmm').at(-1)).toBe('data-race');
    expect(saidOfModel(...of('release', 'acquire', 'plain'), 'lkmm').at(-1)).toBe(
      'some actor waits for ever: Never 0/1',
    );
    expect(saidOfModel(...of('once', 'once', 'plain'), 'lkmm', { plain: 'once' })).toHaveLength(2);
  });
});

describe('a grace period', () => {
  const of = (wait: () => Block) => {
    const one = a(() => ({
      lock: rcu_read_lock(),
      x: r0.mine.assign(READ_ONCE(x)),
      y: r1.mine.assign(READ_ONCE(y)),
      unlock: rcu_read_unlock(),
      test: bugOn(r0.mine.eq(0).and(r1.mine.eq(1)), 'stale'),
    }));
    const two = b(() => ({ x: WRITE_ONCE(x, 1), ...wait(), y: WRITE_ONCE(y, 1) }));
    return [{ state, actors: [one, two] }, {}] as const;
  };
  test.each(['lkmm', 'sc'] as const)('of RCU waits for sections of RCU; others are barriers (%s)', (name) => {
    expect(saidOfModel(...of(() => ({ wait: synchronize_rcu() })), name)).toContain('stale: Never 0/3');
    expect(saidOfModel(...of(() => ({ wait: synchronize_sched() })), name)).toContain('stale: Sometimes 1/3');
    expect(saidOfModel(...of(() => ({ wait: synchronize_rcu_bh() })), name)).toContain(
      'stale: Sometimes 1/3',
    );
  });
  test.each(['lkmm', 'sc'] as const)('waits for a section in which an assertion fails (%s)', (name) => {
    const inSection = (wait: () => Block) => {
      const one = a(() => ({
        lock: rcu_read_lock(),
        x: r0.mine.assign(READ_ONCE(x)),
        y: r1.mine.assign(READ_ONCE(y)),
        test: bugOn(r0.mine.eq(0).and(r1.mine.eq(1)), 'stale'),
        unlock: rcu_read_unlock(),
      }));
      const two = b(() => ({ x: WRITE_ONCE(x, 1), ...wait(), y: WRITE_ONCE(y, 1) }));
      return [{ state, actors: [one, two] }, {}] as const;
    };
    const waiting = saidOfModel(...inSection(() => ({ wait: synchronize_rcu() })), name);
    expect(waiting).toContain('stale: Never 0/3');
    expect(waiting.join()).not.toContain('unmatched');
    expect(saidOfModel(...inSection(() => ({ wait: smp_mb() })), name)).toContain('stale: Sometimes 1/3');
  });
});

describe('an actor that waits for ever', () => {
  test('is found where the wake-up is lost, as the search finds the deadlock', async () => {
    const of = (fence: boolean) => {
      const barrier = () => (fence ? { mb: smp_mb() } : {});
      const sleeper = a(() => ({
        sleep: WRITE_ONCE(x, 1),
        ...barrier(),
        look: If(READ_ONCE(flag).eq(false), { wait: c`wait`(when(READ_ONCE(x).eq(0))) }),
      }));
      const waker = b(() => ({
        flag: WRITE_ONCE(flag, true),
        ...barrier(),
        look: If(READ_ONCE(x).eq(1), { wake: WRITE_ONCE(x, 0) }),
      }));
      return [{ state, actors: [sleeper, waker] }, {}] as const;
    };
    expect(saidOfModel(...of(false), 'tso')).toEqual(['some actor waits for ever: Sometimes 1/3']);
    expect(saidOfModel(...of(true), 'tso')).toEqual(['some actor waits for ever: Never 0/3']);
    expect(saidOfModel(...of(true), 'lkmm')).toEqual(['some actor waits for ever: Never 0/3']);
    expect(saidOfModel(...of(false), 'sc')).toEqual(['some actor waits for ever: Never 0/3']);
  });
  test('is found where locks are taken in two orders', () => {
    const locks = shared({ one: spinlock(), two: mutex() });
    const { one, two } = locks;
    const first = a(() => ({
      l: spin_lock(one),
      m: mutex_lock(two),
      n: mutex_unlock(two),
      o: spin_unlock(one),
    }));
    const second = b(() => ({
      l: mutex_lock(two),
      m: spin_lock(one),
      n: spin_unlock(one),
      o: mutex_unlock(two),
    }));
    const parts = { state: locks, actors: [first, second] };
    const last = saidOfModel(parts, {}, 'sc');
    expect(last.filter((line) => line.startsWith('some actor'))).toEqual([
      'some actor waits for ever: Sometimes 1/2',
    ]);
  });
});

describe('a loop', () => {
  const spin = (body: () => Block) => ({
    state,
    actors: [
      a(() => ({ loop: While(READ_ONCE(x).eq(0), body()), last: WRITE_ONCE(y, 1) })),
      b(() => ({ go: WRITE_ONCE(x, 1) })),
    ],
  });
  test('that only waits needs no bound', () => {
    const parts = {
      state,
      actors: [
        a(() => ({ wait: While(READ_ONCE(x).eq(0), {}), last: WRITE_ONCE(y, 1) })),
        b(() => ({ go: WRITE_ONCE(x, 1) })),
      ],
    };
    expect(saidOfModel(parts, {}, 'lkmm')).toEqual(['some actor waits for ever: Never 0/1']);
  });
  test('with a body is refused without a bound, and cut off with one', () => {
    const parts = spin(() => ({ again: WRITE_ONCE(y, 2) }));
    expect(refusalOfModel(parts)).toBe(
      'a goes round a loop at pa.again: give a number of rounds, --unroll=N (line true)',
    );
    expect(saidOfModel(parts, {}, 'lkmm', { rounds: 1 }).at(-1)).toBe('1 cut');
  });
});

describe('the final states of a litmus test as a model', () => {
  test('are those of x86-TSO, guessed and grown, for every fifth test without RCU', () => {
    const folder = new URL('../../conformance/litmus/files/', import.meta.url);
    const files = readdirSync(folder).filter((name, i) => !/^rcu/i.test(name) && i % 5 === 0);
    let compared = 0;
    for (const name of files) {
      const parsed = { ...parseLitmus(readFileSync(new URL(name, folder), 'utf8')), filter: undefined };
      const { model: of, locations } = litmusModel(parsed);
      const { program, initials } = translate(lower(of, {}, {}, { fences: ['mb'] }).program, []);
      const registers = program.registers.map((all) => [...all].filter((one) => !one.startsWith('#')));
      const text = (value: number | string | undefined) => {
        const is = Number(value ?? 0);
        return is >= addresses ? locations[is - addresses]! : String(is);
      };
      const state = (execution: Execution): string =>
        registers
          .map((all, thread) => all.map((one) => text(execution.registers[thread]!.get(one))).join())
          .join(' ');
      const tso = modelNamed('tso');
      const isPossible = (begun: Execution) => broken(evaluationOf(begun), tso) === undefined;
      const [guessed, grown] = [[] as string[], [] as string[]];
      const isWhole = (execution: Execution) => howItEnds(execution) === 'ended';
      const visit = (to: string[]) => (execution: Execution) => {
        if (isWhole(execution)) to.push(state(execution));
        return true;
      };
      enumerate(initials[0]!, program, { isCoherent: true, isPossible, visit: visit(guessed) });
      grow(initials[0]!, program, { isPossible, visit: visit(grown) });
      expect({ name, states: grown.sort() }).toEqual({ name, states: guessed.sort() });
      const { executions } = judge(parsed, tso);
      expect({ name, count: guessed.length }).toEqual({ name, count: executions });
      compared++;
    }
    expect(compared).toBe(24);
  });
});

describe('the races of the library', () => {
  test.each(['increment', 'mremap_rmap_order', 'split_migration_entry'])(
    '%s: sc says what the search of all interleavings finds',
    async (name) => {
      const { model: of } = (await loadEntry(name))!;
      const { program, properties } = lower(of, {}, await loadProperties(name), {
        fences: ['mb', 'rmb', 'wmb'],
      });
      const { properties: found } = await explore(program, properties);
      const verdict = judgeModel(translate(program, properties), modelNamed('sc'));
      const isViolated = (asked: string) =>
        found.find(({ check }) => check.name === asked)?.verdict === 'violated';
      const ends = verdict.ends.filter(({ of: asked }) => !asked.isWanted);
      const answers = [
        ...ends.map(({ of: asked, positive }) => [asked.name, positive > 0] as const),
        ...verdict.reports.map(({ of: asked, positive }) => [asked.message, positive > 0] as const),
      ];
      expect(answers.length).toBeGreaterThan(0);
      expect(answers).toEqual(answers.map(([asked]) => [asked, isViolated(asked)]));
    },
  );
});
