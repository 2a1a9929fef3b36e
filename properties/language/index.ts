// The property language: the only door to this folder.

export type { Manifest, ManifestRow } from '../../models/manifest.js';
export { type FairnessNode, stronglyFair, weaklyFair } from './fairness.js';
export {
  type AtomNode,
  both,
  either,
  enabled,
  equivalent,
  eventually,
  type FormulaNode,
  historically,
  implies,
  leadsTo,
  negation,
  next,
  type Operand,
  once,
  previously,
  release,
  since,
  type Temporal,
  until,
  weakUntil,
} from './formula.js';
export { contributes, lemma } from './lemma.js';
export {
  always,
  alwaysPossible,
  never,
  type Properties,
  type PropertyNode,
  property,
  sometimes,
} from './property.js';
