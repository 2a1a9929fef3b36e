// Counterexamples: what was found, and how it is told. The only door to this folder.

export { type LanesOptions, renderLanes } from './render/lanes.js';
export { ansi, type Line, type Look, plain, type Style, styled } from './render/style.js';
export { counted, grouped, longestPart, pad, shareOut, together, widthOf, wrap } from './render/wrap.js';
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
