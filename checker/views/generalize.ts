// From a Program with so many members to a Schema: finds quantifiers in chains of operands that say the same of each
// member, and partners in steps that there are once for each member.
//
//   by rm[0]:   x && lock[1] == 0 && lock[2] == 0 && lock[3] == 0      x && every(rm i: i.lock == 0)
//   by manager: four steps, 'hear that 0 is prepared' …                one step, with any rm as its partner

import { operands } from '../analyse/keys.js';
import { boundsOf, not, parts } from '../ir/expression.js';
import type { Assignment, Cell, Expr, Source, Step, Variable } from '../ir/program.js';
import { type Member, type Membership, nobody, threadReference } from './membership.js';
import {
  NotUniform,
  type Schema,
  type SchemaAssignment,
  type SchemaCell,
  type SchemaCondition,
  type SchemaExpr,
  type SchemaStep,
  type SchemaVariable,
} from './schema.js';

/** A member is named that is in no slot: it has to be a partner. */
class Unbound extends Error {
  readonly member: Member;
  constructor(member: Member) {
    super('a member in no slot');
    this.member = member;
  }
}

const partnersMax = 3;
type SlotMembers = readonly Member[];

/** A property as a condition that must never be true. */
export interface BadCondition {
  readonly name: string;
  readonly bad: Expr;
}

/** Throws a NotUniform. `settings`: of each class, in their order. */
export function schemaOf(
  of: Membership,
  settings: readonly string[],
  conditions: readonly BadCondition[],
): Schema {
  const { program } = of;
  const threadData = (id: number) => {
    const { name, locations, start } = program.threads[id]!;
    return { name, locations, start };
  };
  return {
    name: program.name,
    classes: of.classes.map(({ name, threads }, i) => ({
      ...threadData(threads[0]!),
      name,
      setting: settings[i]!,
      variables: of.families[i]!.map((family) => variableData(of, family.variables[0]!, family.name)),
    })),
    threads: of.threads.map(threadData),
    variables: of.variables.map((id) => variableData(of, id)),
    steps: stepsOf(of),
    conditions: conditions.map((one) => conditionOf(of, one)),
  };
}

function variableData(of: Membership, id: number, name?: string): SchemaVariable {
  const variable: Variable = of.program.variables[id]!;
  const named = of.namedBy({ variables: [id] });
  const words = variable.domain.kind === 'enum' ? { words: variable.domain.values } : {};
  const first = variable.initial[0]!;
  if (named === undefined) {
    const isTruth = variable.domain.kind === 'bool' ? { words: ['false', 'true'] } : words;
    return {
      name: name ?? variable.name,
      refers: false,
      ...boundsOf(variable.domain),
      ...isTruth,
      initial: first,
    };
  }
  const to = of.referent(first, named);
  if (typeof to === 'object') throw new NotUniform(`${variable.name} starts with the number of one member`);
  const initial = to === undefined ? nobody : threadReference(to);
  return { name: name ?? variable.name, refers: true, min: 0, max: 0, initial };
}

/** The steps of the threads and of one member of each class; those that differ only in partners are one. */
function stepsOf(of: Membership): readonly SchemaStep[] {
  const { program } = of;
  const actors = [...of.threads, ...of.classes.map(({ threads }) => threads[0]!)];
  return actors.flatMap((thread) => {
    const found = new Map<string, { readonly step: SchemaStep; count: number }>();
    for (const step of program.steps.filter((one) => one.thread === thread)) {
      const schema = stepOf(of, step);
      const { label: _, source: __, ...meaning } = schema;
      const key = JSON.stringify(meaning);
      const known = found.get(key);
      if (known === undefined) found.set(key, { step: schema, count: 1 });
      else known.count++;
    }
    return [...found.values()].map(({ step, count }) => {
      if (step.partners.length > 0 && count % partnerChoices(of, step) !== 0) {
        throw new NotUniform(`${step.label} is a step for some members only`, step.source.model);
      }
      return step;
    });
  });
}

/** In how many ways partners can be chosen for a step. */
function partnerChoices(of: Membership, { by, partners }: SchemaStep): number {
  const left = of.classes.map(({ threads }) => threads.length);
  if ('class' in by) left[by.class]!--;
  return partners.reduce((count, one) => count * left[one]!--, 1);
}

function stepOf(of: Membership, step: Step): SchemaStep {
  const actor = of.memberOf(step.thread);
  const { label, source, from, to, reports } = step;
  return bound(actor === undefined ? [] : [actor], source.model, label, (slots) => {
    const guard = exprOf(of, step.guard, slots);
    const assignments = assignmentsOf(of, step.assignments, slots);
    const partners = slots.slice(actor === undefined ? 0 : 1).map((member) => member.class);
    const by = actor === undefined ? { thread: of.threads.indexOf(step.thread) } : { class: actor.class };
    return {
      ...{ label, source, by, partners, from, to, guard, assignments },
      ...(reports !== undefined && { reports: { kind: reports.kind, message: reports.message } }),
    };
  });
}

