// Effects of a step in Murphi, over scalarsets: one after the other, with a loop for an effect on all threads of a
// class, and with values saved first that an earlier effect would overwrite.

import { assignmentKey } from '../../../analyse/keys.js';
import { classOf, namedBy, type ThreadClass } from '../../../analyse/swap.js';
import type { Assignment, Cell, Expr, Step } from '../../../ir/program.js';
import { spoilsItself } from '../../order.js';
import { indexType, store, typeOf, widest } from '../shared.js';
import { type MurphiParameter, type MurphiType, name } from '../syntax.js';
import { type BoundThreads, isOther, withEach } from './bound.js';
import { conjunction, expressionOf, placeOf, threadOf } from './expressions.js';
import { grouped, mentioned, mentionedBy, type ThreadGrouping } from './groups.js';
import { type OpenPlace, type OpenStatement, unbound } from './holes.js';
import type { SymmetricNames } from './names.js';

/** The statements of a rule, and the values that it saves for them. */
export interface RuleEffects {
  readonly locals: readonly MurphiParameter[];
  readonly body: readonly OpenStatement[];
}

const assignmentKind: ThreadGrouping<Assignment> = {
  mentioned: ({ target, value }, names) => [
    ...mentionedBy(target, names),
    ...mentioned(value, names, namedBy(target, names.symmetry)),
  ],
  key: assignmentKey,
  swapped: (assignment, swap) => swap.assignment(assignment),
};

/** With a hole for each thread that they single out and that is not bound. */
export function effectsOf({ assignments }: Step, bound: BoundThreads, names: SymmetricNames): RuleEffects {
  const spoils = spoilsItself(assignments) || spoilsItself([...assignments].reverse());
  const open = assignments
    .flatMap((one) => assignmentKind.mentioned(one, names))
    .find((thread) => !bound.has(thread));
  // A loop saves no values.
  if (spoils && open !== undefined) return { locals: [], body: [{ kind: 'undefine', place: unbound(open) }] };
  if (spoilsItself(assignments)) return takenAside(assignments, bound, names);
  const found = grouped(assignments, assignmentKind, bound, names);
  if (!found.ok) return { locals: [], body: [{ kind: 'undefine', place: unbound(found.unbound) }] };
  const body = found.groups.flatMap(({ item, each }): readonly OpenStatement[] => {
    if (each === undefined) return assign(item, bound, names);
    const { variable, inner, over } = withEach(each, bound, names);
    const others = isOther(variable, names.classOf(each)!, bound, names);
    const own = assign(item, inner, names);
    return [
      {
        kind: 'for',
        over,
        body: others.length === 0 ? own : [{ kind: 'if', condition: conjunction(others), yes: own }],
      },
    ];
  });
  return { locals: [], body };
}

function takenAside(
  assignments: readonly Assignment[],
  bound: BoundThreads,
  names: SymmetricNames,
): RuleEffects {
  const locals: MurphiParameter[] = [];
  const values: OpenStatement[] = [];
  const writes: OpenStatement[] = [];
  const keep = (local: string, type: MurphiType) => {
    locals.push({ name: local, type });
    return name(local);
  };
  for (const [i, { target, value }] of assignments.entries()) {
    const { variables, index } = target;
    const named = namedBy(target, names.symmetry);
    const { domain } = names.program.variables[variables[0]!]!;
    const by = index && classOf(index, names.symmetry);
    const which = index && keep(`index_${i}`, by === undefined ? indexType : names.of(by).type);
    if (which !== undefined) {
      values.push({ kind: 'assign', to: which, value: expressionOf(index!, bound, names) });
    }
    const element: OpenPlace | undefined =
      by === undefined || which === undefined
        ? undefined
        : { kind: 'element', array: names.nameOf(variables[0]!), index: which };
    if (value.op === 'const' && (named !== undefined || domain.kind === 'owner')) {
      // It reads no variable.
      writes.push(
        ...(element === undefined
          ? assign({ target, value }, bound, names)
          : assignTo(element, value, named, bound, names)),
      );
      continue;
    }
    const wide = typeOf(widest(variables, names.program), names.symbols);
    const kept = keep(`value_${i}`, named === undefined ? wide : names.of(named).type);
    values.push(...assignTo(kept, value, named, bound, names));
    if (index !== undefined && by === undefined) writes.push(store(target, which, kept, names.symbols));
    else {
      const to = element ?? placeOf(target, bound, names);
      writes.push(
        named === undefined ? { kind: 'assign', to, value: kept } : { kind: 'copy', to, from: kept },
      );
    }
  }
  return { locals, body: [...values, ...writes] };
}

/** An effect by itself. */
export function assign(
  { target, value }: Assignment,
  bound: BoundThreads,
  names: SymmetricNames,
): readonly OpenStatement[] {
  const { variables, index } = target;
  const { domain } = names.program.variables[variables[0]!]!;
  if (domain.kind === 'owner') return own(target, value, bound, names);
  if (index !== undefined && classOf(index, names.symmetry) === undefined) {
    const inner = (x: Expr) => expressionOf(x, bound, names);
    return [store(target, inner(index), inner(value), names.symbols)];
  }
  return assignTo(placeOf(target, bound, names), value, namedBy(target, names.symmetry), bound, names);
}

/** Stores a value in a place; a value that names a thread of `named` names one or none. */
function assignTo(
  to: OpenPlace,
  value: Expr,
  named: ThreadClass | undefined,
  bound: BoundThreads,
  names: SymmetricNames,
): readonly OpenStatement[] {
  if (named === undefined) return [{ kind: 'assign', to, value: expressionOf(value, bound, names) }];
  switch (value.op) {
    case 'const': {
      const thread = named.threads[value.value];
      if (thread === undefined) return [{ kind: 'undefine', place: to }];
      return [{ kind: 'assign', to, value: threadOf(thread, bound) }];
    }
    case 'read':
      return [{ kind: 'copy', to, from: placeOf(value.cell, bound, names) }];
    case 'if': {
      const side = (x: Expr) => assignTo(to, x, named, bound, names);
      const condition = expressionOf(value.x, bound, names);
      return [{ kind: 'if', condition, yes: side(value.then), no: side(value.else) }];
    }
    default:
      throw new Error(`'${value.op}' names no thread`);
  }
}

/** Sets an owner: its kind, and the thread of the class. */
function own(
  target: Cell,
  value: Expr,
  bound: BoundThreads,
  names: SymmetricNames,
): readonly OpenStatement[] {
  if (value.op !== 'const') throw new Error('an owner is set to a thread');
  const thread = value.value - 1;
  const of = value.value > 0 ? names.classOf(thread) : undefined;
  const { words } = names.symbols.enumOf(value.type as readonly string[]);
  const kind = name(of === undefined ? words[value.value]! : names.of(of).kind);
  return [
    { kind: 'assign', to: placeOf(target, bound, names), value: kind },
    ...[...names.ownersOf(target.variables[0]!).keys()].map((one): OpenStatement => {
      const which = placeOf(target, bound, names, one);
      return one === of
        ? { kind: 'assign', to: which, value: threadOf(thread, bound) }
        : { kind: 'undefine', place: which };
    }),
  ];
}
