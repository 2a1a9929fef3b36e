// Views of a trace that leave steps out and keep the numbers of the others: the longest that is displayed, and a story.

import type { Term, Trace } from './trace.js';

/** The steps of a trace, or of a view of it, that have one of these numbers. */
export function keeping(trace: Trace, isKept: (number: number) => boolean): Trace {
  const whole = trace.view?.whole ?? trace;
  const numberAt = (i: number) => trace.view?.numbers[i] ?? i + 1;
  const kept = [...trace.steps.keys()].filter((i) => isKept(numberAt(i)));
  const numbers = kept.map(numberAt);
  const states = [0, ...numbers].flatMap((number) => whole.states[number] ?? []);
  const steps = kept.map((i) => trace.steps[i]!);
  return { ...trace, steps, states, view: { ...trace.view, whole, numbers } };
}

/**
 * The story: the steps with these numbers. Conditions that have a name are shown by it, unless `withTerms` asks for what
 * they are made of.
 */
export function storyView(trace: Trace, story: readonly number[], withTerms = false): Trace {
  const matters = new Set(story);
  const view = keeping(trace, (number) => matters.has(number));
  const { terms } = view.ending;
  return {
    ...view,
    view: { ...view.view!, story },
    ending: terms === undefined || withTerms ? view.ending : { ...view.ending, terms: underNames(terms) },
  };
}

/** The terms without those that a named one is made of. */
function underNames(terms: readonly Term[]): readonly Term[] {
  let named = Number.POSITIVE_INFINITY;
  return terms.filter(({ depth, isNamed }) => {
    if (depth > named) return false;
    named = isNamed === true ? depth : Number.POSITIVE_INFINITY;
    return true;
  });
}
