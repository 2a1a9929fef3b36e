// Proves a model for any number of members. First the engines explore it with up to three of each: a violation there is
// the answer. Then what all numbers have in common is found (checker/views), tied to the explored states, and closed.

import { type Model, ModelError, type SettingValue } from '../models/language/index.js';
import type { Properties } from '../properties/language/index.js';
import { explore } from './explore.js';
import { type ComposedProgram, composed } from './ir/monitors.js';
import type { Lowered } from './lower/lower.js';
import type { Progress } from './search/breadth_first.js';
import type { Explored, Instance, Obligation, Proved } from './search/evidence.js';
import type { LimitReached } from './search/limit.js';
import { type Check, checksOf, type Report, reportOf } from './search/report.js';
import type { StoredStates } from './search/stored_states.js';
import {
  type BadView,
  badOf,
  type Configuration,
  closed,
  generalized,
  Membership,
  NotUniform,
  needsOf,
  requireInstance,
  requireSameStates,
  requireUniform,
  type Schema,
  schemaOf,
} from './views/index.js';

export type { BadView, Configuration, Schema };

export interface ViewsTask {
  readonly model: Model;
  readonly properties: Properties;
  /** All settings but those that may be any number. */
  readonly settings: { readonly [name: string]: SettingValue };
  /** The settings that may be any number. */
  readonly sizes: readonly string[];
  readonly lower: (settings: { readonly [name: string]: SettingValue }) => Lowered;
}

export interface ViewsOptions {
  /** An instance with more states ends in *unknown*. */
  readonly statesMax?: number;
  /** A closure that looks at more configurations ends in *unknown*. */
  readonly configurationsMax?: number;
  readonly onProgress?: (progress: Progress) => LimitReached | undefined;
  /** Called at short intervals while views are closed; it may throw. */
  readonly onViews?: () => void;
}

/** What was found of all numbers. */
export type ViewsAnswer =
  | {
      readonly is: 'proved';
      readonly schema: Schema;
      readonly k: number;
      readonly views: readonly Configuration[];
      /** What holds for every number. */
      readonly holds: readonly string[];
      /** What is known of the instances alone. */
      readonly notCovered: readonly string[];
    }
  | { readonly is: 'unknown'; readonly why: string; readonly schema?: Schema; readonly bad?: BadView }
  /** The method does not take the model. */
  | { readonly is: 'refused'; readonly why: string; readonly at: NotUniform['at'] }
  | {
      readonly is: 'refuted';
      readonly instance: Instance;
      readonly lowered: Lowered;
      readonly report: Report<Explored>;
    };

/** What closing views decides, or leaves open. */
type DecidedByViews = Extract<ViewsAnswer, { is: 'proved' | 'unknown' }>;

export type ViewsOutcome = ViewsAnswer & {
  readonly instances: readonly Instance[];
  /** What is proved or open; absent where an instance is the answer, or the method does not take the model. */
  readonly proof?: Report<Proved>;
};

/** Programs with so many of each and with one more are compared; with one less where the model admits no more. */
const comparedMax = 4;
const comparedMin = 3;
const instanceMax = 3;
const viewMembersMax = 2;

/** What views decide of a check; the rest is about whole runs. */
const isCovered = ({ kind }: Check): boolean => ['always', 'never', 'assertion', 'domain'].includes(kind);

