// `c` of simulate --interactive: checks all states that can follow the one where the walk stands.

import {
  type CheckName,
  decisive,
  type Explored,
  explore,
  type LimitReached,
  type Lowered,
  limitText,
  lockRulesOf,
  type Path,
  type PropertyResult,
  programFrom,
  type Report,
} from '../../checker/index.js';
import { counted, type Stepper, wrap } from '../../counterexamples/index.js';
import type { Page } from '../../counterexamples/text.js';
import { watch } from '../output/progress.js';

export interface CheckedFromHere {
  readonly text: string;
  /** The walk up to here, and on to the first violation, or else to the first example; undefined if there is none. */
  readonly path: Path | undefined;
}

/** These are decided from where actors start, so they say nothing from a later state. */
const ofWholeRuns: readonly CheckName[] = ['lock-order', 'irq-safety'];

/** Explores at most `statesMax` states; `signal` stops it. */
export async function checkFromHere(
  { path, states }: Stepper,
  { program, properties }: Lowered,
  {
    statesMax,
    signal,
    page,
  }: { readonly statesMax: number; readonly signal: AbortSignal; readonly page: Page },
): Promise<CheckedFromHere> {
  const { onProgress, end } = watch(`${program.name} from here`);
  const stopped: LimitReached = { kind: 'interrupt', text: 'Ctrl-C' };
  const report = await explore(
    programFrom(program, states.at(-1)!),
    properties.filter(({ expectation }) => expectation !== 'liveness'),
    {
      statesMax,
      without: ofWholeRuns,
      onProgress: (progress) => (signal.aborted ? stopped : onProgress(progress)),
    },
  ).finally(end);
  const left = properties.filter(({ expectation }) => expectation === 'liveness').map(({ name }) => name);
  const hasPath = (result: PropertyResult | undefined) => result?.finding !== undefined;
  const violation = decisive(report);
  const first = hasPath(violation) ? violation : report.properties.find(hasPath);
  const onward = first && { ...path, steps: [...path.steps, ...first.finding!.path.steps] };
  return { text: textOf(report, [...left, ...lockRulesOf(program)], first, onward, page), path: onward };
}

function textOf(
  { evidence, properties }: Report<Explored>,
  left: readonly string[],
  first: PropertyResult | undefined,
  onward: Path | undefined,
  { width }: Page,
): string {
  const { limit } = evidence;
  const how = limit === undefined ? 'all that can follow this one' : `${limitText(limit)}: not a proof`;
  const named = (verdict: PropertyResult['verdict']) =>
    properties.filter((result) => result.verdict === verdict).map(({ check }) => check.name);
  const list = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];
  const lines = [
    `${counted(evidence.states, 'state')}, ${counted(evidence.transitions, 'transition')}: ${how}`,
    ...[...properties].sort(violatedFirst).flatMap((result) => {
      const { check, verdict, finding } = result;
      if (finding === undefined) return verdict === 'violated' ? [`  violated: ${check.name}`] : [];
      const { length } = finding.path.steps;
      if (length === 0) return [`  ${verdict}: ${check.name}, here`];
      const goes = result === first ? `; g ${onward!.steps.length} goes there` : '';
      return [`  ${verdict}: ${check.name}, in ${counted(length, 'step')}${goes}`];
    }),
    ...[
      ...list('holds', named('holds')),
      ...list('not reached', named('unreached')),
      ...list('not decided', [...named('unknown'), ...named('unchecked')]),
      ...list('not checked, since these are about whole runs', left),
    ].map((text) => `  ${text}`),
  ];
  return lines.flatMap((line) => wrapped(line, width)).join('\n');
}

const violatedFirst = (a: PropertyResult, b: PropertyResult): number =>
  Number(b.verdict === 'violated') - Number(a.verdict === 'violated');

const wrapped = (line: string, width: number): readonly string[] => {
  const margin = line.startsWith(' ') ? '  ' : '';
  return wrap(line.trim(), width - margin.length, '  ').map((part) => margin + part);
};
