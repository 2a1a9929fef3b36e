// The explorer's engine: the readable engine on one Program, for a page that walks through it. No DOM here: the page's
// script (page_script.ts) calls it, and scripts/link.js bundles it for browsers.

import { type Decider, deciderOf, isExample } from '../checker/decide/decide.js';
import { typeOf, typeOfDomain, valueText } from '../checker/ir/expression.js';
import type { Expr, Program, Step } from '../checker/ir/program.js';
import { exprText } from '../checker/ir/text.js';
import { parseFormula, parseValue } from '../checker/property/text/parser.js';
import { evaluate, initialStates, isEnabled, type State, take } from '../checker/reference/semantics.js';
import { referenceSystem } from '../checker/reference/system.js';
import type { Check } from '../checker/search/report.js';

export type { State };

/** What a page is made of; plain JSON. */
export interface ExplorerData {
  readonly program: Program;
  readonly checks: readonly Check[];
}

export interface OfferedStep {
  readonly step: number;
  readonly actor: string;
  /** `procedure.label`, with loop indices. */
  readonly place: string;
  readonly caption: string;
  readonly changes: readonly string[];
  /** What it reports, or why it has no value. */
  readonly message?: string;
  /** Does the walk end with it for its actor, or as a whole? */
  readonly isBad: boolean;
  /** The checks that are violated after it, and were not before. */
  readonly violates: readonly string[];
  readonly label: string;
}

/** A run by the number of its initial state and the numbers of its steps. */
export interface Walk {
  readonly initial: number;
  readonly steps: readonly number[];
}

export interface Found {
  readonly walk: Walk;
  readonly states: number;
}

/** What checking to the end has found so far. */
export interface Checked {
  readonly states: number;
  readonly transitions: number;
  /** By check: a shortest run. Examples that are wanted are among them. */
  readonly found: readonly { readonly name: string; readonly isExample: boolean; readonly walk: Walk }[];
  readonly end: 'all' | 'limit' | undefined;
}

interface CheckDecider {
  readonly check: Check;
  readonly decider: Decider<State>;
}

/** A walk through a Program, and what can be asked of the state that it has come to. Long, since each control of the page is a method. */
export class Explorer {
  readonly program: Program;
  readonly #checks: readonly Check[];
  readonly #initial: readonly State[];
  readonly #system: ReturnType<typeof referenceSystem>;
  readonly #deciders: readonly CheckDecider[];

  constructor({ program, checks }: ExplorerData) {
    this.program = program;
    this.#checks = checks;
    this.#initial = initialStates(program);
    this.#system = referenceSystem(program);
    this.#deciders = this.#makeDeciders();
  }

  get initialCount(): number {
    return this.#initial.length;
  }

