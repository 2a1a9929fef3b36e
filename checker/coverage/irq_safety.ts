// Locks and interrupts, as lockdep checks them: a class of locks that an interrupt takes must not be held with such
// interrupts on, and no lock that is held with them on may be taken under one that an interrupt takes. Both are
// warnings, even if no interleaving of this model deadlocks. What control flow rules out is not looked for, so a
// Program without interrupts pays nothing.
//
//   irq takes a                               IN-HARDIRQ-W
//   p takes a, with interrupts on             HARDIRQ-ON-W: inconsistent, since irq may come while p holds a
//   q takes a, then b; r takes b, with interrupts on      a -> b, and b is HARDIRQ-ON-W: r may be kept from a by irq

import { ownershipIn } from '../analyse/program_ownership.js';
import { builtInChecks, irqOrder } from '../ir/built_in_checks.js';
import { and, anyOf, at, equal, int, isFalse, not, read, truth } from '../ir/expression.js';
import type { CpuContext, Expr, Lock, Program, ThreadId } from '../ir/program.js';
import type { Check } from '../search/report.js';
import { canFail, wanted } from './goals.js';
import { type Concluded, here, lockRule, type OrderEdge, owns, reachedFrom, waits } from './lock_order.js';

/** How a class of locks is used: taken in an interrupt, or held with such interrupts on. */
interface Use {
  readonly class: string;
  readonly level: 'HARDIRQ' | 'SOFTIRQ';
  readonly isInside: boolean;
  readonly mode: Lock['mode'];
}
/** A use, with the check that some run has it. */
export interface LockUse extends Use {
  readonly check: Check;
}

/** The uses that control flow admits and that may contradict another one, with the edges that lead from one to another. */
export function irqUses(
  program: Program,
  edges: readonly OrderEdge[],
): { readonly uses: readonly LockUse[]; readonly edges: readonly OrderEdge[] } {
  const all = usesOf(program);
  const bad = contradictions(all, edges);
  return {
    uses: all.filter((use) => bad.some(({ inside, outside }) => use === inside || use === outside)),
    edges: edges.filter((edge) => bad.some((one) => one.edges.includes(edge))),
  };
}

/** The result for uses: a check for each use and each edge of a contradiction, or one for all if there is none. */
export function irqChecks(
  uses: readonly LockUse[],
  edges: readonly OrderEdge[],
  isMet: (goal: Check) => boolean,
): readonly Concluded[] {
  if (uses.length === 0) return [];
  const { message, about } = builtInChecks['irq-safety'];
  const met = <T extends { readonly check: Check }>(all: readonly T[]) =>
    all.filter(({ check }) => isMet(check));
  const bad = contradictions(met(uses), met(edges));
  if (bad.length === 0) return [[lockRule(message, about), undefined]];
  const concluded = new Map<string, Concluded>();
  for (const { inside, outside, edges: between } of bad) {
    const irqs = `${inside.level.toLowerCase()}s`;
    const isSame = inside.class === outside.class;
    const name = isSame ? message : irqOrder(inside.level);
    const why = isSame
      ? `${inside.class} is taken in ${irqs}, and held with ${irqs} on`
      : `${inside.class} is taken in ${irqs}, and under it ${outside.class}, which is held with ${irqs} on`;
    const parts = [
      ...[inside, outside].map((use) => [`${use.class}: ${useText(use)}`, use.check] as const),
      ...between.map(({ before, after, check }) => [`${before} -> ${after}`, check] as const),
    ];
    for (const [part, goal] of parts) {
      const said = `${name} (${part})`;
      if (!concluded.has(said)) concluded.set(said, [lockRule(said, why, goal.condition), goal]);
    }
  }
  return [...concluded.values()];
}

/** As the kernel prints it: `IN-HARDIRQ-W`, `SOFTIRQ-ON-R`. */
const useText = ({ level, isInside, mode }: Use): string =>
  `${isInside ? `IN-${level}` : `${level}-ON`}-${mode === 'shared' ? 'R' : 'W'}`;

interface Contradiction {
  readonly inside: LockUse;
  readonly outside: LockUse;
  /** From the one class to the other; none if it is the same. */
  readonly edges: readonly OrderEdge[];
}

