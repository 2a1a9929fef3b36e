// Resets: a dead local goes back to its first value, and a value for a dead local is not stored. So states that differ
// only in dead locals are one state. For people, the step keeps the value that the model would have stored.

import { ModelError } from '../../models/language/index.js';
import { liveLocals } from '../analyse/live_variables.js';
import { constant, typeOfDomain } from '../ir/expression.js';
import type { Assignment, Variable, VariableId } from '../ir/program.js';
import type { ThreadNames, UnfinishedStep, UnnumberedStep } from './draft.js';

export function resetDeadLocals(
  steps: readonly UnfinishedStep[],
  { locals: own, variables }: ThreadNames,
): readonly UnnumberedStep[] {
  const locals = new Set(own);
  const live = liveLocals(steps, locals);
  const none: ReadonlySet<VariableId> = new Set();
  return steps.map(({ fresh, anew, ...step }) => {
    const before = live.get(step.from) ?? none;
    const after = live.get(step.to) ?? none;
    const dies = (id: VariableId) => locals.has(id) && (!after.has(id) || fresh.includes(id));
    const kept = step.assignments.filter(({ target }) => !target.variables.every(dies));
    const isStored = (id: VariableId) => kept.some(({ target }) => target.variables.includes(id));
    for (const { target } of kept) {
      if (target.index === undefined || !target.variables.some((id) => anew.includes(id))) continue;
      const { name } = variables[target.variables[0]!]!;
      throw new ModelError(
        `an arm cannot begin by writing ${name} by index in the step that resets it`,
        step.source.model,
      );
    }
    const resets = [...before]
      .filter((id) => dies(id) || (anew.includes(id) && !isStored(id)))
      .sort((a, b) => a - b)
      .map((id) => reset(variables[id]!));
    const started = [...fresh, ...anew.filter((id) => !isAssigned(step, id))];
    const unread = [
      ...step.assignments.filter((assignment) => !kept.includes(assignment)),
      ...[...new Set(started)].map((id) => reset(variables[id]!)),
    ];
    return { ...step, assignments: [...kept, ...resets], ...(unread.length > 0 && { unread }) };
  });
}

const isAssigned = ({ assignments }: Pick<UnfinishedStep, 'assignments'>, id: VariableId): boolean =>
  assignments.some(({ target }) => target.variables.includes(id));

const reset = ({ id, domain, initial }: Variable): Assignment => ({
  target: { variables: [id] },
  value: constant(initial[0]!, typeOfDomain(domain)),
  reset: true,
});
