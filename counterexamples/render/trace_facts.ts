// The text lines for the parts of a Trace, before layout: a step, the values at the start, the location of an actor at
// the end. The verdict is in verdict.ts.

import { holdsOf } from '../explain/lock_spans.js';
import { isDecidedBy } from '../trace/decided.js';
import type {
  Ending,
  Standing,
  Trace,
  TraceState,
  TraceStep,
  TraceVariable,
  Value,
  Write,
} from '../trace/trace.js';
import type { Line } from './style.js';
import { counted, grouped, together } from './wrap.js';

/** The trace itself, or the whole of a view. */
export const wholeOf = (trace: Trace): Trace => trace.view?.whole ?? trace;

/** The number of a step in the whole trace, from 1. */
export const numberOf = (trace: Trace, i: number): number => trace.view?.numbers[i] ?? i + 1;

/** The step with a number, even if a view hides it. */
export const stepNumbered = (trace: Trace, number: number): TraceStep | undefined =>
  wholeOf(trace).steps[number - 1];

/** The index of the first step of the loop; undefined if there is no loop, or a view hides it. */
export function loopStart(trace: Trace): number | undefined {
  const { loop, steps } = trace;
  if (loop === undefined) return undefined;
  const first = trace.view === undefined ? loop : trace.view.numbers.findIndex((number) => number > loop);
  return first >= 0 && first < steps.length ? first : undefined;
}

/** `no_lost_update: violated in 4 steps`. */
export function titleOf(trace: Trace): string {
  const { property, steps, loop } = wholeOf(trace);
  const repeated = loop === undefined ? '' : `, the last ${steps.length - loop} again and again`;
  return `${property.name}: ${property.verdict} in ${counted(steps.length, 'step')}${repeated}`;
}

/** `NR_ACTORS=2`, for each setting: those that differ from their defaults, and the others; all differ if nobody knows. */
export function settingTexts({ settings, nonDefault }: Trace): {
  readonly chosen: readonly string[];
  readonly others: readonly string[];
} {
  const isChosen = (name: string) => nonDefault?.includes(name) ?? true;
  const texts = (wanted: boolean) =>
    Object.entries(settings).flatMap(([name, value]) =>
      isChosen(name) === wanted ? [`${name}=${value}`] : [],
    );
  return { chosen: texts(true), others: texts(false) };
}

