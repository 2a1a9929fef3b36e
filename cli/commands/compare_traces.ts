// raceproof compare --traces A.json B.json: two saved traces side by side.

import { differenceText, type NamedTrace, traceDifference } from '../../counterexamples/index.js';
import type { Page } from '../../counterexamples/text.js';
import { UsageError } from '../errors.js';
import { readTraceFile } from './trace_source.js';

/** The text of `--format`. Throws a UsageError for what are not two saved traces. */
export function comparedTraces(files: readonly string[], format: string, page: Page): string {
  const [one, other, ...more] = files;
  if (one === undefined || other === undefined || more.length > 0) {
    throw new UsageError('--traces compares two saved traces: raceproof compare --traces A.json B.json');
  }
  if (format !== 'table' && format !== 'json') {
    throw new UsageError(`--traces prints a table or json, not ${format}`);
  }
  const [first, second] = [named(one), named(other)];
  const difference = traceDifference(first.trace, second.trace);
  return format === 'json'
    ? JSON.stringify({ schema: 1, first: one, second: other, ...difference }, null, 2)
    : differenceText(first, second, difference, page);
}

const named = (file: string): NamedTrace => ({ name: file, trace: readTraceFile(file).trace });
