// What the script of a trace's page works with, as JSON: states as differences, what each step changes, what else was
// possible, and the trace in other formats, to be copied.

import type { Essence } from '../../essence/essence.js';
import { essentialSteps } from '../../essence/window.js';
import type { OtherStep, Trace, TraceState, TraceStep } from '../../trace/trace.js';
import { storyView } from '../../trace/view.js';
import { renderLanes } from '../lanes.js';
import { renderMarkdown } from '../markdown.js';
import { renderMermaid } from '../mermaid.js';
import { stepLines, wholeOf } from '../trace_facts.js';

/** What a page can have beyond its trace. */
export interface PageExtras {
  /** The numbers of the steps that matter: the page can show them alone. */
  readonly story?: readonly number[] | undefined;
  /** By state of the whole trace: the steps that were possible and not taken. */
  readonly others?: readonly (readonly OtherStep[])[] | undefined;
  /** The trace as its file, to be downloaded. */
  readonly saved?: string | undefined;
}

/** Texts to copy are left out of pages with more steps: they would make them too large. */
const copiedStepsMax = 300;

export function pageData(trace: Trace, essence: Essence | undefined, extras: PageExtras): object {
  const { actors, variables, states, view } = trace;
  const names = variables.map(({ name }) => name);
  const values = ({ values }: TraceState) => names.map((name) => values[name]!);
  const places = ({ at }: TraceState) => actors.map((actor) => at[actor]!);
  const differences = <T>(from: readonly T[], to: readonly T[]) =>
    to.flatMap((value, i) => (value === from[i] ? [] : [[i, value] as const]));
  const moving = new Set(wholeOf(trace).steps.map(({ actor }) => actor));
  const ownerOf = new Map(variables.map(({ name, actor, holder }) => [name, actor ?? holder]));
  const isStill = (owner: string | undefined) => owner !== undefined && !moving.has(owner);
  return {
    actors,
    variables: names,
    values: values(states[0]!),
    at: places(states[0]!),
    changes: states.slice(1).map((state, i) => {
      const before = states[i]!;
      return [differences(values(before), values(state)), differences(places(before), places(state))];
    }),
    does: trace.steps.map((step) => [
      actors.indexOf(step.actor),
      changedBy(step).map((path) => names.indexOf(path)),
    ]),
    essential: essence === undefined ? [] : essentialSteps(essence),
    length: wholeOf(trace).steps.length,
    still: names.flatMap((name, i) => (isStill(ownerOf.get(name)) ? [i] : [])),
    stillActors: actors.flatMap((actor, i) => (moving.has(actor) ? [] : [i])),
    ...(view && { numbers: view.numbers }),
    ...(extras.others && {
      others: extras.others.map((here) => here.map((other) => otherData(other, trace))),
    }),
    ...(extras.saved !== undefined && { saved: extras.saved }),
    ...(trace.steps.length <= copiedStepsMax && {
      copies: copiesOf(trace, essence),
      ...(extras.story && { storyCopies: copiesOf(storyView(trace, extras.story), essence) }),
    }),
  };
}

/** The formats that can be copied, by the names of their buttons. */
const copiesOf = (trace: Trace, essence: Essence | undefined) => ({
  Markdown: renderMarkdown(trace, essence),
  Mermaid: renderMermaid(trace, essence),
  'plain text': renderLanes(trace, { ...(essence && { essence }) }),
});

/** Who, where, the lines that say what it does, and whether something goes wrong. */
const otherData = ({ step, message }: OtherStep, trace: Trace): readonly unknown[] => {
  const [place, ...lines] = stepLines(step, trace).map(({ text }) => text);
  const said = lines.filter((text) => text !== message);
  return [
    step.actor,
    place,
    [...said, ...(message === undefined ? [] : [`✗ ${message}`])],
    message === undefined ? 0 : 1,
  ];
};

/** For each step, the variables that it changes: what a filter asks. */
export const changedBy = ({ writes }: TraceStep): readonly string[] =>
  writes.filter(({ from, to }) => from !== to).map(({ path }) => path);
