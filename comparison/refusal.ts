// Refusals of single cells: a cell that cannot be run does not affect the others.

import { EngineError, SettingError } from '../checker/index.js';
import { ModelError, type SourceLocation } from '../models/language/index.js';

/** Why the model or the engine refused a cell. */
export interface CellRefused {
  readonly why: string;
}

/** The result of the work, or why the model or the engine refused it. */
export async function unlessRefused<R>(
  work: () => Promise<R>,
  locate: (at: SourceLocation) => string,
): Promise<R | CellRefused> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EngineError || error instanceof SettingError) return { why: error.message };
    if (!(error instanceof ModelError)) throw error;
    return { why: error.at === undefined ? error.message : `${locate(error.at)}: ${error.message}` };
  }
}
