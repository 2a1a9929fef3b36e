// The execution that decides, in plain text: each thread's events, where every read reads from, and the cycle.

import type { Execution, MemoryEvent } from '../execution/event.js';
import type { Edge } from '../relations/explain.js';
import { actionOf, letterOf, storyOf, type VerdictStory } from '../verdict/story.js';
import type { LitmusVerdict } from '../verdict/verdict.js';

/** Lines that say why the verdict is what it is. */
export function toldLines(verdict: LitmusVerdict): readonly string[] {
  const { test, model, executions } = verdict;
  if (executions === 0) return ['No execution runs to its end: some thread waits for ever for a lock.'];
  const story = storyOf(verdict);
  const is = test.condition.quantifier === 'forall' ? 'false' : 'true';
  if (story === undefined)
    return [`No execution, allowed or not, makes the condition ${is}: no read can have such a value.`];
  const head = story.isAllowed
    ? `An execution that ${model.title} allows, in which the condition is ${is}:`
    : `The condition is never ${is}. This execution would make it so, and is forbidden:`;
  return [
    head,
    '',
    ...threadLines(story.execution),
    '',
    ...(story.isAllowed ? allowedLines(story, verdict) : forbiddenLines(story)),
  ];
}

function threadLines(execution: Execution): readonly string[] {
  const { events } = execution;
  const threads = [...new Set(events.map(({ thread }) => thread))].filter((thread) => thread !== -1);
  return threads.flatMap((thread) => [
    `  P${thread}`,
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

function allowedLines(story: VerdictStory, { model }: LitmusVerdict): readonly string[] {
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
];

const cycleLines = (execution: Execution, cycle: readonly Edge[]): readonly string[] =>
  cycle.map(
    (edge) =>
      `    ${nameOf(execution, edge.from)} -> ${nameOf(execution, edge.to)}  ${edgeText(execution, edge)}`,
  );

const nameOf = (execution: Execution, event: number): string => {
  const { thread, location, value } = execution.events[event]!;
  return thread === -1 ? `${location}=${value}` : letterOf(execution, event);
};

/** What an edge of a cycle says. */
const meanings: { readonly [name: string]: string } = {
  po: 'program order',
  'po-loc': 'program order, same location',
  ppo: 'program order, kept',
  rf: 'the read sees the write',
  rfe: 'the read sees the write',
  rfi: 'the read sees its own write',
  co: 'overwritten',
  coe: 'overwritten',
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
  'rcu-fence': 'as many grace periods as read-side sections between them',
};

function edgeText(execution: Execution, { name, from, to }: Edge): string {
  const where = ['rf', 'rfe', 'co', 'coe', 'fr', 'fre'].includes(name);
  const location = where ? ` of ${execution.events[to]!.location ?? execution.events[from]!.location}` : '';
  return `${name.padEnd(8)} ${meanings[name] ?? 'ordered'}${location}`;
}
