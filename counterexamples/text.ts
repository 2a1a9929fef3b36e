// The part of this folder that writing text to a terminal needs; it loads neither the checker nor the other renderers.

export { coarseIn, coarseTexts } from './render/coarse_text.js';
export { evidenceData } from './render/evidence_json.js';
export { type LanesOptions, renderLanes } from './render/lanes.js';
export { stepsText, verdictText, violationText } from './render/result.js';
export { ansi, type Line, type Look, plain, type Style, styled } from './render/style.js';
export { fits, type Page, paragraph, table } from './render/table.js';
export { counted, fitted, grouped, longestPart, shareOut, together, widthOf, wrap } from './render/wrap.js';