  /** All states of a walk; fewer where a step is not possible, and where one has no value. */
  statesOf({ initial, steps }: Walk): readonly State[] {
    const states = [this.#initial[initial] ?? this.#initial[0]!];
    for (const id of steps) {
      const step = this.program.steps[id];
      const state = states.at(-1)!;
      if (step === undefined || !isEnabled(step, state, this.program)) break;
      const after = this.#after(step, state);
      if (typeof after === 'string') break;
      states.push(after);
    }
    return states;
  }

  choices(state: State): readonly OfferedStep[] {
    const enabled = this.program.steps.filter((step) => isEnabled(step, state, this.program));
    const known = new Set(this.#violatedIn(state));
    return enabled.map((step) => this.#choice(step, state, known));
  }

  /** Each actor: where it stands, and if it waits, for what. */
  places(
    state: State,
  ): readonly { readonly actor: string; readonly place: string; readonly waits?: string }[] {
    return this.program.threads.map(({ id, name, locations }) => {
      const own = this.program.steps.filter((step) => step.thread === id && step.from === state.at.get(id));
      const isWaiting = own.length > 0 && !own.some((step) => isEnabled(step, state, this.program));
      const guards = [...new Set(own.map(({ guard }) => exprText(guard, this.program)))];
      const place = shortPath(locations[state.at.get(id)!]!.path);
      return { actor: name, place, ...(isWaiting && { waits: guards.join(' || ') }) };
    });
  }

  values(state: State): readonly { readonly name: string; readonly value: string }[] {
    return this.program.variables.map(({ name }, id) => ({ name, value: this.#valueText(id, state) }));
  }

  /** The value of a formula in a state. Throws an Error that says what is wrong with it. */
  evaluate(text: string, state: State): string {
    const x = this.#stated(text, parseValue);
    const value = evaluate(x, state, this.program);
    const type = typeOf(x);
    return type === 'int' ? String(value) : valueText(value, type);
  }

  /** The names of what is decided in a state: violated properties, examples, deadlock. */
  decidedIn(state: State): readonly string[] {
    return this.#deciders.flatMap(({ check, decider }) => (decider.inState(state) ? [check.name] : []));
  }

  /** Searches breadth first from a state for one in which a formula is true. Yields how many it has seen. */
  *find(text: string, from: Walk, statesMax: number): Generator<number, Found | undefined> {
    const x = this.#stated(text, parseFormula);
    const start = this.statesOf(from);
    const seen = this.#system.seenStates();
    seen.add(start.at(-1)!);
    const open: { readonly state: State; readonly parent: number; readonly step: number }[] = [
      { state: start.at(-1)!, parent: -1, step: -1 },
    ];
    for (let i = 0; i < open.length; i++) {
      const { state } = open[i]!;
      // Where one stands already, the next such state is looked for.
      if (i > 0 && this.#system.holds(x, state) === true) {
        return { walk: { ...from, steps: [...from.steps, ...stepsTo(open, i)] }, states: open.length };
      }
      if (open.length > statesMax) return undefined;
      if (i % 64 === 63) yield open.length;
      for (const move of this.#system.transitions(state)) {
        if ('to' in move && seen.add(move.to)) open.push({ state: move.to, parent: i, step: move.step });
      }
    }
    return undefined;
  }

  /** Explores all states, and decides every check that needs no graph. Yields what it has so far. */
  *checkAll(statesMax: number): Generator<Checked, Checked> {
    const seen = this.#system.seenStates();
    const open: { readonly state: State; readonly parent: number; readonly step: number }[] = [];
    for (const [i, state] of this.#initial.entries())
      if (seen.add(state)) open.push({ state, parent: -1 - i, step: -1 });
    const missing = new Set(this.#deciders);
    const found: Checked['found'][number][] = [];
    let transitions = 0;
    const note = (i: number, isFound: (decider: Decider<State>) => boolean, ...last: number[]) => {
      for (const one of missing) {
        if (!isFound(one.decider)) continue;
        missing.delete(one);
        const walk = { initial: rootOf(open, i), steps: [...stepsTo(open, i), ...last] };
        found.push({ name: one.check.name, isExample: isExample(one.check), walk });
      }
    };
    for (let i = 0; i < open.length; i++) {
      const { state } = open[i]!;
      note(i, (decider) => decider.inState(state));
      const moves = this.#system.transitions(state);
      transitions += moves.length;
      for (const move of moves) {
        note(i, (decider) => decider.atMove(move), move.step);
        if ('to' in move && seen.add(move.to)) open.push({ state: move.to, parent: i, step: move.step });
      }
      if (open.length > statesMax) return { states: open.length, transitions, found, end: 'limit' };
      if (i % 64 === 63) yield { states: open.length, transitions, found, end: undefined };
    }
    return { states: open.length, transitions, found, end: 'all' };
  }

  #makeDeciders(): readonly CheckDecider[] {
    const engine = {
      holds: this.#system.holds,
      isFinal: this.#system.isFinal,
      hasLockCycle: (state: State) => this.#system.hasLockCycle(state),
      canGoOn: (state: State) => this.#system.transitions(state).length > 0,
    };
    return this.#checks.flatMap((check) => {
      const decider = deciderOf(check, this.program, engine);
      return decider === undefined ? [] : [{ check, decider }];
    });
  }

  #stated(text: string, parse: typeof parseFormula): Expr {
    const formula = parse(text, this.program);
    if (formula.op !== 'state') throw new Error(`'${text}' is about runs: here a formula is about one state`);
    return formula.x;
  }

  #after(step: Step, state: State): State | string {
    try {
      return take(step, state, this.program);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #violatedIn(state: State): readonly string[] {
    const violated = this.#deciders.filter(
      ({ check, decider }) => !isExample(check) && decider.inState(state),
    );
    return violated.map(({ check }) => check.name);
  }

  #choice(step: Step, state: State, known: ReadonlySet<string>): OfferedStep {
    const after = this.#after(step, state);
    const message = typeof after === 'string' ? after : step.reports?.message;
    const thread = this.program.threads[step.thread]!;
    const changes =
      typeof after === 'string'
        ? []
        : this.program.variables.flatMap(({ name }, id) => {
            const [from, to] = [this.#valueText(id, state), this.#valueText(id, after)];
            return from === to ? [] : [`${name}: ${from} → ${to}`];
          });
    return {
      step: step.id,
      actor: thread.name,
      place: shortPath(step.armPath ?? thread.locations[step.from]!.path),
      label: step.label,
      caption: step.caption,
      changes,
      ...(message !== undefined && { message }),
      isBad: typeof after === 'string' || step.reports?.kind === 'bug',
      violates: typeof after === 'string' ? [] : this.#violatedIn(after).filter((name) => !known.has(name)),
    };
  }

  #valueText(id: number, state: State): string {
    const value = state.value.get(id)!;
    const type = typeOfDomain(this.program.variables[id]!.domain);
    return type === 'int' ? String(value) : valueText(value, type);
  }
}

/** A walk as text for an address: `0:3.5.17`. */
export const walkText = ({ initial, steps }: Walk): string => `${initial}:${steps.join('.')}`;

/** Undefined for a text that is no walk. */
export function readWalk(text: string): Walk | undefined {
  const [, initial, steps] = /^(\d+):((?:\d+(?:\.\d+)*)?)$/.exec(text) ?? [];
  if (initial === undefined || steps === undefined) return undefined;
  return { initial: Number(initial), steps: steps === '' ? [] : steps.split('.').map(Number) };
}

type Reached = readonly { readonly parent: number; readonly step: number }[];

function stepsTo(open: Reached, i: number): readonly number[] {
  const steps: number[] = [];
  for (let at = i; open[at]!.parent >= 0; at = open[at]!.parent) steps.push(open[at]!.step);
  return steps.reverse();
}

/** The number of the initial state that a state was reached from. */
function rootOf(open: Reached, i: number): number {
  let at = i;
  while (open[at]!.parent >= 0) at = open[at]!.parent;
  return -1 - open[at]!.parent;
}

const shortPath = (path: string): string => path.split(' > ').at(-1)!;
