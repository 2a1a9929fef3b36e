// A model as a problem of barriers: smp_mb() and weaker ones may be put before each access but the first of an actor, and what is
// there may be left out. A place is a label: it is the same in every actor that runs its procedure.

import { rewrite } from '../checker/ir/expression.js';
import type { Expr, Program, Step, Thread } from '../checker/ir/program.js';
import { accessesIn } from '../checker/memory/accesses.js';
import { displayLocation } from '../models/language/index.js';
import type { AddedBarrier, BarrierKind, BarrierPlace } from './search.js';

export interface ModelPlace extends BarrierPlace {
  readonly label: string;
  /** Labels of the accesses before it. */
  readonly before: ReadonlySet<string>;
}

/** A barrier, or an order of an access, that is there. */
export interface PresentBarrier {
  readonly name: string;
  readonly label: string;
}

const where = ({ source }: Step): string => {
  const { model } = source;
  return model === undefined ? '' : ` (${displayLocation(model)})`;
};

/** Where barriers may be put. Under x86-TSO only smp_mb() matters. */
export function modelPlaces(program: Program, memory: 'lkmm' | 'tso'): readonly ModelPlace[] {
  const { kinds, isMemory } = accessesIn(program);
  const isAccess = ({ id, reports }: Step) =>
    reports?.kind !== 'bug' && kinds[id] !== 'local' && kinds[id] !== 'fence';
  const labels = [...new Set(program.steps.filter(isAccess).map(({ label }) => label))];
  return labels.flatMap((label) => {
    const steps = program.steps.filter((step) => step.label === label && isAccess(step));
    const before = new Set(steps.flatMap((step) => accessesBefore(program, step, isAccess)));
    if (before.size === 0) return [];
    const stores = steps.some(({ id, memory: of }) => kinds[id] === 'store' && of === undefined);
    const earlier = program.steps.filter((step) => before.has(step.label));
    const loads =
      earlier.length > 0 &&
      earlier.every(({ id, memory: of }) => kinds[id] === 'load' || of?.kind === 'modify');
    const reads =
      stores ||
      steps.some(({ assignments }) => assignments.some(({ target }) => target.variables.some(isMemory)));
    const all: readonly BarrierKind[] =
      memory === 'tso'
        ? ['mb']
        : [
            ...(loads ? ['acquire' as const] : []),
            ...(reads && stores ? ['release' as const] : []),
            'rmb',
            'wmb',
            'mb',
          ];
    return [{ name: `before ${label}${where(steps[0]!)}`, label, before, kinds: all }];
  });
}

/** The labels of the accesses that may come last before a step. */
function accessesBefore(program: Program, step: Step, isAccess: (step: Step) => boolean): readonly string[] {
  const own = program.steps.filter(({ thread }) => thread === step.thread);
  const found = new Set<string>();
  const seen = new Set<number>();
  const open = [step.from];
  for (let to = open.pop(); to !== undefined; to = open.pop()) {
    if (seen.has(to)) continue;
    seen.add(to);
    for (const one of own.filter((other) => other.to === to && other.from !== other.to)) {
      if (isAccess(one)) found.add(one.label);
      else open.push(one.from);
    }
  }
  return [...found];
}

/** Fences, and accesses with an order that may be weaker. */
export function presentBarriers(program: Program, memory: 'lkmm' | 'tso'): readonly PresentBarrier[] {
  const found = new Map<string, PresentBarrier>();
  for (const step of program.steps) {
    const name = presentName(step, memory);
    if (name !== undefined && !found.has(step.label))
      found.set(step.label, { name: `${name} in ${step.label}${where(step)}`, label: step.label });
  }
  return [...found.values()];
}

function presentName({ memory: of, guard, assignments }: Step, memory: 'lkmm' | 'tso'): string | undefined {
  if (of?.kind === 'fence' && assignments.length === 0) {
    return memory === 'tso' && of.fence !== 'mb' ? undefined : `smp_${of.fence}()`;
  }
  if (memory === 'tso') return undefined;
  if (of?.kind === 'modify' && of.order !== 'relaxed') return `${of.order} order`;
  if (assignments.some(({ order }) => order === 'release')) return 'release';
  const acquires = [guard, ...assignments.map(({ value }) => value)].some((x) => {
    let is = false;
    rewrite(x, (part) => {
      if (part.op === 'read' && part.order === 'acquire') is = true;
      return part;
    });
    return is;
  });
  return acquires ? 'acquire' : undefined;
}

