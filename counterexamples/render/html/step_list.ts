// The steps of a trace as a list: one item a step, in the lane of its actor, with notes where the racy window opens and
// closes and where a view leaves steps out. With a story, what does not belong to it is marked, and each run of such
// steps has a note that the page shows in their place.

import type { Essence } from '../../essence/essence.js';
import { essentialSteps } from '../../essence/window.js';
import type { Trace, TraceStep } from '../../trace/trace.js';
import { storyView } from '../../trace/view.js';
import { type Bars, barsOf } from '../bars.js';
import type { Line } from '../style.js';
import { gapBefore, loopStart, numberOf, stepLines } from '../trace_facts.js';
import { windowMarks } from '../window_marks.js';
import { escapeHtml } from './escape.js';
import { breakable } from './names.js';

export const spanHtml = ({ text, look, aside }: Line): string => {
  const beside = aside === undefined ? '' : ` <small>${breakable(aside)}</small>`;
  return `<span${look === undefined ? '' : ` class="${look}"`}>${breakable(text)}${beside}</span>`;
};

interface Listed {
  readonly trace: Trace;
  readonly actors: readonly string[];
  readonly essence?: Essence | undefined;
  /** The numbers of the steps that matter, if the page can show them alone. */
  readonly story?: readonly number[] | undefined;
}

export function stepItems(listed: Listed): readonly string[] {
  const { trace, actors, essence, story } = listed;
  const window = windowMarks(trace, essence);
  const essential = new Set(essence && essentialSteps(essence));
  const bars = barsOf(trace, actors);
  const matters = story && new Set(story);
  const note = (text: string) => `<li class="note bad">${escapeHtml(text)}</li>`;
  const folds = foldNotes(trace, story);
  const before = (i: number) => [...gapNotes(trace, i), ...(folds.get(numberOf(trace, i)) ?? [])];
  const items = trace.steps.flatMap((step, i) => {
    const number = numberOf(trace, i);
    const marks = {
      isEssential: essential.has(number),
      isRacing: window.has(i),
      isAside: matters?.has(number) === false,
    };
    return [
      ...before(i),
      ...(window.opensAt(i) ? [note(window.opens)] : []),
      stepHtml(listed, step, i, bars, marks),
      ...(window.closesAt(i) ? [note(window.closes)] : []),
    ];
  });
  return [...items, ...gapNotes(trace, trace.steps.length), ...(folds.get(Number.POSITIVE_INFINITY) ?? [])];
}

function gapNotes(trace: Trace, i: number): readonly string[] {
  const left = gapBefore(trace, i);
  return left === undefined
    ? []
    : [`<li class="note dim">${escapeHtml(`${left.sign} ${left.text}`.trim())}</li>`];
}

/** By the number of the step that follows, or infinity: how many steps the story leaves out before it. */
function foldNotes(
  trace: Trace,
  story: readonly number[] | undefined,
): ReadonlyMap<number, readonly string[]> {
  const notes = new Map<number, readonly string[]>();
  if (story === undefined) return notes;
  const view = storyView(trace, story);
  for (const i of [...view.steps.keys(), view.steps.length]) {
    const gap = gapBefore(view, i);
    if (gap === undefined) continue;
    const key = i < view.steps.length ? numberOf(view, i) : Number.POSITIVE_INFINITY;
    notes.set(key, [`<li class="note dim fold">${escapeHtml(`${gap.sign} ${gap.text}`.trim())}</li>`]);
  }
  return notes;
}

interface ItemMarks {
  readonly isEssential: boolean;
  readonly isRacing: boolean;
  readonly isAside: boolean;
}

function stepHtml(
  { trace, actors }: Listed,
  step: TraceStep,
  i: number,
  bars: readonly Bars[],
  { isEssential, isRacing, isAside }: ItemMarks,
): string {
  const lane = actors.indexOf(step.actor);
  const number = numberOf(trace, i);
  const lines = stepLines(step, trace).map(spanHtml).join('');
  const who = `<span class="who">${escapeHtml(step.actor)}</span>`;
  const mark = isEssential ? '<span class="hidden">part of the essence</span>' : '';
  const classes = `lanes${isEssential ? ' essential' : ''}${isRacing ? ' racing' : ''}${isAside ? ' aside' : ''}`;
  const id = `step-${number}`;
  return `<li class="${classes}" style="--lanes:${actors.length}"><span class="number">${loopStart(trace) === i ? '↻ ' : ''}${number}</span>${barsHtml(bars, number)}<a class="step" id="${id}" href="#${id}" style="--lane:${lane};--slots:${bars[lane]!.slots}">${who}${lines}${mark}</a></li>`;
}

/** The bars are hidden from screen readers, which have the list of locks at the end. */
const barsHtml = (bars: readonly Bars[], number: number): string =>
  bars
    .flatMap(({ slots, atStep, lockIn }, lane) =>
      Array.from({ length: slots }, (_, slot) => {
        const bar = atStep(slot, number);
        if (bar === undefined) return '';
        const lock = lockIn(slot, bar === 'ends' ? number - 1 : number)!;
        const edge = bar === 'goes on' ? '' : ` ${bar}`;
        return `<span class="bar${edge}" style="--lane:${lane};--slot:${slot}" title="${escapeHtml(lock)}" aria-hidden="true"></span>`;
      }),
    )
    .join('');
