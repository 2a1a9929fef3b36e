// The views of k members that a model can have, whatever the number of its members: the first ones, closed under steps.
// Each configuration of more members, all of whose views of k are known, may exist; what a step makes of it is seen by
// k members again (Abdulla, Haziza, Holík, "All for the price of few", VMCAI 2013).
//
//   k = 1:  { a at work }, { a at rest }   both known, so { a at work, b at work } may exist, and a step of a may make …
//
// The views are a superset of those that exist, so a model of which no view is bad is safe for every number.

import {
  type Configuration,
  initialConfiguration,
  keyOf,
  type MemberState,
  ordered,
  outOfView,
  References,
  seen,
  selections,
} from './configuration.js';
import { SchemaEvaluator } from './evaluate.js';
import { witnessesOf } from './reach.js';
import { type Schema, type SchemaCondition, type SchemaStep, slotsOf } from './schema.js';

/** Something that must not be, in a configuration whose views are all known. */
export interface BadView {
  /** The check that it violates: a property's name, an assertion's message, or 'no value out of range'. */
  readonly violates: string;
  readonly here: Configuration;
  /** The step that reports it or has no value; absent for a condition. */
  readonly step?: SchemaStep;
  /** The members that it is about, by their places. */
  readonly slots: readonly number[];
}

export type Closed =
  | { readonly is: 'closed'; readonly views: readonly Configuration[] }
  | { readonly is: 'bad'; readonly bad: BadView; readonly views: number }
  /** More configurations than the limit were looked at. */
  | { readonly is: 'too many'; readonly views: number };

/** How many members a configuration has for each step and condition, so that k of them see what they would see. */
export interface Needs {
  readonly steps: readonly { readonly step: SchemaStep; readonly members: number }[];
  readonly conditions: readonly { readonly condition: SchemaCondition; readonly members: number }[];
  /** The largest of these numbers. */
  readonly most: number;
}

/** Throws a NotUniform for a step or a condition that no number of members decides. */
export function needsOf(schema: Schema, k: number): Needs {
  const steps = schema.steps.map((step) => ({
    step,
    members: k + slotsOf(step).length + witnessesOf(step, schema),
  }));
  const conditions = schema.conditions.map((condition) => ({
    condition,
    members: Math.max(k, condition.partners.length + witnessesOf(condition, schema)),
  }));
  const most = Math.max(k, ...[...steps, ...conditions].map(({ members }) => members));
  return { steps, conditions, most };
}

/** Closes the first views of k members. `yieldNow` is called at short intervals. */
export function closed(
  schema: Schema,
  k: number,
  limits: { readonly configurations: number },
  yieldNow = () => {},
): Closed {
  return new Closing(schema, k, limits.configurations).run(yieldNow);
}

/** How many configurations are looked at between two calls of `yieldNow`. */
const configurationsPerTurn = 256;

class Closing {
  readonly #schema: Schema;
  readonly #k: number;
  readonly #most: number;
  /** How many configurations were looked at. */
  #looked = 0;
  readonly #references: References;
  readonly #evaluator: SchemaEvaluator;
  readonly #needs: Needs;
  readonly #views = new Map<string, Configuration>();
  /** Configurations of more members that were looked at. */
  readonly #known = new Set<string>();
  /** By the shared part without its references: the members that a view has beside it, without theirs. */
  readonly #members = new Map<string, Map<string, MemberState>>();
  readonly #queue: Configuration[] = [];

  constructor(schema: Schema, k: number, configurationsMax: number) {
    this.#most = configurationsMax;
    this.#schema = schema;
    this.#k = k;
    this.#references = new References(schema);
    this.#evaluator = new SchemaEvaluator(schema);
    this.#needs = needsOf(schema, k);
  }

