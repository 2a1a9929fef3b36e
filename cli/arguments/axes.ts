// --over SETTING=VALUE,VALUE: settings that `compare` varies. Which values a setting has is known once the model is.

import type { Axis } from '../../comparison/index.js';
import { UsageError } from '../errors.js';
import type { Parameter } from './parameters.js';

/** Repeatable; without values, all that the setting has. */
export const axes: Parameter<readonly Axis[]> = { kind: 'value', read: (given) => given.map(axisOf) };

function axisOf(given: string): Axis {
  const [, setting = '', values] = /^([^=]+)(?:=(.*))?$/s.exec(given) ?? [];
  const all = values?.split(',').map((value) => value.trim());
  if (setting === '' || all?.includes('')) {
    throw new UsageError(`--over ${given}: write --over SETTING=VALUE,VALUE or --over SETTING`);
  }
  return { setting, values: all };
}
