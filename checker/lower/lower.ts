// Lowering: a model and its settings become a Program. In order: settings are resolved, the shared state laid
// out, every actor's blocks turned into drafts (control.ts, effects.ts, expressions.ts), the drafts finished into
// steps (thread.ts), and last the properties read against the result.

import { type ActorsNode, type Model, ModelError, PoolDomain, visible } from '../../models/language/index.js';
import type { Properties } from '../../properties/language/index.js';
import { waitingWriters } from '../analyse/waiting_writers.js';
import { type CheckName, checkNames } from '../ir/built_in_checks.js';
import { allOf, int, truth } from '../ir/expression.js';
import type { FenceKind } from '../ir/memory.js';
import type { Expr, Program, Thread, ThreadId, Variable, VariableId } from '../ir/program.js';
import { flushed } from '../memory/flushed.js';
import { inStoreBuffers } from '../memory/store_buffers.js';
import type { Property } from '../property/property.js';
import { specify } from '../property/specify.js';
import { objectFacts } from './access_checks.js';
import { boundedBy } from './bounded.js';
import { contextOf, keptBy } from './contexts.js';
import { ThreadLowering } from './control.js';
import { type ActorEnds, interrupting, onItsCpu } from './cpus.js';
import type { Flow, LoweredThread } from './draft.js';
import { writtenAsMade } from './each.js';
import { refuseExcluded } from './excluded.js';
import { lowerExpr } from './expressions.js';
import { firstValue, foldIn } from './fold.js';
import { lowerProperties } from './formulas.js';
import { lowerInitially } from './initially.js';
import { LabelPlaces } from './labels.js';
import { latchesAt, withLatches } from './latches.js';
import { memoryPlaces } from './memory_places.js';
import { numbered } from './numbered.js';
import { newIndex, nothingFound, openSize } from './open_sizes.js';
import type { OpenSizes } from './rigid.js';
import { bind, namesFor, requireConstant, rootScope, type ThreadFamily, type World } from './scope.js';
import { nonDefaultOf, resolveSettings, type Settings } from './settings.js';
import { SettingsRead } from './settings_read.js';
import { nothingRemembered, type Remembered, StateVariables } from './state_variables.js';
import { finishThread } from './thread.js';
import { writtenIn } from './written.js';

export interface Lowered {
  /** With the monitors that its properties need. */
  readonly program: Program;
  /** The properties that apply under the settings, in the order in which they are written. */
  readonly properties: readonly Property[];
  /** Where settings are left open: what stands for their values and for indices. */
  readonly open?: OpenSizes;
}

type Given = { readonly [setting: string]: unknown };

export interface LowerOptions {
  /** Built-in checks that are switched off. */
  readonly without?: readonly CheckName[];
  /** Record waiting writers even where that decides nothing: for tests only. */
  readonly remembersAllWriters?: boolean;
  /** The fences that take a step; none if absent, for interleavings need none. */
  readonly fences?: readonly FenceKind[];
  /** Under x86-TSO, with so many slots in each store buffer: fences are steps then. */
  readonly bufferSlots?: number;
  /** Settings whose values are left open, with the least values that they may have: only for proofs for any number. */
  readonly open?: ReadonlyMap<string, number>;
}

/**
 * Lowers a model. Throws a SettingError for a setting outside its domain, a ModelError with the model's file and line
 * for a model that has no meaning.
 * Example: `const { program, properties } = lower(model, { NR_ACTORS: 2 }, stated)`
 */
export function lower(
  model: Model,
  given: Given = {},
  properties: Properties = {},
  options: LowerOptions = {},
): Lowered {
  return lowerAsking(model, settle(model, given), properties, new SettingsRead(), options);
}

/**
 * `lower` for one model many times: a model is not lowered again under settings that change nothing.
 * Example: `const lowered = lowering(model, stated); lowered({ NR_ACTORS: 1 }); lowered({ NR_ACTORS: 2 })`
 */
export function lowering(
  model: Model,
  properties: Properties = {},
  options: LowerOptions = {},
): (given: Given) => Lowered {
  const known: { readonly settingsRead: SettingsRead; readonly lowered: Lowered }[] = [];
  return (given) => {
    const settings = settle(model, given);
    const before = known.find(({ settingsRead }) => settingsRead.areSameUnder(settings))?.lowered;
    if (before !== undefined) {
      const program = { ...before.program, settings, nonDefault: nonDefaultOf(model, settings) };
      return { ...before, program };
    }
    const settingsRead = new SettingsRead();
    const lowered = lowerAsking(model, settings, properties, settingsRead, options);
    known.push({ settingsRead, lowered });
    return lowered;
  };
}

