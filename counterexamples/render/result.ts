// The result of a check in a few words, for reports and comparisons.

import type { Finding, PropertyResult } from '../../checker/index.js';
import { counted } from './wrap.js';

/** `no_bad_page_cache in 13 steps`. */
export const violationText = ({ check, finding }: PropertyResult): string =>
  finding === undefined ? `${check.name} is never reached` : `${check.name} in ${stepsText(finding)}`;

/** `holds`, `holds vacuously`, `violated in 13 steps`, `not checked`. */
export const verdictText = (result: PropertyResult): string => {
  const { verdict, finding, isVacuous, isUpToFault, isApart } = result;
  if (finding !== undefined) return `${verdict} in ${stepsText(finding)}`;
  if (verdict === 'unchecked') return 'not checked';
  const upTo = isUpToFault ? ' up to the domain error' : isApart ? ' otherwise' : '';
  return `${verdict}${isVacuous ? ' vacuously' : ''}${upTo}`;
};

/** `13 steps`, `13 steps, the last 4 again and again`. */
export function stepsText({ path: { steps }, loop }: Finding): string {
  const repeated = loop === undefined ? '' : `, the last ${steps.length - loop} again and again`;
  return counted(steps.length, 'step') + repeated;
}
