// CPUs: an actor may run on one, where interrupts preempt it and other tasks share it; and variables that exist once
// for each actor, or each CPU.

import { actorOn, type CpuNode, type Level, requireCpu, type SingleActor } from './actor.js';
import { exactly, refuseMore } from './arity.js';
import {
  type AnyDomain,
  type BoolDomain,
  bool,
  type Domain,
  type DomainNode,
  domainText,
  int,
  PerActorDomain,
  type Shape,
} from './domain.js';
import { Bool, type ContextQuestion, describe, type ExprNode } from './expression.js';
import { ModelError } from './location.js';
import { PerActorVar } from './per_actor.js';
import type { ArgsOf, Procedure } from './procedure.js';
import { requireDomain, requireOptions, requireText } from './required.js';
import { type Who, whoNode } from './someone.js';
import { requireName } from './statement.js';
import { type VarOf, variable } from './variable.js';

/** A CPU on which several actors run; an actor without a CPU has one of its own. Example: `cpu('cpu0')` */
export const cpu = exactly('cpu', (name: string): CpuNode => {
  requireText(name, "the name of cpu('name')");
  requireName('CPU', name);
  return { cpu: name };
});

/** The CPU and the kind of an interrupt. */
export interface InterruptOptions {
  readonly on: CpuNode;
  /** What it preempts: tasks, and interrupts of lower levels. */
  readonly level?: Exclude<Level, 'task'>;
  /**
   * Once, or again and again. In the latter case deadlocks of others are hidden: check alwaysPossible for their ends.
   */
  readonly times?: 1 | 'ever';
}

/**
 * An interrupt of a CPU. It occurs at any moment, or never, unless an actor there has disabled it; until its handler
 * ends, no task takes a step there, and no interrupt of its own or a lower level.
 * Example: `interrupt('timer', truncate, { on: cpu0, times: 'ever' })`
 */
export const interrupt = exactly(
  'interrupt',
  <S extends Shape, L extends string>(
    name: string,
    handler: Procedure<S, L>,
    options: InterruptOptions & { readonly args?: NoInfer<ArgsOf<S>> },
  ): SingleActor<L> => {
    const whose = "interrupt('name', handler, { on: cpu })";
    requireText(name, `the name of ${whose}`);
    requireOptions(options, ['on', 'level', 'times', 'args'], whose);
    const { on, level = 'hardirq', times = 1, args = {} as ArgsOf<S> } = options;
    requireLevel(level, ['softirq', 'hardirq', 'nmi'], whose);
    if (times !== 1 && times !== 'ever')
      throw new ModelError(`${whose} comes 1 time or 'ever', not ${describe(times)}`);
    return actorOn(name, handler, args, { on: requireCpu(on), level, isRepeated: times === 'ever' });
  },
);

/** How a recurring actor runs. */
export interface RecurringOptions {
  /** What it is on its CPU: a task, or an interrupt of a level. */
  readonly level: Level;
  /** A CPU that it shares with others; without, it has one of its own. */
  readonly on?: CpuNode;
}

/**
 * An actor that runs its procedure again and again, for primitives such as timers. Its first step is the one with which
 * it begins: that step `rests()` until there is something to do, and at the level of an interrupt it waits as an
 * interrupt() does: until no actor of its CPU has disabled it, and none of its level or above is under way there.
 * Example: `recurring('timer', truncate, { level: 'softirq', on: cpu0 })`
 */
export const recurring = exactly(
  'recurring',
  <L extends string>(
    name: string,
    body: Procedure<Record<never, never>, L>,
    options: RecurringOptions,
  ): SingleActor<L> => {
    const whose = "recurring('name', procedure, { level })";
    requireText(name, `the name of ${whose}`);
    requireOptions(options, ['level', 'on'], whose);
    const { level, on } = options;
    requireLevel(level, ['task', 'softirq', 'hardirq', 'nmi'], whose);
    const place = on === undefined ? {} : { on: requireCpu(on) };
    return actorOn(name, body, {}, { ...place, level, isRepeated: true, beginsItself: true });
  },
);

function requireLevel(level: unknown, known: readonly string[], whose: string): void {
  if (known.some((one) => one === level)) return;
  const words = known.map((one) => `'${one}'`);
  throw new ModelError(
    `${whose} has the level ${words.slice(0, -1).join(', ')} or ${words.at(-1)}, not ${describe(level)}`,
  );
}

/** A variable for each actor, or for each CPU; it exists where a step writes it. */
export type EachVar<D extends AnyDomain> = PerActorVar<VarOf<D>>;

/** The meaning of a variable of each actor for its actor. */
export interface PerActorOptions {
  /** While it is not 0 the actor must not sleep, as in a section of RCU, and must not be done. */
  readonly forbidsSleep?: boolean;
  /** Reported where the actor is done while it is not 0. If absent, and it forbids sleep: the warning of a lock. */
  readonly keptMessage?: string;
}