/** A value for every setting, in a combination that the model does not exclude. */
function settle(model: Model, given: Given): Settings {
  const settings = resolveSettings(model, given);
  if (model.excludes.length > 0) refuseExcluded(emptyWorld(model, settings, new SettingsRead()));
  return settings;
}

/** Nested shares and waiting writers are recorded only where they may matter, as a Program without them shows. */
function lowerAsking(
  model: Model,
  settings: Settings,
  properties: Properties,
  settingsRead: SettingsRead,
  options: LowerOptions,
): Lowered {
  const lowerAgain = (remembered: Remembered) =>
    lowerWith(model, settings, properties, settingsRead, options, remembered);
  let remembered = nothingRemembered;
  let { bare, lowered, takenAgain } = lowerAgain(remembered);
  // For any number, both are left out: without them there are more runs, not fewer.
  if (options.open !== undefined) return lowered;
  // Code after a nested share is reached only once the share is granted.
  while (isMore(takenAgain, remembered.nested)) {
    remembered = { ...remembered, nested: takenAgain };
    ({ bare, lowered, takenAgain } = lowerAgain(remembered));
  }
  const writers = waitingWriters(bare, options.remembersAllWriters);
  return writers.size === 0 ? lowered : lowerAgain({ ...remembered, writers }).lowered;
}

type Nested = Remembered['nested'];

const isMore = (after: Nested, before: Nested): boolean =>
  [...after].some(([of, threads]) => threads.some((thread) => !before.get(of)?.includes(thread)));

/** By class: the threads that take a share of a lock again. */
function takenAgainIn(threads: readonly LoweredThread[], variables: readonly Variable[]): Nested {
  const byClass = new Map<string, ThreadId[]>();
  for (const [thread, { takenAgain }] of threads.entries()) {
    for (const of of new Set([...takenAgain].map((id) => variables[id]!.lock!.class))) {
      byClass.set(of, [...(byClass.get(of) ?? []), thread]);
    }
  }
  return byClass;
}

interface LoweredOnce {
  /** Without store buffers, whatever was asked for. */
  readonly bare: Program;
  readonly lowered: Lowered;
  /** By class: the threads that take a share of a lock where they may hold it. */
  readonly takenAgain: Nested;
}

function lowerWith(
  model: Model,
  settings: Settings,
  properties: Properties,
  settingsRead: SettingsRead,
  { without = [], bufferSlots, open, fences = bufferSlots === undefined ? [] : ['mb'] }: LowerOptions,
  remembered: Remembered,
): LoweredOnce {
  const left: Pick<World, 'open'> | undefined = open && { open: nothingFound(open) };
  const families = familiesOf(model, settings, settingsRead, left);
  const owners = [...families.values()].flatMap(({ node, threads }) =>
    threads.map((id, i) => ({ id, node, i, name: node.single ? node.name : `${node.name}[${i}]` })),
  );
  const threadNames = owners.map(({ name }) => name);
  const state = new StateVariables(threadNames, remembered);
  const places = new LabelPlaces(owners.map(({ node }) => node));
  // Known once all threads are lowered, as what is finished is.
  const emptyBuffers: Expr[] = [];
  const world = worldOf({
    ...{ model, settings, settingsRead, state, families, threadNames },
    written: writtenIn(model, families, threadNames),
    standsAt: (thread, label, at) => places.standsAt(thread, label, at),
    isDone: (thread) => places.isDone(thread),
    isBusy: (thread) => places.isBusy(thread),
    isDead: (thread) => places.isDead(thread),
    isFinished: (at) => allOf([places.isFinished(at), ...emptyBuffers]),
    fences: new Set(fences),
    ...left,
  });
  allocateState(world);
  const flows = owners.map((owner) => flowOf(world, owner));
  const lowered = finished(world, flows, new Set(without), places);
  const threads = lowered.map((one, id) => threadOf(one, owners[id]!, world));
  const asked: World = { ...world, written: writtenAsMade(world) };
  const placed = memoryPlaces(world);
  const variables = state.variables.map((one) => ({ ...shownVariable(one), ...placed.get(one.id) }));
  const bare: Program = {
    ...{ name: visible(model.name), settings, nonDefault: nonDefaultOf(model, settings) },
    ...{ variables, threads },
    ...copiesIn(families),
    steps: numbered(lowered, { variables, threads }),
    initially: lowerInitially(asked, threads),
    ...(without.length > 0 && { without: checkNames.filter((name) => without.includes(name)) }),
  };
  const program = bufferSlots === undefined ? bare : inStoreBuffers(bare, bufferSlots);
  emptyBuffers.push(...(program.storeBuffers?.buffers ?? []).map(({ isEmpty }) => isEmpty));
  const stated = lowerProperties(properties, program, asked).map(({ about, ...rest }) => {
    return flushed({ ...rest, name: visible(rest.name), about: about && visible(about) }, program);
  });
  // Quantifiers of properties have made more indices.
  const made = state.variables.slice(variables.length).map(shownVariable);
  const whole = left === undefined ? program : { ...program, variables: [...variables, ...made] };
  return {
    bare,
    lowered: boundedBy(
      { ...specify(whole, stated), ...(left && { open: openFacts(left.open!, state) }) },
      asked,
    ),
    takenAgain: takenAgainIn(lowered, state.variables),
  };
}