/** A lock that is held for reading keeps no interrupt waiting that only reads. */
function contradictions(uses: readonly LockUse[], edges: readonly OrderEdge[]): readonly Contradiction[] {
  return uses.flatMap((inside) =>
    uses.flatMap((outside): readonly Contradiction[] => {
      if (!inside.isInside || outside.isInside || inside.level !== outside.level) return [];
      if (inside.mode === 'shared' && outside.mode === 'shared') return [];
      if (inside.class === outside.class) return [{ inside, outside, edges: [] }];
      const reached = reachedFrom([inside.class], edges);
      if (!reached.has(outside.class)) return [];
      const between = edges.filter(
        ({ before, after }) => reached.has(before) && reachedFrom([after], edges).has(outside.class),
      );
      return [{ inside, outside, edges: between }];
    }),
  );
}

function usesOf(program: Program): readonly LockUse[] {
  const isInterrupted = program.threads.some(({ context }) => (context?.level ?? 'task') !== 'task');
  if (!isInterrupted) return [];
  const found = new Map<string, { readonly use: Use; readonly met: Expr[] }>();
  const adding =
    (level: Use['level'], isInside: boolean): OnUse =>
    ({ class: name, mode }, met) => {
      if (canFail(met) || isFalse(met)) return;
      const use = { class: name, level, isInside, mode };
      const key = JSON.stringify(use);
      const known = found.get(key) ?? { use, met: [] };
      known.met.push(met);
      found.set(key, known);
    };
  for (const { id, context = { level: 'task' as const } } of program.threads) {
    for (const level of ['HARDIRQ', 'SOFTIRQ'] as const) {
      if (context.level.toUpperCase() === level) takenBy(id, program, adding(level, true));
      const on = areOn(level, context);
      if (!isFalse(on)) heldBy(id, program, on, adding(level, false));
    }
  }
  return [...found.values()].map(({ use, met }) => {
    return { ...use, check: wanted(`${use.class}: ${useText(use)}`, anyOf(met)) };
  });
}

/** Does the thread let such interrupts in, as far as it decides that itself? */
function areOn(level: Use['level'], { level: own, irqsOff, bhOff }: CpuContext): Expr {
  const isBelow = own === 'task' || (own === 'softirq' && level === 'HARDIRQ');
  const irqs = irqsOff === undefined ? truth(true) : not(read({ variables: [irqsOff] }, 'bool'));
  const isCounted = bhOff !== undefined && level === 'SOFTIRQ';
  const softirqs = isCounted ? equal(read({ variables: [bhOff] }, 'int'), int(0)) : truth(true);
  return and(truth(isBelow), and(irqs, softirqs));
}

type OnUse = (lock: Lock, met: Expr) => void;

/** The locks that a thread waits for, and where. */
function takenBy(thread: ThreadId, program: Program, found: OnUse): void {
  const { dead } = program.threads[thread]!;
  for (const step of program.steps) {
    if (step.thread !== thread || step.to === dead) continue;
    for (const { way, lock } of step.locks ?? []) {
      if (way === 'drop') continue;
      const met = and(here(step), waits(step, program));
      for (const [i, id] of lock.variables.entries()) {
        const isMeant = lock.index === undefined ? truth(true) : equal(lock.index, int(i));
        found(program.variables[id]!.lock!, and(met, isMeant));
      }
    }
  }
}

/** The locks that a thread may hold while a condition is true, and where. */
function heldBy(thread: ThreadId, program: Program, condition: Expr, found: OnUse): void {
  const owned = [...ownershipIn(program, thread)];
  const taken = new Set(
    program.steps.flatMap(({ thread: by, locks = [] }) =>
      by === thread ? locks.flatMap(({ way, lock }) => (way === 'take' ? lock.variables : [])) : [],
    ),
  );
  for (const id of taken) {
    const variable = program.variables[id]!;
    const where = (fact: true | undefined) =>
      at(
        thread,
        owned.flatMap(([location, facts]) => (facts.get(id) === fact ? [location] : [])),
      );
    const isHeld = anyOf([where(true), and(where(undefined), owns(variable, thread))]);
    found(variable.lock!, and(isHeld, condition));
  }
}
