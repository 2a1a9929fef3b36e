// The error of an engine that is asked for what it cannot do exactly.

/** Names what an engine cannot do; thrown before anything is explored. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
