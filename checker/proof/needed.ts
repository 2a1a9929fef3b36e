// Looks for an inductive invariant backwards: which candidates the properties need, which these need to be kept by every
// step, and so on. All candidates are assumed until one that is needed is not kept: it is dropped, or split by place,
// and whatever was shown with it is asked again. So candidates that nothing needs cost nothing.

import { type Clause, splitByPlace } from './clauses.js';
import {
  nameOfClause,
  nameOfSum,
  type Obligations,
  ObligationsFor,
  type ProofInvariant,
  type ProofQuestion,
  stepsOf,
} from './obligations.js';
import type { Parameterised, Rule } from './program.js';
import type { SumRule } from './sums.js';

/** The answer to a question; of `unsat`, the names of what is assumed that it needs. */
export interface SearchAnswer {
  readonly answer: 'unsat' | 'sat' | 'unknown';
  readonly core: ReadonlySet<string>;
}
/** Asks all questions of obligations that share what is assumed; the answers in their order. */
export type Ask = (all: readonly Obligations[]) => Promise<readonly SearchAnswer[]>;

/** What does not keep a part of an invariant. */
type LostBy = Rule | 'initially';

/** A part of an invariant. */
export type InvariantPart = Clause | SumRule;

export interface Needed {
  /** What is needed, and kept. */
  readonly invariant: ProofInvariant;
  /** What is needed and not kept, each with the step that loses it. */
  readonly dropped: ReadonlyMap<InvariantPart, LostBy>;
  /** What the invariant does not imply. */
  readonly failed: readonly { readonly question: ProofQuestion; readonly answer: 'sat' | 'unknown' }[];
}

export const isSum = (part: InvariantPart): part is SumRule => 'counter' in part;

/** One question about one part: does this step keep it, or the initial states have it? */
interface Shown {
  readonly by: LostBy;
  readonly needs: ReadonlySet<InvariantPart>;
}

/** Long, since what is alive, what is needed and what is shown change together. */
export class BackwardSearch {
  readonly #program: Parameterised;
  readonly #ask: Ask;
  #alive: InvariantPart[];
  readonly #needed = new Set<InvariantPart>();
  readonly #dropped = new Map<InvariantPart, LostBy>();
  /** By part: what has been shown of it. */
  readonly #shown = new Map<InvariantPart, Shown[]>();

  constructor(program: Parameterised, candidates: ProofInvariant, ask: Ask) {
    this.#program = program;
    this.#ask = ask;
    this.#alive = [...candidates.clauses, ...candidates.sums];
  }

  /** `more`: candidates that are taken for what does not follow without them. */
  async search(more: readonly Clause[]): Promise<Needed> {
    let left = await this.#consequences();
    if (left.length > 0) {
      this.#alive.push(...more);
      left = await this.#consequences();
    }
    while (left.length === 0) {
      const lost = await this.#round();
      if (lost === 'nothing is open') break;
      if (lost > 0) left = await this.#consequences();
    }
    return { invariant: this.#invariant([...this.#needed]), dropped: this.#dropped, failed: left };
  }

  #invariant(parts: readonly InvariantPart[]): ProofInvariant {
    return {
      clauses: parts.filter((part): part is Clause => !isSum(part)),
      sums: parts.filter(isSum),
    };
  }

  /** What a core names. */
  #parts(core: ReadonlySet<string>, { clauses, sums }: ProofInvariant): ReadonlySet<InvariantPart> {
    return new Set<InvariantPart>([
      ...clauses.filter((_, i) => core.has(nameOfClause(i))),
      ...sums.filter((_, i) => [...core].some((name) => name.startsWith(nameOfSum(i)))),
    ]);
  }

  /** Asks what must follow; what it needs is needed, and nothing else is any more. */
  async #consequences(): Promise<Needed['failed']> {
    const alive = this.#invariant(this.#alive);
    const asked = new ObligationsFor(this.#program, alive).consequences();
    const answers = await this.#ask([asked]);
    this.#needed.clear();
    const failed: { question: ProofQuestion; answer: 'sat' | 'unknown' }[] = [];
    for (const [i, question] of asked.questions.entries()) {
      const { answer, core } = answers[i]!;
      if (answer !== 'unsat') failed.push({ question, answer });
      for (const part of this.#parts(core, alive)) this.#needed.add(part);
    }
    this.#close();
    return failed;
  }

  /** What is needed for what has been shown of what is needed. */
  #close(): void {
    for (const part of this.#needed)
      for (const { needs } of this.#shown.get(part) ?? []) for (const other of needs) this.#needed.add(other);
  }

  /** Asks whatever is open of what is needed; how many parts were lost. */
  async #round(): Promise<number | 'nothing is open'> {
    const alive = this.#invariant(this.#alive);
    const of = new ObligationsFor(this.#program, alive);
    const wanted = (by: Shown['by']) => (part: InvariantPart) => this.#isOpen(part, by);
    const each = [
      of.first(wanted('initially')),
      ...stepsOf(this.#program).map((rule) => of.step(rule, wanted(rule))),
    ];
    const open = each.filter(({ questions }) => questions.length > 0);
    if (open.length === 0) return 'nothing is open';
    const answers = await this.#ask(open);
    const lost = new Map<InvariantPart, LostBy>();
    const all = open.flatMap(({ rule, questions }) => questions.map((question) => ({ rule, question })));
    for (const [i, { rule, question }] of all.entries()) {
      const part = partOf(question);
      const by = rule ?? 'initially';
      const { answer, core } = answers[i]!;
      if (answer !== 'unsat') lost.set(part, by);
      else this.#shown.set(part, [...(this.#shown.get(part) ?? []), { by, needs: this.#parts(core, alive) }]);
    }
    this.#lose(lost);
    this.#close();
    return lost.size;
  }

  #isOpen(part: InvariantPart, by: Shown['by']): boolean {
    return this.#needed.has(part) && !(this.#shown.get(part) ?? []).some((one) => one.by === by);
  }

  /** Drops parts, and forgets what was shown with them. */
  #lose(lost: ReadonlyMap<InvariantPart, LostBy>): void {
    if (lost.size === 0) return;
    this.#alive = this.#alive.flatMap((part): InvariantPart[] => {
      const by = lost.get(part);
      if (by === undefined) return [part];
      const split = isSum(part) ? [] : splitByPlace(part);
      if (split.length === 0) this.#dropped.set(part, by);
      return [...split];
    });
    for (const part of lost.keys()) {
      this.#needed.delete(part);
      this.#shown.delete(part);
    }
    for (const [part, all] of this.#shown) {
      this.#shown.set(
        part,
        all.filter(({ needs }) => ![...needs].some((one) => lost.has(one))),
      );
    }
  }
}

const partOf = ({ clause, sum }: ProofQuestion): InvariantPart => (clause ?? sum)!;
