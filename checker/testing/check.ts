// Search code is tested on tiny Programs, and every test runs on both engines: `check` explores with one, then with
// the other, expects the same report, and prints it in a few words.

import { expect } from 'vitest';
import { type ExploreOptions, explore } from '../explore.js';
import type { Program } from '../ir/program.js';
import type { Property } from '../property/property.js';
import type { Explored } from '../search/evidence.js';
import type { Report } from '../search/report.js';

/**
 * The report of both engines: the verdict, then states, transitions, depth and levels, then each finding with its path,
 * on a line each: `never 3: violated by 1 2`.
 */
export async function check(
  program: Program,
  properties: readonly Property[] = [],
  options: ExploreOptions = {},
): Promise<readonly string[]> {
  const reference = await explore(program, properties, { ...options, engine: 'reference' });
  const compiled = await explore(program, properties, { ...options, engine: 'compiled' });
  expect({ ...compiled, evidence: { ...compiled.evidence, engine: 'reference' } }).toEqual(reference);
  expect(compiled.evidence.engine).toBe('compiled');
  return linesOf(reference);
}

function linesOf({ verdict, evidence, properties }: Report<Explored>): readonly string[] {
  const { states, transitions, depth, levels, limit } = evidence;
  const found = levels.length === 0 ? 'no levels' : `levels ${levels.join(' ')}`;
  const cut = limit === undefined ? '' : `, stopped by ${limit.text}`;
  return [
    `${verdict}: ${states} states, ${transitions} transitions, depth ${depth}, ${found}${cut}`,
    ...properties.flatMap(({ check: { name }, verdict: said, finding }) => {
      if (finding === undefined) return [];
      const fault = finding.fault === undefined ? '' : `: ${finding.fault}`;
      return [`${name}: ${said} by ${finding.path.steps.join(' ') || 'no step'}${fault}`];
    }),
  ];
}
