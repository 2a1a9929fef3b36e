// The execution that decides, in plain text: each thread's events, where every read reads from, and the cycle.

import type { Execution, MemoryEvent } from '../execution/event.js';
import type { AxiomaticModel } from '../models/model.js';
import type { Edge } from '../relations/explain.js';
import { seenMax } from '../verdict/forbidden.js';
import { actionOf, letterOf, storyOf, threadName, type VerdictStory } from '../verdict/story.js';
import type { LitmusVerdict, RaisedFlag } from '../verdict/verdict.js';

/** Lines that explain the verdict. */
export function reasonLines(verdict: LitmusVerdict): readonly string[] {
  const { test, model, executions } = verdict;
  if (executions === 0) return ['No execution runs to its end: some thread waits for ever for a lock.'];
  const story = storyOf(verdict);
  const is = test.condition.quantifier === 'forall' ? 'false' : 'true';
  if (story === 'too many')
    return [
      `The condition is never ${is}. Of ${seenMax} executions, forbidden ones too, none makes it so; no more were tried.`,
    ];
  if (story === 'none')
    return [
      test.filter === undefined
        ? `No execution, allowed or not, makes the condition ${is}: no read can have such a value.`
        : `No execution that the filter keeps, allowed or not, makes the condition ${is}.`,
    ];
  const head = story.isAllowed
    ? `An execution that ${model.title} allows, in which the condition is ${is}:`
    : `The condition is never ${is}. This execution would make it so, and is forbidden:`;
  return [
    ...flagLines(verdict.flags, (thread) => threadName(story, thread)),
    head,
    '',
    ...storyLines(story, model),
  ];
}

/** The events of each thread, and what allows or forbids the execution. */
export const storyLines = (story: VerdictStory, model: AxiomaticModel): readonly string[] => [
  ...threadLines(story),
  '',
  ...(story.isAllowed ? allowedLines(story, model) : forbiddenLines(story)),
];

/** What is wrong with the program itself. */
const flagMeanings: { readonly [name: string]: string } = {
  'data-race': 'a plain access may happen at the same time as another access of its location:',
  'mixed-accesses': 'a plain write and a marked access of one location, and no barrier between them:',
  'mixed-lock-accesses': 'a lock is read or written as if it were no lock:',
  'unmatched-unlock': 'an unlock of what is not locked:',
  'unmatched-rcu-lock': 'a read-side section that does not end:',
  'unmatched-rcu-unlock': 'the end of a read-side section that does not begin:',
};

/** What is wrong, and where. */
export function flagLines(
  flags: readonly RaisedFlag[],
  nameOfThread: (thread: number) => string,
): readonly string[] {
  return flags.flatMap(({ name, events }) => [
    `Flag ${name}: ${flagMeanings[name]}`,
    '',
    ...new Set(
      events.map(
        ({ thread, at, text }) =>
          `    ${nameOfThread(thread)}  line ${String(at?.line).padEnd(4)}${text.replace(/;$/, '')}`,
      ),
    ),
    '',
  ]);
}

function threadLines(story: VerdictStory): readonly string[] {
  const { execution } = story;
  const { events } = execution;
  const threads = [...new Set(events.map(({ thread }) => thread))].filter((thread) => thread !== -1);
  return threads.flatMap((thread) => [
    `  ${threadName(story, thread)}`,
    ...events.filter((event) => event.thread === thread).map((event) => `    ${eventLine(execution, event)}`),
  ]);
}

function eventLine(execution: Execution, event: MemoryEvent): string {
  const line = `line ${event.at!.line}`.padEnd(9);
  const what = event.kind === 'fence' ? '' : `  ${actionOf(event)}${sourceText(execution, event)}`;
  return `${letterOf(execution, event.id)}  ${line}${event.text.replace(/;$/, '').padEnd(30)}${what}`.trimEnd();
}

