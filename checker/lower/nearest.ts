// "Did you mean": the nearest of the allowed words. The only user of fastest-levenshtein.

import { distance } from 'fastest-levenshtein';

/** The word nearest to `word`, if it is near enough to be likely. */
function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(2, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

/**
 * `; did you mean 'x'?`, or nothing.
 * Example: `didYouMean('chekc', ['check', 'show']) === "; did you mean 'check'?"`
 */
export function didYouMean(word: string, words: readonly string[]): string {
  const best = nearest(word, words);
  return best === undefined ? '' : `; did you mean '${best}'?`;
}

/** The end of a message about a missing label: likely labels. Example: `at('use')` of 'lookup.use'. */
export function labelHint(label: string, labels: readonly string[]): string {
  const whole = labels.filter((each) => each.endsWith(`.${label}`));
  if (whole.length > 0)
    return `; with its procedure in front it is ${whole.map((each) => `'${each}'`).join(' or ')}`;
  return didYouMean(label, labels);
}
