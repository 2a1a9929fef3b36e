// A suite for programs: one object, whose shape is numbered by `schema`. docs/ci.md describes it.

import { rowText, updatedRow } from '../row_text.js';
import { countsOf, type SuiteReport } from '../suite.js';
import { originText } from './text.js';

/** As indented JSON. */
export function suiteJson(report: SuiteReport): string {
  const object = {
    schema: 1,
    counts: countsOf(report),
    ...(report.stopped !== undefined && { stopped: report.stopped }),
    rows: report.results.map(({ row, outcome }) => {
      const { model, settings, without, memory, buffer, expected, origin } = row;
      return {
        ...{ model, settings, ...(without.length > 0 && { without }) },
        ...(memory !== undefined && { memory }),
        ...(buffer !== undefined && { buffer }),
        origin: originText(origin),
        expected,
        outcome: outcome.kind,
        ...('found' in outcome && { found: outcome.found.facts }),
        ...(outcome.kind === 'unexpected' && {
          differences: outcome.differences,
          rowNow: rowText(updatedRow(row, outcome.found.facts)),
          trace: outcome.found.trace ?? null,
        }),
        ...(outcome.kind === 'error' && { message: outcome.message }),
      };
    }),
  };
  return `${JSON.stringify(object, null, 2)}\n`;
}
