// Lock order, as in lockdep: which class of locks is taken while another is held, over all runs. A circle is a warning,
// even if no interleaving of this model deadlocks in it. Control flow decides first which edges can lie in a circle;
// only those are looked for during the search, so a Program without such edges pays nothing.
//
//   p: a then b      q: b then a        a -> b, by p at its second lock      b -> a, by q      a circle

import { ownershipIn } from '../analyse/program_ownership.js';
import { subclassesIn } from '../analyse/subclasses.js';
import { builtInChecks } from '../ir/built_in_checks.js';
import {
  allOf,
  anyOf,
  at,
  constant,
  equal,
  int,
  not,
  read,
  rewrite,
  truth,
  typeOfDomain,
} from '../ir/expression.js';
import {
  type Expr,
  type Location,
  type Lock,
  type Program,
  type Step,
  stepsFrom,
  type ThreadId,
  type Variable,
} from '../ir/program.js';
import type { Check } from '../search/report.js';
import { canFail, wanted } from './goals.js';

/** An actor comes to take `after` while it holds `before`: classes of locks, or two locks of one class. */
export interface OrderEdge {
  readonly before: string;
  readonly after: string;
  readonly check: Check;
}

/** All edges that control flow admits, in the order in which it reaches them. */
export function orderEdges(program: Program): readonly OrderEdge[] {
  const conditions = new Map<string, { before: string; after: string; met: Expr[] }>();
  for (const { id } of program.threads) {
    for (const { before, after, met } of attemptsOf(program, id)) {
      const key = JSON.stringify([before, after]);
      const known = conditions.get(key) ?? { before, after, met: [] };
      known.met.push(met);
      conditions.set(key, known);
    }
  }
  return [...conditions.values()].map(({ before, after, met }) => {
    return { before, after, check: wanted(`${before} -> ${after}`, anyOf(met)) };
  });
}

/** A check of the report, and the goal of the search that it rests on; undefined if no run violates the rule. */
export type Concluded = readonly [check: Check, goal: Check | undefined];

/** The result for the lock order: one check for each edge of a circle, or one for all if there is none. */
export function orderChecks(
  edges: readonly OrderEdge[],
  isMet: (goal: Check) => boolean,
): readonly Concluded[] {
  if (edges.length === 0) return [];
  const { message, about } = builtInChecks['lock-order'];
  const bad = inCircles(edges.filter(({ check }) => isMet(check)));
  if (bad.length === 0) return [[lockRule(message, about), undefined]];
  return bad.map(({ before, after, check }) => [
    lockRule(
      `${message} (${before} -> ${after})`,
      `${after} is taken while ${before} is held, and elsewhere the other way round`,
      check.condition,
    ),
    check,
  ]);
}

/** A check of the order or the use of locks, as it is reported. */
export const lockRule = (name: string, about: string, condition = truth(true)): Check => {
  return { name, kind: 'lockdep', severity: 'warning', condition, about, source: {} };
};

/** The edges from whose end their beginning can be reached. */
export const inCircles = (edges: readonly OrderEdge[]): readonly OrderEdge[] =>
  edges.filter(({ before, after }) => reachedFrom([after], edges).has(before));

/** The classes that can be reached from some, these included. */
export function reachedFrom(classes: Iterable<string>, edges: readonly OrderEdge[]): ReadonlySet<string> {
  const seen = new Set(classes);
  for (const node of seen) for (const { before, after } of edges) if (before === node) seen.add(after);
  return seen;
}

interface Attempt {
  readonly before: string;
  readonly after: string;
  readonly met: Expr;
}

/** Where a thread comes to take a lock while it may hold another. */
function attemptsOf(program: Program, thread: ThreadId): readonly Attempt[] {
  const { dead } = program.threads[thread]!;
  const steps = program.steps.filter((step) => step.thread === thread && step.to !== dead);
  const locks = program.variables.filter(({ lock }) => lock !== undefined);
  const owned = ownershipIn(program, thread);
  const subclasses = subclassesIn(program, thread);
  return steps.flatMap((step) => {
    const facts = owned.get(step.from);
    if (facts === undefined || step.locks === undefined) return [];
    const held = locks.flatMap((own): readonly HeldLock[] => {
      if (facts.get(own.id) === false || (own.holder ?? thread) !== thread) return [];
      const [subclass = 0, ...others] = subclasses.get(step.from)?.get(own.id) ?? [];
      // Taken with one subclass or with another: the state does not say with which.
      return others.length > 0 ? [] : [{ own, subclass, isCertain: facts.get(own.id) === true }];
    });
    return attemptsAt(step, held, program);
  });
}

/** A lock that a thread may hold where it takes another one. */
interface HeldLock {
  readonly own: Variable;
  readonly subclass: number;
  readonly isCertain: boolean;
}

function attemptsAt(step: Step, held: readonly HeldLock[], program: Program): readonly Attempt[] {
  const waiting = waits(step, program);
  const takes = (step.locks ?? []).filter(({ way }) => way === 'take');
  return takes.flatMap(({ lock: { variables: all, index }, subclass = 0 }) =>
    all.flatMap((id, i) =>
      held.flatMap(({ own, isCertain, subclass: heldAs }): readonly Attempt[] => {
        const [before, after] = [own.lock!, program.variables[id]!.lock!];
        if (before.name === after.name) return [];
        const met = allOf([
          here(step),
          isCertain ? truth(true) : owns(own, step.thread),
          index === undefined ? truth(true) : equal(index, int(i)),
          waiting,
        ]);
        if (canFail(met)) return [];
        // Locks of one class are distinguished by name where no subclass distinguishes them.
        const isByName = before.class === after.class && heldAs === 0 && subclass === 0;
        return [
          {
            before: isByName ? before.name : classText(before, heldAs),
            after: isByName ? after.name : classText(after, subclass),
            met,
          },
        ];
      }),
    ),
  );
}

/** As the kernel prints it: `mm.mmap_lock/1` is a lock of the class that was taken as its subclass 1. */
const classText = ({ class: name }: Lock, subclass: number): string =>
  subclass === 0 ? name : `${name}/${subclass}`;

export const here = ({ thread, from }: Step): Expr => at(thread, [from]);

export const owns = ({ id, domain, holder }: Variable, thread: ThreadId): Expr => {
  const type = typeOfDomain(domain);
  return equal(read({ variables: [id] }, type), constant(holder === undefined ? thread + 1 : 1, type));
};

/**
 * Is the actor about to wait for the lock? Where the step is the only one, as soon as everything else that it waits for
 * is true. At a fork, where a failed trylock() takes another branch, only if no branch is enabled.
 */
export function waits(step: Step, program: Program): Expr {
  const all = stepsFrom(program, step.thread, step.from as Location);
  const isFork = all.filter(({ reports }) => reports === undefined).length > 1;
  if (isFork) return not(anyOf(all.map(({ guard }) => guard)));
  const names = new Set(
    (step.locks ?? []).flatMap(({ way, lock }) =>
      way === 'take' ? lock.variables.map((id) => program.variables[id]!.lock!.name) : [],
    ),
  );
  const isTaken = (id: number) => names.has(program.variables[id]!.lock?.name ?? '');
  const rest = rewrite(step.guard, (x) =>
    x.op === 'read' && x.cell.variables.every(isTaken) ? constant(0, x.type) : x,
  );
  return canFail(rest) ? truth(true) : rest;
}
