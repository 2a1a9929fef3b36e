// Figures of a whole search beyond its verdict, for people who look for what they did not expect: how often each label
// is stood at and left, how many ways lead on from a state, which values each variable takes.

import type { StateGraph } from '../graph/state_graph.js';
import { typeOfDomain, valueText } from '../ir/expression.js';
import type { Program, Source } from '../ir/program.js';
import type { LabelStatistics, Statistics, VariableStatistics } from '../search/statistics.js';
import type { StoredStates } from '../search/stored_states.js';

export function statisticsOf(
  program: Program,
  { stateCount, first, step }: StateGraph,
  stored: StoredStates | undefined,
): Statistics {
  const outDegrees: number[] = [];
  for (let state = 0; state < stateCount; state++) {
    const degree = first[state + 1]! - first[state]!;
    outDegrees[degree] = (outDegrees[degree] ?? 0) + 1;
  }
  const taken = new Int32Array(program.steps.length);
  const last = first[stateCount]!;
  for (let edge = 0; edge < last; edge++) taken[step[edge]!]! += 1;
  return {
    outDegrees: Array.from(outDegrees, (count) => count ?? 0),
    labels: labelStatistics(program, taken, stored),
    variables: stored && variableStatistics(program, stored),
  };
}

function labelStatistics(
  { threads, steps }: Program,
  taken: Int32Array,
  stored: StoredStates | undefined,
): readonly LabelStatistics[] {
  const labelOf = (thread: number, location: number) => threads[thread]!.locations[location]!.label;
  const standing = stored && standingCounts(stored, threads.length, labelOf);
  const labels = new Map<string, { readonly source: Source; readonly ways: Map<string, number> }>();
  for (const { id, thread, from, to, reports, source } of steps) {
    const label = labelOf(thread, from);
    const { ways } = labels.get(label) ?? { ways: new Map<string, number>() };
    const target = reports?.message ?? labelOf(thread, to);
    ways.set(target, (ways.get(target) ?? 0) + taken[id]!);
    if (!labels.has(label)) labels.set(label, { source, ways });
  }
  return [...labels].map(([label, { source, ways }]) => ({
    label,
    source,
    states: standing && (standing.get(label) ?? 0),
    transitions: [...ways.values()].reduce((sum, count) => sum + count, 0),
    ways: [...ways].map(([to, transitions]) => ({ to, transitions })),
  }));
}

/** In how many states some thread stands at each label. */
function standingCounts(
  stored: StoredStates,
  threadCount: number,
  labelOf: (thread: number, location: number) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let state = 0; state < stored.count; state++) {
    const here = new Set<string>();
    for (let thread = 0; thread < threadCount; thread++)
      here.add(labelOf(thread, stored.value(state, thread)));
    for (const label of here) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

function variableStatistics(
  { threads, variables }: Program,
  stored: StoredStates,
): readonly VariableStatistics[] {
  return variables.map(({ name, domain }, i) => {
    const counts = new Map<number, number>();
    for (let state = 0; state < stored.count; state++) {
      const value = stored.value(state, threads.length + i);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const type = typeOfDomain(domain);
    const text = (value: number) => (type === 'int' ? String(value) : valueText(value, type));
    const possible =
      domain.kind === 'int' ? domain.max - domain.min + 1 : domain.kind === 'bool' ? 2 : domain.values.length;
    const ascending = [...counts].sort(([a], [b]) => a - b);
    return { name, values: ascending.map(([value, states]) => ({ value: text(value), states })), possible };
  });
}
