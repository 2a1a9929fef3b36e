// The result of checking a model, which run.ts makes and output/ prints.

import type { Evidence, Explored, Lowered, PropertyResult, Report } from '../checker/index.js';
import type { Trace } from '../counterexamples/trace/trace.js';
import type { SettingValue } from '../models/language/index.js';

/** The result of checking a model; `E` is the kind of its evidence. */
export interface CheckedModel<E extends Evidence = Explored> {
  readonly model: string;
  /** All of them, resolved. */
  readonly settings: { readonly [name: string]: SettingValue };
  /** Names of the settings that do not have their default. */
  readonly chosen: readonly string[];
  readonly report: Report<E>;
  /** The traces of the results that are printed. */
  readonly traces: ReadonlyMap<PropertyResult, Trace>;
  /** What was explored. */
  readonly lowered: Lowered;
}
