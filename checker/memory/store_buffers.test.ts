// x86-TSO by store buffers in a Program: against a machine that is written apart from it, and in what it says of small
// models. conformance/litmus_rows.ts compares it with herd's verdicts.

import { describe, expect, test } from 'vitest';
import { bufferedStates } from '../../conformance/buffered_states.js';
import { type LitmusTest, parseLitmus } from '../../litmus/index.js';
import { runs } from '../../litmus/testing/machine.js';
import { randomTest } from '../../litmus/testing/random_test.js';
import {
  READ_ONCE,
  set_current_state,
  smp_mb,
  spin_lock,
  spin_unlock,
  spinlock,
  WRITE_ONCE,
} from '../../models/kernel/index.js';
import {
  actor,
  array,
  bool,
  expects,
  If,
  int,
  latch,
  model,
  not,
  perActor,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { loadEntry } from '../../models/registry.js';
import {
  always,
  leadsTo,
  never,
  type Properties,
  property,
  weaklyFair,
} from '../../properties/language/index.js';
import { loadProperties } from '../../properties/registry.js';
import { explore } from '../explore.js';
import { withGrowingBuffers } from '../growing_buffers.js';
import { lower } from '../lower/lower.js';
import type { SmallModel } from '../lower/testing/small.js';

const c = source('kernel/x.c');

describe('the final states of a litmus test', () => {
  test('of 500 random programs are those of a machine with buffers, with buffers of four stores, and found among them with one', {
    timeout: 600_000,
  }, () => {
    let [more, exact] = [0, 0];
    for (let seed = 0; seed < 500; seed++) {
      const threads = 2 + (seed % 2);
      const text = randomTest(seed, {
        threads,
        accesses: 4 - threads + (seed % 3 === 0 ? 1 : 0),
        hasLocks: true,
      });
      const parsed = parseLitmus(text);
      const { states, isFull } = finalStates(parsed, 4);
      const found = [...states].sort();
      expect({ seed, isFull, found }).toEqual({
        seed,
        isFull: false,
        found: [...runs(parsed, { hasBuffers: true })].sort(),
      });
      const interleaved = runs(parsed, { hasBuffers: false });
      if (found.length > interleaved.size) more++;
      const small = finalStates(parsed, 1);
      // With too small a buffer nothing is found that is not so.
      expect({ seed, lost: [...small.states].filter((state) => !states.has(state)) }).toEqual({
        seed,
        lost: [],
      });
      if (!small.isFull) {
        exact++;
        expect({ seed, small: [...small.states].sort() }).toEqual({ seed, small: found });
      }
    }
    // Random programs would show nothing if buffers never mattered, or if one slot were never enough, or always.
    expect([more, exact]).toEqual([12, 265]);
  });
});

describe('mutual exclusion by reads and writes', () => {
  const fails = async (name: string, settings: { readonly [name: string]: unknown }) => {
    const { model } = (await loadEntry(name))!;
    const properties = await loadProperties(name);
    const { report } = await withGrowingBuffers(async (bufferSlots) => {
      const lowered = lower(model, settings, properties, { bufferSlots });
      return { lowered, report: await explore(lowered.program, lowered.properties) };
    });
    const { states, bufferSlots, exhaustive } = report.evidence;
    const violated = report.properties.flatMap(({ check, verdict, finding }) =>
      verdict === 'violated' ? [`${check.name} in ${finding!.path.steps.length} steps`] : [],
    );
    return [report.verdict, states, bufferSlots, exhaustive, ...violated];
  };

  test('is lost where a process looks before its own stores are seen, and is kept with smp_mb()', async () => {
    const two = { NR_PROCESSES: 2 };
    expect(await fails('peterson_pair', {})).toEqual([
      'violated',
      164,
      1,
      false,
      'mutual_exclusion in 10 steps',
    ]);
    expect(await fails('peterson_pair', { has_barrier: true })).toEqual(['holds', 148, 3, true]);
    expect(await fails('dekker', {})).toEqual(['violated', 362, 1, false, 'mutual_exclusion in 4 steps']);
    expect(await fails('dekker', { has_barriers: true })).toEqual(['holds', 260, 2, true]);
    expect(await fails('lamport_fast', two)).toEqual([
      'violated',
      2831,
      1,
      false,
      'mutual_exclusion in 14 steps',
    ]);
    expect(await fails('lamport_fast', { ...two, has_barriers: true })).toEqual(['holds', 4135, 4, true]);
  });

  test('by locked instructions needs none', async () => {
    expect(await fails('mcs_lock', {})).toEqual(['holds', 260, 1, true]);
  });
});

describe('the flagship', () => {
  const states = async (settings: { readonly [name: string]: unknown }, bufferSlots: number) => {
    const { model } = (await loadEntry('thp_truncate'))!;
    const { program } = lower(model, settings, {}, { bufferSlots });
    const { evidence } = await explore(program, []);
    return [evidence.states, evidence.exhaustive];
  };

  test('has these states with buffers of one store, and these with as many as are needed', async () => {
    expect(await states({}, 1)).toEqual([499, false]);
    expect(await states({}, 3)).toEqual([582, true]);
    expect(await states({ fix: 'unmap_mapping_page' }, 3)).toEqual([590, true]);
  });
});

describe('under x86-TSO', () => {
  const state = shared({ a: spinlock(), b: spinlock(), x: int(0, 2), y: int(0, 2) });
  const { a, b, x, y } = state;
  const reported = async (bufferSlots: number, actors: SmallModel['actors'], properties: Properties = {}) => {
    const lowered = lower(model('small', { about: '', state, actors }), {}, properties, { bufferSlots });
    const answers = await Promise.all(
      (['compiled', 'reference'] as const).map(async (engine) => {
        const { verdict, properties } = await explore(lowered.program, lowered.properties, { engine });
        return [
          verdict,
          ...properties.flatMap((one) => (one.verdict === 'violated' ? [one.check.name] : [])),
        ];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    return answers[0];
  };

  test('a lock whose release is on its way makes no circle of waits, and locks in two orders do', async () => {
    const inTurn = procedure('in_turn', () => ({
      take_a: spin_lock(a),
      drop_a: spin_unlock(a),
      take_b: spin_lock(b),
      drop_b: spin_unlock(b),
    }));
    const back = procedure('back', () => ({
      take_b: spin_lock(b),
      take_a: spin_lock(a),
      drop_a: spin_unlock(a),
      drop_b: spin_unlock(b),
    }));
    const nested = procedure('nested', () => ({
      take_a: spin_lock(a),
      take_b: spin_lock(b),
      drop_b: spin_unlock(b),
      drop_a: spin_unlock(a),
    }));
    expect(await reported(2, [actor('p', inTurn), actor('q', back)])).toEqual(['holds']);
    expect(await reported(2, [actor('p', nested), actor('q', back)])).toContain('no deadlock');
  });

  test('an actor is done once its stores have reached memory, and every store reaches it', async () => {
    const p = actor(
      'p',
      procedure('p', () => ({ x: WRITE_ONCE(x, 1), y: WRITE_ONCE(y, 1) })),
    );
    const properties = {
      seen: always(p.done.implies(x.eq(1).and(y.eq(1)))),
      arrives: property(leadsTo(p.at('p.y'), y.eq(1)), 'it arrives', { fair: weaklyFair(p) }),
    };
    expect(await reported(2, [p], properties)).toEqual(['holds']);
  });

  test('a result that each actor has for itself is a register, as a variable by name and as one of the state', async () => {
    const words = { x: int(0, 2), y: int(0, 2) };
    const own = shared({ ...words, r: perActor(int(0, 2)) });
    const named = shared(words);
    const buffering = async (of: typeof named, r: typeof own.r) => {
      const thread = (name: string, to: typeof of.x, from: typeof of.x) =>
        actor(
          name,
          procedure(name, () => ({ w: WRITE_ONCE(to, 1), r: r.mine.assign(READ_ONCE(from)) })),
        );
      const [p, q] = [thread('p', of.x, of.y), thread('q', of.y, of.x)];
      const both = p.done.and(q.done).and(r.of(p).eq(0)).and(r.of(q).eq(0));
      const small = model('buffering', { about: '', state: of, actors: [p, q] });
      const { program, properties } = lower(small, {}, { both: never(both) }, { bufferSlots: 1 });
      expect(program.storeBuffers?.coarse).toEqual([]);
      return (await explore(program, properties)).verdict;
    };
    expect(await buffering(own, own.r)).toBe('violated');
    expect(await buffering(named, perActor('r', int(0, 2)))).toBe('violated');
  });

  test('set_current_state() waits for its store, WRITE_ONCE() does not', async () => {
    const sleeper = (set: typeof WRITE_ONCE) =>
      procedure('sleeper', () => ({ set: set(x, 1), look: If(READ_ONCE(y).eq(0), { sleep: c`sleeps`() }) }));
    const waker = procedure('waker', () => ({
      y: WRITE_ONCE(y, 1),
      mb: smp_mb(),
      look: If(READ_ONCE(x).eq(0), { missed: c`does not wake`() }),
    }));
    const lost = async (set: typeof WRITE_ONCE) => {
      const [s, w] = [actor('s', sleeper(set)), actor('w', waker)];
      return reported(1, [s, w], { lost: never(s.at('sleeper.sleep').and(w.at('waker.missed'))) });
    };
    expect(await lost(WRITE_ONCE)).toEqual(['violated', 'lost']);
    expect(await lost((state, to) => set_current_state(state, to))).toEqual(['holds']);
  });

  test('a latch is in no buffer, and is armed once the stores before it are seen', async () => {
    const inside = perActor('inside', bool());
    const gp = perActor('gp', latch(inside.mine, { each: 'observed' }));
    const reader = procedure('reader', () => ({
      enter: c`enter`(inside.mine.set(true)),
      look: If(READ_ONCE(x).eq(0), { use: c`use`(expects(y.eq(0), 'use after free')) }),
      leave: c`leave`(inside.mine.set(false)),
    }));
    const updater = procedure('updater', () => ({
      hide: WRITE_ONCE(x, 1),
      begin: c`begin`(gp.mine.arm()),
      end: c`end`(when(not(gp.mine))),
      free: WRITE_ONCE(y, 1),
    }));
    expect(await reported(2, [actor('r', reader), actor('u', updater)])).toEqual(['holds']);
  });

  test('a grace period that begins while the release of a lock is on its way does not wait for its holder', async () => {
    const { model: race } = (await loadEntry('mmu_notifier_release'))!;
    const properties = await loadProperties('mmu_notifier_release');
    const { program, ...lowered } = lower(race, { fix: 'synchronize_rcu' }, properties, { bufferSlots: 2 });
    const { properties: results, evidence } = await explore(program, lowered.properties);
    expect(evidence.exhaustive).toBe(true);
    expect(results.find(({ check }) => check.kind === 'deadlock')?.verdict).toBe('holds');
  });

  test('a store to no place is the error that it is without buffers', async () => {
    const cells = shared({ cell: array(2, int(0, 1)), i: int(0, 3) });
    const write = procedure('write', { at: int(0, 3) }, ({ at }) => ({
      choose: c`at`(at.set(3)),
      write: c`write`(cells.cell.at(at).set(1)),
    }));
    const { program } = lower(
      model('small', { about: '', state: cells, actors: [actor('p', write)] }),
      {},
      {},
      { bufferSlots: 1 },
    );
    const { properties } = await explore(program, []);
    const fault = properties.find(({ check }) => check.kind === 'domain')!;
    expect([fault.verdict, fault.finding?.fault]).toEqual([
      'violated',
      'index 3 is outside 0 … 1 of cell[0] and its neighbours',
    ]);
  });
});

/** The final states as the machine writes them. */
function finalStates(
  test: LitmusTest,
  slots: number,
): { readonly states: ReadonlySet<string>; readonly isFull: boolean } {
  const { states, isFull } = bufferedStates(test, slots);
  const texts = states.map((state) => state.map(([name, value]) => `${name}=${value}`).join(' '));
  return { states: new Set(texts), isFull };
}
