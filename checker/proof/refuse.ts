// What cannot be expressed for any number is refused, with the line of the model.

import { ModelError, type SourceLocation } from '../../models/language/index.js';
import type { Family } from './program.js';

/** Whose step it is, and where it is written. */
export interface Context {
  readonly family?: Family;
  readonly at?: SourceLocation | undefined;
}

/** A step that depends on whether a size is small: a proof for the small value is another one. */
export class SizeMatters extends ModelError {
  readonly setting: string;

  constructor(setting: string, message: string, at: SourceLocation | undefined) {
    super(message, at);
    this.setting = setting;
  }
}

/** Throws a ModelError: what is refused, and where it is written. */
export function refuse(what: string, { at }: Context): never {
  throw new ModelError(`prove cannot express ${what}`, at);
}