function sourceText(execution: Execution, { id, kind }: MemoryEvent): string {
  const source = execution.readsFrom[id];
  if (kind !== 'read' || source === undefined) return '';
  return execution.events[source]!.thread === -1
    ? ', the first value'
    : `, from ${letterOf(execution, source)}`;
}

function allowedLines(story: VerdictStory, model: AxiomaticModel): readonly string[] {
  const { execution, interleaving, cycle, unordered } = story;
  if (interleaving !== undefined) {
    const letters = interleaving.map((event) => letterOf(execution, event)).join(' ');
    return [`  It is an interleaving: ${letters}.`];
  }
  const pair = ({ from, to }: Edge) => `${letterOf(execution, from)} before ${letterOf(execution, to)}`;
  const reason =
    unordered.length > 0
      ? `  Nothing in ${model.title} keeps ${unordered.map(pair).join(', or ')}.`
      : '  Each thread keeps its order, but a write need not reach all other threads at once.';
  return [
    '  No interleaving has it, for that would be a cycle:',
    '',
    ...cycleLines(execution, cycle),
    '',
    reason,
  ];
}

const forbiddenLines = ({ execution, axiom, cycle }: VerdictStory): readonly string[] => [
  `  Axiom ${axiom} forbids it:`,
  '',
  ...cycleLines(execution, cycle),
  ...sectionLines(execution, cycle),
];

/** A cycle through read-side sections of RCU counts them, and the grace periods. */
function sectionLines({ events }: Execution, cycle: readonly Edge[]): readonly string[] {
  const sections = cycle.filter(({ name }) => name === 'rcu-rscsi').length;
  const periods = cycle.filter(({ to }) => events[to]!.fence === 'sync-rcu').length;
  if (sections === 0) return [];
  const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  return [
    '',
    `  It passes ${counted(periods, 'grace period')} and, backwards, ${counted(sections, 'read-side section')}: at least as many periods as sections.`,
  ];
}

const cycleLines = (execution: Execution, cycle: readonly Edge[]): readonly string[] =>
  cycle.map(
    (edge) =>
      `    ${nameOf(execution, edge.from)} -> ${nameOf(execution, edge.to)}  ${edgeText(execution, edge)}`,
  );

const nameOf = (execution: Execution, event: number): string => {
  const { thread, location, value } = execution.events[event]!;
  return thread === -1 ? `${location}=${value}` : letterOf(execution, event);
};

/** The text of an edge of a cycle. */
const meanings: { readonly [name: string]: string } = {
  po: 'program order',
  'po-loc': 'program order, same location',
  ppo: 'program order, kept',
  rf: 'the read sees the write',
  rfe: 'the read sees the write',
  rfi: 'the read sees its own write',
  co: 'a later write',
  coe: 'a later write',
  fr: 'the read missed the write',
  fre: 'the read missed the write',
  rmw: 'one read-modify-write',
  addr: 'address dependency',
  data: 'data dependency',
  ctrl: 'control dependency',
  mb: 'full barrier between them',
  mfence: 'full barrier between them',
  implied: 'a locked instruction',
  wmb: 'write barrier between them',
  rmb: 'read barrier between them',
  'acq-po': 'behind an acquire',
  'po-rel': 'before a release',
  'po-unlock-lock-po': 'an unlock, and then a lock, between them',
  gp: 'a grace period between them',
  'rcu-rscsi': 'from the end of a read-side section back to its begin',
};

function edgeText(execution: Execution, { name, from, to }: Edge): string {
  const where = ['rf', 'rfe', 'co', 'coe', 'fr', 'fre'].includes(name);
  const location = where ? ` of ${execution.events[to]!.location ?? execution.events[from]!.location}` : '';
  if (name === 'mb' && execution.events[from]!.thread !== execution.events[to]!.thread) {
    return 'mb       an unlock, a lock and smp_mb__after_unlock_lock() between them';
  }
  return `${name.padEnd(8)} ${meanings[name] ?? 'ordered'}${location}`;
}
