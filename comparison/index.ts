// Comparisons of candidates: the door to this folder.

export { isExplored } from './cell_outcome.js';
export { compare, type Runner } from './compare.js';
export type {
  CellRun,
  Comparison,
  ComparisonCell,
  Refusal,
} from './comparison.js';
export { type Conclusion, conclusions } from './conclusions.js';
export { type CostCell, type CostTable, costsOf, costText } from './costs.js';
export { type Axis, type ComparisonAsked, ComparisonError } from './plan.js';
export { comparisonPages, type Essences, pageFile, pagesMark } from './render/html.js';
export { comparisonJson } from './render/json.js';
export { comparisonMarkdown } from './render/markdown.js';
export { comparisonText } from './render/text.js';
export type { Subject } from './searches.js';
