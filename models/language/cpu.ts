// CPUs: an actor may run on one, where interrupts interrupt it and other tasks share it; and variables of which each
// actor, or each CPU, has its own.

import { type Actor, actorOn, type CpuNode, type Level, requireCpu, type SingleActor } from './actor.js';
import { type AnyDomain, type BoolDomain, bool, type Domain, int, type Shape } from './domain.js';
import { describe, type ExprNode } from './expression.js';
import { ModelError } from './location.js';
import type { ArgsOf, Procedure } from './procedure.js';
import { requireActor, requireDomain, requireOptions, requireText } from './required.js';
import { requireName } from './statement.js';
import { type VarOf, variable } from './variable.js';

/** A CPU on which several actors run; an actor that is on none has one of its own. */
export const cpu = (name: string): CpuNode => {
  requireText(name, "the name of cpu('name')");
  requireName('CPU', name);
  return { cpu: name };
};

/** Where an interrupt comes, and how. */
export interface InterruptOptions {
  readonly on: CpuNode;
  /** What it interrupts: tasks, and interrupts of lower levels. */
  readonly level?: Exclude<Level, 'task'>;
  /** Once, or again and again. Then deadlocks of others are hidden: ask whether their ends stay possible. */
  readonly times?: 1 | 'ever';
}

/**
 * An interrupt of a CPU. It comes at any moment, or never, unless an actor there has turned it off; until its handler
 * ends, no task takes a step there, and no interrupt of its own or a lower level.
 */
export const interrupt = <S extends Shape, L extends string>(
  name: string,
  handler: Procedure<S, L>,
  options: InterruptOptions & { readonly args?: NoInfer<ArgsOf<S>> },
): SingleActor<L> => {
  const whose = "interrupt('name', handler, { on: cpu })";
  requireText(name, `the name of ${whose}`);
  requireOptions(options, ['on', 'level', 'times', 'args'], whose);
  const { on, level = 'hardirq', times = 1, args = {} as ArgsOf<S> } = options;
  if (!['softirq', 'hardirq', 'nmi'].includes(level)) {
    throw new ModelError(`${whose} has the level 'softirq', 'hardirq' or 'nmi', not ${describe(level)}`);
  }
  if (times !== 1 && times !== 'ever')
    throw new ModelError(`${whose} comes 1 time or 'ever', not ${describe(times)}`);
  return actorOn(name, handler, args, { on: requireCpu(on), level, isRepeated: times === 'ever' });
};

/** One variable for each actor, or for each CPU, which exists where a step names it. */
export interface EachVar<D extends AnyDomain> {
  /** That of the actor that runs, or of its CPU. */
  readonly mine: VarOf<D>;
  /** That of an actor, or of its CPU. */
  of(actor: Pick<Actor<never>, 'name' | 'copy'>): VarOf<D>;
}

const each = <D extends AnyDomain>(name: string, domain: D, by: 'actor' | 'cpu'): EachVar<D> => {
  requireText(name, `the name of per${by === 'cpu' ? 'Cpu' : 'Actor'}('name', domain)`);
  requireName('variable', name);
  requireDomain(domain, `per${by === 'cpu' ? 'Cpu' : 'Actor'}('${name}', …)`);
  const family = { name, domain: domain as Domain<unknown>, by };
  const at = (actor?: { readonly name: string; readonly copy: ExprNode }) =>
    variable({ name, path: [], each: { family, ...(actor !== undefined && { actor }) } }, domain) as VarOf<D>;
  return {
    mine: at(),
    of: (actor) => {
      requireActor(actor, `'${name}'.of(…)`);
      return at({ name: actor.name, copy: actor.copy });
    },
  };
};

/** A variable for each actor: `perActor('nesting', int(0, 2))`. It exists for those that a step names. */
export const perActor = <D extends AnyDomain>(name: string, domain: D): EachVar<D> =>
  each(name, domain, 'actor');
/** A variable for each CPU: this_cpu_ptr() is `.mine`. */
export const perCpu = <D extends AnyDomain>(name: string, domain: D): EachVar<D> => each(name, domain, 'cpu');

/** Has the actor turned interrupts off on its CPU? Then no hardirq and no softirq begins there. */
export const irqs_off: EachVar<BoolDomain> = perActor('irqs_off', bool());
/** How often has it turned softirqs off? */
export const bh_off = perActor('bh_off', int(0, 3));
/** How often has it turned preemption off? No other task of its CPU takes a step then, nor while it holds a lock that spins. */
export const preempt_off = perActor('preempt_off', int(0, 3));
