// Live locals: at which locations a thread may still read a local before it writes it. The value of a local that is not
// live cannot matter, so lowering resets it to its first value, and states that differ only there become one state.
//
//   step     a := 1     b := a      b > 0
//   live          { a }      { b }        { }      -> a is reset by the second step, b by the third

import { walk } from '../ir/expression.js';
import type { Assignment, Expr, Location, VariableId } from '../ir/program.js';

export interface LiveEdge {
  readonly from: Location;
  readonly to: Location;
  readonly guard: Expr;
  readonly assignments: readonly Assignment[];
  /** Locals that are reset on the way to `to`: their values before that cannot be read there. */
  readonly fresh: readonly VariableId[];
  /** Locals that are reset when the step begins: it does not read them, and their values end there. */
  readonly anew: readonly VariableId[];
}

/** The locals among `locals` that are live at each location. Locals that differ only in an index are live together. */
export function liveLocals(
  edges: readonly LiveEdge[],
  locals: ReadonlySet<VariableId>,
): ReadonlyMap<Location, ReadonlySet<VariableId>> {
  const groups = groupsOf(edges, locals);
  const live = new Map<Location, Set<VariableId>>();
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = edges.length - 1; i >= 0; i--) {
      const edge = edges[i]!;
      const here = live.get(edge.from) ?? new Set<VariableId>();
      const before = here.size;
      for (const id of liveBefore(edge, live.get(edge.to) ?? new Set(), locals)) {
        for (const member of groups.get(id) ?? [id]) here.add(member);
      }
      live.set(edge.from, here);
      changed ||= here.size > before;
    }
  }
  return live;
}

function liveBefore(edge: LiveEdge, after: ReadonlySet<VariableId>, locals: ReadonlySet<VariableId>) {
  const carried = new Set(after);
  for (const id of edge.fresh) carried.delete(id);
  const live = new Set(carried);
  for (const { target } of edge.assignments) {
    if (target.variables.length === 1) live.delete(target.variables[0]!);
  }
  const use = (x: Expr) => {
    if (x.op === 'read') for (const id of x.cell.variables) if (locals.has(id)) live.add(id);
  };
  walk(edge.guard, use);
  for (const { target, value } of edge.assignments) {
    // An assignment to a local that is never read again reads nothing: its value does not matter.
    if (target.variables.every((id) => locals.has(id) && !carried.has(id))) continue;
    walk(value, use);
    if (target.index !== undefined) walk(target.index, use);
  }
  for (const id of edge.anew) live.delete(id);
  return live;
}

/** Locals that share a cell with others. */
function groupsOf(edges: readonly LiveEdge[], locals: ReadonlySet<VariableId>) {
  const groups = new Map<VariableId, Set<VariableId>>();
  const join = (ids: readonly VariableId[]) => {
    if (ids.length < 2 || !locals.has(ids[0]!)) return;
    const all = new Set(ids.flatMap((id) => [...(groups.get(id) ?? [id])]));
    for (const id of all) groups.set(id, all);
  };
  for (const { guard, assignments } of edges) {
    const visit = (x: Expr) => {
      if (x.op === 'read') join(x.cell.variables);
    };
    walk(guard, visit);
    for (const { target, value } of assignments) {
      join(target.variables);
      walk(value, visit);
      if (target.index !== undefined) walk(target.index, visit);
    }
  }
  return groups;
}