const each = <D extends AnyDomain>(
  name: string,
  domain: D,
  by: 'actor' | 'cpu',
  options: PerActorOptions = {},
): EachVar<D> => {
  requireText(name, `the name of per${by === 'cpu' ? 'Cpu' : 'Actor'}('name', domain)`);
  requireName('variable', name);
  requireDomain(domain, `per${by === 'cpu' ? 'Cpu' : 'Actor'}('${name}', …)`);
  const whose = `per${by === 'cpu' ? 'Cpu' : 'Actor'}('${name}', domain, …)`;
  requireOptions(options, ['forbidsSleep', 'keptMessage'], whose);
  const { keptMessage } = options;
  if (keptMessage !== undefined) requireText(keptMessage, `the keptMessage of ${whose}`);
  const forbidsSleep = options.forbidsSleep === true && { forbidsSleep: true as const };
  const kept = keptMessage !== undefined && { keptMessage };
  const family = { name, domain: domain as Domain<unknown>, by, ...forbidsSleep, ...kept };
  const place = (whom: ExprNode) => ({ name, path: [], each: { family, whom } });
  return new PerActorVar(place({ op: 'self' }), (whom) => variable(place(whom), domain) as VarOf<D>);
};

/**
 * A variable for each actor: `perActor(bool())` is a domain of the state, `perActor('nesting', int(0, 2))` a variable
 * beside it, which exists for those that a step writes.
 * Example: `perActor('nesting', int(0, 2))`
 */
export function perActor<D extends AnyDomain>(domain: D): PerActorDomain<D>;
export function perActor<D extends AnyDomain>(name: string, domain: D, options?: PerActorOptions): EachVar<D>;
export function perActor<D extends AnyDomain>(
  first: D | string,
  domain?: D,
  options?: PerActorOptions,
  ...more: readonly unknown[]
): PerActorDomain<D> | EachVar<D> {
  refuseMore('perActor', 3, [first, domain, options, ...more]);
  if (domain !== undefined || typeof first === 'string') {
    return each(first as string, domain as D, 'actor', options);
  }
  const element = first;
  requireDomain(element, 'perActor(domain)');
  const other = unlikeValue(element);
  if (other !== undefined) throw new ModelError(`perActor(…) has values, not ${domainText(other)}`);
  return new PerActorDomain<D>({ kind: 'per actor', element }, element.initial);
}
/** What is in a domain that has no value: a lock, or a latch. */
function unlikeValue({ node }: Domain<unknown>): DomainNode | undefined {
  if (node.kind === 'owner' || node.kind === 'holders' || node.kind === 'latch') return node;
  if (node.kind === 'array' || node.kind === 'per actor') return unlikeValue(node.element);
  if (node.kind !== 'record') return undefined;
  return Object.values(node.fields)
    .map(unlikeValue)
    .find((inner) => inner !== undefined);
}

/** A variable for each CPU: this_cpu_ptr() is `.mine`. Example: `perCpu('stat', int(0, 3))` */
export const perCpu = exactly(
  'perCpu',
  <D extends AnyDomain>(name: string, domain: D): EachVar<D> => each(name, domain, 'cpu'),
);

const atomic = (keptMessage: string): PerActorOptions => ({ forbidsSleep: true, keptMessage });

/**
 * Has the actor disabled interrupts on its CPU? Then no hardirq and no softirq begins there.
 * Example: `when(irqs_off.mine)`
 */
export const irqs_off: EachVar<BoolDomain> = perActor(
  'irqs_off',
  bool(),
  atomic('WARNING: syscall left IRQs disabled'),
);
/** How often has it disabled softirqs? */
export const bh_off = perActor(
  'bh_off',
  int(0, 3),
  atomic('BUG: scheduling while atomic: softirqs are off when returning to user space'),
);
/**
 * How often has it disabled preemption? No other task of its CPU takes a step then, nor while it holds a spinning lock.
 */
export const preempt_off = perActor(
  'preempt_off',
  int(0, 3),
  atomic('BUG: scheduling while atomic: preemption is off when returning to user space'),
);

const context = (asks: ContextQuestion): Bool => new Bool({ op: 'context', asks });

/**
 * May the running actor sleep? Not in an interrupt, while it holds a lock whose waiters spin, or while any variable of
 * its own that forbids it is not 0: `irqs_off`, `bh_off`, `preempt_off`, and `perActor(…, { forbidsSleep: true })`.
 * Example: ``c`mutex_lock`(expects(maySleep(), 'BUG: scheduling while atomic'))``
 */
export const maySleep = exactly('maySleep', (): Bool => context('may sleep'));
/**
 * May another task take its CPU? Not in an interrupt, while it holds a lock whose waiters spin, or while preemption is
 * disabled.
 * Example: `when(isPreemptible())`
 */
export const isPreemptible = exactly('isPreemptible', (): Bool => context('is preemptible'));
/** Is the running actor an interrupt, or has it disabled softirqs? Example: `when(not(inInterrupt()))` */
export const inInterrupt = exactly('inInterrupt', (): Bool => context('in interrupt'));
/**
 * Are interrupts disabled where the running actor runs: by itself, or because it is a hardirq or an nmi? Or on the CPU of
 * another actor: by any actor there, or because such a handler is under way? No IPI is handled there meanwhile.
 * Example: `when(not(hasInterruptsOff()))`
 */
export const hasInterruptsOff = exactly(
  'hasInterruptsOff',
  (who?: Who): Bool =>
    who === undefined
      ? context('has interrupts off')
      : new Bool({ op: 'context', asks: 'has interrupts off', whom: whoNode(who, 'hasInterruptsOff()') }),
);
/** Does the running actor run at this level? Example: `when(runsAs('task'))` */
export const runsAs = exactly('runsAs', (level: Level): Bool => {
  requireLevel(level, ['task', 'softirq', 'hardirq', 'nmi'], 'runsAs(level)');
  return new Bool({ op: 'level', level });
});