const openFacts = (open: NonNullable<World['open']>, state: StateVariables): OpenSizes => ({
  ...open,
  rigid: state.rigid,
  sorts: state.sorts,
  firstValues: state.firstValues,
});

/** The `i`-th copy of an actor: its drafts, and where it starts and ends. */
function flowOf(
  world: World,
  { id, node, i }: { readonly id: ThreadId; readonly node: ActorsNode; readonly i: number },
): { readonly flow: Flow; readonly ends: ActorEnds } {
  const lowering = new ThreadLowering(world, id);
  const root = rootScope(world);
  const { open } = world.families.get(node.name)!;
  const copy = open === undefined ? int(i) : newIndex({ setting: open, role: 'copy', thread: id }, root);
  const own = { ...bind(root, node.copy, copy), thread: id, at: node.at };
  const ends = lowering.lower(node.procedure, node.args, own);
  return { flow: lowering.flow, ends: interrupting(node, lowering.flow, ends) };
}

/** A thread of the Program, without its steps. */
function threadOf(
  { locations, start, done, dead, rests }: LoweredThread,
  { id, name, node }: Pick<Thread, 'id' | 'name'> & Pick<ThreadFamily, 'node'>,
  world: World,
): Thread {
  const context = contextOf(id, world);
  return {
    ...{ id, name, locations, start, done },
    ...(dead !== undefined && { dead }),
    ...(rests.length > 0 && { rests }),
    ...(node.on?.on !== undefined && { cpu: node.on.on.cpu }),
    ...(context !== undefined && { context }),
  };
}

/** The drafts of each thread, finished. */
function finished(
  world: World,
  flows: readonly ReturnType<typeof flowOf>[],
  off: ReadonlySet<CheckName>,
  places: LabelPlaces,
): readonly LoweredThread[] {
  const { state, names } = world;
  // All named things exist now.
  for (const [id, { flow }] of flows.entries()) flow.guard((drafts) => onItsCpu(id, drafts, world));
  const locals = localsOf(state.variables);
  const locks = state.variables.flatMap(({ id, lock }) => (lock === undefined ? [] : [id]));
  const drafts = flows.flatMap(({ flow }) => flow.drafts);
  const objects = objectFacts(state, drafts);
  const writers = writersIn(flows.map(({ flow }) => flow));
  const threads = flows.map(({ flow, ends }, id) => {
    const kept = keptBy(id, world);
    const mine = locals.get(id) ?? [];
    const own = [...mine, ...kept.map((one) => one.id)].filter((one) =>
      [...(writers.get(one) ?? [])].every((by) => by === id),
    );
    const here = { ...names, locals: mine, locks, nested: state.nested, objects, kept, own };
    return finishThread(id, flow, ends, here, off);
  });
  places.settle(threads);
  return withLatches(threads, world);
}

/** The threads that write each variable. */
function writersIn(flows: readonly Flow[]): ReadonlyMap<VariableId, ReadonlySet<ThreadId>> {
  const writers = new Map<VariableId, Set<ThreadId>>();
  for (const [thread, { drafts }] of flows.entries()) {
    for (const id of drafts.flatMap((one) => one.assignments.flatMap(({ target }) => target.variables))) {
      writers.set(id, (writers.get(id) ?? new Set()).add(thread));
    }
  }
  return writers;
}

