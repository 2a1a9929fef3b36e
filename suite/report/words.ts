// Texts about a row that is not as expected, which all reports share.

import type { Difference, Result, SuiteReport } from '../suite.js';

/** `states: expected 12, found 14`. */
export const differenceText = ({ field, expected, found }: Difference): string =>
  `${field}: expected ${expected}, found ${found}`;

/** What is wrong with a row, in one line; empty for one that is as expected. */
export function messageOf({ outcome }: Result): string {
  switch (outcome.kind) {
    case 'expected':
      return '';
    case 'unexpected':
      return outcome.differences.map(differenceText).join('; ');
    case 'error':
      return outcome.message;
    case 'not run':
      return 'not run';
  }
}

/** A file and a line, from `models/race.ts:12`. */
export interface ReportPlace {
  readonly file: string;
  readonly line: number;
}

/** A place relative to the root of the repository, as code scanning and annotations need it. */
export function fromRoot<P extends ReportPlace | undefined>(place: P, { folder }: SuiteReport): P {
  if (place === undefined || folder === undefined || place.file.startsWith('/')) return place;
  const path: string[] = [];
  for (const part of `${folder}/${place.file}`.split('/')) {
    if (part === '..' && path.length > 0) path.pop();
    else if (part !== '.' && part !== '') path.push(part);
  }
  return { ...place, file: path.join('/') };
}

export function locationOf(text: string | undefined): ReportPlace | undefined {
  const [, file, line] = /^(.*):(\d+)$/.exec(text ?? '') ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}

/**
 * The place at which a row that is not as expected is shown: of the last step of its counterexample, or else of the
 * property that differs, of the model, or of the file of the row.
 */
export function placeOf({ row, outcome }: Result): ReportPlace | undefined {
  const own =
    outcome.kind === 'error'
      ? locationOf(/^(.+?:\d+): /.exec(outcome.message)?.[1])
      : outcome.kind === 'unexpected'
        ? (locationOf(outcome.found.trace?.steps.findLast(({ source }) => source !== undefined)?.source) ??
          outcome.found.properties
            .filter(({ name }) => outcome.differences.some(({ field }) => field === name))
            .map(({ source }) => locationOf(source))
            .find((place) => place !== undefined) ??
          locationOf(outcome.found.source))
        : undefined;
  return own ?? (row.origin.file === undefined ? undefined : { file: row.origin.file, line: 1 });
}
