// The interface to litmus tests: read one, decide it under a memory model, print the verdict.

import { lkmm } from './models/lkmm.js';
import { sc } from './models/sc.js';
import { tso } from './models/tso.js';

export type { AxiomaticModel } from './models/model.js';
export { renderDot } from './render/dot.js';
export { herdLines } from './render/herd.js';
export { renderJson, renderModelJson } from './render/json.js';
export { askedLines, coarseTexts, gapsOf, modelLines, modelStory } from './render/model_text.js';
export { reasonLines } from './render/reason.js';
export { renderSvg } from './render/svg.js';
export {
  type CExpression,
  type CStatement,
  LitmusError,
  type LitmusTest,
  type LitmusValue,
  type Observable,
} from './syntax/ast.js';
export { parseLitmus } from './syntax/parser.js';
export {
  litmusLowering,
  type TranslatedModel,
  type TranslateOptions,
  translate,
} from './translate/translate.js';
export { isTrueOf, nameOf as observedName } from './verdict/condition.js';
export { judgeModel, type ModelVerdict } from './verdict/model_verdict.js';
export { storyOf } from './verdict/story.js';
export { type FinalState, judge, type LitmusVerdict, observedIn, stateText } from './verdict/verdict.js';

/** The memory models, the first one is what kernel code is written for. */
export const models = [lkmm, tso, sc] as const;
