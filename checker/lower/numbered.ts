// The steps of a Program: those of all threads with their numbers and their texts.

import { visible } from '../../models/language/index.js';
import type { Step } from '../ir/program.js';
import type { ProgramNames } from '../ir/text.js';
import type { LoweredThread } from './draft.js';

/** The steps of all threads, with their texts, which may refer to locations of any thread. */
export function numbered(threads: readonly LoweredThread[], names: ProgramNames): readonly Step[] {
  const own = ownNames(names);
  return threads
    .flatMap((thread) => thread.steps)
    .map(({ caption, reports, ...step }, id) => ({
      id,
      ...step,
      caption: visible(caption(own(step.label))),
      ...(step.source.file !== undefined && { source: { ...step.source, file: visible(step.source.file) } }),
      ...(reports !== undefined && { reports: { ...reports, message: visible(reports.message(names)) } }),
    }));
}

/**
 * A caption is printed in its actor's lane and contains no locals of other actors, so locals need no actor, and those
 * of its own procedure no procedure.
 */
function ownNames(names: ProgramNames): (label: string) => ProgramNames {
  const variables = names.variables.map((variable) => {
    if (variable.thread === undefined) return variable;
    const actor = `${names.threads[variable.thread]!.name}:`;
    return { ...variable, name: variable.name.slice(actor.length) };
  });
  const known = new Map<string, ProgramNames>();
  return (label) => {
    const procedure = label.slice(0, label.indexOf('.') + 1);
    const before = known.get(procedure);
    if (before !== undefined) return before;
    const shortened = variables.map((variable) =>
      variable.thread !== undefined && variable.name.startsWith(procedure)
        ? { ...variable, name: variable.name.slice(procedure.length) }
        : variable,
    );
    const own = { ...names, variables: shortened };
    known.set(procedure, own);
    return own;
  };
}
