// The report of one run as text: first the verdict, then every property, then what was explored, then the trace.

import {
  bracketHint,
  decisive,
  type Explored,
  gapsOf,
  incompleteText,
  isExample,
  isSentence,
  limitText,
  type PropertyResult,
  type PropertyVerdict,
  type Report,
} from '../../checker/index.js';
import {
  counted,
  type Line,
  type Look,
  type Page,
  paragraph,
  renderLanes,
  table,
  verdictText,
  violationText,
} from '../../counterexamples/text.js';
import type { CheckedModel } from '../checked_model.js';
import { locate } from '../locate.js';

/** The parts of a run that the report is made of. */
type ReportedRun = Omit<CheckedModel, 'lowered'>;

/** Which traces follow the report: the decisive counterexample, or all. */
export type Traces = 'decisive' | 'all';

export function reportText(
  run: ReportedRun,
  page: Page,
  traces: Traces,
  advice: readonly string[] = [],
  notes: readonly string[] = [],
): string {
  const { report } = run;
  return [
    ...paragraph(headline(run), page),
    ...settingsLines(run, page),
    '',
    ...table(report.properties.map(propertyRow), page),
    '',
    ...paragraph({ text: exploredText(report.evidence) }, page),
    ...faultLines(report, page),
    ...warningLines(report, page),
    ...notes.flatMap((text) => paragraph({ text: `note: ${text}` }, page)),
    ...uncheckedLines(report, page),
    ...adviceLines(advice, page),
    ...lassoLines(report, page),
    ...bracketLines(report, page),
    ...coverageLines(report, page),
    ...printedResults(run, traces).flatMap((result) => [
      '',
      renderLanes(run.traces.get(result)!, { ...page, withSettings: false }).trimEnd(),
    ]),
  ].join('\n');
}

/** How many counterexamples there are beside the one that is printed. */
export function notPrinted(run: ReportedRun): number {
  const violated = run.report.properties.filter(({ verdict, finding }) => verdict === 'violated' && finding);
  return Math.max(0, violated.length - 1);
}

const looks: { readonly [verdict in PropertyVerdict]?: Look } = {
  holds: 'good',
  reached: 'good',
  violated: 'bad',
  unreached: 'bad',
};

function headline(run: ReportedRun): Line {
  const { verdict } = run.report;
  const result = decisive(run.report);
  if (result !== undefined) {
    return { text: `${run.model}: violated: ${violationText(result)}`, look: 'bad' };
  }
  if (verdict === 'holds') return { text: `${run.model}: holds`, look: 'good' };
  return {
    text: `${run.model}: incomplete, ${incompleteText(run.report)}: ${soFar(run.report)}`,
    look: 'strong',
  };
}

/** A violation is claimed only once its trace was replayed. */
function soFar({ evidence: { pathless = [] }, properties }: Report<Explored>): string {
  const names = properties.flatMap(({ check }) =>
    !isExample(check) && pathless.includes(check.name) ? [`'${check.name}'`] : [],
  );
  if (names.length === 0) return 'no violation found yet; this is not a proof';
  return `${names.join(', ')} ${names.length === 1 ? 'seems' : 'seem'} violated, but the search stopped before the trace was rebuilt`;
}

/** The chosen settings, and how many have their default. */
function settingsLines({ settings, chosen }: ReportedRun, page: Page): readonly string[] {
  const texts = chosen.map((name) => `${name}=${settings[name]}`);
  const others = Object.keys(settings).length - chosen.length;
  const rest =
    others === 0
      ? []
      : [`${counted(others, 'setting')} at ${others === 1 ? 'its default' : 'their defaults'}`];
  const text = [...texts, ...rest].join(', ');
  return text === '' ? [] : paragraph({ text, look: 'dim' }, page, '  ');
}

const propertyRow = (result: PropertyResult): readonly Line[] => {
  const { check, verdict } = result;
  const look = looks[verdict];
  return [
    { text: verdictText(result), ...(look !== undefined && { look }) },
    { text: check.kind, look: 'dim' },
    { text: check.name },
  ];
};

/** The evidence for the verdict: what was explored. */
function exploredText(evidence: Explored): string {
  const { states, transitions, depth, engine, search } = evidence;
  const counts = `${counted(states, 'state')}, ${counted(transitions, 'transition')}, depth ${depth}`;
  const traces = search === 'dfs' ? '; a counterexample of this search need not be the shortest' : '';
  const how = `${searchTexts[search]}, by the ${engine} engine${memoryText(evidence)}`;
  return `${counts}, ${how}: ${reachText(evidence)}${traces}${choiceText(evidence)}`;
}

