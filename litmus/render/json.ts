// A verdict as JSON. docs/json.md describes the fields.

import type { Execution, MemoryEvent } from '../execution/event.js';
import type { Edge } from '../relations/explain.js';
import type { ModelVerdict } from '../verdict/model_verdict.js';
import { letterOf, picturedEdges, storyOf, type VerdictStory } from '../verdict/story.js';
import type { LitmusVerdict } from '../verdict/verdict.js';
import { askedLines, modelStory } from './model_text.js';

/** The text of a .json file. */
export function renderJson(verdict: LitmusVerdict): string {
  const { test, model, states, executions, positive, negative, outcome, isOk, flags } = verdict;
  const story = storyOf(verdict);
  const result = {
    schema: 1,
    test: test.name,
    model: model.name,
    condition: { quantifier: test.condition.quantifier, text: test.condition.text },
    outcome,
    ok: isOk,
    executions,
    positive,
    negative,
    flags: flags.map(({ name, events: [first, second] }) => ({
      name,
      first: placeJson(first),
      second: placeJson(second),
    })),
    states: states.map((state) => Object.fromEntries(state)),
    execution: typeof story === 'string' ? null : executionJson(story),
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

/** The verdict of a model as the text of a .json file. */
export function renderModelJson(verdict: ModelVerdict): string {
  const { translated, model, executions, flags } = verdict;
  const story = modelStory(verdict);
  const result = {
    schema: 1,
    test: translated.name,
    model: model.name,
    threads: translated.threadNames,
    executions,
    complete: verdict.isComplete && executions.cut === 0,
    answers: askedLines(verdict).map(({ name, outcome, positive, negative, isOk }) => ({
      name,
      outcome,
      positive,
      negative,
      ok: isOk,
    })),
    unjudged: translated.unjudged,
    ...(translated.coarse.length > 0 && {
      coarse: translated.coarse.map(({ label, source, accesses, isMarked }) => ({
        label,
        line: source.model?.line,
        accesses,
        marked: isMarked,
      })),
    }),
    flags: flags.map(({ name, events: [first, second] }) => ({
      name,
      first: placeJson(first),
      second: placeJson(second),
    })),
    execution: story === undefined ? null : executionJson(story),
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

function executionJson({ execution, isAllowed, axiom, cycle, unordered, interleaving }: VerdictStory) {
  const edges = (all: readonly Edge[]) =>
    all.map(({ from, to, name }) => ({ from: nameOf(execution, from), to: nameOf(execution, to), name }));
  return {
    allowed: isAllowed,
    ...(axiom !== undefined && { axiom }),
    events: execution.events.map((event) => eventJson(execution, event)),
    edges: edges(picturedEdges(execution)),
    cycle: edges(cycle),
    unordered: edges(unordered),
    ...(interleaving !== undefined && {
      interleaving: interleaving.map((event) => letterOf(execution, event)),
    }),
  };
}

/** A first value is named by its location. */
const nameOf = (execution: Execution, event: number): string => {
  const { thread, location } = execution.events[event]!;
  return thread === -1 ? `first ${location}` : letterOf(execution, event);
};

const placeJson = ({ thread, at, text }: MemoryEvent) => ({ thread, line: at?.line, text });

function eventJson(execution: Execution, event: MemoryEvent) {
  const { id, thread, kind, location, value, order, fence, lock, at, text } = event;
  return {
    name: nameOf(execution, id),
    thread: thread === -1 ? null : thread,
    kind,
    ...(location !== undefined && { location, value }),
    ...(order !== undefined && thread !== -1 && { order }),
    ...(fence !== undefined && { fence }),
    ...(lock !== undefined && { lock }),
    ...(at !== undefined && { line: at.line, column: at.column, text }),
  };
}
