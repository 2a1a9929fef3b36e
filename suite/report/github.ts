// A suite for GitHub Actions: an annotation for each row that is not as expected.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions

import { type SuiteReport, titleOf } from '../suite.js';
import { fromRoot, messageOf, placeOf } from './words.js';

/** Workflow commands, one a line; empty if all is as expected. */
export const suiteAnnotations = (report: SuiteReport): readonly string[] =>
  report.results.flatMap((result) => {
    const { row, outcome } = result;
    if (outcome.kind !== 'unexpected' && outcome.kind !== 'error') return [];
    const place = fromRoot(placeOf(result), report);
    const where = place === undefined ? '' : `file=${property(place.file)},line=${place.line},`;
    const title = property(`raceproof: ${titleOf(row)}`);
    return [`::error ${where}title=${title}::${data(messageOf(result))}`];
  });

const data = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string): string => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
