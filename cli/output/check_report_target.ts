// --report=FORMAT:FILE of a check: which reports are written where. A file that cannot be written is named before anything
// is explored; the verdict is printed all the same, and the command ends with the status of what could not be written.

import { didYouMean } from '../../checker/index.js';
import { inFilesOfTheirOwn, type Parameter } from '../arguments/parameters.js';
import { UsageError } from '../errors.js';
import { note } from './terminal.js';
import { wholeFile } from './whole_file.js';

const formats = ['html', 'json'] as const;

export interface CheckReportTarget {
  readonly format: (typeof formats)[number];
  readonly file: string;
}

/** --report=FORMAT:FILE, as often as one likes. */
export const checkReports: Parameter<readonly CheckReportTarget[]> = {
  kind: 'value',
  read: (given) => inFilesOfTheirOwn(given.map(targetOf)),
};

function targetOf(given: string): CheckReportTarget {
  const [, asked = '', file = ''] = /^([^:]*)(?::(.*))?$/s.exec(given) ?? [];
  const format = formats.find((name) => name === asked);
  if (format === undefined)
    throw new UsageError(`--report=${given}: not one of ${formats.join(', ')}${didYouMean(asked, formats)}`);
  if (file === '') throw new UsageError(`--report=${given}: write --report=${format}:FILE`);
  return { format, file };
}

/** Those whose file can be written; notes the others. */
export const writableReports = (targets: readonly CheckReportTarget[]): readonly CheckReportTarget[] =>
  targets.filter(({ file }) => isWritten(file, () => wholeFile(file)));

/** Notes an error of the work; true if there was none. */
export function isWritten(file: string, work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    note(`raceproof: cannot write ${file}: ${(error as Error).message}`);
    return false;
  }
}
