// Liveness in Promela: a never claim for each property, which accepts the fair runs on which the property is false. A
// claim reads states, not steps; so in this mode the model also stores in `last` the step that it has taken, for steps
// with fairness. As in raceproof, a step with a fault is not taken, and where no actor can go on pan repeats the last
// state for ever.
//
//   always (p implies eventually q)      q0:         :: true -> goto q0    :: p && !q -> goto accept_q1
//                                        accept_q1:  :: !q -> goto accept_q1

import { and, automatonOf, normalise, True } from '../../../properties/automaton/index.js';
import { formulaText } from '../../../properties/language/temporal.js';
import { hasValue, meaningOf } from '../../analyse/meaning.js';
import { anyOf, at, and as both, isTrue } from '../../ir/expression.js';
import type { Expr, Location, Program, StepId, ThreadId } from '../../ir/program.js';
import { Atoms } from '../../property/atoms.js';
import type { Fairness } from '../../property/property.js';
import type { Check } from '../../search/report.js';
import { type Dialect, infix } from '../infix.js';
import { commentText } from '../names.js';
import { ExportError } from '../refusals.js';
import type { Symbols } from '../symbols.js';
import { type Claim, type ClaimState, type ClaimTransition, claimOf, type Reading } from './claim.js';

/** Strong fairness to many actors doubles a claim with each; a claim with more states than this is refused. */
const claimStatesMax = 1000;

/** The claims of a text, and what the model must store for them. */
export interface LivenessText {
  /** Declarations before the model; empty if no claim has fairness. */
  readonly declarations: readonly string[];
  /** The additional effect of a step, such as `took(1)`; undefined if no claim has fairness. */
  took(step: StepId): string | undefined;
  /** The macros and the claims. */
  readonly claims: readonly string[];
}

export interface PromelaLivenessContext {
  readonly program: Program;
  readonly symbols: Symbols;
  readonly dialect: Dialect;
  /** The variable that says that an initial state is chosen; undefined if there is just one. */
  readonly chosen: string | undefined;
}

/** The claims of all liveness checks. Throws an ExportError for a claim that would be too large. */
export function livenessText(checks: readonly Check[], context: PromelaLivenessContext): LivenessText {
  const { symbols } = context;
  const live = checks.filter(({ liveness }) => liveness !== undefined);
  const macros = new Macros(context);
  const moves = movesOf(live, context);
  const labels = new Map<string, string>();
  const label = (wish: string): string => {
    const name = labels.get(wish) ?? symbols.names.take(wish);
    labels.set(wish, name);
    return name;
  };
  const claims = live.flatMap((check) => ['', ...claimText(check, macros, moves, label, context)]);
  return {
    declarations: moves.declarations,
    took: moves.took,
    claims: [...macros.lines, ...moves.macros, ...claims],
  };
}

/** The conditions of formulas, each a macro. */
class Macros {
  readonly #context: PromelaLivenessContext;
  readonly #names = new Map<string, string>();
  readonly lines: string[] = [];

  constructor(context: PromelaLivenessContext) {
    this.#context = context;
  }

  nameOf(x: Expr): string {
    const { program, symbols, dialect } = this.#context;
    const key = JSON.stringify(x);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = symbols.names.take(this.#wish(x));
    this.#names.set(key, name);
    // Where it has no value, raceproof leaves the property undecided; here it is false.
    this.lines.push(`#define ${name} (${infix(both(hasValue(x, program), x), dialect)})`);
    return name;
  }

  #wish(x: Expr): string {
    if (x.name !== undefined) return x.name;
    if (x.op !== 'at') return 'p';
    const { name, locations } = this.#context.program.threads[x.thread]!;
    const labels = new Set(x.locations.map((location) => locations[location]!.label));
    return labels.size === 1 ? `${name}_at_${[...labels][0]}` : 'p';
  }
}

/** What claims can read about the steps with fairness. */
interface Moves extends Pick<LivenessText, 'declarations' | 'took'> {
  readonly macros: readonly string[];
  enabled(fairness: Fairness): string;
  taken(fairness: Fairness): string;
}

