// Lock order, as in lockdep: which class of locks is taken while another is held, over all runs. A circle is a warning,
// even if no interleaving of this model deadlocks in it. Control flow decides first which edges can lie in a circle;
// only those are looked for during the search, so a Program without such edges pays nothing.
//
//   p: a then b      q: b then a        a -> b, by p at its second lock      b -> a, by q      a circle

import type { Ownership } from '../analyse/ownership.js';
import { ownershipIn } from '../analyse/program_ownership.js';
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
  type Program,
  type Step,
  stepsFrom,
  type ThreadId,
  type Variable,
} from '../ir/program.js';
import type { Check, Finding } from '../search/report.js';
import { canFail, wanted } from './goals.js';

/** An actor comes to take `after` while it holds `before`: classes of locks, or two locks of one class. */
export interface OrderEdge {
  readonly before: string;
  readonly after: string;
  readonly check: Check;
}

/** The edges that may lie in a circle, in the order in which control flow reaches them. */
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
  return inCircles([...conditions.values()]).map(({ before, after, met }) => {
    return { before, after, check: wanted(`${before} -> ${after}`, anyOf(met)) };
  });
}

/** The result for the lock order: one check for each edge of a circle, or one for all if there is none. */
export function orderChecks(
  edges: readonly OrderEdge[],
  findings: ReadonlyMap<Check, Finding>,
): ReadonlyMap<Check, Finding | undefined> {
  if (edges.length === 0) return new Map();
  const { message, about } = builtInChecks['lock-order'];
  const bad = inCircles(edges.filter(({ check }) => findings.has(check)));
  if (bad.length === 0) {
    return new Map([
      [
        {
          ...{ name: message, kind: 'lockdep', severity: 'warning' },
          condition: truth(true),
          about,
          source: {},
        },
        undefined,
      ],
    ]);
  }
  return new Map(
    bad.map(({ before, after, check }) => {
      const named = `${message} (${before} -> ${after})`;
      const why = `${after} is taken while ${before} is held, and elsewhere in the opposite order`;
      return [
        { ...check, name: named, kind: 'lockdep', severity: 'warning', about: why },
        findings.get(check)!,
      ];
    }),
  );
}

/** The edges from whose end their beginning can be reached. */
function inCircles<E extends { readonly before: string; readonly after: string }>(
  edges: readonly E[],
): readonly E[] {
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set([from]);
    for (const node of seen) for (const { before, after } of edges) if (before === node) seen.add(after);
    return seen.has(to);
  };
  return edges.filter(({ before, after }) => reaches(after, before));
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
  return steps.flatMap((step) => {
    const facts = owned.get(step.from);
    if (facts === undefined || step.locks === undefined) return [];
    return attemptsAt(step, waits(step, program), facts, locks, program);
  });
}

function attemptsAt(
  step: Step,
  waiting: Expr,
  facts: Ownership,
  locks: readonly Variable[],
  { variables }: Program,
): readonly Attempt[] {
  const held = locks.filter(
    ({ id, holder }) => facts.get(id) !== false && (holder === undefined || holder === step.thread),
  );
  const takes = (step.locks ?? []).filter(({ way }) => way === 'take');
  return takes.flatMap(({ lock: { variables: all, index } }) =>
    all.flatMap((id, i) =>
      held.flatMap((own): readonly Attempt[] => {
        const [before, after] = [own.lock!, variables[id]!.lock!];
        if (before.name === after.name) return [];
        const chosen = index === undefined ? truth(true) : equal(index, int(i));
        const met = allOf([
          here(step),
          facts.get(own.id) === true ? truth(true) : owns(own, step.thread),
          chosen,
          waiting,
        ]);
        if (canFail(met)) return [];
        const isOneClass = before.class === after.class;
        return [
          {
            before: isOneClass ? before.name : before.class,
            after: isOneClass ? after.name : after.class,
            met,
          },
        ];
      }),
    ),
  );
}

const here = ({ thread, from }: Step): Expr => at(thread, [from]);

const owns = ({ id, domain, holder }: Variable, thread: ThreadId): Expr => {
  const type = typeOfDomain(domain);
  return equal(read({ variables: [id] }, type), constant(holder === undefined ? thread + 1 : 1, type));
};

/**
 * Is the actor about to wait for the lock? Where the step is the only one, as soon as everything else that it waits for
 * is true. At a fork, where a failed trylock() takes another branch, only if no branch is enabled.
 */
function waits(step: Step, program: Program): Expr {
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
