// What reports of every form say of a row that is not as expected.

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

/** A place as it is called from the root of the repository, which is where code scanning and annotations look. */
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
 * Where a row that is not as expected is shown: where the step stands that ends its counterexample, or the property
 * that is different, or the model, or the file of the row.
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
