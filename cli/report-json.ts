// The report of one run for programs: one object, whose shape is numbered by `schema`.

import { locate } from './locate.js';
import type { Run } from './run.js';

/** The object as indented text. A limit and its like are named only where there are any. */
export function reportJson({ model, settings, report, traces }: Run): string {
  const { engine, search, storage, exhaustive, limit, ...measured } = report.exploration;
  const { pathless, missProbability, coverage, states, transitions, depth, levels } = measured;
  const object = {
    schema: 1,
    model,
    settings,
    verdict: report.verdict,
    exploration: {
      ...{ engine, search, storage, exhaustive, limit, pathless, missProbability, coverage },
      ...{ states, transitions, depth, levels },
    },
    properties: report.properties.map((result) => ({
      name: result.check.name,
      expectation: result.check.kind,
      verdict: result.verdict,
      ...(result.isVacuous && { vacuous: true }),
      ...(result.finding?.isShortest === false && { shortest: false }),
      trace: traces.get(result) ?? null,
    })),
    ...(report.labels && {
      coverage: report.labels.map(({ label, source, isReached, ways, hasBlocked }) => ({
        label,
        ...(source.model && { source: locate(source.model) }),
        reached: isReached,
        ways: ways.map(({ to, isTaken }) => ({ to, taken: isTaken })),
        ...(hasBlocked !== undefined && { blocked: hasBlocked }),
      })),
    }),
  };
  return JSON.stringify(object, null, 2);
}
