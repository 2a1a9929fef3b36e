// Counterexamples: what was found, and how it is told. The only door to this folder.

export { ReplayError, replay } from './replay.js';
export type {
  Ending,
  Standing,
  Trace,
  TraceProperty,
  TraceState,
  TraceStep,
  TraceVariable,
  Value,
  Write,
} from './trace.js';
