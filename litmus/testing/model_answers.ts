// What memory models say of models that are written in a few lines, as text.

import { lower } from '../../checker/index.js';
import { type ActorsNode, type AnyShared, model } from '../../models/language/index.js';
import type { Properties } from '../../properties/language/index.js';
import type { AxiomaticModel } from '../models/model.js';
import { askedLines } from '../render/model_text.js';
import { LitmusError } from '../syntax/ast.js';
import { type TranslateOptions, translate } from '../translate/translate.js';
import { judgeModel } from '../verdict/model_verdict.js';
import { modelNamed } from './judged.js';

export interface ModelParts {
  readonly state: AnyShared;
  readonly actors: readonly { readonly actors: ActorsNode }[];
}

/** The Program of the parts, with barriers as steps. */
export const loweredParts = (parts: ModelParts, properties: Properties) =>
  lower(model('small', { about: '', ...parts }), {}, properties, { fences: ['mb', 'rmb', 'wmb'] });

/** Each answer, such as 'stale: Sometimes 1/1', and the flags. */
export function saidOfModel(
  parts: ModelParts,
  properties: Properties,
  name: AxiomaticModel['name'],
  options: TranslateOptions = {},
): readonly string[] {
  const { program, properties: asked } = loweredParts(parts, properties);
  const verdict = judgeModel(translate(program, asked, options), modelNamed(name));
  return [
    ...askedLines(verdict).map(({ name, outcome, positive, negative }) => {
      return `${name}: ${outcome} ${positive}/${negative}`;
    }),
    ...verdict.flags.map(({ name }) => name),
    ...(verdict.executions.cut > 0 ? [`${verdict.executions.cut} cut`] : []),
  ];
}

/** Why a model is refused, and whether with its line. */
export function refusalOfModel(parts: ModelParts, options: TranslateOptions = {}): string {
  const { program, properties } = loweredParts(parts, {});
  try {
    translate(program, properties, options);
  } catch (error) {
    if (!(error instanceof LitmusError)) throw error;
    return `${error.message} (line ${(error.at?.line ?? 0) > 0})`;
  }
  return 'not refused';
}
