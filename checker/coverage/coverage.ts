// What a run has covered and what it has not: a label that no actor ever reached, a branch that no actor ever took, a
// lock that no actor ever waited for. Copies of an actor, and calls from several places, count together: a line of the
// model is covered if any of them reached it.

import type { Program, Step } from '../ir/program.js';
import type { Check, Finding, LabelCoverage } from '../search/report.js';
import type { Goal } from './goals.js';

/** In the order of the model; without labels whose conditions may have no value. */
export function coverageOf(
  program: Program,
  goals: readonly Goal[],
  findings: ReadonlyMap<Check, Finding>,
): readonly LabelCoverage[] {
  const labels = new Map<string, Goal[]>();
  for (const goal of goals) {
    const { label } = program.threads[goal.thread]!.locations[goal.location]!;
    labels.set(label, [...(labels.get(label) ?? []), goal]);
  }
  const isMet = ({ check }: Goal) => findings.has(check);
  return [...labels].map(([label, own]): LabelCoverage => {
    const steps = own.filter(({ step }) => step !== undefined);
    const waits = own.filter(({ step }) => step === undefined);
    const ways = new Map<string, boolean>();
    for (const goal of steps) {
      const to = leadsTo(program.steps[goal.step!]!, program);
      ways.set(to, (ways.get(to) ?? false) || isMet(goal));
    }
    return {
      label,
      source: program.steps[steps[0]!.step!]!.source,
      isReached: own.some(isMet),
      ways: [...ways].map(([to, isTaken]) => ({ to, isTaken })),
      hasBlocked: waits.length === 0 ? undefined : waits.some(isMet),
    };
  });
}

const leadsTo = ({ thread, to, reports }: Step, program: Program): string =>
  reports?.message ?? program.threads[thread]!.locations[to]!.label;

/** What a user should look at: what was not covered, in words. Example: `gapsOf(report.labels ?? [])` */
export function gapsOf(coverage: readonly LabelCoverage[]): readonly string[] {
  return coverage.flatMap(({ label, isReached, ways, hasBlocked }) => {
    if (!isReached) return [`${label} was never reached`];
    const idle = ways.filter(({ isTaken }) => !isTaken);
    return [
      ...(ways.length === 1 && idle.length === 1 ? [`${label} was never taken`] : []),
      ...(ways.length === 1 ? [] : idle.map(({ to }) => `${label} never led to ${to}`)),
      ...(hasBlocked === false ? [`${label} never had to wait`] : []),
    ];
  });
}
