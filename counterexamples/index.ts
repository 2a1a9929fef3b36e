// Counterexamples: what was found, and how it is told. The door to this folder; text.ts is a light one.

export { EssenceError } from './escapes.js';
export { type Essence, essenceOf } from './essence.js';
export { type Fit, fitTrace } from './fit.js';
export { escapeHtml } from './render/html/escape.js';
export { pageOf, renderHtml } from './render/html/page.js';
export { renderItf } from './render/itf.js';
export { type LanesOptions, renderLanes } from './render/lanes.js';
export { renderMarkdown } from './render/markdown.js';
export { renderMermaid } from './render/mermaid.js';
export { ansi, type Line, type Look, plain, type Style, styled } from './render/style.js';
export { renderSvg } from './render/svg.js';
export { hiddenText, numberOf } from './render/telling.js';
export { counted, fitted, grouped, longestPart, shareOut, together, widthOf, wrap } from './render/wrap.js';
export { ReplayError, replay, replayWalk } from './replay.js';
export {
  readSavedTrace,
  type SavedTrace,
  SavedTraceError,
  savedLengthMax,
  saveTrace,
} from './saved.js';
export { type Minimal, minimalPath, ShortenError } from './shorten.js';
export {
  backTo,
  choicesOf,
  choose,
  type Ground,
  groundOf,
  met,
  randomWalk,
  type Stepper,
  startAt,
} from './stepper.js';
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
export { type NoEssence, tryEssence } from './try_essence.js';
