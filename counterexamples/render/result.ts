// What became of a check and what stopped a search, in a few words: for reports and comparisons.

import type { Exploration, Finding, PropertyResult } from '../../checker/index.js';
import { counted } from './wrap.js';

/** `no_bad_page_cache in 13 steps`. */
export const violationText = ({ check, finding }: PropertyResult): string =>
  finding === undefined ? `${check.name} is never reached` : `${check.name} in ${stepsText(finding)}`;

/** `13 steps`, `13 steps, the last 4 again and again`. */
export function stepsText({ path: { steps }, loop }: Finding): string {
  const repeated = loop === undefined ? '' : `, the last ${steps.length - loop} again and again`;
  return counted(steps.length, 'step') + repeated;
}

/**
 * What stopped the search, or what else leaves its answer in doubt: a search without a limit leaves undecided only a
 * formula about runs that has no value in some state.
 */
export function limitText(exploration: Exploration): string {
  if (exploration.limit === undefined) return 'a formula has no value in some state';
  return `${isStopped(exploration) ? 'stopped at ' : ''}${exploration.limit.text}`;
}

/** Did it stop before its end? Without exact storage there is doubt even at the end. */
export const isStopped = ({ limit }: Exploration): boolean => limit?.kind !== 'storage';
