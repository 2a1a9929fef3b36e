// A comparison as one object for programs, whose shape is numbered by `schema`.

import { evidenceData } from '../../counterexamples/text.js';
import { decidingResult, outcomeOfCell } from '../cell_outcome.js';
import type { Comparison } from '../comparison.js';
import { conclusions } from '../conclusions.js';

/** The object as indented text. */
export function comparisonJson(comparison: Comparison): string {
  const { model, setting, across, memory, candidates, scenarios, environments, ...rest } = comparison;
  const { cells, refused, costs, stopped } = rest;
  const object = {
    schema: 1,
    model,
    ...(stopped && { limit: stopped.text, limitKind: stopped.kind }),
    setting,
    ...(across !== undefined && { across }),
    ...(memory !== undefined && { memory }),
    candidates,
    scenarios,
    environments,
    cells: cells.map((cell) => {
      const { candidate, scenario, environment } = cell;
      const { settings, report, traces } = cell.run;
      const result = decidingResult(outcomeOfCell(cell));
      return {
        candidate,
        scenario,
        environment,
        settings,
        verdict: report.verdict,
        ...evidenceData(report.evidence, { brief: true }),
        violated:
          result === undefined
            ? null
            : { name: result.check.name, verdict: result.verdict, trace: traces.get(result) ?? null },
      };
    }),
    ...(refused.length > 0 && { refused }),
    costs: costs.map(({ cost, cells }) => {
      const { name, environment, counter, about } = cost;
      const values = cells.map((cell) => ({ ...cell, values: cell.values ?? null }));
      return { name, environment, counter, about, cells: values };
    }),
    conclusions: conclusions(comparison),
  };
  return JSON.stringify(object, null, 2);
}
