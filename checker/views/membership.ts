// What of a Program belongs to members, and what is shared. checker/analyse/symmetry.ts shows that copies of an actor
// are interchangeable, and what belongs to each; a class is made of those whose number is asked to be any.

import { distinguishingStep } from '../analyse/distinguishing_step.js';
import { isOwnerType, namedBy, type Symmetry, type ThreadClass } from '../analyse/swap.js';
import { symmetryOf } from '../analyse/symmetry.js';
import { constant } from '../ir/expression.js';
import type { ComposedProgram } from '../ir/monitors.js';
import type { Cell, Expr, ThreadId, VariableId } from '../ir/program.js';
import { NotUniform } from './schema.js';

/** A copy of an actor: which of which class. */
export interface Member {
  readonly class: number;
  readonly rank: number;
}

/** The code of a reference to nobody; threads that are no members follow below it, members are from 0 on. */
export const nobody = -1;
export const threadReference = (thread: number): number => nobody - 1 - thread;

export class Membership {
  readonly program: ComposedProgram;
  readonly classes: readonly ThreadClass[];
  /** Threads that are no members. */
  readonly threads: readonly ThreadId[];
  /** Variables that belong to no member. */
  readonly variables: readonly VariableId[];
  /** By class: what each member has, by rank. */
  readonly families: readonly (readonly {
    readonly name: string;
    readonly variables: readonly VariableId[];
  }[])[];
  readonly #symmetry: Symmetry;
  readonly #memberOf = new Map<ThreadId, Member>();
  readonly #owned = new Map<VariableId, Member & { readonly family: number }>();

  /** `names`: actors, each with its setting. Throws a NotUniform. */
  constructor(program: ComposedProgram, names: ReadonlyMap<string, string>) {
    this.program = program;
    this.#symmetry = symmetryOf(program);
    this.classes = [...names].map(([actor, setting]) => {
      const found = this.#symmetry.classes.find(({ name }) => name === actor);
      if (found !== undefined) return found;
      throw noClass(actor, setting, program);
    });
    this.families = this.classes.map((one) => this.#symmetry.families.filter(({ of }) => of === one));
    for (const [index, { threads }] of this.classes.entries()) {
      for (const [rank, thread] of threads.entries()) this.#memberOf.set(thread, { class: index, rank });
      for (const [family, { variables }] of this.families[index]!.entries()) {
        for (const [rank, id] of variables.entries()) this.#owned.set(id, { class: index, rank, family });
      }
    }
    this.threads = program.threads.map(({ id }) => id).filter((id) => !this.#memberOf.has(id));
    this.variables = program.variables.map(({ id }) => id).filter((id) => !this.#owned.has(id));
  }

  /** The member that a thread is. */
  memberOf = (thread: ThreadId): Member | undefined => this.#memberOf.get(thread);
  /** The member that has a variable, and which of its variables it is. */
  ownerOf = (id: VariableId): (Member & { readonly family: number }) | undefined => this.#owned.get(id);

  /** The class of which the values of a cell name members: its number, 'owner' for any thread, undefined for no names. */
  namedBy(cell: Cell): number | 'owner' | undefined {
    const { domain } = this.program.variables[cell.variables[0]!]!;
    if (domain.kind === 'owner') return 'owner';
    const named = namedBy(cell, this.#symmetry);
    const index = named === undefined ? -1 : this.classes.indexOf(named);
    return index < 0 ? undefined : index;
  }
  /** The same for the value of an expression, where a constant names what the other side of a comparison does. */
  named(x: Expr): number | 'owner' | undefined {
    if (x.op === 'read') return this.namedBy(x.cell);
    if (x.op === 'if') return this.named(x.then) ?? this.named(x.else);
    return isOwnerType(x, this.program) ? 'owner' : undefined;
  }

  /** What a value that names a member or a thread means. */
  referent(value: number, named: number | 'owner'): Member | ThreadId | undefined {
    if (named !== 'owner') {
      const { threads } = this.classes[named]!;
      return value >= 0 && value < threads.length ? { class: named, rank: value } : undefined;
    }
    if (value === 0) return undefined;
    return this.#memberOf.get(value - 1) ?? this.threads.indexOf(value - 1);
  }
}

function noClass(actor: string, setting: string, program: ComposedProgram): NotUniform {
  const several = program.variables.find(({ initial }) => initial.length > 1);
  if (several !== undefined || program.initially.op !== 'const') {
    const which = several === undefined ? '' : `: ${several.name} starts with any of several values`;
    return new NotUniform(`there are several initial states${which}`);
  }
  const step = distinguishingStep(actor, program);
  const what =
    step === undefined ? 'something' : `the step ${step.label} of ${program.threads[step.thread]!.name}`;
  return new NotUniform(
    `the copies of '${actor}' (${setting}) are not interchangeable: ${what} depends on which of them has which number`,
    step?.source.model,
  );
}

/** An expression that is a plain number. */
export const number = (value: number): Expr => constant(value, 'int');
