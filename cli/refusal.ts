// One cell of a comparison that cannot be run leaves the others as they are.

import { EngineError } from '../checker/index.js';
import { ModelError } from '../models/language/index.js';
import { locate } from './locate.js';
import { Stopped } from './stop.js';

/** Does the work; why the model or the engine refused it, or undefined once it is stopped. */
export async function unlessRefused<R>(
  work: () => Promise<R>,
): Promise<R | { readonly why: string } | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Stopped) return undefined;
    if (error instanceof EngineError) return { why: error.message };
    if (!(error instanceof ModelError)) throw error;
    return { why: error.at === undefined ? error.message : `${locate(error.at)}: ${error.message}` };
  }
}