/** Throws what `lower` throws for settings that the model does not have. */
export async function proveByViews(task: ViewsTask, options: ViewsOptions = {}): Promise<ViewsOutcome> {
  const found = refusable(() => schemaFor(task));
  const needed = 'schema' in found ? refusable(() => mostOf(task, found.schema)) : found;
  const most = typeof needed === 'number' ? needed : 0;
  const instances: Instance[] = [];
  const { statesMax = 1_000_000 } = options;
  for (const settings of instancesOf(task, most)) {
    const lowered = loweredAt(task, settings);
    if (lowered === undefined) continue;
    let stored: StoredStates | undefined;
    const report = await explore(lowered.program, lowered.properties, {
      statesMax,
      onStates: (states) => {
        stored = states;
      },
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
    const instance = { settings, states: report.evidence.states };
    if (report.properties.some(({ verdict }) => verdict === 'violated')) {
      return { is: 'refuted', instances, instance, lowered, report };
    }
    if (report.verdict === 'incomplete' || stored === undefined) {
      const why = `${settingsText(settings)}: not all states were explored, of which the limit is ${statesMax}`;
      return withProof(task, checksOf(lowered.program, lowered.properties), {
        is: 'unknown',
        instances,
        why,
      });
    }
    instances.push(instance);
    if (!('schema' in found)) continue;
    const tied = refusable(() => {
      const program = composed(lowered.program);
      const sizes = task.sizes.map((name) => Number(settings[name]));
      requireConditions(found.schema, lowered, settings);
      requireSameStates(found.schema, found.membership, program, found.sizesOf(sizes), stored!);
    });
    if (tied instanceof NotUniform) return { is: 'refused', instances, why: tied.message, at: tied.at };
  }
  if (found instanceof NotUniform) return { is: 'refused', instances, why: found.message, at: found.at };
  if (needed instanceof NotUniform) return { is: 'refused', instances, why: needed.message, at: needed.at };
  return withProof(task, found.checks, { instances, ...closedViews(found.schema, found.checks, options) });
}

/** The outcome with its report: of each check, whether it is proved, open, or not covered by views. */
function withProof<O extends DecidedByViews & Pick<ViewsOutcome, 'instances'>>(
  task: ViewsTask,
  checks: readonly Check[],
  outcome: O,
): O & Pick<ViewsOutcome, 'proof'> {
  const unchecked = new Map(
    checks.flatMap((check) =>
      isCovered(check) ? [] : [[check, 'the instances, as views do not cover it'] as const],
    ),
  );
  const evidence: Proved = {
    kind: 'proved',
    forEvery: Object.fromEntries(task.sizes.map((name) => [name, leastOf(task.model, name)])),
    instances: outcome.instances,
    ...obligationsOf(outcome),
  };
  const nothing = { findings: new Map(), undecided: new Map() };
  return { ...outcome, proof: reportOf(evidence, checks, { ...nothing, unchecked }) };
}

function obligationsOf(answer: DecidedByViews): Pick<Proved, 'obligations' | 'judges'> {
  if (answer.is === 'unknown') return { obligations: [{ name: answer.why, outcome: 'unknown' }], judges: [] };
  const { schema, k } = answer;
  const names = [
    'every first state is in view',
    ...new Set(schema.steps.map(({ label }) => `${label} leads to known views`)),
    ...schema.conditions.map(({ name }) => `no view violates ${name}`),
  ];
  const obligations = names.map((name): Obligation => ({ name, outcome: 'proved' }));
  return { obligations, judges: [`raceproof, by views of ${k}`] };
}

/** Views of one member, and of two if those do not suffice. */
export function closedViews(schema: Schema, checks: readonly Check[], options: ViewsOptions): DecidedByViews {
  const { configurationsMax: configurations = 200_000, onViews } = options;
  for (let k = 1; ; k++) {
    const answer = closed(schema, k, { configurations }, onViews);
    if (answer.is === 'closed') {
      const named = (isAsked: (check: Check) => boolean) => checks.filter(isAsked).map(({ name }) => name);
      const holds = named(isCovered);
      return {
        is: 'proved',
        schema,
        k,
        views: answer.views,
        holds,
        notCovered: named((one) => !isCovered(one)),
      };
    }
    if (k < viewMembersMax) continue;
    if (answer.is === 'too many') {
      return {
        is: 'unknown',
        why: `closing views of ${k} actors takes more than ${configurations} configurations`,
        schema,
      };
    }
    const { bad } = answer;
    return { is: 'unknown', why: `views of ${k} actors do not exclude: ${bad.violates}`, schema, bad };
  }
}

export interface Common {
  readonly schema: Schema;
  readonly membership: Membership;
  readonly checks: readonly Check[];
  /** The sizes of classes, for the values of the settings in their order. */
  readonly sizesOf: (values: readonly number[]) => readonly number[];
}

/** What all numbers have in common. Throws a NotUniform. */
export function schemaFor(task: ViewsTask): Common {
  const { model, settings, sizes } = task;
  if (model.within !== undefined) {
    throw new NotUniform(
      "the model's 'within' leaves states out, with some number of members if not with few",
      model.at,
    );
  }
  const compared = comparedSizeOf(task);
  requireUniform(task, new Set(sizes), compared);
  const actors = new Map(
    model.actors.flatMap(({ name, copies }) =>
      copies.op === 'setting' && sizes.includes(copies.name) ? [[name, copies.name] as const] : [],
    ),
  );
  const without = sizes.find((name) => ![...actors.values()].includes(name));
  if (without !== undefined) throw new NotUniform(`no actor has ${without} copies`);
  const settingsOfClasses = [...actors.values()];
  const sizesOf = (values: readonly number[]) =>
    settingsOfClasses.map((name) => values[sizes.indexOf(name)]!);
  const at = (values: readonly number[]) => {
    const given = Object.fromEntries(sizes.map((name, i) => [name, values[i]!]));
    const lowered = task.lower({ ...settings, ...given });
    const program: ComposedProgram = composed(lowered.program);
    const membership = new Membership(program, actors);
    const checks = checksOf(lowered.program, lowered.properties);
    return { membership, checks, schema: schemaOf(membership, settingsOfClasses, conditionsOf(checks)) };
  };
  const base = sizes.map(() => compared);
  const first = at(base);
  let { schema } = first;
  for (const [i, name] of sizes.entries()) {
    const more = at(base.with(i, compared + 1));
    const index = settingsOfClasses.indexOf(name);
    schema = generalized(schema, more.schema, index, sizesOf(base));
  }
  const all = sizes.map(() => compared + 1);
  requireInstance(schema, at(all).schema, sizesOf(all));
  return { schema, membership: first.membership, checks: first.checks, sizesOf };
}

const conditionsOf = (checks: readonly Check[]) =>
  checks.flatMap(({ name, kind, condition }) =>
    kind === 'always' || kind === 'never' ? [badOf(name, kind, condition)] : [],
  );

/** The largest number up to which a setting goes. */
function largest({ model }: ViewsTask, name: string): number {
  const { node } = model.settings[name]!;
  return node.kind === 'int' ? node.max : 0;
}

/** How many members the smaller ones of the compared programs have. */
function comparedSizeOf(task: ViewsTask): number {
  const compared = Math.min(comparedMax, ...task.sizes.map((name) => largest(task, name) - 1));
  const short = task.sizes.find((name) => largest(task, name) <= comparedMin);
  if (short === undefined) return compared;
  throw new NotUniform(
    `${short} is at most ${largest(task, short)}: programs with ${comparedMin} and ${comparedMin + 1} are compared to find what all have in common`,
    task.model.at,
  );
}

/** How many members the largest configuration has. Smaller instances are explored, so the model must admit them. */
function mostOf(task: ViewsTask, schema: Schema): number {
  const { most } = needsOf(schema, viewMembersMax);
  const short = task.sizes.find((name) => largest(task, name) < most - 1);
  if (short === undefined) return most;
  throw new NotUniform(
    `up to ${most} members decide together, and ${short} is at most ${largest(task, short)}`,
  );
}

/** A property that only some small instances have is not among those of all. */
function requireConditions(
  schema: Schema,
  { program, properties }: Lowered,
  settings: Instance['settings'],
): void {
  const known = new Set(schema.conditions.map(({ name }) => name));
  const other = conditionsOf(checksOf(program, properties)).find(({ name }) => !known.has(name));
  if (other !== undefined)
    throw new NotUniform(`'${other.name}' applies with ${settingsText(settings)}, and not to any number`);
}

/** An instance; undefined for one without any actors. */
function loweredAt({ settings, lower }: ViewsTask, instance: Instance['settings']): Lowered | undefined {
  try {
    return lower({ ...settings, ...instance });
  } catch (error) {
    if (Object.values(instance).every((value) => value === 0) && error instanceof ModelError)
      return undefined;
    throw error;
  }
}

/** The least number that a setting may be. */
export function leastOf({ settings }: Model, name: string): number {
  const { node } = settings[name]!;
  return node.kind === 'int' ? Math.max(0, node.min) : 0;
}

/** Settings of instances: up to three of each, and all that have fewer members than a configuration needs. */
function instancesOf(task: ViewsTask, most: number): readonly Instance['settings'][] {
  const { model, sizes } = task;
  const least = sizes.map((name) => leastOf(model, name));
  const top = Math.max(instanceMax, most - 1);
  const all = least.reduce<readonly (readonly number[])[]>(
    (some, min, i) =>
      some.flatMap((one) =>
        range(min, Math.min(top, largest(task, sizes[i]!))).map((value) => [...one, value]),
      ),
    [[]],
  );
  const total = (values: readonly number[]) => values.reduce((x, y) => x + y, 0);
  return all
    .filter((values) => values.every((value) => value <= instanceMax) || total(values) < most)
    .sort((a, b) => total(a) - total(b))
    .map((values) => Object.fromEntries(sizes.map((name, i) => [name, values[i]!])));
}

const range = (min: number, max: number): readonly number[] =>
  Array.from({ length: Math.max(0, max - min + 1) }, (_, i) => min + i);

const settingsText = (settings: Instance['settings']): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** The result, or the NotUniform that was thrown. */
function refusable<T>(work: () => T): T | NotUniform {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotUniform) return error;
    throw error;
  }
}
