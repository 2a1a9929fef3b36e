// A verdict as herd prints it, line for line, but for time and hash: scripts that read herd's logs read it too.

import { type LitmusVerdict, stateText } from '../verdict/verdict.js';

const kinds = { exists: 'Allowed', '~exists': 'Forbidden', forall: 'Required' } as const;

/** The lines of herd's log. */
export function herdLines({
  test,
  states,
  isOk,
  positive,
  negative,
  flags,
  outcome,
}: LitmusVerdict): readonly string[] {
  const { quantifier, text } = test.condition;
  // Of ~exists herd counts as witnesses those that confirm it.
  const [pro, contra] = quantifier === '~exists' ? [negative, positive] : [positive, negative];
  return [
    `Test ${test.name} ${kinds[quantifier]}`,
    `States ${states.length}`,
    ...states.map(stateText),
    isOk ? 'Ok' : 'No',
    'Witnesses',
    `Positive: ${pro} Negative: ${contra}`,
    ...flags.map(({ name }) => `Flag ${name}`),
    `Condition ${text}`,
    `Observation ${test.name} ${outcome} ${positive} ${negative}`,
  ];
}