/** What --reduce=auto took, and why. */
const choiceText = ({ reductionsWhy }: Explored): string =>
  reductionsWhy === undefined ? '' : `; --reduce=auto took ${reductionsWhy}`;

/** The memory model, where it is not sequential consistency. */
const memoryText = ({ bufferSlots }: Explored): string =>
  bufferSlots === undefined ? '' : `, under x86-TSO with store buffers of ${counted(bufferSlots, 'store')}`;

const searchTexts = {
  bfs: 'breadth first',
  dfs: 'depth first',
  iterative: 'by iterative deepening',
} as const;

function reachText(evidence: Explored): string {
  const { exhaustive, limit, reductions } = evidence;
  if (exhaustive || limit === undefined) {
    return reductions.length === 0
      ? 'every reachable state was explored'
      : `every state that the reduction by ${reductions.join(' and ')} leaves was explored, and those left out decide nothing`;
  }
  const text = limitText(limit);
  return isSentence(limit) ? text : `${text}, so not every reachable state was explored`;
}

/** How a value out of range limits the other results. */
function faultLines({ properties }: Report, page: Page): readonly string[] {
  if (!properties.some(({ isUpToFault }) => isUpToFault)) return [];
  const text = 'a run ends where a value goes out of range: what would follow was not explored';
  return paragraph({ text }, page);
}

/** That a warning is no end, unlike a domain error, so that what else is said has no bound. */
function warningLines({ properties }: Report, page: Page): readonly string[] {
  const isFound = properties.some(
    ({ check, finding }) => check.severity === 'warning' && finding !== undefined,
  );
  if (!isFound) return [];
  return paragraph({ text: 'a warning ends no run: what happens after it was explored too' }, page);
}

/** What was left out of a search that saw every state, and how to ask for it. */
function uncheckedLines({ properties, evidence }: Report<Explored>, page: Page): readonly string[] {
  const isReduced = evidence.reductions.length > 0;
  return properties.flatMap(({ check, verdict, reason }) => {
    if (verdict !== 'unchecked') return [];
    const how = isReduced ? `without --reduce, --${check.kind} checks it` : `--${check.kind} checks it`;
    const text = `'${check.name}' is not checked unasked beyond ${reason}; everything else was. ${how}`;
    return paragraph({ text }, page);
  });
}

/** What to try next. */
function adviceLines(advice: readonly string[], page: Page): readonly string[] {
  if (advice.length === 0) return [];
  return ['', 'what to try next', ...advice.flatMap((text) => paragraph({ text }, page, '  '))];
}

/** A hint that the counterexample may not be a shortest one. */
function lassoLines({ properties }: Report, page: Page): readonly string[] {
  if (properties.every(({ finding }) => finding?.isShortest !== false)) return [];
  const text = 'a counterexample to liveness need not be a shortest one: --shortest-lassos finds one';
  return paragraph({ text }, page);
}

/** Hints for typed formulas that may have been meant otherwise. */
function bracketLines({ properties }: Report, page: Page): readonly string[] {
  const hints = properties.flatMap(({ check }) =>
    check.source.model === undefined ? (bracketHint(check.name) ?? []) : [],
  );
  return hints.flatMap((text) => paragraph({ text }, page));
}

/** Coverage: the labels, branches and lock waits that were never met, with their lines in the model. */
function coverageLines({ labels }: Report, page: Page): readonly string[] {
  if (labels === undefined) return [];
  const rows = labels.flatMap((label) =>
    gapsOf([label]).map((text): readonly Line[] => {
      const { model } = label.source;
      return [{ text: model === undefined ? '' : locate(model), look: 'dim' }, { text }];
    }),
  );
  const met = `${counted(labels.length, 'label')}: all were reached, all branches taken, all locks contended`;
  return ['', ...(rows.length === 0 ? paragraph({ text: met }, page) : table(rows, page))];
}

/** The results whose traces follow the report. */
export function printedResults(
  run: Pick<ReportedRun, 'report' | 'traces'>,
  traces: Traces,
): readonly PropertyResult[] {
  const traced = run.report.properties.filter((result) => run.traces.has(result));
  const violated = traced.filter(({ verdict }) => verdict === 'violated');
  if (traces === 'all') return [...violated, ...traced.filter(({ verdict }) => verdict !== 'violated')];
  return violated.filter((result) => result === decisive(run.report));
}
