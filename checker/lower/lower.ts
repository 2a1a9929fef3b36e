// Lowering: a model and its settings become a Program. In order: settings are resolved, the shared state laid
// out, every actor's blocks turned into drafts (control.ts, effects.ts, expressions.ts), the drafts finished into
// steps (thread.ts), and last the properties read against the result.

import {
  type ActorsNode,
  type BlockNode,
  type Model,
  ModelError,
  type ProcedureNode,
  type SourceLocation,
} from '../../models/language/index.js';
import { specify } from '../../properties/automaton/index.js';
import type { Properties } from '../../properties/language/index.js';
import { at, int, truth } from '../ir/expression.js';
import type { Expr, Location, Program, Property, Thread, ThreadId } from '../ir/program.js';
import { foldIn, innerBlocks, rootScope, ThreadLowering } from './control.js';
import { lowerExpr } from './expressions.js';
import { lowerProperties } from './formulas.js';
import { didYouMean } from './nearest.js';
import { bind, type Family, requireConstant, type World } from './scope.js';
import { resolveSettings, type Settings } from './settings.js';
import { type Slot, Storage } from './storage.js';
import { finishThread, type LoweredThread } from './thread.js';

export interface Lowered {
  /** With the ghosts that its properties need. */
  readonly program: Program;
  /** Those that apply under the settings, in the order they are written. */
  readonly properties: readonly Property[];
}

/**
 * Lowers a model. Throws a SettingError for a setting that does not fit, a ModelError with the model's file and
 * line for a model that has no meaning.
 */
export function lower(
  model: Model,
  given: { readonly [setting: string]: unknown } = {},
  properties: Properties = {},
): Lowered {
  const settings = resolveSettings(model, given);
  const families = familiesOf(model, settings);
  const owners = [...families.values()].flatMap(({ node, threads }) =>
    threads.map((id, i) => ({ id, node, i, name: node.single ? node.name : `${node.name}[${i}]` })),
  );
  const threadNames = owners.map(({ name }) => name);
  const storage = new Storage(threadNames);
  const shared = new Map<string, Slot>();
  const places = new LabelPlaces(owners.map(({ node }) => node));
  const world: World = {
    model,
    settings,
    storage,
    shared,
    families,
    threadNames,
    standsAt: (thread, label, at) => places.standsAt(thread, label, at),
    isDone: (thread) => places.isDone(thread),
  };
  const scope = rootScope(world);
  for (const [name, domain] of Object.entries(model.state)) {
    shared.set(name, storage.allocate(name, domain, { fold: foldIn(scope) }));
  }
  const flows = owners.map(({ id, node, i }) => {
    const lowering = new ThreadLowering(world, id);
    const own = { ...bind(scope, node.copy, int(i)), thread: id, at: node.at };
    const ends = lowering.lower(node.procedure, node.args, own);
    return { flow: lowering.flow, ends };
  });
  const threads = flows.map(({ flow, ends }, id) => finishThread(id, flow, ends, storage.variables));
  places.settle(threads);
  const program: Program = {
    name: model.name,
    settings,
    variables: storage.variables,
    threads: threads.map((thread, id): Thread => {
      const { locations, start, done, dead } = thread;
      return { id, name: threadNames[id]!, locations, start, done, ...(dead !== undefined && { dead }) };
    }),
    steps: threads.flatMap((thread) => thread.steps).map((step, id) => ({ id, ...step })),
    initially: model.initially === undefined ? truth(true) : lowerExpr(model.initially, scope),
  };
  return specify(program, lowerProperties(properties, program, world));
}

function familiesOf(model: Model, settings: Settings): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>();
  const world = { model, settings, families } as unknown as World;
  let next: ThreadId = 0;
  for (const node of model.actors) {
    const scope = { ...rootScope(world), at: node.at };
    const copies = requireConstant(lowerExpr(node.copies, scope), `the number of '${node.name}'`, node.at);
    if (copies < 0) throw new ModelError(`${copies} copies of '${node.name}'`, node.at);
    families.set(node.name, { node, threads: Array.from({ length: copies }, () => next++) });
  }
  if (next === 0) throw new ModelError(`${model.name} has no actors under these settings`, model.at);
  return families;
}

/** Where threads stand at a label. Steps may ask before all threads are built: such answers are filled in later. */
class LabelPlaces {
  readonly #labels: readonly Labels[];
  readonly #asked: ((threads: readonly LoweredThread[]) => void)[] = [];
  #threads: readonly LoweredThread[] | undefined;

  constructor(actors: readonly ActorsNode[]) {
    const known = new Map([...new Set(actors)].map((node) => [node, labelsOf(node.procedure)] as const));
    this.#labels = actors.map((node) => known.get(node)!);
  }

  standsAt(thread: ThreadId, label: string, at: SourceLocation | undefined): Expr {
    const { steps, jumps } = this.#labels[thread]!;
    if (jumps.has(label)) throw new ModelError(`nobody stands at '${label}': it takes no step`, at);
    if (!steps.has(label)) {
      throw new ModelError(`no label '${label}'${didYouMean(label, [...steps])}`, at);
    }
    return this.#ask(thread, (lowered) => lowered.labels.get(label) ?? []);
  }

  isDone(thread: ThreadId): Expr {
    return this.#ask(thread, (lowered) => [lowered.done]);
  }

  #ask(thread: ThreadId, answer: (lowered: LoweredThread) => readonly Location[]): Expr {
    if (this.#threads !== undefined) return at(thread, answer(this.#threads[thread]!));
    const locations: Location[] = [];
    this.#asked.push((threads) => locations.push(...answer(threads[thread]!)));
    return { op: 'at', thread, locations };
  }

  settle(threads: readonly LoweredThread[]): void {
    this.#threads = threads;
    for (const fill of this.#asked) fill(threads);
  }
}

interface Labels {
  readonly steps: ReadonlySet<string>;
  /** Goto and Return. */
  readonly jumps: ReadonlySet<string>;
}

/** All labels of a procedure and its callees, those included that the settings fold away. */
function labelsOf(root: ProcedureNode): Labels {
  const steps = new Set<string>();
  const jumps = new Set<string>();
  const seen = new Set<ProcedureNode>();
  const procedure = (of: ProcedureNode): void => {
    if (seen.has(of)) return;
    seen.add(of);
    block(of.name, of.body());
  };
  const block = (name: string, body: BlockNode): void => {
    for (const [label, stmt] of body) {
      (stmt.kind === 'goto' || stmt.kind === 'return' ? jumps : steps).add(`${name}.${label}`);
      if (stmt.kind === 'either') for (const [arm] of stmt.arms) steps.add(`${name}.${arm}`);
      if (stmt.kind === 'call') procedure(stmt.procedure);
      for (const inner of innerBlocks(stmt)) block(name, inner);
    }
  };
  procedure(root);
  return { steps, jumps };
}
