// A suite as SARIF 2.1.0, which code scanning reads: a rule for each property, a result for each row that is not as
// expected, the counterexample as its code flow. Rows that failed are notifications of the invocation.

import type { Trace } from '../../counterexamples/trace/trace.js';
import { type Result, type SuiteReport, titleOf } from '../suite.js';
import { fromRoot, locationOf, messageOf, placeOf, type ReportPlace } from './words.js';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
/** What differs without being a property: counts, the verdict as a whole. */
const countsRule = 'row';

/** The log, as indented JSON. `version` is raceproof's. */
export function suiteSarif(report: SuiteReport, version: string): string {
  const surprises = report.results.filter(({ outcome }) => outcome.kind === 'unexpected');
  const errors = report.results.filter(({ outcome }) => outcome.kind === 'error');
  const rules = rulesOf(report.results);
  const log = {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'raceproof',
            version,
            rules: [...rules].map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        invocations: [
          {
            executionSuccessful: errors.length === 0 && report.stopped === undefined,
            toolExecutionNotifications: [
              ...errors.map((result) => ({
                level: 'error',
                message: { text: `${titleOf(result.row)}: ${messageOf(result)}` },
                ...locations(fromRoot(placeOf(result), report)),
              })),
              ...(report.stopped === undefined
                ? []
                : [{ level: 'warning', message: { text: `stopped at ${report.stopped}` } }]),
            ],
          },
        ],
        results: surprises.map((result) => resultOf(result, rules, report)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The text of each rule, by the name of its property. */
function rulesOf(results: readonly Result[]): ReadonlyMap<string, string> {
  const rules = new Map<string, string>([[countsRule, 'What was explored is what the row expects']]);
  for (const { outcome } of results) {
    if (!('found' in outcome)) continue;
    for (const { name, kind, about } of outcome.found.properties) {
      if (!rules.has(name)) rules.set(name, about ?? `${kind}: ${name}`);
    }
  }
  return rules;
}

function resultOf(result: Result, rules: ReadonlyMap<string, string>, report: SuiteReport): object {
  const { row, outcome } = result;
  if (outcome.kind !== 'unexpected') return {};
  const { differences, found } = outcome;
  const named = differences.find(({ field }) => rules.has(field))?.field ?? countsRule;
  return {
    ruleId: named,
    ruleIndex: [...rules.keys()].indexOf(named),
    level: 'error',
    message: { text: `${titleOf(row)}: ${messageOf(result)}` },
    ...locations(fromRoot(placeOf(result), report)),
    ...(found.trace !== undefined &&
      found.trace.steps.length > 0 && { codeFlows: [codeFlow(found.trace, report)] }),
  };
}

/** One thread flow of all steps: a flow for each actor would lose the order of steps of different actors. */
const codeFlow = (trace: Trace, report: SuiteReport): object => ({
  message: { text: `${trace.property.name}: ${trace.steps.length} steps` },
  threadFlows: [
    {
      locations: trace.steps.map(({ actor, path, caption, file, source, writes }, i) => {
        const changes = writes.map((write) => `${write.path}: ${write.from} -> ${write.to}`).join(', ');
        const does = [file, caption].filter((part) => part !== undefined && part !== '').join(': ');
        const text = `${actor} ${path}${does === '' ? '' : `: ${does}`}${changes === '' ? '' : ` (${changes})`}`;
        const place = fromRoot(locationOf(source), report);
        return {
          executionOrder: i + 1,
          location: { ...(place !== undefined && physical(place)), message: { text } },
        };
      }),
    },
  ],
});

const locations = (place: ReportPlace | undefined): object =>
  place === undefined ? {} : { locations: [physical(place)] };

const physical = ({ file, line }: ReportPlace): object => ({
  physicalLocation: {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: line },
  },
});
