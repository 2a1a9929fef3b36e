// The report of one run as JSON: one object, whose version is `schema`. docs/json.md describes it.

import type { Evidence, PropertyResult } from '../../checker/index.js';
import type { Essence, NoEssence } from '../../counterexamples/index.js';
import { evidenceData } from '../../counterexamples/text.js';
import type { CheckedModel } from '../checked_model.js';
import { locate } from '../locate.js';

/** A result with its essence, or with the reason why there is none. */
export interface ResultEssence {
  readonly of: PropertyResult;
  readonly essence: Essence | NoEssence;
  /** The numbers of the steps that matter, where they are asked for. */
  readonly story?: readonly number[];
}

/** The object as indented text. `limit` and other optional fields are present only where they apply. */
export function reportJson(
  {
    model,
    settings,
    report,
    traces,
  }: Pick<CheckedModel<Evidence>, 'model' | 'settings' | 'report' | 'traces'>,
  advice: readonly string[] = [],
  decided?: ResultEssence,
  notes: readonly string[] = [],
): string {
  const object = {
    schema: 1,
    model,
    settings,
    verdict: report.verdict,
    ...evidenceData(report.evidence, { locate }),
    ...(notes.length > 0 && { notes }),
    ...(advice.length > 0 && { advice }),
    properties: report.properties.map((result) => ({
      name: result.check.name,
      expectation: result.check.kind,
      ...(result.check.severity && { severity: result.check.severity }),
      verdict: result.verdict,
      reason: result.reason,
      ...(result.isVacuous && { vacuous: true }),
      ...(result.isUpToFault && { upTo: 'domain error' }),
      ...(result.isApart && { apartFrom: 'violated' }),
      ...(result.finding?.isShortest === false && { shortest: false }),
      trace: traces.get(result) ?? null,
      ...(decided?.of === result && { essence: essenceData(decided.essence) }),
      ...(decided?.of === result && decided.story && { story: decided.story }),
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

/** The essence as `check` and `explain` print it as JSON. */
export function essenceData(essence: Essence | NoEssence): object {
  if ('why' in essence) return essence;
  const { orderings, locks, ruledOut, isUnfairlyEscaped } = essence;
  return { orderings, locks, ruledOut, unfairlyEscaped: isUnfairlyEscaped };
}
