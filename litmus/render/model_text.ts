// The verdict of a model in plain text: what is asked, in herd's words and counts, and an execution that decides.

import type { Execution } from '../execution/event.js';
import { type CountedAnswer, howItEnds, type ModelVerdict } from '../verdict/model_verdict.js';
import { allowedStory, type VerdictStory } from '../verdict/story.js';
import { flagLines, storyLines } from './reason.js';

/** Something that is asked of a model, with its answer. */
export interface AskedLine extends CountedAnswer {
  readonly name: string;
  readonly about: string | undefined;
  /** Is it as it should be? */
  readonly isOk: boolean;
}

const waitsForEver = 'some actor waits for ever';

/** All that is asked. */
export function askedLines({ reports, ends, waiting, executions }: ModelVerdict): readonly AskedLine[] {
  const isWhole = executions.cut === 0;
  const never = ({ positive }: CountedAnswer) => positive === 0;
  return [
    ...ends.map(({ of, ...answer }) => ({
      ...answer,
      name: of.isWanted ? `sometimes ${of.name}` : `against ${of.name}`,
      about: of.about,
      isOk: of.isWanted ? answer.positive > 0 || !isWhole : never(answer),
    })),
    ...reports.map(({ of, ...answer }) => ({
      ...answer,
      name: of.message,
      about: undefined,
      isOk: never(answer),
    })),
    { ...waiting, name: waitsForEver, about: undefined, isOk: never(waiting) },
  ];
}

/** The first that is not as it should be and has an execution that shows it. */
const decidingLine = (verdict: ModelVerdict): AskedLine | undefined =>
  askedLines(verdict).find(({ isOk, witness }) => !isOk && witness !== undefined);

/** The execution that shows the first violation; undefined if there is none. */
export function modelStory(verdict: ModelVerdict): VerdictStory | undefined {
  const witness: Execution | undefined = decidingLine(verdict)?.witness;
  if (witness === undefined) return undefined;
  return { ...allowedStory(witness, verdict.model), threadNames: verdict.translated.threadNames };
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** The lines of the report. */
export function modelLines(verdict: ModelVerdict): readonly string[] {
  const { translated, model, executions, flags } = verdict;
  const lines = askedLines(verdict);
  const counts = lines.map(({ positive, negative }) => `${positive}/${negative}`);
  const width = Math.max(...counts.map(({ length }) => length));
  const all = executions.ended + executions.waiting + executions.bug + executions.cut;
  const story = modelStory(verdict);
  return [
    `${translated.name} under ${model.title}: ${counted(all, 'execution')}${endings(verdict)}`,
    '',
    ...lines.flatMap(({ outcome, name, about, isOk }, i) => [
      `  ${outcome.padEnd(9)} ${counts[i]!.padEnd(width)}  ${isOk ? '  ' : '! '}${name}`,
      ...(about === undefined ? [] : [`  ${' '.repeat(9 + 1 + width + 4)}${about}`]),
    ]),
    ...notes(verdict),
    '',
    ...flagLines(flags, (thread) => translated.threadNames[thread]!),
    ...(story === undefined ? [] : storyText(verdict, story)),
  ];
}

function endings({ executions: { waiting, bug, cut } }: ModelVerdict): string {
  const parts = [
    ...(waiting > 0 ? [`${waiting} in which some actor waits for ever`] : []),
    ...(bug > 0 ? [`${bug} with a bug`] : []),
    ...(cut > 0 ? [`${cut} with a loop that goes on`] : []),
  ];
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

/** What the verdict does not cover: clauses. */
export const gapsOf = ({ executions, isComplete }: ModelVerdict): readonly string[] => [
  ...(isComplete
    ? []
    : [
        'the model is too large to guess what is read before it is written, so executions with load buffering are not covered',
      ]),
  ...(executions.cut > 0
    ? ['some executions go round a loop more often than --unroll allows; what is never there may be in them']
    : []),
];

/** What is taken for atomic: clauses. */
export const coarseTexts = (coarse: ModelVerdict['translated']['coarse']): readonly string[] =>
  coarse.map(({ label, accesses, isMarked }) =>
    isMarked
      ? `${label} reads and writes ${accesses.join(' and ')} in one step: taken as one relaxed atomic operation, which READ_ONCE() and WRITE_ONCE() are not; make a step of each access`
      : `${label} reads and writes ${accesses.join(' and ')} in one step and says nothing of order: taken as one relaxed atomic operation`,
  );

function notes(verdict: ModelVerdict): readonly string[] {
  const { unjudged, coarse } = verdict.translated;
  return [
    ...unjudged.map(({ name, why }) => `  not judged ${name}: ${why}`),
    ...coarseTexts(coarse).map((text) => `  ${text}`),
    ...gapsOf(verdict).map((gap) => `  incomplete: ${gap}`),
  ];
}

function storyText(verdict: ModelVerdict, story: VerdictStory): readonly string[] {
  const { name, outcome } = decidingLine(verdict)!;
  const { title } = verdict.model;
  const end = howItEnds(story.execution);
  const what = name === waitsForEver ? `in which ${name}` : `with: ${name}`;
  const more = end === 'cut' ? ', and a loop goes on' : '';
  return [
    `An execution that ${title} allows, ${what} (${outcome})${more}:`,
    '',
    ...storyLines(story, verdict.model),
  ];
}
