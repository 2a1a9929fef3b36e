// Suites: models under settings and what is expected of them. The door to this folder.

export { differences, factsOf } from './judge.js';
export { type Entry, readManifest, readProject, rowsOf, SuiteError } from './read.js';
export { suiteAnnotations } from './report/github.js';
export { suiteJson } from './report/json.js';
export { suiteJunit } from './report/junit.js';
export { suiteMarkdown } from './report/markdown.js';
export { suiteSarif } from './report/sarif.js';
export { originText, resultLine, summaryText, surpriseLines } from './report/text.js';
export { type RowData, rowText, updatedRow } from './row_text.js';
export {
  countsOf,
  type Result,
  type Row,
  type RowFound,
  type RowOrigin,
  type RowOutcome,
  type SuiteReport,
  titleOf,
} from './suite.js';
