// Small models for the tests beside this file: from a state and actors to the Program, to its text, or to the message
// that refuses it.

import { readFileSync } from 'node:fs';
import {
  type ActorsNode,
  type AnyShared,
  actor,
  type Bool,
  type Config,
  ModelError,
  model,
  type ProcedureNode,
  type ScalarShape,
} from '../../../models/language/index.js';
import { printProgram } from '../../ir/print.js';
import type { Program } from '../../ir/program.js';
import { type LowerOptions, lower } from '../lower.js';

export interface SmallModel<C extends ScalarShape = Record<never, never>> {
  readonly settings?: Config<C>;
  readonly state: AnyShared;
  readonly actors: readonly { readonly actors: ActorsNode }[];
  readonly initially?: Bool;
}

export const programOf = <C extends ScalarShape>(
  parts: SmallModel<C>,
  given: { readonly [setting: string]: unknown } = {},
  options: LowerOptions = {},
): Program => lower(model<C>('small', { about: '', ...parts }), given, {}, options).program;

/** The Program as text, from its variables on. */
export const textOf = <C extends ScalarShape>(
  parts: SmallModel<C>,
  given: { readonly [setting: string]: unknown } = {},
): string => printProgram(programOf(parts, given)).split('\n').slice(2).join('\n');

/** The text of one actor `a` that runs the procedure: the part between its braces. */
export function stepsOf<C extends ScalarShape>(
  procedure: ProcedureNode,
  state: SmallModel['state'],
  settings?: Config<C>,
  given: { readonly [setting: string]: unknown } = {},
): string {
  const actors = [actor('a', procedure)];
  const text = textOf(settings === undefined ? { state, actors } : { state, actors, settings }, given);
  return text.slice(text.indexOf('{\n', text.indexOf('actor a')) + 2, text.lastIndexOf('}'));
}

/**
 * For tests of refusals: the message that `build` is refused with. Appends the place that the message points to, unless
 * that is a line of the test file that ends in `// <-`.
 */
export function refusalsIn(testFile: string): (build: () => unknown) => string {
  const lines = readFileSync(new URL(testFile), 'utf8').split('\n');
  const name = testFile.slice(testFile.lastIndexOf('/') + 1);
  return (build) => {
    try {
      build();
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      const { file, line } = error.at ?? { file: 'nowhere', line: 0 };
      const isMarked = file.endsWith(`/${name}`) && lines[line - 1]!.endsWith('// <-');
      return isMarked ? error.message : `${error.message} (at ${file}:${line})`;
    }
    return 'not refused';
  };
}
