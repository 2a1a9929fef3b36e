// The context in which an actor runs: its level, the locks it holds whose waiters spin, and what it has turned off.

import {
  bh_off,
  type ContextQuestion,
  type EachFamily,
  type ExprNode,
  irqs_off,
  type Level,
  preempt_off,
} from '../../models/language/index.js';
import { builtInChecks } from '../ir/built_in_checks.js';
import {
  allOf,
  and,
  anyOf,
  constant,
  equal,
  not,
  read,
  truth,
  typeOf,
  typeOfDomain,
} from '../ir/expression.js';
import type { CpuContext, Expr, ThreadId, VariableId } from '../ir/program.js';
import type { Kept } from './draft.js';
import { constantOfEach, eachSlot } from './each.js';
import { ownsAny, requireThread } from './own.js';
import type { Scope, World } from './scope.js';
import { actorWord } from './whom.js';

/** Of an interrupt its own; any other actor is a task. */
function levelOf(thread: ThreadId, { families }: Pick<World, 'families'>): Level {
  const family = [...families.values()].find(({ threads }) => threads.includes(thread));
  return family?.node.on?.level ?? 'task';
}

const familyOf = ({ mine }: typeof irqs_off | typeof bh_off): EachFamily => mine.place.each!.family;

/** How the thread runs; undefined for a task that turns nothing off. */
export function contextOf(thread: ThreadId, world: World): CpuContext | undefined {
  const level = levelOf(thread, world);
  const madeOf = (off: typeof irqs_off | typeof bh_off): VariableId | undefined => {
    const slot = world.each.get(familyOf(off))?.get(world.threadNames[thread]!);
    return slot?.kind === 'scalar' ? slot.id : undefined;
  };
  const [irqsOff, bhOff] = [madeOf(irqs_off), madeOf(bh_off)];
  if (level === 'task' && irqsOff === undefined && bhOff === undefined) return undefined;
  return { level, ...(irqsOff !== undefined && { irqsOff }), ...(bhOff !== undefined && { bhOff }) };
}

/** What the actor may have turned off, or be inside of, when it is done. The return of an interrupt restores its flags. */
export function keptBy(thread: ThreadId, { written, each, threadNames, ...world }: World): readonly Kept[] {
  const name = threadNames[thread]!;
  const restored = levelOf(thread, world) === 'task' ? undefined : familyOf(irqs_off);
  return [...written.each].flatMap(([family, owners]) => {
    const slot = each.get(family)?.get(name);
    const mayBeKept = family.forbidsSleep !== true && family.keptMessage === undefined;
    const isAsked = !mayBeKept && family !== restored && owners.has(name);
    if (!isAsked || slot?.kind !== 'scalar') return [];
    const { keptMessage = `${builtInChecks['lock-held'].message} (${family.name})` } = family;
    return [{ id: slot.id, message: keptMessage }];
  });
}

/** What the running actor's context is. */
export function lowerContext(node: Extract<ExprNode, { op: 'context' | 'level' }>, scope: Scope): Expr {
  const level = levelOf(requireThread(scope), scope.world);
  return node.op === 'level' ? truth(level === node.level) : answerOf(node.asks, level, scope);
}

function answerOf(asks: ContextQuestion, level: Level, scope: Scope): Expr {
  const isTask = truth(level === 'task');
  const areOn = (...off: readonly (typeof irqs_off | typeof bh_off)[]) =>
    allOf(off.map((one) => isZero(familyOf(one), scope)));
  switch (asks) {
    case 'in interrupt':
      return not(and(isTask, areOn(bh_off)));
    case 'has interrupts off':
      return not(and(truth(level === 'task' || level === 'softirq'), areOn(irqs_off)));
    case 'is preemptible':
      return allOf([isTask, not(ownsAny(undefined, scope)), areOn(preempt_off, bh_off, irqs_off)]);
    case 'may sleep': {
      const forbidding = [...scope.world.written.each.keys()].filter(({ forbidsSleep }) => forbidsSleep);
      const free = forbidding.map((family) => isZero(family, scope));
      return allOf([isTask, not(ownsAny(undefined, scope)), ...free]);
    }
  }
}

/**
 * Are interrupts off on the CPU of the actor that is meant: has an actor there turned them off, or is a handler of the
 * level of hardirqs or above under way? Of nobody, false.
 */
export function areInterruptsOffAt(whom: Expr, scope: Scope): Expr {
  const { threadNames } = scope.world;
  return anyOf(
    threadNames.map((_, id) => and(equal(whom, actorWord(id, scope)), areInterruptsOff(id, scope))),
  );
}

function areInterruptsOff(thread: ThreadId, scope: Scope): Expr {
  const { world } = scope;
  const own = cpuOf(thread, world);
  const there = [...world.threadNames.keys()].filter(
    (id) => id === thread || cpuOf(id, world) === (own ?? id),
  );
  const isOff = (id: ThreadId): readonly Expr[] => [
    not(isZero(familyOf(irqs_off), { ...scope, thread: id })),
    ...(['hardirq', 'nmi'].includes(levelOf(id, world)) ? [world.isBusy(id)] : []),
  ];
  return anyOf(there.flatMap(isOff));
}

/** The CPU that an actor shares; undefined if it has one of its own. */
const cpuOf = (thread: ThreadId, { families }: World): string | undefined =>
  [...families.values()].find(({ threads }) => threads.includes(thread))?.node.on?.on?.cpu;

/** Is the running actor's variable 0? It is where no step writes it. */
function isZero(family: EachFamily, scope: Scope): Expr {
  const thread = requireThread(scope);
  const x = constantOfEach(family, thread, scope) ?? variableOf(family, thread, scope);
  return equal(x, constant(0, typeOf(x)));
}

function variableOf(family: EachFamily, thread: ThreadId, scope: Scope): Expr {
  const slot = eachSlot(family, thread, scope);
  if (slot.kind !== 'scalar') return truth(false);
  return read({ variables: [slot.id] }, typeOfDomain(scope.world.state.variables[slot.id]!.domain));
}
