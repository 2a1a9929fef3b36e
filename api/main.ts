// The package's main export: to load, check, trace, explain, render, compare and export models from TypeScript. Models
// are written with raceproof/language, raceproof/kernel and raceproof/properties. docs/api.md has an example.

import { type LoadedModel, loadModel as load } from '../cli/load/model.js';

export {
  ExportError,
  exportMurphi,
  exportPromela,
  exportSymmetricMurphi,
  exportTla,
  exportTlaWithConstants,
  type NumberSetting,
  programJson,
  type TlaModule,
} from '../checker/export/index.js';
export {
  type CheckKind,
  type CheckName,
  digestOf,
  EngineError,
  type Explored,
  type ExploreOptions,
  type Lowered,
  lower,
  type Path,
  type Program,
  type Progress,
  type PropertyResult,
  printProgram,
  type Report,
  resolveSettings,
  SettingError,
  type TypedProperty,
  type Verdict,
} from '../checker/index.js';
export { type Comparison, ComparisonError } from '../comparison/index.js';
export {
  type Essence,
  type NoEssence,
  readSavedTrace,
  type SavedTrace,
  saveTrace,
  type Trace,
  type TraceFormat,
  type TraceState,
  type TraceStep,
} from '../counterexamples/index.js';
export { ModelError } from '../models/language/index.js';
export {
  type CheckOptions,
  type CheckOutcome,
  check,
  explain,
  type ModelToCheck,
  reachableStates,
  render,
  type SettingValues,
  traceOf,
} from './checked_model.js';
export { type CompareOptions, compare, renderComparison } from './compare.js';

/**
 * A model by its name, or from the file of a user (`./refcount.ts`), whose types are blanked out and whose use of
 * JavaScript's operators is watched as by the command. The file runs in this process, and may do what it likes there.
 * Throws a UsageError if there is none, a ModelError if its file cannot be used.
 */
export const loadModel = (name: string): Promise<LoadedModel> => load(name, { isGuarded: false });
export type { LoadedModel };
