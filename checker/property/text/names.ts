// The meaning of names in a formula of a Program. A name may be shortened from the left as long as it stays
// unambiguous: `compound_mapcount` for `page.compound_mapcount`, `truncate` for `truncate[0]` if there is only one.

import { boundsIn, type Range, rangeOf } from '../../analyse/ranges.js';
import { and, anyOf, at, read, typeOfDomain } from '../../ir/expression.js';
import type { Expr, Program, Step, Thread, Variable } from '../../ir/program.js';
import type { Token } from './lexer.js';
import { reserved } from './words.js';

/** `; did you mean 'x'?`, or nothing. */
export type Suggest = (word: string, known: readonly string[]) => string;

/** Throws a message about a name. */
export type Refuse = (problem: string) => never;

export class FormulaNames {
  readonly #program: Program;
  readonly #suggest: Suggest;

  constructor(program: Program, suggest: Suggest) {
    this.#program = program;
    this.#suggest = suggest;
  }

  /** The variables that a name may mean: the one with that name, or all whose names end with it. */
  variables(name: string): readonly Variable[] {
    return candidates(this.#program.variables, name, ({ name: whole }) => whole);
  }

  read = ({ id, domain }: Variable): Expr => read({ variables: [id] }, typeOfDomain(domain));

  /** Is there a variable, or a word of one, with this name? */
  isNamed = (name: string): boolean =>
    this.variables(name).length > 0 ||
    this.#program.variables.some(({ domain }) => 'values' in domain && domain.values.includes(name));

  /** The range of a number in a formula. */
  rangeOf = (x: Expr): Range => rangeOf(x, boundsIn(this.#program.variables));

  thread(name: string, refuse: Refuse): Thread {
    const { threads } = this.#program;
    const copies = threads.filter((thread) => thread.name.startsWith(`${name}[`));
    const found =
      threads.find((thread) => thread.name === name) ?? (copies.length === 1 ? copies[0] : undefined);
    if (found !== undefined) return found;
    if (copies.length > 1) return refuse(`'${name}' may be ${orList(copies.map((copy) => copy.name))}`);
    const known = threads.map((thread) => thread.name);
    return refuse(`no actor is named '${name}'${this.#suggest(name, known)}`);
  }

  /** Is the thread about to run the label? */
  standsAt(thread: Thread, label: string, refuse: Refuse): Expr {
    const fits = this.#label(thread, label, refuse);
    const locations = thread.locations.flatMap(({ label: own }, i) => (fits.includes(own) ? [i] : []));
    const firstSteps = this.#stepsOf(thread).filter((step) => fits.includes(step.label));
    return at(
      thread.id,
      [...new Set([...locations, ...firstSteps.map(({ from }) => from)])].sort((a, b) => a - b),
    );
  }

  isDone = (thread: Thread): Expr => at(thread.id, [thread.done]);
  isDead = ({ id, dead }: Thread): Expr => at(id, dead === undefined ? [] : [dead]);

  /** Can the thread take a step: any step, or one of the label? */
  isEnabled(thread: Thread, label: string | undefined, refuse: Refuse): Expr {
    const own = this.#stepsOf(thread);
    const fits = label === undefined ? undefined : this.#label(thread, label, refuse);
    return anyOf(
      own
        .filter((step) => fits === undefined || fits.includes(step.label))
        .map(({ from, guard }) => and(at(thread.id, [from]), guard)),
    );
  }

  /** The message for an unknown name. */
  unknown(name: string): string {
    const known = [...this.#program.variables, ...this.#program.threads].map((one) => one.name);
    const short = this.#program.variables.map((variable) => lastPart(variable.name));
    return `no variable, actor or word is named '${name}'${this.#suggest(name, [...known, ...short])}`;
  }

  /** The hint for a word of the language that was meant as a name; nothing for other tokens. */
  quoteHint(token: Token | undefined): string {
    if (token === undefined || token.isQuoted || !reserved.has(token.text)) return '';
    if (!this.isNamed(token.text)) return '';
    return `; '${token.text}' is a word of the language: write "${token.text}" for the model's name`;
  }

  #stepsOf = (thread: Thread): readonly Step[] =>
    this.#program.steps.filter((step) => step.thread === thread.id);

  #label(thread: Thread, label: string, refuse: Refuse): readonly string[] {
    const known = new Set([
      ...thread.locations.map((location) => location.label),
      ...this.#stepsOf(thread).map((step) => step.label),
    ]);
    const found = pick([...known], label, (whole) => whole, refuse);
    if (found !== undefined) return [found];
    return refuse(`${thread.name} is never at '${label}'${this.#suggest(label, [...known])}`);
  }
}

const lastPart = (name: string): string =>
  name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf(':')) + 1);

/** The thing with that name, or the only one whose name ends with it. */
function pick<T extends Variable | string>(
  all: readonly T[],
  name: string,
  nameOf: (one: T) => string,
  refuse: Refuse,
): T | undefined {
  const [found, ...others] = candidates(all, name, nameOf);
  if (found === undefined || others.length === 0) return found;
  return refuse(`'${name}' may be ${orList([found, ...others].map(nameOf))}`);
}

function candidates<T extends Variable | string>(
  all: readonly T[],
  name: string,
  nameOf: (one: T) => string,
): readonly T[] {
  const exact = all.find((one) => nameOf(one) === name);
  if (exact !== undefined) return [exact];
  return all.filter((one) => nameOf(one).endsWith(`.${name}`) || nameOf(one).endsWith(`:${name}`));
}

export const orList = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(' or ') : `${names.slice(0, 3).join(', ')} or ${names.length - 3} more`;
