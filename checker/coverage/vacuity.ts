// Vacuity: a property that consists of implications whose left sides are never true holds, whatever their right sides
// are. The search looks for the left sides beside the properties, at almost no cost.

import type { Check, Finding } from '../search/report.js';
import { canFail, wanted } from './goals.js';

/** For each check that consists of implications: a search for each of their left sides. */
export type Antecedents = ReadonlyMap<Check, readonly Check[]>;

export function antecedentChecks(checks: readonly Check[]): Antecedents {
  return new Map(
    checks.flatMap((check) => {
      const { antecedents = [], name } = check;
      if (antecedents.length === 0 || antecedents.some(canFail)) return [];
      return [[check, antecedents.map((condition) => wanted(`a left side of ${name}`, condition))] as const];
    }),
  );
}

/** Was none of the left sides ever true? */
export const isVacuous = (
  check: Check,
  antecedents: Antecedents,
  findings: ReadonlyMap<Check, Finding>,
): boolean => antecedents.get(check)?.every((one) => !findings.has(one)) ?? false;
