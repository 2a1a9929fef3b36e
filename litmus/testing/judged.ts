// Verdicts of tests that are written in a few lines.

import { models } from '../index.js';
import type { AxiomaticModel } from '../models/model.js';
import { parseLitmus } from '../syntax/parser.js';
import { judge, stateText } from '../verdict/verdict.js';

/** A test with these first values, bodies of threads, and condition; locations x, y, z, p and the lock l are parameters. */
export const litmus = (initial: string, bodies: readonly string[], condition: string): string =>
  [
    'C test',
    `{ ${initial} }`,
    ...bodies.map((body, i) => `P${i}(int *x, int *y, int *z, int **p, spinlock_t *l) { ${body} }`),
    condition,
  ].join('\n');

/** 'Sometimes 1/3', and the flags. */
export function said(text: string, name: AxiomaticModel['name'] = 'lkmm'): string {
  const { outcome, positive, negative, flags } = judge(parseLitmus(text), modelNamed(name));
  return [`${outcome} ${positive}/${negative}`, ...flags.map(({ name }) => name)].join(' ');
}

export const finalStates = (text: string, name: AxiomaticModel['name'] = 'lkmm'): readonly string[] =>
  judge(parseLitmus(text), modelNamed(name)).states.map(stateText);

export const modelNamed = (name: AxiomaticModel['name']): AxiomaticModel =>
  models.find((model) => model.name === name)!;
