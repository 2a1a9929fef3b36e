// Which values the variables that one thread alone writes have at each of its locations, as far as its own control flow
// decides it: constant propagation.
//
//   1: x := x + 1, to 2     2: y := x, to 3        x = 0 at 1 and 1 at 2; y = 1 at 3

import { constant, rewrite } from '../ir/expression.js';
import type { Expr, Location, Variable, VariableId } from '../ir/program.js';
import type { FlowEdge } from './draft.js';

/** Absent: undecided. */
export type KnownValues = ReadonlyMap<VariableId, number>;

/** What is known of `own`, which no other thread writes, at each reachable location. */
export function knownValues(
  start: Location,
  edges: readonly FlowEdge[],
  own: readonly VariableId[],
  variables: readonly Variable[],
): ReadonlyMap<Location, KnownValues> {
  const first = own.flatMap((id): readonly [VariableId, number][] => {
    const [value, ...others] = variables[id]!.initial;
    return value === undefined || others.length > 0 ? [] : [[id, value]];
  });
  const known = new Map<Location, KnownValues>([[start, new Map(first)]]);
  const isOwn = new Set(own);
  const byLocation = new Map<Location, FlowEdge[]>();
  for (const edge of edges) byLocation.set(edge.from, [...(byLocation.get(edge.from) ?? []), edge]);
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const edge of byLocation.get(at) ?? []) {
      const after = transfer(known.get(at)!, edge, isOwn);
      const before = known.get(edge.to);
      const met = before === undefined ? after : meet(before, after);
      if (before !== undefined && met.size === before.size) continue;
      known.set(edge.to, met);
      open.push(edge.to);
    }
  }
  return known;
}

/** The expression with what is known put in. */
export const whereKnown = (x: Expr, known: KnownValues): Expr =>
  rewrite(x, (part) => {
    if (part.op !== 'read' || part.cell.variables.length !== 1) return part;
    const value = known.get(part.cell.variables[0]!);
    return value === undefined ? part : constant(value, part.type);
  });

/** The value of the variable after the step. */
export function valueAfter(
  id: VariableId,
  before: Expr,
  { assignments }: Pick<FlowEdge, 'assignments'>,
): Expr {
  return (
    assignments.find(({ target }) => target.variables.length === 1 && target.variables[0] === id)?.value ??
    before
  );
}

function transfer(before: KnownValues, edge: FlowEdge, isOwn: ReadonlySet<VariableId>): KnownValues {
  const after = new Map(before);
  const here = new Map(before);
  for (const id of edge.anew) here.delete(id);
  for (const { target, value } of edge.assignments) {
    const is = whereKnown(value, here);
    for (const id of target.variables) {
      if (target.variables.length === 1 && is.op === 'const' && isOwn.has(id)) after.set(id, is.value);
      else after.delete(id);
    }
  }
  for (const id of [...edge.anew, ...edge.fresh]) after.delete(id);
  return after;
}

/** What both paths agree on. */
const meet = (x: KnownValues, y: KnownValues): KnownValues =>
  new Map([...x].filter(([id, value]) => y.get(id) === value));
