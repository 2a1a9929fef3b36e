// The sets of events and basic relations of an execution, under the names that models use.

import type { BaseRelations } from '../relations/evaluate.js';
import {
  bitsOf,
  composition,
  type EventBits,
  identity,
  intersection,
  inverse,
  Matrix,
} from '../relations/matrix.js';
import type { Execution, MemoryEvent, Pair } from './event.js';

const isMemory = ({ kind }: MemoryEvent): boolean => kind !== 'fence';

/** Which events are in a set. */
const sets: { readonly [name: string]: (event: MemoryEvent) => boolean } = {
  R: ({ kind }) => kind === 'read',
  W: ({ kind }) => kind === 'write',
  M: isMemory,
  F: ({ kind }) => kind === 'fence',
  IW: ({ thread }) => thread === -1,
  /** All parts of read-modify-writes, those that fail too. */
  RMW: ({ isModification }) => isModification,
  plain: ({ order }) => order === 'plain',
  acquire: ({ order }) => order === 'acquire',
  release: ({ order }) => order === 'release',
  noreturn: ({ order }) => order === 'noreturn',
  /** A smp_mb(), or a part of a read-modify-write that is a full barrier. */
  mb: ({ order, fence }) => order === 'mb' || fence === 'mb',
  rmb: ({ fence }) => fence === 'rmb',
  wmb: ({ fence }) => fence === 'wmb',
  barrier: ({ fence }) => fence === 'barrier',
  'before-atomic': ({ fence }) => fence === 'before-atomic',
  'after-atomic': ({ fence }) => fence === 'after-atomic',
  'after-spinlock': ({ fence }) => fence === 'after-spinlock',
  'after-unlock-lock': ({ fence }) => fence === 'after-unlock-lock',
  'rcu-lock': ({ fence }) => fence === 'rcu-lock',
  'rcu-unlock': ({ fence }) => fence === 'rcu-unlock',
  'sync-rcu': ({ fence }) => fence === 'sync-rcu',
  LKR: ({ lock }) => lock === 'LKR',
  LKW: ({ lock }) => lock === 'LKW',
  UL: ({ lock }) => lock === 'UL',
  LF: ({ lock }) => lock === 'LF',
  RL: ({ lock }) => lock === 'RL',
  RU: ({ lock }) => lock === 'RU',
};

/** The facts of an execution, as it is now: it must not change while they are in use. */
export class ExecutionFacts implements BaseRelations {
  readonly size: number;
  readonly #execution: Execution;
  readonly #relations = new Map<string, Matrix>();

  constructor(execution: Execution) {
    this.#execution = execution;
    this.size = execution.events.length;
  }

  set(name: string): EventBits {
    const test = sets[name];
    if (test === undefined) throw new Error(`no set '${name}'`);
    return bitsOf(this.size, (event) => test(this.#execution.events[event]!));
  }

  relation(name: string): Matrix {
    const known = this.#relations.get(name);
    if (known !== undefined) return known;
    const found = this.#compute(name);
    this.#relations.set(name, found);
    return found;
  }

  #compute(name: string): Matrix {
    const { modifications, address, data, control, readsFrom } = this.#execution;
    switch (name) {
      case 'id':
        return identity(this.size);
      case 'po':
        return this.#where((a, b) => a.thread === b.thread && a.thread !== -1 && a.id < b.id);
      case 'loc':
        return this.#where((a, b) => a.location !== undefined && a.location === b.location);
      case 'int':
        return this.#where((a, b) => a.thread === b.thread && a.thread !== -1);
      case 'ext':
        return this.#where((a, b) => a.thread !== b.thread);
      case 'rf':
        return this.#of(
          readsFrom.flatMap((source, read) => (source === undefined ? [] : [[source, read] as const])),
        );
      case 'co':
        return this.#of([...this.#execution.coherence.values()].flatMap(pairsInOrder));
      case 'fr':
        return composition(inverse(this.relation('rf')), this.relation('co'));
      case 'rmw':
        return this.#of(modifications);
      case 'addr':
        return this.#of(address);
      case 'data':
        return this.#of(data);
      case 'ctrl':
        return this.#of(control);
      case 'po-loc':
        return intersection(this.relation('po'), this.relation('loc'));
      case 'rcu-rscs':
        return this.#of(sections(this.#execution.events));
      case 'critical':
        return this.#of(criticalSections(this.#execution.events));
      default:
        throw new Error(`no relation '${name}'`);
    }
  }

  #of(pairs: readonly Pair[]): Matrix {
    const result = new Matrix(this.size);
    for (const [from, to] of pairs) result.add(from, to);
    return result;
  }

  #where(test: (a: MemoryEvent, b: MemoryEvent) => boolean): Matrix {
    const result = new Matrix(this.size);
    for (const a of this.#execution.events) {
      for (const b of this.#execution.events) if (test(a, b)) result.add(a.id, b.id);
    }
    return result;
  }
}

const pairsInOrder = (writes: readonly number[]): readonly Pair[] =>
  writes.flatMap((from, i) => writes.slice(i + 1).map((to): Pair => [from, to]));

/** Each rcu_read_lock() with the rcu_read_unlock() that matches it; they nest. */
function sections(events: readonly MemoryEvent[]): readonly Pair[] {
  const found: Pair[] = [];
  const open: MemoryEvent[] = [];
  for (const event of events) {
    if (open.at(-1)?.thread !== event.thread) open.length = 0;
    if (event.fence === 'rcu-lock') open.push(event);
    const lock = event.fence === 'rcu-unlock' ? open.pop() : undefined;
    if (lock !== undefined) found.push([lock.id, event.id]);
  }
  return found;
}

/** Each taking of a lock with the unlock that ends it. */
function criticalSections(events: readonly MemoryEvent[]): readonly Pair[] {
  return events.flatMap((taken) => {
    if (taken.lock !== 'LKW') return [];
    const next = events.find(
      ({ id, thread, location, lock }) =>
        id > taken.id &&
        thread === taken.thread &&
        location === taken.location &&
        (lock === 'UL' || lock === 'LKW'),
    );
    return next?.lock === 'UL' ? [[taken.id, next.id] as const] : [];
  });
}
