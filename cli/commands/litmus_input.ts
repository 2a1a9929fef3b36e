// What commands about memory models take: a .litmus file, or a model lowered with every fence as a step. Errors have their place.

import { readFileSync, statSync } from 'node:fs';
import { didYouMean, type Lowered } from '../../checker/index.js';
import { LitmusError, litmusLowering } from '../../litmus/index.js';
import { modelNames } from '../../models/registry.js';
import type { GivenSettings } from '../arguments/options.js';
import { UsageError } from '../errors.js';
import { loadModel } from '../load/model.js';
import { locate } from '../locate.js';

/** Is it a model's name, or a file that may export a model? */
export const isModel = (text: string): boolean => modelNames.includes(text) || /\.[cm]?[jt]s$/.test(text);

/** The Program of a model. Throws a UsageError if there is no such model. */
export const loweredForLitmus = async (name: string, set: GivenSettings): Promise<Lowered> =>
  (await loadModel(name)).lower(set, litmusLowering.without, undefined, litmusLowering.fences);

/** Does not let a LitmusError out, but a UsageError with its place. */
export function placed<R>(name: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw placedError(name, error);
  }
}

/** The error with its place: in the model's file, or in the test of this name. */
export function placedError(name: string, error: unknown): unknown {
  if (!(error instanceof LitmusError)) return error;
  const { at, message, unknown } = error;
  const hint = unknown === undefined ? '' : didYouMean(unknown.word, unknown.known);
  return new UsageError(
    `${at === undefined || at.line === 0 ? name : placeText(name, at)}: ${message}${hint}`,
  );
}

const placeText = (name: string, { file, line, column }: NonNullable<LitmusError['at']>): string =>
  file === undefined ? `${name}:${line}:${column}` : locate({ file, line });

/** In bytes; nothing that is larger is read. */
const sizeMax = 1 << 20;

/** The text of a .litmus file. Throws a UsageError. */
export function readTest(file: string): string {
  try {
    if (statSync(file).size > sizeMax)
      throw new UsageError(`${file} has more than ${sizeMax} bytes: too large for a litmus test`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`no file ${file}, and no model of this name`);
    throw new UsageError(`cannot read ${file}: ${message}`);
  }
}