  run(yieldNow: () => void): Closed {
    for (const classes of multisets(this.#schema.classes.length, this.#k)) {
      this.#add(initialConfiguration(this.#schema, classes));
    }
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const bad = this.#expand(next, yieldNow);
      if (bad !== undefined) return { is: 'bad', bad, views: this.#views.size };
      if (this.#looked > this.#most) return { is: 'too many', views: this.#views.size };
    }
    return { is: 'closed', views: [...this.#views.values()] };
  }

  #add(view: Configuration): void {
    const own = ordered(view, this.#references);
    const key = keyOf(own);
    if (this.#views.has(key)) return;
    this.#views.set(key, own);
    this.#queue.push(own);
    const beside = this.#members.get(this.#sharedText(own)) ?? new Map<string, MemberState>();
    this.#members.set(this.#sharedText(own), beside);
    for (const member of own.members) {
      const plain = this.#references.mappedIn(member, unnamed);
      beside.set(JSON.stringify(plain), plain);
    }
  }

  #sharedText = (of: Configuration): string =>
    keyOf(this.#references.mapped({ ...of, members: [] }, unnamed));

  /** Looks at all configurations that have this view and others that are known. */
  #expand(view: Configuration, yieldNow: () => void): BadView | undefined {
    let level: readonly Configuration[] = [view];
    for (let members = this.#k; ; members++) {
      for (const here of level) {
        const bad = this.#look(here, members);
        if (bad !== undefined) return bad;
        if (++this.#looked > this.#most) return undefined;
        if (this.#looked % configurationsPerTurn === 0) yieldNow();
      }
      if (members === this.#needs.most) return undefined;
      level = level.flatMap((here) => this.#enlarged(here));
    }
  }

  /** What is bad of a configuration; otherwise adds the views after each step that so many members decide. */
  #look(here: Configuration, members: number): BadView | undefined {
    for (const { condition, members: needed } of this.#needs.conditions) {
      if (needed !== members) continue;
      const slots = this.#evaluator.badFor(condition, here);
      if (slots !== undefined) return { violates: condition.name, here, slots };
    }
    for (const { step, members: needed } of this.#needs.steps) {
      if (needed !== members) continue;
      for (const effect of this.#evaluator.effects(step, here)) {
        const about = { here, step, slots: effect.slots };
        if ('fault' in effect) return { violates: `no value out of range: ${effect.fault}`, ...about };
        if (step.reports !== undefined) return { violates: step.reports.message, ...about };
        for (const places of selections(members, this.#k))
          this.#add(seen(effect.to, places, this.#references));
      }
    }
    return undefined;
  }

  /** The configurations with one more member all of whose views are known, and that were not looked at yet. */
  #enlarged(here: Configuration): readonly Configuration[] {
    const more = [...(this.#members.get(this.#sharedText(here))?.values() ?? [])];
    return more.flatMap((member) =>
      this.#joined(here, member).flatMap((candidate): readonly Configuration[] => {
        if (!this.#isPossible(candidate)) return [];
        const own = ordered(candidate, this.#references);
        const key = keyOf(own);
        if (this.#known.has(key)) return [];
        this.#known.add(key);
        return [own];
      }),
    );
  }

  /** The member beside the others, for all that its references and theirs may name. */
  #joined(here: Configuration, member: MemberState): readonly Configuration[] {
    const size = here.members.length;
    const whole = { ...here, members: [...here.members, member] };
    if (!this.#references.hasAny) return [whole];
    const answers: (readonly number[])[] = [[]];
    const options: (readonly number[])[] = [];
    // Visits the references in one order, which `mapped` repeats below.
    this.#references.mapped(here, (reference) => {
      options.push(reference === outOfView ? [outOfView, size] : [reference]);
      return reference;
    });
    this.#references.mappedIn(member, (reference) => {
      const all = [...Array(size + 1).keys(), outOfView];
      options.push(References.isMember(reference) ? all : [reference]);
      return reference;
    });
    for (const option of options) {
      answers.splice(0, answers.length, ...answers.flatMap((one) => option.map((value) => [...one, value])));
    }
    return answers.map((answer) => {
      let next = 0;
      return this.#references.mapped(whole, () => answer[next++]!);
    });
  }

  /** Are all views of the configuration known that have its last member? */
  #isPossible(here: Configuration): boolean {
    const last = here.members.length - 1;
    return selections(last, this.#k - 1).every((places) =>
      this.#views.has(keyOf(ordered(seen(here, [...places, last], this.#references), this.#references))),
    );
  }
}

/** A reference to any member. */
const unnamed = (reference: number): number => (References.isMember(reference) ? 0 : reference);

/** All ways to choose so many of `classes` classes, in ascending order. */
function multisets(classes: number, count: number, from = 0): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return [...Array(classes).keys()]
    .filter((index) => index >= from)
    .flatMap((index) => multisets(classes, count - 1, index).map((rest) => [index, ...rest]));
}