/** The model and all its settings: `increment NR_ACTORS=2`. */
export const modelText = ({ model, settings }: Trace): string =>
  [model, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join(' ');

/** The model and the settings that differ from their defaults: `increment`, `increment NR_ACTORS=3`. */
export const modelChosenText = (trace: Trace): string =>
  [trace.model, ...settingTexts(trace).chosen].join(' ');

/** How much a view hides; undefined if nothing. */
export function hiddenText(trace: Trace): string | undefined {
  if (trace.view === undefined) return undefined;
  const whole = wholeOf(trace);
  const { story } = trace.view;
  const isStory = story !== undefined && trace.steps.length === story.length;
  if (isStory) return storyText(trace.steps.length, whole.steps.length);
  const share = (count: (of: Trace) => number, noun: string) =>
    count(whole) === count(trace)
      ? []
      : [`${grouped(count(whole) - count(trace))} of ${counted(count(whole), noun)}`];
  const changes = ({ steps }: Trace) => steps.reduce((sum, { writes }) => sum + writes.length, 0);
  const parts = [
    ...share(({ steps }) => steps.length, 'step'),
    ...share(changes, 'change'),
    ...share(({ actors }) => actors.length, 'actor'),
    ...share(({ variables }) => variables.length, 'variable'),
  ];
  return `hidden here: ${parts.join(', ')}`;
}

const storyText = (kept: number, all: number): string =>
  kept === all
    ? 'the story is the whole trace: every step matters'
    : `the story: ${grouped(kept)} of ${counted(all, 'step')}; what they read was stored by one of them, or is as at the start`;

/** What a view leaves out between two steps. */
export interface Gap {
  readonly sign: '⋮' | '…';
  /** In a story how many steps of whom; otherwise empty. */
  readonly text: string;
}

/** What is left out before the step with index `i`, or after the last one; undefined if nothing is. */
export function gapBefore(trace: Trace, i: number): Gap | undefined {
  if (trace.view === undefined) return undefined;
  const { whole, numbers, story } = trace.view;
  const [before, after] = [numbers[i - 1] ?? 0, numbers[i] ?? whole.steps.length + 1];
  if (after <= before + 1) return undefined;
  // A filter may hide steps that matter.
  const isFolded = story?.every((number) => number <= before || number >= after) === true;
  if (!isFolded) return { sign: '⋮', text: '' };
  const counts = new Map<string, number>();
  for (const { actor } of whole.steps.slice(before, after - 1))
    counts.set(actor, (counts.get(actor) ?? 0) + 1);
  const [[first, count], ...others] = [...counts] as [[string, number], ...(readonly [string, number])[]];
  const steps = [
    `${counted(count, 'step')} of ${first}`,
    ...others.map(([actor, n]) => `${grouped(n)} of ${actor}`),
  ];
  return { sign: '…', text: `${steps.join(', ')}: nothing that matters` };
}

/** `pmd = none`, without line breaks. */
const equation = (path: string, value: Value): string => `${path} = ${value}`.replaceAll(' ', together);

/** The name of a step's location: its label, with the indices of the loops around it. */
export const placeOf = ({ path }: { readonly path: string }): string => path.split(' > ').at(-1)!;

export function stepLines(step: TraceStep, trace: Trace): readonly Line[] {
  const isLast =
    trace.steps.at(-1) === step && numberOf(trace, trace.steps.length - 1) === wholeOf(trace).steps.length;
  const said = isLast && saidByLastStep(trace) ? trace.ending.message : undefined;
  const caption = step.caption === said ? [] : [{ text: step.caption }];
  return [
    { text: placeOf(step), look: 'strong', ...(step.file !== undefined && { aside: step.file }) },
    ...caption,
    ...writeLines(step, statesAround(step, trace), wholeOf(trace)),
    ...(said === undefined ? [] : [{ text: `✗${together}${said}`, look: 'bad' } as const]),
  ];
}

/** The states before and after a step of a trace. */
function statesAround(step: TraceStep, trace: Trace): readonly (TraceState | undefined)[] {
  const before = numberOf(trace, trace.steps.indexOf(step)) - 1;
  return wholeOf(trace).states.slice(before, before + 2);
}

/** The variables of a whole trace. */
type Named = Pick<Trace, 'variables'>;

/** What a step stores between two states; of a queue and of a store buffer, the whole of it before and after. */
export function writeLines(
  step: TraceStep,
  [before, after]: readonly (TraceState | undefined)[],
  named: Named,
): readonly Line[] {
  const variableOf = (path: string) => named.variables.find(({ name }) => name === path);
  const groupOf = (path: string) => variableOf(path)?.queue ?? variableOf(path)?.slot?.buffer;
  const textOf = (path: string) => (variableOf(path)?.queue === undefined ? bufferText : queueText);
  return step.writes.flatMap((write, i): readonly Line[] => {
    const group = groupOf(write.path);
    if (group !== undefined && step.writes.findIndex(({ path }) => groupOf(path) === group) < i) return [];
    const text = textOf(write.path);
    const stored =
      group === undefined
        ? write
        : { path: group, from: text(group, before!, named), to: text(group, after!, named) };
    return [{ text: writeText(stored, step, named), look: stored.from === stored.to ? 'dim' : 'change' }];
  });
}

/** `[a, b]`: the values in a queue, its head first. */
function queueText(queue: string, { values }: TraceState, { variables }: Named): string {
  const [length, ...cells] = variables.filter((variable) => variable.queue === queue);
  const used = cells.slice(0, Number(values[length!.name])).map(({ name }) => values[name]);
  return `[${used.join(`,${together}`)}]`;
}

/** `[flag = true, x = 2]`: the stores in a buffer, the oldest first. */
function bufferText(buffer: string, { values }: TraceState, { variables }: Named): string {
  const parts = variables.filter(({ slot }) => slot?.buffer === buffer);
  const stores = parts.flatMap(({ name, slot }): readonly string[] => {
    const place = String(values[name]);
    if (slot?.holds !== undefined || place === 'empty') return [];
    const value = parts.find((one) => one.slot!.index === slot!.index && one.slot!.holds?.includes(place));
    return [equation(place, value === undefined ? '?' : values[value.name]!)];
  });
  return `[${stores.join(`,${together}`)}]`;
}

/** Does the message belong to the last step, as its report or its fault? */
const saidByLastStep = ({ property, steps, states }: Trace): boolean =>
  isDecidedBy(property, 'report') || states.length === steps.length;

/** For what is so or not: nothing where it comes to be so, `no longer`, `still` or `not`. */
function changeWord(from: Value, to: Value): string {
  const [was, is] = [from !== false, to !== false];
  if (was !== is) return is ? '' : `no${together}longer${together}`;
  return is ? `still${together}` : `not${together}`;
}

/**
 * `pmd: huge → none`, `mmap_lock: held for reading`; in its own column a local is written without its actor and
 * procedure.
 */
function writeText({ path, from, to }: Write, { actor, label }: TraceStep, { variables }: Named): string {
  // A queue and a store buffer are no variable.
  const { lockName, holder, ofLock }: Partial<TraceVariable> =
    variables.find(({ name }) => name === path) ?? {};
  if (ofLock?.what === 'nested') {
    const more = Number(to) - Number(from);
    const times = more === 0 ? 'as often as before' : more > 0 ? 'once more' : 'once less';
    return `${ofLock.lock}: held for${together}reading, ${times}`;
  }
  if (ofLock !== undefined) return `${ofLock.lock}: ${changeWord(from, to)}queued for${together}writing`;
  if (lockName !== undefined) {
    const way = holder === undefined ? 'writing' : 'reading';
    return `${lockName}: ${changeWord(from !== 'free' && from, to !== 'free' && to)}held for${together}${way}`;
  }
  const procedure = label.slice(0, label.lastIndexOf('.') + 1);
  const own = `${actor}:`;
  const local = path.startsWith(own) ? path.slice(own.length) : path;
  const name = local.startsWith(procedure) && local !== path ? local.slice(procedure.length) : local;
  return from === to ? `${name}: stays${together}${to}` : `${name}: ${from} →${together}${to}`;
}

/** `n = 1, sem = p for reading`: what was read. The parts of one lock are one lock. */
export function valuesText(read: Ending['evidence'], trace: Trace): string {
  const variables = new Map(wholeOf(trace).variables.map((variable) => [variable.name, variable]));
  const lockOf = (path: string): string | undefined => {
    const of = variables.get(path);
    return of?.lockName ?? of?.ofLock?.lock;
  };
  return [...new Set(read.map(({ path }) => lockOf(path) ?? path))]
    .map((name) => {
      const all = read.filter(({ path }) => (lockOf(path) ?? path) === name);
      return equation(name, lockOf(all[0]!.path) === undefined ? all[0]!.value : holdersText(all, variables));
    })
    .join(', ');
}

/** `q for writing`, `p and q for reading, with w queued for writing`; `free` if that was asked for. */
function holdersText(all: Ending['evidence'], variables: ReadonlyMap<string, TraceVariable>): string {
  const parts = all.map(({ path, value }) => ({ ...variables.get(path)!, value }));
  const readers = parts.flatMap(({ holder, value }) => (value === true ? (holder ?? []) : []));
  const queued = parts.flatMap(({ ofLock, value }) => (value === true ? (ofLock?.actor ?? []) : []));
  const writer = parts.find(({ holder, ofLock }) => holder === undefined && ofLock === undefined)?.value;
  const isWritten = writer !== undefined && writer !== 'free';
  const held = [
    ...(isWritten ? [`${writer} for writing`] : []),
    ...(readers.length > 0 ? [`${readers.join(' and ')} for reading`] : []),
  ].join(', ');
  const others = parts.flatMap(({ holder }) => holder ?? []).join(' or ');
  const unheld = writer === undefined ? `not held for reading by ${others}` : 'free';
  const text = held === '' ? unheld : held;
  return queued.length === 0 ? text : `${text}, with ${queued.join(' and ')} queued for writing`;
}

/** The initial values of what the steps change and the property reads, without locks. */
export function startText(trace: Trace): string {
  const { steps, states, variables, ending } = trace;
  const shown = new Set([
    ...steps.flatMap(({ writes }) => writes.filter(({ from, to }) => from !== to).map(({ path }) => path)),
    ...ending.evidence.map(({ path }) => path),
  ]);
  const texts = variables
    .filter(
      ({ name, actor, lock, ofLock, slot }) =>
        [actor, lock, ofLock, slot].every((one) => one === undefined) && shown.has(name),
    )
    .map(({ name, queue }) =>
      queue === undefined
        ? equation(name, states[0]!.values[name]!)
        : equation(queue, queueText(queue, states[0]!, wholeOf(trace))),
    );
  return [...new Set(texts)].join(', ');
}

/** The location of an actor at the end, as a stack trace. */
export function standingLines(actor: string, trace: Trace): readonly Line[] {
  const standing = trace.ending.standing.find((at) => at.actor === actor)!;
  const { label, waitsFor } = standing;
  const held = locksHeld(trace, actor);
  const holds: readonly Line[] =
    held.length === 0 ? [] : [{ text: `holds ${held.join(', ')}`, look: 'lock' }];
  if (label === 'done') return [{ text: 'done' }, ...holds];
  const last = wholeOf(trace).steps.findLast((step) => step.actor === actor);
  const died = label === 'dead' && last !== undefined;
  const { path } = died ? last : standing;
  const [place = '', ...callers] = path.split(' > ').reverse();
  return [
    { text: `${placeWord(died, standing)}${together}${place}` },
    ...(callers.length === 0 ? [] : [{ text: `called by ${callers.join(', ')}`, look: 'dim' } as const]),
    ...(waitsFor === undefined ? [] : [{ text: `until ${waitsFor}`, look: 'bad' } as const]),
    ...holds,
  ];
}

function placeWord(died: boolean, { waitsFor, rests }: Standing): string {
  if (died) return 'died at';
  if (waitsFor === undefined) return 'next:';
  return rests ? 'rests at' : 'waits at';
}

/** The locks that an actor holds when the trace ends. */
const locksHeld = (trace: Trace, actor: string): readonly string[] => {
  const { states } = wholeOf(trace);
  return holdsOf({ variables: trace.variables, states: states.slice(-1) }).flatMap((hold) =>
    hold.actor === actor ? [hold.isShared ? `${hold.lock} for${together}reading` : hold.lock] : [],
  );
};

/** The actors with a lane: those that take a step, whose location the property reads, or that are stuck. */
export function actorsShown({ actors, steps, property, ending }: Trace): readonly string[] {
  const asksWhoWaits = isDecidedBy(property, 'deadlock') || isDecidedBy(property, 'stuck');
  return actors.filter((actor) => {
    const { asked, waitsFor, rests } = ending.standing.find((at) => at.actor === actor)!;
    const isStuck = asksWhoWaits && waitsFor !== undefined && !rests;
    return asked || isStuck || steps.some((step) => step.actor === actor);
  });
}
