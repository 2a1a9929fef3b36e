// What an execution leaves, and whether a proposition is true of it.

import type { Execution } from '../execution/event.js';
import type { LitmusValue, Observable, Proposition } from '../syntax/ast.js';

/** What something is worth at the end; a register to which nothing was assigned is 0. */
export function valueAtEnd({ registers, coherence, events }: Execution, observed: Observable): LitmusValue {
  if (observed.kind === 'register') return registers[observed.thread]!.get(observed.name) ?? 0;
  return events[coherence.get(observed.name)!.at(-1)!]!.value!;
}

/** Is a proposition true at the end? */
export const isTrueAtEnd = (execution: Execution, proposition: Proposition): boolean =>
  isTrueOf(proposition, (observed) => valueAtEnd(execution, observed));

/** Is a proposition true of these values? */
export function isTrueOf(proposition: Proposition, worth: (observed: Observable) => LitmusValue): boolean {
  const holds = (part: Proposition): boolean => isTrueOf(part, worth);
  switch (proposition.kind) {
    case 'constant':
      return proposition.value;
    case 'equal':
      return worth(proposition.of) === proposition.value;
    case 'different':
      return worth(proposition.of) !== proposition.value;
    case 'not':
      return !holds(proposition.of);
    case 'and':
      return proposition.parts.every(holds);
    case 'or':
      return proposition.parts.some(holds);
    case 'implies':
      return !holds(proposition.parts[0]) || holds(proposition.parts[1]);
  }
}

/** '0:r0', '[x]'. */
export const nameOf = (observed: Observable): string =>
  observed.kind === 'register' ? `${observed.thread}:${observed.name}` : `[${observed.name}]`;
