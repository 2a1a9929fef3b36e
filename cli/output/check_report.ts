// check --report=FORMAT:FILE: the result of a check with its statistics, as a page or as JSON. Time and memory, which no
// other result has, are part of it.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Explored, Report } from '../../checker/index.js';
import { evidenceData } from '../../counterexamples/text.js';
import type { CheckedModel } from '../checked_model.js';
import { locate } from '../locate.js';
import { type CountedFile, type CountedLine, checkReportPage, type RunEffort } from './check_report_page.js';
import { type CheckReportTarget, isWritten } from './check_report_target.js';
import { wholeFile, writeWhole } from './whole_file.js';

/** Notes the files that cannot be written; returns how many were. */
export function writeCheckReports(
  targets: readonly CheckReportTarget[],
  result: CheckedModel,
  effort: RunEffort,
): number {
  const written = targets.filter(({ format, file }) => {
    const text =
      format === 'json'
        ? checkReportJson(result, effort)
        : checkReportPage(result, effort, sourcesOf(result.report));
    return isWritten(file, () => writeWhole(wholeFile(file), [text]));
  });
  return written.length;
}

/** The same figures as the page, for programs. */
function checkReportJson({ model, settings, report }: CheckedModel, effort: RunEffort): string {
  const { statistics } = report;
  const object = {
    schema: 1,
    model,
    settings,
    verdict: report.verdict,
    ...evidenceData(report.evidence, { locate }),
    properties: report.properties.map(({ check, verdict, finding }) => ({
      name: check.name,
      expectation: check.kind,
      verdict,
      ...(finding && { length: finding.path.steps.length }),
    })),
    ...(statistics && {
      outDegrees: statistics.outDegrees,
      labels: statistics.labels.map(({ source, ...label }) => ({
        ...label,
        ...(source.model && { source: locate(source.model) }),
      })),
      ...(statistics.variables && { variables: statistics.variables }),
    }),
    ...effort,
  };
  return `${JSON.stringify(object, null, 2)}\n`;
}

/** The source files that the labels stand in, as far as they can be read. */
function sourcesOf({ statistics }: Report<Explored>): readonly CountedFile[] {
  const files = new Map<string, Map<number, CountedLine['labels'][number][]>>();
  for (const { label, source, transitions, states } of statistics?.labels ?? []) {
    if (source.model === undefined) continue;
    const lines = files.get(source.model.file) ?? new Map();
    files.set(source.model.file, lines);
    lines.set(source.model.line, [...(lines.get(source.model.line) ?? []), { label, transitions, states }]);
  }
  return [...files].flatMap(([file, lines]) => {
    const text = readText(file);
    if (text === undefined) return [];
    const name = locate({ file, line: 1 }).replace(/:1$/, '');
    const all = text.replace(/\n$/, '').split('\n');
    return [
      { name, lines: all.map((line, i) => ({ number: i + 1, text: line, labels: lines.get(i + 1) ?? [] })) },
    ];
  });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file.startsWith('file:') ? fileURLToPath(file) : file, 'utf8');
  } catch {
    return undefined;
  }
}