/** Steps to which the same fairness constraints apply have one number. */
function movesOf(live: readonly Check[], context: PromelaLivenessContext): Moves {
  const { program, symbols, dialect } = context;
  const key = ({ steps }: Fairness) => steps.join();
  const all = live.flatMap(({ liveness }) => liveness!.fairness);
  const sets = [...new Map(all.map((fairness) => [key(fairness), fairness])).values()];
  const membership = program.steps.map(({ id }) =>
    sets.flatMap(({ steps }, i) => (steps.includes(id) ? [i] : [])).join(),
  );
  const numbers = new Map([['', 0]]);
  for (const member of membership) if (!numbers.has(member)) numbers.set(member, numbers.size);
  if (sets.length === 0) {
    const none = () => '';
    return { declarations: [], macros: [], took: () => undefined, enabled: none, taken: none };
  }
  const last = symbols.names.take('last');
  const took = symbols.names.take('took');
  const names = sets.map(({ name }) => [
    symbols.names.take(`enabled_${name}`),
    symbols.names.take(`taken_${name}`),
  ]);
  const nameIn = (fairness: Fairness, which: 0 | 1) =>
    names[sets.findIndex((one) => key(one) === key(fairness))]![which]!;
  return {
    declarations: [
      '#ifdef LIVENESS',
      `${numbers.size <= 256 ? 'byte' : 'short'} ${last} = 0;`,
      `#define ${took}(steps) ${last} = steps`,
      '#else',
      `#define ${took}(steps) skip`,
      '#endif',
    ],
    took: (step) => `${took}(${numbers.get(membership[step]!)!})`,
    macros: sets.flatMap(({ name, steps }, i) => {
      const own = [...numbers].filter(([member]) => member.split(',').includes(String(i)));
      const [enabled, taken] = names[i]!;
      return [
        `/* Can ${commentText(name)} take a step? Has it just taken one? */`,
        `#define ${enabled} (${enabledParts(steps, program)
          .map((x) => infix(x, dialect, true))
          .join(' || \\\n  ')})`,
        `#define ${taken} (${own.length === 0 ? 'false' : own.map(([, number]) => `${last} == ${number}`).join(' || ')})`,
      ];
    }),
    enabled: (fairness) => nameIn(fairness, 0),
    taken: (fairness) => nameIn(fairness, 1),
  };
}

/** Where one of the steps is enabled: by location alone where its thread can always go on, else with its guard. */
function enabledParts(steps: readonly StepId[], program: Program): readonly Expr[] {
  const places = new Map<string, { thread: ThreadId; from: Location; when: Expr[] }>();
  for (const id of steps) {
    const step = program.steps[id]!;
    const { thread, from } = step;
    const key = `${thread} ${from}`;
    const place = places.get(key) ?? { thread, from, when: [] };
    places.set(key, place);
    place.when.push(meaningOf(step, program).isTaken);
  }
  const parts = [...places.values()].map((place) => ({ ...place, when: anyOf(place.when) }));
  const threads = [...new Set(parts.map(({ thread }) => thread))];
  const always = threads.map((thread) =>
    at(
      thread,
      parts.flatMap((part) => (part.thread === thread && isTrue(part.when) ? [part.from] : [])),
    ),
  );
  const sometimes = parts.flatMap(({ thread, from, when }) =>
    isTrue(when) ? [] : [both(at(thread, [from]), when)],
  );
  const all = [...always, ...sometimes].filter((x) => x.op !== 'const');
  return all.length === 0 ? [anyOf([])] : all;
}

/** Labels are names as well, but every claim may reuse them. */
type Label = (wish: string) => string;

