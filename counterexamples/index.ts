// The public interface of this folder; text.ts exports the part that needs neither the checker nor the renderers.

export { EssenceError } from './essence/bug_free_runs.js';
export { type Essence, essenceOf } from './essence/essence.js';
export { type NoEssence, tryEssence } from './essence/try_essence.js';
export { differenceText, type NamedTrace } from './render/difference_text.js';
export { escapeHtml, escapeJson } from './render/html/escape.js';
export { breakable } from './render/html/names.js';
export { pageOf, renderHtml } from './render/html/page.js';
export type { PageExtras } from './render/html/page_data.js';
export { type LanesOptions, renderLanes } from './render/lanes.js';
export type { MailOrigin } from './render/mail.js';
export { type RenderOptions, renderTrace, type TraceFormat, traceFormats } from './render/render.js';
export { verdictText } from './render/result.js';
export { ansi, type Line, type Look, plain, type Style, styled } from './render/style.js';
export { hiddenText, numberOf, placeOf, writeLines } from './render/trace_facts.js';
export { counted, fitted, grouped, longestPart, shareOut, together, widthOf, wrap } from './render/wrap.js';
export { type Evaluated, evaluated } from './replay/evaluated.js';
export { otherSteps } from './replay/other_steps.js';
export { type PossibleStep, possibleSteps, shownIn, stepNames, stepsNamed } from './replay/possible_steps.js';
export { type Fit, fitTrace } from './replay/refit_trace.js';
export { ReplayError, replay, replayWalk } from './replay/replay.js';
export { type Minimal, minimalPath, ShortenError } from './replay/shorten.js';
export {
  allMet,
  backTo,
  choicesOf,
  choose,
  type Ground,
  groundOf,
  met,
  randomWalk,
  type Stepper,
  startAt,
  walkOn,
} from './replay/stepper.js';
export { type Changer, type WaitingActor, waitingActors } from './replay/waiting_actors.js';
export { type FoundRun, storyOf } from './story/story.js';
export {
  readSavedTrace,
  type SavedTrace,
  SavedTraceError,
  savedLengthMax,
  saveTrace,
} from './trace/saved.js';
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
} from './trace/trace.js';
export { type TraceDifference, traceDifference } from './trace/trace_difference.js';
export { Words } from './trace/trace_words.js';
export { storyView } from './trace/view.js';
