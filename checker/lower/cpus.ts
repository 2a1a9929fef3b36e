// CPUs: a guard on every step says which actors may run on a CPU. A CPU runs its interrupts of the highest level, then
// its tasks, of which one that cannot be preempted excludes the others. Interleaving tasks is switching between them.
//
//   a step of a task         no interrupt of its CPU is under way, and no other task there has preemption off
//   an interrupt begins      none of its level or above is under way, and no actor there has disabled it

import { type ActorsNode, bh_off, irqs_off, type Level, preempt_off } from '../../models/language/index.js';
import { allOf, and, constant, equal, not, or, read, typeOfDomain } from '../ir/expression.js';
import type { Expr, Location, ThreadId } from '../ir/program.js';
import type { Draft, Flow } from './draft.js';
import type { World } from './scope.js';

const levels: readonly Level[] = ['task', 'softirq', 'hardirq', 'nmi'];
const rank = (level: Level): number => levels.indexOf(level);

/** An actor on a CPU. */
interface CpuActor {
  readonly id: ThreadId;
  readonly level: Level;
}

/** Where an actor starts and is done; one that comes again is done where it starts. */
export interface ActorEnds {
  readonly start: Location;
  readonly done: Location;
  readonly comesAgain: boolean;
}

/**
 * An interrupt begins with a step of its own, since it occurs whether or not its handler can then go on; or its first
 * step is that one.
 */
export function interrupting(
  node: ActorsNode,
  flow: Flow,
  { start: first, done }: Omit<ActorEnds, 'comesAgain'>,
): ActorEnds {
  const { on, at, name } = node;
  const comesAgain = on?.isRepeated === true;
  if (on?.beginsItself) {
    const start = flow.resolve(first).at;
    const begins = ({ from }: Draft) => on.level !== 'task' && from === start;
    flow.guard((drafts) => drafts.map((one) => (begins(one) ? { ...one, begins: true } : one)));
    flow.alias(done, first);
    return { start: first, done, comesAgain };
  }
  if (on === undefined || on.level === 'task') return { start: first, done, comesAgain };
  const start = flow.location();
  const label = `${node.procedure.name}.interrupt`;
  flow.begins.set(start, at);
  flow.drafts.push({
    ...{ from: start, to: first, label, path: label },
    caption: () => `${name} interrupts ${on.on!.cpu}`,
    source: at === undefined ? {} : { model: at },
    ...{ guard: allOf([]), expectations: [], assignments: [], locks: [] },
    ...{ rests: true, begins: true },
  });
  if (comesAgain) flow.alias(done, start);
  return { start, done, comesAgain };
}

/** The drafts of a thread with the guards of its CPU; those of an actor that shares no CPU unchanged. */
export function onItsCpu(thread: ThreadId, drafts: readonly Draft[], world: World): readonly Draft[] {
  const own = placeOf(thread, world);
  if (own === undefined) return drafts;
  const others = world.threadNames.flatMap((_, id): readonly CpuActor[] => {
    const at = placeOf(id, world);
    return id === thread || at?.cpu !== own.cpu ? [] : [{ id, level: at.level }];
  });
  if (others.length === 0) return drafts;
  const busy = others.filter(({ level }) => level !== 'task' && rank(level) >= rank(own.level));
  const isRunnable = allOf([
    ...busy.map(({ id }) => not(world.isBusy(id))),
    ...(own.level === 'task'
      ? others.filter(({ level }) => level === 'task').map(({ id }) => isPreemptible(id, world))
      : []),
  ]);
  const isLetIn = allOf(others.map(({ id }) => lets(own.level, id, world)));
  return drafts.map((draft) => {
    const guard = draft.begins === true ? and(isRunnable, isLetIn) : isRunnable;
    return {
      ...draft,
      guard: and(guard, draft.guard),
      onCpu: { runs: guard, guard: draft.guard },
      ...(draft.test !== undefined && { test: { ...draft.test, guard: and(guard, draft.test.guard) } }),
      // An actor that does not run reads nothing.
      expectations: draft.expectations.map((one) =>
        one.onArrival ? { ...one, condition: or(not(guard), one.condition) } : one,
      ),
    };
  });
}

function placeOf(
  thread: ThreadId,
  { families }: World,
): { readonly cpu: string; readonly level: Level } | undefined {
  const family = [...families.values()].find(({ threads }) => threads.includes(thread));
  const on = family?.node.on;
  return on?.on === undefined ? undefined : { cpu: on.on.cpu, level: on.level };
}

/** May another task of its CPU run? Not while it holds a spinning lock either. */
function isPreemptible(id: ThreadId, world: World): Expr {
  const { variables } = world.state;
  const free = variables.flatMap(({ id: lock, lock: kind, holder, domain }) => {
    if (!kind?.spins || (holder !== undefined && holder !== id)) return [];
    const type = typeOfDomain(domain);
    return [not(equal(read({ variables: [lock] }, type), constant(holder === undefined ? id + 1 : 1, type)))];
  });
  return allOf([
    ...free,
    isZero(preempt_off, id, world),
    isZero(bh_off, id, world),
    isZero(irqs_off, id, world),
  ]);
}

/** Does the actor let an interrupt of this level begin on its CPU? */
function lets(level: Level, id: ThreadId, world: World): Expr {
  if (level === 'task' || level === 'nmi') return allOf([]);
  const hard = isZero(irqs_off, id, world);
  return level === 'hardirq' ? hard : and(hard, isZero(bh_off, id, world));
}

/** Is the actor's variable 0, or absent? */
function isZero({ mine }: typeof irqs_off | typeof bh_off, id: ThreadId, world: World): Expr {
  const slot = world.each.get(mine.place.each!.family)?.get(world.threadNames[id]!);
  if (slot?.kind !== 'scalar') return allOf([]);
  const type = typeOfDomain(world.state.variables[slot.id]!.domain);
  return equal(read({ variables: [slot.id] }, type), constant(0, type));
}