const conditionOf = (of: Membership, { name, bad }: BadCondition): SchemaCondition =>
  bound([], undefined, `'${name}'`, (slots) => ({
    name,
    partners: slots.map((member) => member.class),
    bad: exprOf(of, bad, slots),
  }));

/** Makes something with as many partners in slots as it names. */
function bound<T>(slots: SlotMembers, at: Source['model'], what: string, make: (slots: SlotMembers) => T): T {
  let all = slots;
  for (;;) {
    try {
      return make(all);
    } catch (error) {
      if (!(error instanceof Unbound)) throw error;
      all = [...all, error.member];
      if (all.length > slots.length + partnersMax) {
        throw new NotUniform(`${what} names more than ${partnersMax} particular members`, at);
      }
    }
  }
}

const sameMember = (a: Member, b: Member): boolean => a.class === b.class && a.rank === b.rank;

function slotOf(member: Member, slots: SlotMembers): number {
  const slot = slots.findIndex((one) => sameMember(one, member));
  if (slot < 0) throw new Unbound(member);
  return slot;
}

/** `names`: what the value of the expression names, if it is a reference. */
function exprOf(of: Membership, x: Expr, slots: SlotMembers, names?: number | 'owner'): SchemaExpr {
  const plain = (y: Expr) => exprOf(of, y, slots);
  switch (x.op) {
    case 'const': {
      const named = names ?? of.named(x);
      return named === undefined ? { op: 'const', value: x.value } : referenceOf(of, x.value, named, slots);
    }
    case 'read':
      return { op: 'read', cell: cellOf(of, x.cell, slots) };
    case 'at': {
      const member = of.memberOf(x.thread);
      const locations = [...x.locations].sort((a, b) => a - b);
      if (member !== undefined) return { op: 'at', slot: slotOf(member, slots), locations };
      return { op: 'thread at', thread: of.threads.indexOf(x.thread), locations };
    }
    case 'not':
      return { op: 'not', x: plain(x.x) };
    case 'and':
    case 'or':
    case 'add':
      return chainOf(of, x, x.op, slots);
    case 'if':
      return {
        op: 'if',
        x: plain(x.x),
        then: exprOf(of, x.then, slots, names),
        else: exprOf(of, x.else, slots, names),
      };
    case 'eq': {
      const named = of.named(x.x) ?? of.named(x.y);
      return { op: 'eq', x: exprOf(of, x.x, slots, named), y: exprOf(of, x.y, slots, named) };
    }
    case 'lt':
    case 'le':
      return { op: x.op, x: plain(x.x), y: plain(x.y) };
    default:
      return { op: x.op, x: plain(x.x), y: plain(x.y) };
  }
}

function referenceOf(of: Membership, value: number, named: number | 'owner', slots: SlotMembers): SchemaExpr {
  const to = of.referent(value, named);
  if (to === undefined) return { op: 'nobody' };
  return typeof to === 'number' ? { op: 'thread', thread: to } : { op: 'member', slot: slotOf(to, slots) };
}

function cellOf(of: Membership, { variables, index }: Cell, slots: SlotMembers): SchemaCell {
  const owner = of.ownerOf(variables[0]!);
  const shared = (id: number) => of.variables.indexOf(id);
  if (index === undefined) {
    if (owner === undefined) return { of: 'all', variable: shared(variables[0]!) };
    return { of: 'member', slot: slotOf(owner, slots), variable: owner.family };
  }
  const owners = variables.map((id) => of.ownerOf(id));
  if (owner === undefined) {
    if (owners.some((one) => one !== undefined)) throw mixed(of, variables);
    return { of: 'array', variables: variables.map(shared), index: exprOf(of, index, slots) };
  }
  if (owners.every((one) => one !== undefined && sameMember(one, owner))) {
    const inner = owners.map((one) => one!.family);
    return { of: 'array', slot: slotOf(owner, slots), variables: inner, index: exprOf(of, index, slots) };
  }
  const row = of.families[owner.class]![owner.family]!.variables;
  if (row.join() !== variables.join() || of.named(index) !== owner.class) throw mixed(of, variables);
  const by = exprOf(of, index, slots, owner.class);
  return { of: 'named', class: owner.class, by, variable: owner.family };
}

const mixed = ({ program }: Membership, [first]: readonly number[]): NotUniform =>
  new NotUniform(`an index selects one of ${program.variables[first!]!.name} and others, of several members`);

