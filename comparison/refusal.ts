// One cell of a comparison that cannot be run leaves the others as they are.

import { EngineError } from '../checker/index.js';
import { ModelError, type SourceLocation } from '../models/language/index.js';

/** Does the work; or why the model or the engine refused it. */
export async function unlessRefused<R>(
  work: () => Promise<R>,
  locate: (at: SourceLocation) => string,
): Promise<R | { readonly why: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EngineError) return { why: error.message };
    if (!(error instanceof ModelError)) throw error;
    return { why: error.at === undefined ? error.message : `${locate(error.at)}: ${error.message}` };
  }
}
