// How a trace was decided, by the checker's table of kinds. Loads only that table, not the checker.

import { checkKinds, type Question } from '../../checker/decide/kinds.js';
import type { TraceProperty } from './trace.js';

/** Was the trace decided by such a question? A walk was not. */
export const isDecidedBy = (
  { expectation }: Pick<TraceProperty, 'expectation'>,
  question: Question['asks'],
): boolean => expectation !== 'walk' && checkKinds[expectation].question.asks === question;

/** The condition as the property states it: `always x == 0`, `always possible x == 0`; a formula about runs as it is. */
export function statedText({ expectation, condition }: TraceProperty): string | undefined {
  if (condition === undefined || expectation === 'walk') return condition;
  const { stated } = checkKinds[expectation];
  return stated === undefined ? condition : `${stated} ${condition}`;
}
