// The verdict at the end of a Trace, as lines: the property, its message, and the terms of its condition with their
// values, which show the term that decided.
//
//   ✗ no_lost_update
//     always !(adder[0] is done && adder[1] is done) || counter == 2
//     turned false at step 4 (increment.store)
//       false  !(adder[0] is done && adder[1] is done) (since step 4)
//       false  counter == 2 (counter = 1)

import { isDecidedBy, statedText } from '../trace/decided.js';
import type { Term, Trace, TraceProperty } from '../trace/trace.js';
import type { Line, Look } from './style.js';
import { stepNumbered, valuesText } from './trace_facts.js';
import { counted, together } from './wrap.js';

/** The verdict first, details indented below it. */
export function verdictLines(trace: Trace): readonly Line[] {
  const { property, ending } = trace;
  const { name, verdict, about } = property;
  const stated = statedText(property);
  return [
    { text: `${markOf[verdict].sign}${name}`, look: markOf[verdict].look },
    ...[about, stated, ending.message === name ? undefined : ending.message].flatMap((text) =>
      text === undefined ? [] : [{ text }],
    ),
    ...(ending.terms === undefined ? evidenceLines(trace) : termLines(trace, ending.terms)),
  ];
}

const markOf = {
  violated: { sign: '✗ ', look: 'bad' },
  reached: { sign: '✓ ', look: 'good' },
  walked: { sign: '', look: 'strong' },
} as const;

function evidenceLines(trace: Trace): readonly Line[] {
  const text = valuesText(trace.ending.evidence, trace);
  return text === '' ? [] : [{ text, look: 'change' }];
}

interface ShownTerm extends Term {
  readonly isInnermost: boolean;
}

function termLines(trace: Trace, [whole, ...inner]: readonly Term[]): readonly Line[] {
  if (whole === undefined) return [];
  const reads = valuesText(whole.reads, trace);
  const terms = inner.map((term, i) => ({ ...term, isInnermost: (inner[i + 1]?.depth ?? 0) <= term.depth }));
  return [
    { text: turnText(whole, trace) },
    ...(reads === '' ? [] : [{ text: reads, look: 'change' } as const]),
    ...runsOf(terms).flatMap((run) =>
      run.length > undecidingMax ? [moreLine(run)] : run.map((term) => termLine(term, trace)),
    ),
  ];
}

/** At most so many terms that do not decide are printed one by one. */
const undecidingMax = 4;
/** The largest indentation, which deeper terms share. */
const indentMax = 8;

/** Groups adjacent terms that do not decide and have the same value; each other term is a group of its own. */
function runsOf(terms: readonly ShownTerm[]): readonly (readonly ShownTerm[])[] {
  const runs: ShownTerm[][] = [];
  for (const term of terms) {
    const [before] = runs.at(-1) ?? [];
    const isAlike = before?.decides === false && before.depth === term.depth && before.value === term.value;
    if (isAlike && !term.decides) runs.at(-1)!.push(term);
    else runs.push([term]);
  }
  return runs;
}

const moreLine = (run: readonly ShownTerm[]): Line => ({
  text: `${valueText(run[0]!)}${gap}${counted(run.length, 'other term')}`,
  look: 'dim',
  indent: Math.min(run[0]!.depth, indentMax),
});

function termLine(term: ShownTerm, trace: Trace): Line {
  const { property, loop } = trace;
  const { depth, text, since = 0, decides, isInnermost } = term;
  const changes = loop !== undefined && since > loop;
  const when = changes ? 'not throughout the loop' : since === 0 ? '' : `since step ${since}`;
  const aside = [valuesText(term.reads, trace), when].filter((part) => part !== '').join('; ');
  const look = decides ? (isInnermost ? decisiveLook(property) : undefined) : 'dim';
  return {
    text: `${valueText(term)}${gap}${text}${aside === '' ? '' : ` (${aside})`}`,
    indent: Math.min(depth, indentMax),
    ...(look !== undefined && { look }),
  };
}

/** A whole run is decided by no single condition. */
const decisiveLook = (property: TraceProperty): Look | undefined =>
  isDecidedBy(property, 'run') ? undefined : markOf[property.verdict].look;

const gap = together.repeat(2);
const valueText = ({ value }: Term): string => (value === undefined ? 'no value' : String(value));

/** Since when the whole has the deciding value. */
function turnText({ text, value, since }: Term, trace: Trace): string {
  const { condition } = trace.property;
  // The name is not repeated right after the property.
  const what = condition === undefined ? `${text} ` : '';
  if (value === undefined) return `${what}has no value`;
  if (since === undefined) return `${what}is ${value} of this run`;
  if (since === 0) return `${what}is ${value}, as it was from the start`;
  const step = stepNumbered(trace, since);
  return `${what}turned ${value} at step ${since}${step === undefined ? '' : ` (${step.label})`}`;
}