/** The Program with barriers added, and others left out. */
export function withBarriers(
  program: Program,
  places: readonly ModelPlace[],
  added: readonly AddedBarrier[],
  leftOut: readonly PresentBarrier[],
): Program {
  const weak = new Set(leftOut.map(({ label }) => label));
  const acquiring = new Set(
    added.flatMap(({ place, kind }) => (kind === 'acquire' ? [...places[place]!.before] : [])),
  );
  const releasing = new Set(
    added.flatMap(({ place, kind }) => (kind === 'release' ? [places[place]!.label] : [])),
  );
  const fences = new Map(
    added.flatMap(({ place, kind }) =>
      kind === 'acquire' || kind === 'release' || kind === 'sync'
        ? []
        : [[places[place]!.label, kind] as const],
    ),
  );
  const changed = program.steps.map((step): Step => {
    const weaker = weak.has(step.label) ? weakened(step) : step;
    const acquired = acquiring.has(step.label) ? ordered(weaker, 'acquire') : weaker;
    return releasing.has(step.label) ? ordered(acquired, 'release') : acquired;
  });
  return fenced({ ...program, steps: changed }, fences);
}

/** Without order. */
function weakened(step: Step): Step {
  const { memory, ...rest } = step;
  if (memory?.kind === 'fence') return rest;
  const relaxed =
    memory?.kind === 'modify' ? { ...step, memory: { ...memory, order: 'relaxed' as const } } : step;
  return withOrders(relaxed, (order) => (order === 'acquire' ? 'once' : order), 'once');
}

function ordered(step: Step, order: 'acquire' | 'release'): Step {
  const { memory } = step;
  if (memory?.kind === 'modify')
    return memory.order === 'relaxed' ? { ...step, memory: { ...memory, order } } : step;
  return order === 'acquire'
    ? withOrders(step, () => 'acquire', undefined)
    : withOrders(step, (one) => one, 'release');
}

type LoadOrderOf = NonNullable<(Expr & { readonly op: 'read' })['order']> | undefined;

function withOrders(
  step: Step,
  load: (order: LoadOrderOf) => LoadOrderOf,
  store: 'once' | 'release' | undefined,
): Step {
  const loads = (x: Expr): Expr =>
    rewrite(x, (part) => {
      if (part.op !== 'read') return part;
      const { order, ...rest } = part;
      const now = load(order);
      return now === undefined ? rest : { ...rest, order: now };
    });
  return {
    ...step,
    guard: loads(step.guard),
    assignments: step.assignments.map((one) => ({
      ...one,
      value: loads(one.value),
      ...(store !== undefined && (store === 'release' || one.order === 'release') && { order: store }),
    })),
  };
}

/** With a fence before each of these labels: whoever comes from elsewhere passes it. */
function fenced(
  program: Program,
  fences: ReadonlyMap<string, Exclude<BarrierKind, 'acquire' | 'release' | 'sync'>>,
): Program {
  const threads: Thread[] = [];
  const steps: Step[] = [];
  for (const thread of program.threads) {
    const own = program.steps.filter((step) => step.thread === thread.id);
    const at = new Map<number, Step>();
    for (const step of own) if (fences.has(step.label) && !at.has(step.from)) at.set(step.from, step);
    const entries = new Map([...at.keys()].map((location, i) => [location, thread.locations.length + i]));
    const through = (from: number, to: number): number => (from === to ? to : (entries.get(to) ?? to));
    threads.push({
      ...thread,
      start: entries.get(thread.start) ?? thread.start,
      locations: [
        ...thread.locations,
        ...[...at.values()].map(({ label }) => ({ label: `${label}.barrier`, path: `${label}.barrier` })),
      ],
    });
    for (const [location, { label, source }] of at) {
      const fence = fences.get(label)!;
      steps.push({
        id: -1,
        thread: thread.id,
        from: entries.get(location)!,
        to: location,
        label: `${label}.barrier`,
        caption: `smp_${fence}()`,
        source,
        guard: { op: 'const', value: 1, type: 'bool' },
        assignments: [],
        memory: { kind: 'fence', fence },
      });
    }
    steps.push(...own.map((step) => ({ ...step, to: through(step.from, step.to) })));
  }
  return { ...program, threads, steps: steps.map((step, id) => ({ ...step, id })) };
}
