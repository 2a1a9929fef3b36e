// What there is to say about the parts of a Trace, line by line and before any layout: a step, the values at the
// start, where an actor stands at the end, and what was decided there.

import type { Standing, Trace, TraceProperty, TraceStep, Value, Write } from '../trace.js';
import type { Line } from './style.js';
import { counted, together } from './wrap.js';

const equation = (path: string, value: Value): string => `${path} = ${value}`.replaceAll(' ', together);

/** `no_lost_update: violated in 4 steps`. */
export function titleOf({ property, steps, loop }: Trace): string {
  const repeated = loop === undefined ? '' : `, the last ${steps.length - loop} again and again`;
  return `${property.name}: ${property.verdict} in ${counted(steps.length, 'step')}${repeated}`;
}

/** What to call the place of a step: its label, with the indices of the loops around it. */
export const placeOf = ({ path }: { readonly path: string }): string => path.split(' > ').at(-1)!;

export function stepLines(step: TraceStep, trace: Trace): readonly Line[] {
  const said = trace.steps.at(-1) === step && saidByLastStep(trace) ? trace.ending.message : undefined;
  const caption = step.caption === said ? [] : [{ text: step.caption }];
  return [
    { text: placeOf(step), look: 'strong', ...(step.file !== undefined && { aside: step.file }) },
    ...caption,
    ...step.writes.map(
      (write): Line => ({ text: writeText(write, step), look: write.from === write.to ? 'dim' : 'change' }),
    ),
    ...(said === undefined ? [] : [{ text: `✗ ${said}`, look: 'bad' } as const]),
  ];
}

/** Does the message come from the last step: as a report, or because it has no value? */
const saidByLastStep = ({ property, steps, states }: Trace): boolean =>
  property.expectation === 'assertion' || states.length === steps.length;

/** `pmd: huge → none`; in its own column a local goes without its actor and procedure. */
function writeText({ path, from, to }: Write, { actor, label }: TraceStep): string {
  const procedure = label.slice(0, label.lastIndexOf('.') + 1);
  const own = `${actor}:`;
  const local = path.startsWith(own) ? path.slice(own.length) : path;
  const name = local.startsWith(procedure) && local !== path ? local.slice(procedure.length) : local;
  return from === to ? `${name}: stays${together}${to}` : `${name}: ${from} →${together}${to}`;
}

/** The values at the start of what the trace is about: what its steps change and its property reads, locks aside. */
export function startText({ steps, states, variables, ending }: Trace): string {
  const told = new Set([
    ...steps.flatMap(({ writes }) => writes.filter(({ from, to }) => from !== to).map(({ path }) => path)),
    ...ending.evidence.map(({ path }) => path),
  ]);
  return variables
    .filter(({ name, actor, lock }) => actor === undefined && lock === undefined && told.has(name))
    .map(({ name }) => equation(name, states[0]!.values[name]!))
    .join(', ');
}

/** Where an actor stands at the end, as a stack trace: the place, then its callers. */
export function standingLines(standing: Standing, trace: Trace): readonly Line[] {
  const { actor, label, waitsFor } = standing;
  if (label === 'done') return [{ text: 'done' }];
  const last = trace.steps.findLast((step) => step.actor === actor);
  const died = label === 'dead' && last !== undefined;
  const { path } = died ? last : standing;
  const [place = '', ...callers] = path.split(' > ').reverse();
  return [
    { text: `${died ? 'died at' : waitsFor === undefined ? 'next:' : 'waits at'}${together}${place}` },
    ...(callers.length === 0 ? [] : [{ text: `called by ${callers.join(', ')}`, look: 'dim' } as const]),
    ...(waitsFor === undefined ? [] : [{ text: `until ${waitsFor}`, look: 'bad' } as const]),
  ];
}

/** What was decided, in the kernel's words and in the model's, and the values that decided it. */
export function verdictLines({ property, ending }: Trace): readonly Line[] {
  const { name, expectation, verdict, about, condition } = property;
  const evidence = ending.evidence.map(({ path, value }) => equation(path, value)).join(', ');
  const said = about === undefined ? [] : [about];
  const stated = condition === undefined ? [] : statedLines(expectation, condition);
  return [
    { text: `${markOf[verdict].sign}${name}`, look: markOf[verdict].look },
    ...[...said, ...stated].map((text) => ({ text })),
    ...(ending.message === undefined || ending.message === name ? [] : [{ text: ending.message }]),
    ...(evidence === '' ? [] : [{ text: evidence, look: 'change' } as const]),
  ];
}

const markOf = {
  violated: { sign: '✗ ', look: 'bad' },
  reached: { sign: '✓ ', look: 'good' },
  walked: { sign: '', look: 'strong' },
} as const;

function statedLines(expectation: TraceProperty['expectation'], condition: string): readonly string[] {
  if (expectation === 'liveness') return [condition, 'which is false of this run'];
  return [`${expectation} ${condition}`, `which is ${expectation === 'always' ? 'false' : 'true'} here`];
}

/** The actors with a lane: those that take a step, of whom the property asks where they stand, or who are stuck. */
export const actorsTold = ({ actors, steps, property, ending }: Trace): readonly string[] =>
  actors.filter((actor) => {
    const { asked, waitsFor } = ending.standing.find((at) => at.actor === actor)!;
    const stuck = property.expectation === 'deadlock' && waitsFor !== undefined;
    return asked || stuck || steps.some((step) => step.actor === actor);
  });
