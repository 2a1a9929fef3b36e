// Small random Programs with many mover locations (checker/analyse/movers.ts): locals, mutexes and a rwsem with their
// holders, counters that are only added to, loops, reports, faults, deadlocks and dead threads. Locks are taken and
// dropped as in lowered Programs, so that analyses know their holders.

import { allOf, arithmetic, at, equal, int, less, not, read, truth } from '../ir/expression.js';
import type { Assignment, Expr, Lock, LockChange, Program, Step, Thread, Variable } from '../ir/program.js';
import type { Property } from '../property/property.js';
import { type Random, random } from './random.js';
import type { RandomProgram } from './random_program.js';

/** The effect of a step beside its change of location. */
type Doing = Pick<Step, 'guard' | 'assignments'> & Partial<Pick<Step, 'locks' | 'reports'>>;

const yes = truth(true);
const value = (id: number): Expr => read({ variables: [id] }, 'int');
const isTrue = (id: number): Expr => read({ variables: [id] }, 'bool');
const set = (id: number, to: Expr): Assignment => ({ target: { variables: [id] }, value: to });
const plus = (id: number, n: number): Assignment => set(id, arithmetic('add', value(id), int(n)));

/**
 * Numbers of variables: two shared ones, two counters, two mutexes, a rwsem (its owner, a share for each thread),
 * locals.
 */
class Names {
  readonly threads: number;

  constructor(threads: number) {
    this.threads = threads;
  }

  readonly shared = [0, 1] as const;
  readonly counters = [2, 3] as const;
  readonly mutexes = [4, 5] as const;
  readonly writer = 6;
  reader(thread: number): number {
    return 7 + thread;
  }
  locals(thread: number): readonly [number, number] {
    const first = 7 + this.threads + 2 * thread;
    return [first, first + 1];
  }

  variables(): readonly Variable[] {
    const ids = Array.from({ length: this.threads }, (_, id) => id);
    const names = ids.map((id) => `t${id}`);
    const digit = { kind: 'int', min: 0, max: 2 } as const;
    const owner = { kind: 'owner', values: ['free', ...names] } as const;
    const lock = (name: string, mode: Lock['mode']): Lock => ({ kind: 'lock', name, class: name, mode });
    const all: Omit<Variable, 'id' | 'initial'>[] = [
      ...['a', 'b'].map((name) => ({ name, domain: digit })),
      { name: 'few', domain: digit },
      { name: 'many', domain: { kind: 'int', min: -9, max: 9 } },
      ...['m', 'n'].map((name) => ({ name, domain: owner, lock: lock(name, 'exclusive') })),
      { name: 'rw.writer', domain: owner, lock: lock('rw', 'exclusive') },
      ...ids.map((id) => {
        return {
          name: `rw.${id}`,
          domain: { kind: 'bool' } as const,
          lock: lock('rw', 'shared'),
          holder: id,
        };
      }),
      ...ids.flatMap((id) =>
        ['x', 'y'].map((name) => ({ name: `t${id}.${name}`, domain: digit, thread: id })),
      ),
    ];
    return all.map((variable, id) => ({ ...variable, id, initial: [0] }));
  }
}

function change(way: LockChange['way'], mode: Lock['mode'], id: number): readonly LockChange[] {
  return [{ way, mode, lock: { variables: [id] } }];
}

/** Takes or drops a lock at random: a drop is a bug, without effect, unless the thread holds the lock. */
function lockStep(dice: Random, names: Names, thread: number): Doing {
  const me = int(thread + 1);
  const share = names.reader(thread);
  const all = Array.from({ length: names.threads }, (_, id) => names.reader(id));
  const free = (id: number) => equal(value(id), int(0));
  const [mutex, isDrop] = [dice.pick([...names.mutexes, names.writer]), dice.oneIn(2)];
  if (dice.oneIn(3)) {
    return isDrop
      ? {
          guard: isTrue(share),
          assignments: [set(share, truth(false))],
          locks: change('drop', 'shared', share),
        }
      : {
          guard: allOf([free(names.writer), not(isTrue(share))]),
          assignments: [set(share, yes)],
          locks: change('take', 'shared', share),
        };
  }
  if (isDrop) {
    return {
      guard: equal(value(mutex), me),
      assignments: [set(mutex, int(0))],
      locks: change('drop', 'exclusive', mutex),
    };
  }
  const readers = mutex === names.writer ? all.map((id) => not(isTrue(id))) : [];
  return {
    guard: allOf([free(mutex), ...readers]),
    assignments: [set(mutex, me)],
    locks: change('take', 'exclusive', mutex),
  };
}

