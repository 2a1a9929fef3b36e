// --report=FORMAT:FILE of a check: which reports are written where. That a file can be written is known before anything is
// explored.

import { didYouMean } from '../../checker/index.js';
import type { Parameter } from '../arguments/parameters.js';
import { OutputError, UsageError } from '../errors.js';
import { wholeFile } from './whole_file.js';

const formats = ['html', 'json'] as const;

export interface CheckReportTarget {
  readonly format: (typeof formats)[number];
  readonly file: string;
}

/** --report=FORMAT:FILE, as often as one likes. */
export const checkReports: Parameter<readonly CheckReportTarget[]> = {
  kind: 'value',
  read: (given) => given.map(targetOf),
};

function targetOf(given: string): CheckReportTarget {
  const [, asked = '', file = ''] = /^([^:]*)(?::(.*))?$/s.exec(given) ?? [];
  const format = formats.find((name) => name === asked);
  if (format === undefined)
    throw new UsageError(`--report=${given}: not one of ${formats.join(', ')}${didYouMean(asked, formats)}`);
  if (file === '') throw new UsageError(`--report=${given}: write --report=${format}:FILE`);
  return { format, file };
}

/** Throws an OutputError if a file could not be written. */
export function prepareCheckReports(targets: readonly CheckReportTarget[]): void {
  for (const { file } of targets) writing(file, () => wholeFile(file));
}

/** Throws an OutputError where the work fails. */
export function writing(file: string, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    throw new OutputError(`cannot write ${file}: ${(error as Error).message}`);
  }
}