function claimText(
  check: Check,
  macros: Macros,
  moves: Moves,
  label: Label,
  { symbols, chosen }: PromelaLivenessContext,
): readonly string[] {
  const { name, about } = check;
  const { formula, assumption, fairness } = check.liveness!;
  const atoms = new Atoms();
  const assumed = assumption === undefined ? True : normalise(assumption, true, atoms.literal);
  const wrong = normalise(formula, false, atoms.literal);
  if (check.liveness!.previously !== undefined) {
    throw new ExportError(
      `'${name}' has 'previously' beside the future: a never claim cannot follow it where a run has ended`,
    );
  }
  const automaton = automatonOf(and(assumed, wrong));
  if (automaton === undefined) {
    throw new ExportError(`'${name}' needs a never claim that is too large: its formula has too many parts`);
  }
  const claim = claimOf(automaton, fairness, claimStatesMax);
  if (claim === undefined) {
    throw new ExportError(
      `'${name}' needs a never claim of more than ${claimStatesMax} states: it assumes strong fairness of too many`,
    );
  }
  const atomNames = atoms.exprs.map((x) => macros.nameOf(x));
  const inWords = (x: Expr) => macros.nameOf(x);
  const fair = fairness.map((one) => `, ${one.strength}ly fair to ${one.name}`).join('');
  const given = assumption === undefined ? '' : `, given ${formulaText(assumption, inWords)}`;
  const read = (reading: Reading) => readingText(reading, atomNames, fairness, moves);
  return [
    `/* ${commentText(about === undefined ? 'liveness' : about)}`,
    ` * ${commentText(formulaText(formula, inWords) + given + fair)} */`,
    `never ${symbols.names.take(name, `claim_${name}`)} {`,
    ...bodyOf(claim, read, label, chosen),
    '}',
  ];
}

function readingText(
  { what, number, isTrue: isSo }: Reading,
  atoms: readonly string[],
  fairness: readonly Fairness[],
  moves: Moves,
): string {
  const sign = isSo ? '' : '!';
  if (what === 'atom') return `${sign}${atoms[number]}`;
  const one = fairness[number]!;
  if (what === 'enabled') return `${sign}${moves.enabled(one)}`;
  if (what === 'taken') return `${sign}${moves.taken(one)}`;
  return isSo
    ? `${moves.enabled(one)} && !${moves.taken(one)}`
    : `(${moves.taken(one)} || !${moves.enabled(one)})`;
}

function bodyOf(
  { initial, states }: Claim,
  read: (reading: Reading) => string,
  label: Label,
  chosen: string | undefined,
): readonly string[] {
  const labelOf = (i: number) => label(`${states[i]!.accepts ? 'accept_' : ''}q${i}`);
  const block = (
    name: string,
    note: string,
    transitions: readonly ClaimTransition[],
    before: readonly string[] = [],
  ) => [
    `${name}:${note}`,
    '  if',
    ...before,
    ...transitions.map(({ reads, to }) => {
      const all = [...(before.length === 0 ? [] : [chosen!]), ...reads.map(read)];
      return `  :: ${all.length === 0 ? 'true' : all.join(' && ')} -> goto ${labelOf(to)}`;
    }),
    // Promela has no block without options.
    ...(transitions.length + before.length === 0 ? ['  :: false'] : []),
    '  fi;',
  ];
  const rest = (from: readonly number[]) =>
    reachable(from, states).flatMap((i) => {
      const { waitsFor, transitions } = states[i]!;
      const note = waitsFor === undefined ? '' : ` /* waits for ${commentText(waitsFor)} */`;
      return block(labelOf(i), note, transitions);
    });
  if (initial.length === 1 && chosen === undefined) return rest(initial);
  // It may begin in any of several states: the same as one state with the edges of all of them.
  const first = initial.flatMap((i) => states[i]!.transitions);
  const start = label('start');
  const before = chosen === undefined ? [] : [`  :: !${chosen} -> goto ${start}`];
  return [...block(start, '', first, before), ...rest(first.map(({ to }) => to))];
}

/** The states that are reachable from these, these included, in their order. */
function reachable(from: readonly number[], states: readonly ClaimState[]): readonly number[] {
  const found = new Set(from);
  for (const i of found) for (const { to } of states[i]!.transitions) found.add(to);
  return [...found].sort((a, b) => a - b);
}