/** Names may contain any character of a JavaScript string: they are printed as text. */
const shownVariable = ({ name, lock, queue, ...rest }: Variable): Variable => ({
  ...rest,
  name: visible(name),
  ...(queue !== undefined && { queue: visible(queue) }),
  ...(lock !== undefined && { lock: { ...lock, name: visible(lock.name), class: visible(lock.class) } }),
});

/** Which threads are copies of one actor. */
function copiesIn(families: ReadonlyMap<string, ThreadFamily>): Pick<Program, 'actors'> {
  const actors = [...families.values()].flatMap(({ node, threads }) =>
    node.single ? [] : [{ name: visible(node.name), threads }],
  );
  return actors.length === 0 ? {} : { actors };
}

/** The locals of each thread. */
function localsOf(variables: readonly Variable[]): ReadonlyMap<ThreadId, readonly VariableId[]> {
  const locals = new Map<ThreadId, VariableId[]>();
  for (const { id, thread } of variables) {
    if (thread === undefined) continue;
    const own = locals.get(thread) ?? [];
    own.push(id);
    locals.set(thread, own);
  }
  return locals;
}

function allocateState(world: World): void {
  const fold = foldIn(rootScope(world));
  for (const [name, domain] of Object.entries(world.model.state)) {
    if (!(domain instanceof PoolDomain)) continue;
    if (world.pools.has(domain))
      throw new ModelError(`two variables are one pool: '${name}'`, world.model.at);
    const slots = Array.from({ length: fold.lengthOf(domain) }, (_, i) => `${name}${i}`);
    world.pools.set(domain, { name, values: ['NULL', ...slots] });
  }
  for (const [name, domain] of Object.entries(world.model.state)) {
    world.shared.set(name, world.state.allocate(name, domain, { fold }, [name]));
  }
}

type Unmade = 'shared' | 'pools' | 'each' | 'make' | 'first' | 'latchesAt' | 'names' | 'nesting';

/** A world whose state is not laid out yet. */
function worldOf(given: Omit<World, Unmade>): World {
  const { state, threadNames } = given;
  const world: World = {
    ...given,
    ...{ shared: new Map(), pools: new Map(), each: new Map() },
    make: (name, domain, place) => state.allocate(name, domain, { fold: foldIn(rootScope(world)) }, place),
    first: (name, domain) => firstValue(name, domain, rootScope(world)),
    latchesAt,
    names: namesFor(state, threadNames),
    nesting: { depth: 0 },
  };
  return world;
}

/** A world with state and no actors: enough to check that an expression depends on settings only. */
function emptyWorld(model: Model, settings: Settings, settingsRead: SettingsRead): World {
  const nowhere = (thread: ThreadId): Expr => ({ op: 'at', thread, locations: [] });
  const world = worldOf({
    ...{ model, settings, settingsRead, state: new StateVariables([]), families: new Map(), threadNames: [] },
    written: { each: new Map(), spinning: new Set() },
    standsAt: nowhere,
    isDone: nowhere,
    isBusy: nowhere,
    isDead: () => truth(false),
    isFinished: () => truth(false),
    fences: new Set(),
  });
  allocateState(world);
  return world;
}

function familiesOf(
  model: Model,
  settings: Settings,
  settingsRead: SettingsRead,
  left: Pick<World, 'open'> = {},
): ReadonlyMap<string, ThreadFamily> {
  const families = new Map<string, ThreadFamily>();
  const world: World = { ...emptyWorld(model, settings, settingsRead), families, ...left };
  let next: ThreadId = 0;
  for (const node of model.actors) {
    const scope = { ...rootScope(world), at: node.at };
    const given = lowerExpr(node.copies, scope);
    const open = openSize(given, scope);
    if (open !== undefined) {
      families.set(node.name, { node, threads: [next++], open });
      continue;
    }
    const copies = requireConstant(given, `the number of '${node.name}'`, node.at);
    if (copies < 0) throw new ModelError(`${copies} copies of '${node.name}'`, node.at);
    families.set(node.name, { node, threads: Array.from({ length: copies }, () => next++) });
  }
  if (next === 0) throw new ModelError(`${model.name} has no actors under these settings`, model.at);
  if (left.open !== undefined && left.open.settled.length > 0) {
    throw new ModelError(
      'a number of actors depends on whether a setting that is left open is large',
      model.at,
    );
  }
  return families;
}
