// --report=FORMAT:FILE: which reports of a suite are written where. A place that cannot be written to is known before
// anything is explored, and a report is written whole or not at all.

import { appendFileSync } from 'node:fs';
import { didYouMean } from '../../checker/index.js';
import {
  type SuiteReport,
  suiteAnnotations,
  suiteJson,
  suiteJunit,
  suiteMarkdown,
  suiteSarif,
} from '../../suite/index.js';
import { inFilesOfTheirOwn, type Parameter } from '../arguments/parameters.js';
import { OutputError, UsageError } from '../errors.js';
import { wholeFile, writeWhole } from '../output/whole_file.js';

/** By format: the text of a report. `version` is raceproof's. */
const formats = {
  junit: suiteJunit,
  sarif: suiteSarif,
  json: suiteJson,
  markdown: suiteMarkdown,
} as const satisfies { readonly [format: string]: (report: SuiteReport, version: string) => string };
type ReportFormat = keyof typeof formats;

/** `github` has no file: annotations go to stdout, and the summary to where GitHub says. */
export type ReportTarget =
  | { readonly format: ReportFormat; readonly file: string }
  | { readonly format: 'github'; readonly file?: never };

/** --report=FORMAT:FILE, as often as one likes. */
export const reports: Parameter<readonly ReportTarget[]> = {
  kind: 'value',
  read: (given) => inFilesOfTheirOwn(given.map(targetOf)),
};

function targetOf(given: string): ReportTarget {
  const [, format = '', file] = /^([^:]*)(?::(.*))?$/s.exec(given) ?? [];
  if (format === 'github') {
    if (file !== undefined) throw new UsageError(`--report=${given}: github has no file`);
    return { format };
  }
  const known = Object.keys(formats).find((name): name is ReportFormat => name === format);
  if (known === undefined) {
    const all = [...Object.keys(formats), 'github'];
    throw new UsageError(`--report=${given}: not one of ${all.join(', ')}${didYouMean(format, all)}`);
  }
  if (file === undefined || file === '')
    throw new UsageError(`--report=${given}: write --report=${format}:FILE`);
  return { format: known, file };
}

/** Throws an OutputError if a file could not be written. */
export function prepareReports(targets: readonly ReportTarget[]): void {
  for (const target of targets) {
    if (target.file === undefined) continue;
    writing(target.file, () => wholeFile(target.file));
  }
}

/** Writes all reports; returns the lines that go to stdout. Throws an OutputError once all have been tried. */
export function writeReports(
  targets: readonly ReportTarget[],
  report: SuiteReport,
  version: string,
): readonly string[] {
  const lines: string[] = [];
  const failed: unknown[] = [];
  for (const target of targets) {
    try {
      if (target.format === 'github') lines.push(...toGithub(report));
      else {
        const text = formats[target.format](report, version);
        writing(target.file, () => writeWhole(wholeFile(target.file), [text]));
      }
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
  return lines;
}

/** Where GitHub gives a file for the summary of the job, it is written there too. */
function toGithub(report: SuiteReport): readonly string[] {
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') {
    writing(summary, () => appendFileSync(summary, suiteMarkdown(report)));
  }
  return suiteAnnotations(report);
}

function writing(file: string, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    throw new OutputError(`cannot write ${file}: ${(error as Error).message}`);
  }
}