function doing(dice: Random, names: Names, thread: number): Doing {
  const [x, y] = names.locals(thread);
  const [a, b] = [dice.pick(names.shared), dice.pick(names.counters)];
  const small = (id: number) => less('lt', value(id), int(1 + dice.below(2)));
  switch (dice.below(10)) {
    case 0:
      return { guard: yes, assignments: [set(x, int(dice.below(3)))] };
    case 1:
      return { guard: small(x), assignments: [plus(y, 1)] };
    case 2:
      return { guard: small(y), assignments: [plus(x, 1), set(y, int(0))] };
    case 3:
      return { guard: yes, assignments: [set(x, value(a))] };
    case 4:
      return { guard: yes, assignments: [set(a, value(x))] };
    case 5:
      return { guard: yes, assignments: [plus(b, dice.oneIn(2) ? 1 : -1)] };
    case 6: {
      const other = dice.below(names.threads);
      const guard = dice.oneIn(2) ? equal(value(a), int(1)) : at(other, [dice.below(3)]);
      const reports = { kind: dice.pick(['bug', 'warning'] as const), message: `assertion ${dice.below(2)}` };
      return { guard, assignments: [], ...(dice.oneIn(3) && { reports }) };
    }
    default:
      return lockStep(dice, names, thread);
  }
}

/** A straight line of steps with an occasional branch, jump ahead or jump back. */
function stepsOf(dice: Random, names: Names, { id, dead, done }: Thread): readonly Omit<Step, 'id'>[] {
  return Array.from({ length: done }, (_, from) => from).flatMap((from) => {
    const ways = dice.oneIn(4) ? 2 : 1;
    return Array.from({ length: ways }, () => {
      const does = doing(dice, names, id);
      const to = dice.oneIn(8) ? dice.below(done + 1) : from + 1;
      const after = does.reports?.kind === 'bug' ? dead! : to;
      return { thread: id, from, to: after, label: `l${from}`, caption: '', source: {}, ...does };
    });
  });
}

/** The Program of this seed, and up to two properties of it. */
export function randomLocals(seed: number): RandomProgram {
  const dice = random(seed);
  const names = new Names(2 + dice.below(2));
  const threads = Array.from({ length: names.threads }, (_, id): Thread => {
    const done = 2 + dice.below(5);
    const locations = Array.from({ length: done + 2 }, (_, i) => ({ label: `l${i}`, path: `l${i}` }));
    const rests = dice.oneIn(6) ? { rests: [dice.below(done)] } : {};
    return { id, name: `t${id}`, locations, start: 0, done, dead: done + 1, ...rests };
  });
  const variables = names.variables();
  const steps = threads
    .flatMap((thread) => stepsOf(dice, names, thread))
    .map((step, id) => ({ ...step, id }));
  const program: Program = {
    name: `locals ${seed}`,
    settings: {},
    variables,
    threads,
    steps,
    initially: yes,
  };
  const properties = Array.from({ length: dice.below(3) }, (_, i): Property => {
    const asked = dice.pick([names.shared[0], names.counters[0], names.locals(0)[0]]);
    const where = at(dice.below(names.threads), [dice.below(4)]);
    const condition = allOf([equal(value(asked), int(dice.below(3))), ...(dice.oneIn(2) ? [where] : [])]);
    const expectation = dice.pick(['always', 'never', 'sometimes'] as const);
    return { name: `property${i}`, expectation, condition, source: {} };
  });
  return { program, properties };
}
