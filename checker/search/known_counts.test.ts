// State counts that are derived on paper, compared with exploration: an engine that loses, merges or invents a state
// disagrees with one of these formulas. Each derivation stands above its formula; `states`, `transitions` and `depth`
// are as the search counts them: distinct states, enabled (state, step) pairs, the largest distance from the start.

import { describe, expect, test } from 'vitest';
import { model as barrier_model } from '../../models/examples/barrier.js';
import { model as coffee_can_model } from '../../models/examples/coffee_can.js';
import { model as increment_model } from '../../models/examples/increment.js';
import { model as peterson_model } from '../../models/examples/peterson.js';
import { model as philosophers_model } from '../../models/examples/philosophers.js';
import { model as readers_writers_model } from '../../models/examples/readers_writers.js';
import { model as ticket_lock_model } from '../../models/examples/ticket_lock.js';
import { model as token_ring_model } from '../../models/examples/token_ring.js';
import { model as two_phase_commit_model } from '../../models/examples/two_phase_commit.js';
import type { Model } from '../../models/language/index.js';
import { type EngineName, explore, lower } from '../index.js';

interface Fingerprint {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

type Settings = { readonly [name: string]: string | number | boolean };

async function exploredBy(engine: EngineName, model: Model, settings: Settings): Promise<Fingerprint> {
  const { evidence } = await explore(lower(model, settings).program, [], { engine, stuckStatesMax: 0 });
  const { states, transitions, depth, exhaustive } = evidence;
  expect(exhaustive).toBe(true);
  return { states, transitions, depth };
}

/** The counts of both engines. */
async function explored(model: Model, settings: Settings): Promise<Fingerprint> {
  const found = await exploredBy('reference', model, settings);
  expect(await exploredBy('compiled', model, settings)).toEqual(found);
  return found;
}

/** 0 … n */
const upTo = (n: number): readonly number[] => Array.from({ length: n + 1 }, (_, i) => i);
const sum = (terms: readonly number[]): number => terms.reduce((x, y) => x + y, 0);
/** The number of ordered selections of k out of n. */
const lines = (n: number, k: number): number => (k === 0 ? 1 : n * lines(n - 1, k - 1));
/** The number of selections of k out of n. */
const choices = (n: number, k: number): number => lines(n, k) / lines(k, k);

describe('increment', () => {
  // Let d of n actors be done. At d = 0 the counter is 0, and everyone else has loaded 0 or nothing: 2^n states.
  // After d > 0 stores the counter c is one of 1 … d. If c = d, no update was lost, and it has been 0 … d in turn:
  // the others have loaded nothing, or any of d + 1 values. If c < d, at least one was lost, so it has been d - 1 at
  // most; and it can have been all of 0 … d - 1 before the last store: nothing, or any of d values, for each such c.
  // Every actor who is not done has one step. All take two.
  const perDone = (n: number, d: number) =>
    d === 0 ? 2 ** n : choices(n, d) * ((d + 2) ** (n - d) + (d - 1) * (d + 1) ** (n - d));
  const onPaper = (n: number): Fingerprint => ({
    states: sum(upTo(n).map((d) => perDone(n, d))),
    transitions: sum(upTo(n).map((d) => perDone(n, d) * (n - d))),
    depth: 2 * n,
  });

  test.each([1, 2, 3, 4, 6])(
    'has the states of a counter and of what %d actors can have loaded',
    async (n) => {
      expect(await explored(increment_model, { NR_ACTORS: n })).toEqual(onPaper(n));
    },
  );
});

describe('philosophers', () => {
  // A fork is free, or held by one of two: as the first fork of one and the second of another if all are
  // right-handed. Which forks one holds says where she stands: none, the first, both, the second (the first is put
  // down first). So a state is a value for each fork: 3^n. Of the nine values of her two forks, she can go on in six.
  //
  // One state is never reached: every fork is somebody's second. To get there, the last to put down her first fork
  // would hold one that is also her neighbour's second. All others are reached straight, without a second round: some
  // fork is nobody's second; begin with the philosopher whose second it would be, and go round against the order of
  // the forks. Each finds her first fork free, as the neighbour who shares it has not moved yet, and her second one
  // if she is to take it, as the other neighbour does not keep it.
  //
  // The distance is the sum of what each is away from thinking: 1 holding the first fork, 2 both, 3 the second.
  const rightHanded = (n: number): Fingerprint => ({
    states: 3 ** n - 1,
    transitions: n * 6 * 3 ** (n - 2) - n,
    depth: 3 * (n - 1),
  });
  // With a left-handed one, fork 0 is nobody's second, and so every state is reached. The farthest one has n - 1
  // second forks and the first fork of one.
  const lastLeftHanded = (n: number): Fingerprint => ({
    states: 3 ** n,
    transitions: n * 6 * 3 ** (n - 2),
    depth: 3 * (n - 1) + 1,
  });

  test.each([2, 3, 4, 5, 6])('have 3^%d - 1 states if all are right-handed', async (n) => {
    expect(await explored(philosophers_model, { NR_PHILOSOPHERS: n })).toEqual(rightHanded(n));
  });
  test.each([2, 3, 4, 5, 6])('have 3^%d states if the last is left-handed', async (n) => {
    const settings = { NR_PHILOSOPHERS: n, LAST_IS_LEFT_HANDED: true };
    expect(await explored(philosophers_model, settings)).toEqual(lastLeftHanded(n));
  });
  test('agree with BEEM on sizes that are not explored here', () => {
    expect(rightHanded(12)).toMatchObject({ states: 531_440, transitions: 4_251_516 });
  });
});

describe('ticket lock', () => {
  // For each value of the owner, k of the lockers queue, in any order: their tickets are the owner's and the next
  // ones, as long as no two are the same. (With triers, the queue must never be so long that the next ticket is the
  // owner's again, as if nobody queued.) The head of the queue is in one of 4 places (it waits, is in the critical
  // section, calls unlock, hands on), the others wait. Every other locker is in one of 3 (it returns, calls, draws).
  // A trier is in one of 2 places outside, or, one at most, at the head of the queue in one of 3. Those outside and
  // the head have one step each; the others wait.
  //
  // The farthest state is the last owner with all of them about to return, 6 steps after the start of a round for a
  // locker, 4 for a trier; the owner advances by rounds of 7 steps, or of 5 if there is a trier.
  const onPaper = (lockers: number, triers: number, tickets: number): Fingerprint => {
    const queues = upTo(lockers).flatMap((k) => {
      const waiting = lines(lockers, k) * 3 ** (lockers - k);
      const outside = lockers - k;
      return [
        { states: waiting * (k > 0 ? 4 : 1) * 2 ** triers, moves: outside + triers + (k > 0 ? 1 : 0) },
        { states: waiting * 3 * triers * 2 ** Math.max(0, triers - 1), moves: outside + triers },
      ];
    });
    return {
      states: tickets * sum(queues.map(({ states }) => states)),
      transitions: tickets * sum(queues.map(({ states, moves }) => states * moves)),
      depth: 6 * lockers + 4 * triers + (tickets - 1) * (triers > 0 ? 5 : 7),
    };
  };

  test.each([
    [1, 0, 1],
    [1, 0, 4],
    [2, 0, 3],
    [3, 0, 3],
    [4, 0, 4],
    [0, 2, 2],
    [1, 2, 3],
    [2, 1, 3],
    [2, 2, 4],
  ])(
    'of %d lockers, %d triers and %d tickets has the states of its queues',
    async (lockers, triers, tickets) => {
      const settings = { NR_LOCKERS: lockers, NR_TRIERS: triers, TICKET_MAX: tickets - 1 };
      expect(await explored(ticket_lock_model, settings)).toEqual(onPaper(lockers, triers, tickets));
    },
  );
});

describe('two-phase commit', () => {
  // While the manager decides, each of n resource managers works, has aborted of its own accord, or is prepared, heard
  // or not: 4^n. Once it has said abort, each works, or has aborted of its own accord, or was prepared, heard or not,
  // and has obeyed or not: 6^n. It says commit when all are heard; then each has obeyed or not: 2^n.
  //
  // Steps of one resource manager, and the manager's about it, added up over its places: while the manager decides
  // 2 + 0 + 1 + 1 (hearing the same one again is a step), and the manager's own abort everywhere and commit once;
  // after abort 3 + 1 + 4 · 1; after commit 1 + 1 (obeying again is a step). The farthest: all prepare, all are heard,
  // commit, all obey.
  const onPaper = (n: number): Fingerprint => ({
    states: 4 ** n + 6 ** n + 2 ** n,
    transitions: n * 4 * 4 ** (n - 1) + 4 ** n + 1 + n * 8 * 6 ** (n - 1) + n * 2 * 2 ** (n - 1),
    depth: 3 * n + 1,
  });

  test.each([1, 2, 3, 4])('of %d resource managers has 4^n + 6^n + 2^n states', async (n) => {
    expect(await explored(two_phase_commit_model, { NR_RMS: n })).toEqual(onPaper(n));
  });
  test('agrees with TLC on sizes that are not explored here', () => {
    // TLC counts the initial state among the generated ones, and depth in states.
    const tlc = (n: number) => {
      const { states, transitions, depth } = onPaper(n);
      return [states, transitions + 1, depth + 1];
    };
    expect([6, 7, 8].map(tlc)).toEqual([
      [50_816, 402_306, 20],
      [296_448, 2_744_706, 23],
      [1_745_408, 18_507_778, 26],
    ]);
  });
});

describe('readers and writers', () => {
  // The words are equal outside of a writer's three steps with the lock (flip, flip, release), so they count as one
  // bit, which writers change: a factor of 2. Readers are in one of 3 places while no writer holds the lock: 3^r
  // states, where every reader has a step, and every writer too when all readers are outside. Or one of w writers is
  // in one of its 3 places, and only it has a step.
  //
  // The farthest: the bit is set, in 4 steps, and all readers have compared, in 2 each; or a second round begins.
  const onPaper = (r: number, w: number): Fingerprint => ({
    states: 2 * (3 ** r + 3 * w),
    transitions: 2 * (r * 3 ** r + w + 3 * w),
    depth: Math.max(4 + 2 * r, 7),
  });
  // A writer that downgrades is in one of 2 more places among the readers, who are free to move.
  // No second one can join it. The farthest: the bit is cleared again by a second round, in 6 + 4 steps, the warning
  // is one more, and all readers have compared.
  const onPaperWithDowngrade = (r: number, w: number): Fingerprint => {
    const { states, transitions } = onPaper(r, w);
    return {
      states: states + 2 * (2 * w * 3 ** r),
      transitions: transitions + 2 * (2 * w * 3 ** r) * (r + 1),
      depth: 11 + 2 * r,
    };
  };

  test.each([1, 2, 3, 4])('%d readers without writers are independent', async (r) => {
    expect(await explored(readers_writers_model, { NR_READERS: r, NR_WRITERS: 0 })).toEqual({
      states: 3 ** r,
      transitions: r * 3 ** r,
      depth: 2 * r,
    });
  });

  const sizes = [
    [0, 1],
    [1, 1],
    [2, 1],
    [1, 3],
    [4, 2],
  ] as const;
  test.each(sizes)('%d readers and %d writers share a lock', async (NR_READERS, NR_WRITERS) => {
    expect(await explored(readers_writers_model, { NR_READERS, NR_WRITERS })).toEqual(
      onPaper(NR_READERS, NR_WRITERS),
    );
  });
  test.each(sizes)(
    '%d readers and %d writers share a lock that is downgraded',
    async (NR_READERS, NR_WRITERS) => {
      const settings = { NR_READERS, NR_WRITERS, DOWNGRADE: true };
      expect(await explored(readers_writers_model, settings)).toEqual(
        onPaperWithDowngrade(NR_READERS, NR_WRITERS),
      );
    },
  );
});

describe('the coffee can', () => {
  // Of n beans, 0 … n may be white: n + 1 states, all of them initial. Of n > 1 beans, two black ones are there to be
  // taken in n - 1 of these, two white ones in as many, and one of each too; of one bean, it stays as it is.
  test.each([1, 2, 10, 30])('of at most %d beans has a state for every mixture', async (n) => {
    expect(await explored(coffee_can_model, { NR_BEANS: n })).toEqual({
      states: (n * (n + 3)) / 2,
      transitions: 2 + (3 * n * (n - 1)) / 2,
      depth: 0,
    });
  });
});

describe("Dijkstra's token ring", () => {
  // Any values are initial. Node 0 equals the last one in 1 of m cases, others differ from the one before in m - 1.
  test.each([
    [2, 2],
    [3, 4],
    [4, 3],
    [5, 4],
  ])('of %d nodes with %d values has all states, and as many steps as tokens', async (n, m) => {
    expect(await explored(token_ring_model, { NR_NODES: n, NR_VALUES: m })).toEqual({
      states: m ** n,
      transitions: m ** (n - 1) * (1 + (n - 1) * (m - 1)),
      depth: 0,
    });
  });
});

describe('a barrier', () => {
  // Any of n workers may have arrived. Each arrives in half of the states; and the barrier opens once.
  test.each([2, 3, 6, 8])('for %d workers has a state for every set of them', async (n) => {
    expect(await explored(barrier_model, { NR_WORKERS: n })).toEqual({
      states: 2 ** n,
      transitions: n * 2 ** (n - 1) + 1,
      depth: n,
    });
  });
});

// For Peterson's algorithm there is no formula here, but a second opinion: a search over plain arrays that shares
// nothing with the engines. A process is 'out', at one of three places of a level ('wait 2'), or 'in'.
interface Plain {
  readonly place: readonly string[];
  readonly level: readonly number[];
  readonly last: readonly number[];
}

/** The state after the one step that `me` always has: a turn of the waiting loop is a step. */
function plainStep(state: Plain, me: number, exitLevel: number, order: readonly string[]): Plain {
  const n = state.place.length;
  const [where = '', l = '0'] = state.place[me]!.split(' ');
  const at = Number(l);
  const goTo = (next: string, writes: Partial<Plain> = {}): Plain => {
    return { ...state, ...writes, place: state.place.with(me, next) };
  };
  const next = `${order[order.indexOf(where) + 1] ?? 'wait'} ${at}`;
  switch (where) {
    case 'out':
      return goTo(`${order[0]} 1`);
    case 'level':
      return goTo(next, { level: state.level.with(me, at) });
    case 'last':
      return goTo(next, { last: state.last.with(at, me) });
    case 'wait': {
      const isMatched = state.level.some((level, other) => other !== me && level >= at);
      if (state.last[at] === me && isMatched) return state;
      return goTo(at + 1 < n ? `${order[0]} ${at + 1}` : 'in');
    }
    default:
      return goTo('out', { level: state.level.with(me, exitLevel) });
  }
}

function plainSearch(first: Plain, next: (state: Plain) => readonly Plain[]): Fingerprint {
  const seen = new Set([JSON.stringify(first)]);
  let [transitions, depth] = [0, -1];
  for (let level = [first]; level.length > 0; depth++) {
    const successors = level.flatMap(next);
    transitions += successors.length;
    level = successors.filter((state) => {
      const text = JSON.stringify(state);
      return !seen.has(text) && seen.add(text);
    });
  }
  return { states: seen.size, transitions, depth };
}

describe("Peterson's algorithm", () => {
  test.each([
    [2, 0, 'level_then_last'],
    [2, 1, 'level_then_last'],
    [2, 0, 'last_then_level'],
    [3, 0, 'level_then_last'],
    [3, 1, 'level_then_last'],
    [3, 0, 'last_then_level'],
  ])(
    'of %d processes that leave to level %d, %s, has the states of a plain search',
    async (n, exit, order) => {
      const first: Plain = {
        place: Array<string>(n).fill('out'),
        level: Array<number>(n).fill(0),
        last: Array<number>(n).fill(-1),
      };
      const successors = (state: Plain) =>
        state.place.map((_, me) => plainStep(state, me, exit, order.split('_then_')));
      const settings = { NR_PROCESSES: n, EXIT_LEVEL: exit, order };
      expect(await explored(peterson_model, settings)).toEqual(plainSearch(first, successors));
    },
  );
});

describe('published figures, too many states for the reference engine', () => {
  test.each([
    [
      "Murphi's of Peterson's algorithm",
      peterson_model,
      { NR_PROCESSES: 5, EXIT_LEVEL: 1 },
      628_868,
      3_144_340,
    ],
    ["BEEM's of the philosophers", philosophers_model, { NR_PHILOSOPHERS: 12 }, 531_440, 4_251_516],
    ["TLC's of two-phase commit", two_phase_commit_model, { NR_RMS: 7 }, 296_448, 2_744_706 - 1],
  ] as const)('are found by the compiled engine: %s', async (_, model, settings, states, transitions) => {
    expect(await exploredBy('compiled', model, settings)).toMatchObject({ states, transitions });
  });
});
