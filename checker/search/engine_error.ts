// The error of an engine for a request that it cannot answer exactly.

/** Names what an engine cannot do; thrown before anything is explored. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
