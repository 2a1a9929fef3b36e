// Notes on a model: what is no error but probably not intended, one sentence each.

import { unusedNames } from '../../checker/index.js';
import type { Model } from '../../models/language/index.js';
import type { Properties } from '../../properties/language/index.js';

export const withoutProperties = 'the model has no properties: only the built-in checks are made';

/** The notes on a model file. */
export function notesOn(model: Model, properties: Properties): readonly string[] {
  const unused = unusedNames(model, properties);
  return [
    ...(Object.keys(properties).length === 0 ? [withoutProperties] : []),
    ...(unused === undefined ? [] : [unused]),
  ];
}
