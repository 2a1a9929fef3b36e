// What simulate --interactive prints: the steps that can be taken and what each would do, who waits, a state, a walk,
// the value of a formula.

import type { Program } from '../../checker/index.js';
import {
  allMet,
  type Changer,
  counted,
  type Evaluated,
  type PossibleStep,
  placeOf,
  possibleSteps,
  type Stepper,
  shownIn,
  styled,
  together,
  type WaitingActor,
  Words,
  waitingActors,
  widthOf,
  wrap,
  writeLines,
} from '../../counterexamples/index.js';
import type { Line, Page } from '../../counterexamples/text.js';
import { locate } from '../locate.js';

/** Where a walk stands: what is decided there, the numbered steps, and the actors that wait. */
export function situationText(stepper: Stepper, stepsInAll: number, page: Page): string {
  const { program } = stepper.ground.walker;
  const variables = variablesOf(program);
  const length = stepper.path.steps.length;
  const hasState = stepper.states.length > length;
  const offered = possibleSteps(stepper, locate);
  const waiting = hasState ? waitingActors(program, stepper.states.at(-1)!) : [];
  const end = hasState ? 'no step can be taken' : 'the last step has no value: the walk ends';
  return linesText(
    [
      { text: `after ${counted(length, 'step')}${stepsInAll > length ? ` of ${stepsInAll}` : ''}:` },
      ...allMet(stepper).map(({ check, verdict }): Line => {
        return { text: `${verdict}: ${check.name}`, look: verdict === 'violated' ? 'bad' : 'good' };
      }),
      ...offered.flatMap((step, i) => offeredLines(step, `${i + 1}`.padStart(3), { variables })),
      ...(offered.length === 0 ? [{ text: end, indent: 1 }] : []),
      ...waiting.map((one): Line => ({ text: waitsText(one), look: 'dim', indent: 1 })),
    ],
    page,
  );
}

const variablesOf = (program: Program) => {
  const words = new Words(program, locate);
  return program.variables.map((variable) => words.variable(variable));
};

/** A step, what it changes, and what goes wrong or is reached with it. */
function offeredLines(
  { step, states, message, isFatal, violates, reaches }: PossibleStep,
  number: string,
  named: Parameters<typeof writeLines>[2],
): readonly Line[] {
  const caption = step.caption === message ? '' : `  ${step.caption}`;
  const bad = (text: string): Line => ({ text: `✗ ${text}`, look: 'bad' });
  return [
    { text: `${number}  ${step.actor}  ${placeOf(step)}${caption}` },
    ...[
      ...writeLines(step, states, named),
      ...(message === undefined ? [] : [bad(isFatal ? message : `warning: ${message}`)]),
      ...violates.map((name) => bad(`violates ${name}`)),
      ...reaches.map((name): Line => ({ text: `✓ reaches ${name}`, look: 'good' })),
    ].map((line) => ({ ...line, indent: 3 })),
  ];
}

/** One line about an actor that waits: for the holders of locks, or until a condition is true. */
export function waitsText({ actor, place, rests, conditions, locks, changers }: WaitingActor): string {
  const waits = `${actor} ${rests ? 'rests' : 'waits'} at ${place}`;
  const holders = locks.map(({ lock, holder, isShared }) =>
    holder === actor ? `it holds ${lock} itself` : `${holder} holds ${lock}${isShared ? ' for reading' : ''}`,
  );
  if (holders.length > 0) return `${waits}: ${holders.join(', ')}`;
  const until = conditions.map(([whole]) => whole?.text ?? 'false').join(' || ');
  const changes = changers.map((one: Changer) => `${one.actor} may change ${one.changes.join(', ')}`);
  const who = changes.length === 0 ? 'no other actor has a step left that changes this' : changes.join('; ');
  return `${waits} until ${until}: ${who}`;
}

/** Why actors wait: each with its conditions, term by term. */
export const waitingText = (waiting: readonly WaitingActor[], page: Page): string =>
  linesText(
    waiting.flatMap((one): readonly Line[] => [
      { text: waitsText(one) },
      ...one.conditions.flatMap((terms) =>
        termLines(terms).map((line) => ({ ...line, indent: 1 + (line.indent ?? 0) })),
      ),
    ]),
    page,
  );

export const evaluatedText = ({ text, value, terms }: Evaluated, page: Page): string =>
  terms.length === 0 ? `${text} is ${value}` : linesText(termLines(terms), page);

/** The whole, and below it the terms that decide it. */
const termLines = (terms: readonly Evaluated['terms'][number][]): readonly Line[] =>
  terms
    .filter(({ decides }) => decides)
    .map(({ depth, text, value, reads, since }): Line => {
      const values = reads.map(({ path, value }) => `${path} = ${value}`).join(', ');
      const from = since === undefined || since === 0 ? '' : ` since step ${since}`;
      const worth = value === undefined ? 'has no value' : `is ${value}${from}`;
      return { text: `${text} ${worth}${values === '' ? '' : ` (${values})`}`, indent: depth };
    });

/** The steps of a walk from step `first` on, one on each line. */
export function walkText({ ground: { walker }, path }: Stepper, page: Page, first = 0): string {
  const { steps, threads } = walker.program;
  const lines = path.steps.slice(first).map((id, i): Line => {
    const { thread, from, armPath, caption } = steps[id]!;
    const { name, locations } = threads[thread]!;
    const place = placeOf({ path: armPath ?? locations[from]!.path });
    return { text: `${first + i + 1}  ${name}  ${place}  ${caption}` };
  });
  return linesText(lines, page);
}

/** The values of all variables, and where the actors stand. */
export function stateText(stepper: Stepper): string {
  const { program } = stepper.ground.walker;
  const { values, at } = new Words(program, locate).state(shownIn(stepper).at(-1)!);
  return [
    ...Object.entries(values).map(([name, value]) => `  ${name} = ${value}`),
    ...Object.entries(at).map(([actor, label]) => `  ${actor} at ${label}`),
  ].join('\n');
}

const indentWidth = 2;
/** A line that begins with a number goes on below the text behind it. */
const numberWidth = 6;

/** Lines of the page's width; what goes on in the next line is indented. */
const linesText = (lines: readonly Line[], { width, style }: Page): string =>
  lines
    .flatMap(({ indent = 0, text, look }) => {
      const margin = ' '.repeat(indentWidth * indent);
      const hanging = ' '.repeat(/^ *\d+ {2}/.test(text) ? numberWidth : indentWidth);
      // The spaces between the columns of a step are kept.
      const kept = text
        .replace(/^ +/, (spaces) => together.repeat(spaces.length))
        .replaceAll('  ', `${together} `);
      return wrap(kept, Math.max(20, width - widthOf(margin)), hanging).map(
        (part) => margin + styled(style, { text: part.trimEnd(), ...(look && { look }) }),
      );
    })
    .join('\n');