/** The members that an expression names and no slot holds. */
function unbound(of: Membership, x: Expr, slots: SlotMembers): readonly Member[] {
  const found: Member[] = [];
  const see = (member: Member | undefined): void => {
    if (member === undefined || [...slots, ...found].some((one) => sameMember(one, member))) return;
    found.push(member);
  };
  const visit = (y: Expr, names?: number | 'owner'): void => {
    const named = names ?? of.named(y);
    if (y.op === 'const' && named !== undefined) {
      const to = of.referent(y.value, named);
      if (typeof to === 'object') see(to);
    }
    if (y.op === 'at') see(of.memberOf(y.thread));
    if (y.op === 'read') {
      const owners = y.cell.variables.map((id) => of.ownerOf(id));
      // A whole row, of which the index names one: no member in particular.
      if (owners.every((one) => one !== undefined && sameMember(one, owners[0]!))) see(owners[0]);
    }
    const inner = y.op === 'eq' ? (of.named(y.x) ?? of.named(y.y)) : y.op === 'if' ? names : undefined;
    for (const part of parts(y)) visit(part, y.op === 'if' && part === y.x ? undefined : inner);
  };
  visit(x);
  return found;
}

const quantifiers = { and: 'every', or: 'some', add: 'sum' } as const;

/**
 * A chain of operands: what it says of each member that is in no slot becomes a quantifier. Quantifiers stand behind the
 * rest, so that it does not matter which members are in slots; a part without a value is found no less often.
 */
function chainOf(of: Membership, x: Expr, op: 'and' | 'or' | 'add', slots: SlotMembers): SchemaExpr {
  const all: SchemaExpr[] = [];
  const groups = of.classes.map(() => new Map<number, SchemaExpr[]>());
  for (const operand of operands(x, op)) {
    const [one, ...more] = unbound(of, operand, slots);
    if (one === undefined || more.length > 0) {
      all.push(exprOf(of, operand, slots));
      continue;
    }
    const saying = groups[one.class]!;
    const said = exprOf(of, operand, [...slots, one]);
    saying.set(one.rank, [...(saying.get(one.rank) ?? []), said]);
  }
  for (const [index, saying] of groups.entries()) {
    if (saying.size === 0) continue;
    const said = agreed(of, index, saying, slots);
    all.push({ op: quantifiers[op], class: index, x: said.length === 1 ? said[0]! : { op, all: said } });
  }
  return all.length === 1 ? all[0]! : { op, all };
}

/** What is said of every member of the class that is in no slot; throws an Unbound where one is an exception. */
function agreed(
  of: Membership,
  index: number,
  saying: ReadonlyMap<number, readonly SchemaExpr[]>,
  slots: SlotMembers,
): readonly SchemaExpr[] {
  const ranks = [...of.classes[index]!.threads.keys()].filter(
    (rank) => !slots.some((one) => sameMember(one, { class: index, rank })),
  );
  const texts = ranks.map((rank) => JSON.stringify(saying.get(rank) ?? null));
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  if (counts.size === 1) return saying.get(ranks[0]!)!;
  const [usual] = [...counts].sort((a, b) => b[1] - a[1])[0]!;
  throw new Unbound({ class: index, rank: ranks[texts.findIndex((text) => text !== usual)]! });
}

/** Assignments that are the same for each member that is in no slot are one. */
function assignmentsOf(
  of: Membership,
  assignments: readonly Assignment[],
  slots: SlotMembers,
): readonly SchemaAssignment[] {
  const single: SchemaAssignment[] = [];
  const each = new Map<number, Map<number, SchemaAssignment[]>>();
  for (const { target, value } of assignments) {
    const named = of.namedBy(target);
    const make = (inner: SlotMembers): SchemaAssignment => ({
      target: cellOf(of, target, inner),
      value: exprOf(of, value, inner, named),
    });
    const owner = target.index === undefined ? of.ownerOf(target.variables[0]!) : undefined;
    if (owner === undefined || slots.some((one) => sameMember(one, owner))) {
      single.push(make(slots));
      continue;
    }
    const saying = each.get(owner.class) ?? new Map<number, SchemaAssignment[]>();
    each.set(owner.class, saying);
    saying.set(owner.rank, [...(saying.get(owner.rank) ?? []), make([...slots, owner])]);
  }
  for (const [index, saying] of each) {
    const ranks = [...of.classes[index]!.threads.keys()].filter(
      (rank) => !slots.some((one) => sameMember(one, { class: index, rank })),
    );
    const texts = new Set(ranks.map((rank) => JSON.stringify(saying.get(rank) ?? null)));
    if (texts.size > 1) throw new Unbound({ class: index, rank: [...saying.keys()][0]! });
    single.push(...saying.get(ranks[0]!)!.map((one) => ({ ...one, each: index })));
  }
  return single;
}

/** A property as the condition that must never be true. */
export const badOf = (name: string, kind: 'always' | 'never', condition: Expr): BadCondition => ({
  name,
  bad: kind === 'always' ? not(condition) : condition,
});
