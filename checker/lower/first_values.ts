// First values: the numbers that they are, and those that a model must say.

import {
  type Initial,
  type InitialValue,
  ModelError,
  type SourceLocation,
} from '../../models/language/index.js';
import type { Domain } from '../ir/program.js';
import { domainText } from '../ir/text.js';

/** Refuses an int that contains 0, does not begin there, and does not say where it starts: a C variable would start at 0. */
export function refuseUnsaid(domain: Domain, initial: Initial, name: string): void {
  if (domain.kind !== 'int' || domain.min >= 0 || domain.max < 0) return;
  if (!('values' in initial) || initial.unsaid === undefined) return;
  const { min } = domain;
  const problem = `${name}: int(${min}, ${domain.max}) contains 0 and would start at ${min}`;
  throw new ModelError(`${problem}: say .starts(0), or .starts(${min})`, initial.unsaid);
}

/** The number of the value in the Program. */
export function numberOf(
  domain: Domain,
  value: InitialValue,
  what: string,
  at: SourceLocation | undefined,
): number {
  switch (domain.kind) {
    case 'bool':
      if (typeof value === 'boolean') return value ? 1 : 0;
      break;
    case 'int':
      if (Number.isInteger(value) && (value as number) >= domain.min && (value as number) <= domain.max) {
        return value as number;
      }
      break;
    default: {
      const word = domain.values.indexOf(String(value));
      if (word >= 0) return word;
    }
  }
  throw new ModelError(`${what} cannot be ${value}: not in ${domainText(domain)}`, at);
}
