// A Trace in the Informal Trace Format of Apalache and Quint, ADR 015 of Apalache: `#meta`, `vars`, `states` and, for a
// lasso, `loop`. Integers are { "#bigint": "n" }, since JSON does not guarantee large ones.
//
//   { "#meta": { "index": 1 }, "counter": { "#bigint": "1" }, "pc(adder[0])": "done" }

import type { Trace, Value } from '../trace/trace.js';

/** The variables are the model's, and for each actor `pc(actor)`: the label it is about to run. */
export function renderItf(trace: Trace): string {
  const vars = [...trace.variables.map(({ name }) => name), ...trace.actors.map(locationOf)];
  const states = trace.states.map(({ at, values }, index) => ({
    '#meta': { index, ...actionOf(trace, index) },
    ...Object.fromEntries(trace.variables.map(({ name }) => [name, itfValue(values[name]!)])),
    ...Object.fromEntries(trace.actors.map((actor) => [locationOf(actor), at[actor]!])),
  }));
  const { property, model, settings, ending } = trace;
  const head = {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      source: model,
      status: property.verdict === 'violated' ? 'violation' : 'example',
      description: `${property.name}: ${property.verdict}`,
      settings,
      ...(ending.message !== undefined && { message: ending.message }),
    },
    vars,
    ...(trace.loop !== undefined && { loop: trace.loop }),
    states: loopClosed(states, trace.loop),
  };
  return `${JSON.stringify(head, null, 2)}\n`;
}

/** In ITF a loop goes from the last state; our last state repeats the one that the loop returns to. */
const loopClosed = <S>(states: readonly S[], loop: number | undefined): readonly S[] =>
  loop === undefined ? states : states.slice(0, -1);

const locationOf = (actor: string): string => `pc(${actor})`;

/** The step that leads to this state. */
function actionOf({ steps }: Trace, index: number): object {
  const step = steps[index - 1];
  return step === undefined ? {} : { actor: step.actor, label: step.label, caption: step.caption };
}

const itfValue = (value: Value): object | boolean | string =>
  typeof value === 'number' ? { '#bigint': String(value) } : value;
