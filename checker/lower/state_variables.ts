// Storage: from the model's nested domains to the Program's scalar variables, and from a place to its cell.
// `page: array(2, record({ _mapcount: int(-1, 1) }))` becomes two variables, `page[0]._mapcount` and
// `page[1]._mapcount`; the place `page.at(i)._mapcount` becomes both of them with the index i.

import {
  type DomainNode,
  type ExprNode,
  type Initial,
  type InitialValue,
  type LatchRule,
  type Domain as ModelDomain,
  ModelError,
  type Place,
  type SourceLocation,
} from '../../models/language/index.js';
import { boundsOf } from '../ir/expression.js';
import type { Domain, Expr, Lock, PlacePart, ThreadId, Variable, VariableId } from '../ir/program.js';
import { refuseUnsaid } from './first_values.js';
import type { Rigid, Sorts } from './rigid.js';

/** The variables of a variable of the model: the tree of its domain, with variables of the Program as leaves. */
export type Slot =
  | {
      readonly kind: 'scalar';
      readonly id: VariableId;
      /** Lies in an object, but not in its memory: no access is checked. */
      readonly notMemory?: true;
    }
  /** A set of actors: one bool for each thread. */
  | { readonly kind: 'holders'; readonly byThread: readonly VariableId[] }
  | LatchSlot
  | { readonly kind: 'record'; readonly fields: ReadonlyMap<string, Slot> }
  /** `length`: of a queue, how many of its cells are used. */
  | {
      readonly kind: 'array';
      readonly elements: readonly Slot[];
      readonly length?: Slot;
      /** Has each thread an element of its own? */
      readonly byThread?: true;
      /** The setting that is its length, if that is left open: its one element stands for all. */
      readonly open?: string;
    };

/** A latch, or one for each of some actors; its variables are made where a step first names it. */
export interface LatchSlot {
  readonly kind: 'latch';
  readonly name: string;
  readonly latch: LatchRule;
  /** Where it lies. */
  readonly own: Place;
  readonly each: 'observed' | 'waiting' | undefined;
  readonly group: object | undefined;
  /** By the actors that they are for; 0 if for none. */
  readonly variables: Map<ThreadId, VariableId>;
  /** Are all made that there are? */
  isMade: boolean;
}

export type RecordSlot = Extract<Slot, { kind: 'record' }>;

/** Resolves parts of a domain that depend on settings. */
export interface Fold {
  /** The Program's domain for a scalar domain of the model. */
  domainOf(node: DomainNode): Domain;
  lengthOf(domain: ModelDomain<unknown>): number;
  /** The number of a first value; refuses one outside the domain. */
  numberOf(domain: Domain, value: InitialValue | ExprNode, name: string): number;
  /** Lowering for any number: the setting that is an array's length, if it is left open. */
  openLength(domain: ModelDomain<unknown>): string | undefined;
  /** Lowering for any number: a first value that depends on sizes. Refuses elements that start unlike. */
  openFirst(
    domain: Domain,
    initial: Initial,
    name: string,
    indices: readonly number[],
    sorts?: Sorts,
  ): Expr | undefined;
}

/** Records of locks that exist only where they matter: by class of lock, for which threads. */
export interface Remembered {
  /** Waiting writers, for locks that queue writers. */
  readonly writers: ReadonlyMap<string, readonly ThreadId[]>;
  /** Threads that take a share of a lock of which they may hold their share. */
  readonly nested: ReadonlyMap<string, readonly ThreadId[]>;
}

export const nothingRemembered: Remembered = { writers: new Map(), nested: new Map() };

/** How the variables of a domain are made. */
interface Allocation {
  readonly fold: Fold;
  readonly thread?: ThreadId;
  /** Where the model makes them, for messages. */
  readonly at?: SourceLocation | undefined;
  /** For a local that an argument starts. */
  readonly initial?: number;
  /** For a part of a lock: the whole. */
  readonly lock?: Pick<Lock, 'name' | 'class'>;
  /** For a cell of a queue: the queue. */
  readonly queue?: string;
  readonly sorts?: Sorts;
}

/** Long, since it knows every kind of domain. */
export class StateVariables {
  readonly variables: Variable[] = [];
  /** By a share that its thread takes again: the variable that counts it. */
  readonly nested = new Map<VariableId, VariableId>();
  /** By the name of a lock: for each thread that may wait to write, the variable that records it. */
  readonly waiting = new Map<string, ReadonlyMap<ThreadId, VariableId>>();
  /** The objects, each with its lifetime as one of its fields. */
  readonly objects: RecordSlot[] = [];
  readonly latches: LatchSlot[] = [];
  /** What no step writes: the values of settings that are left open, and indices below them. */
  readonly rigid = new Map<VariableId, Rigid>();
  /** First values that depend on sizes. */
  readonly firstValues = new Map<VariableId, Expr>();
  readonly sorts = new Map<VariableId, Sorts>();
  readonly #threadNames: readonly string[];
  readonly #remembered: Remembered;

  constructor(threadNames: readonly string[], remembered: Remembered = nothingRemembered) {
    this.#threadNames = threadNames;
    this.#remembered = remembered;
  }

  /** Makes the variables of a domain at a place. */
  allocate(
    name: string,
    domain: ModelDomain<unknown>,
    options: Allocation,
    place: readonly PlacePart[],
  ): Slot {
    const { node } = domain;
    const ofClass = 'class' in node && node.class !== undefined ? { class: node.class } : {};
    const whole = { name, class: withoutIndices(place), ...options.lock, ...ofClass };
    switch (node.kind) {
      case 'record': {
        const inside = node.isLock ? { ...options, lock: whole } : options;
        const fields = Object.entries(node.fields).map(
          ([field, inner]) =>
            [field, this.allocate(`${name}.${field}`, inner, inside, [...place, field])] as const,
        );
        if (node.queuesWriters) this.#rememberWriters(whole, place, options);
        const slot: RecordSlot = { kind: 'record', fields: new Map(fields) };
        if (node.lifetime !== undefined) this.objects.push(slot);
        return slot;
      }
      case 'array': {
        const open = options.fold.openLength(domain);
        const size = open === undefined ? options.fold.lengthOf(domain) : 1;
        const sorts = [...(options.sorts ?? []), open];
        const inside = { ...options, sorts, ...(node.isQueue && { queue: name }) };
        const length = node.isQueue && {
          kind: 'scalar' as const,
          id: this.#variable(`${name}.length`, { kind: 'int', min: 0, max: size }, [0], {
            ...{ place: [...place, 'length'], queue: name },
            ...(options.thread !== undefined && { thread: options.thread }),
          }),
        };
        const elements = Array.from({ length: size }, (_, i) =>
          this.allocate(`${name}[${i}]`, node.element, inside, [...place, i]),
        );
        return { kind: 'array', elements, ...(length && { length }), ...(open !== undefined && { open }) };
      }
      case 'per actor': {
        const elements = this.#threadNames.map((thread) =>
          this.allocate(`${name}[${thread}]`, node.element, options, [...place, thread]),
        );
        return { kind: 'array', elements, byThread: true };
      }
      case 'holders':
        return this.#shares(name, lockOf(node, whole, 'shared'), place, options);
      case 'latch':
        return added(this.latches, latchSlot(name, node, place, options));
      case 'owner': {
        const own = { kind: 'owner', values: ['free', ...this.#threadNames] } as const;
        const id = this.#variable(name, own, [0], ownerFacts(node, whole, options, place));
        if (options.sorts !== undefined) this.sorts.set(id, options.sorts);
        return { kind: 'scalar', id };
      }
      default:
        return this.#scalar(name, domain, options, place);
    }
  }

  /** The value of a setting that is left open. */
  sizeVariable(setting: string, least: number): VariableId {
    for (const [id, one] of this.rigid) if (one.kind === 'size' && one.setting === setting) return id;
    return this.rigidVariable(setting, { kind: 'size', setting, least });
  }

  /** Makes a variable that no step writes. */
  rigidVariable(name: string, rigid: Rigid): VariableId {
    const id = this.#variable(name, { kind: 'int', min: 0, max: sizeMax }, [0], {});
    this.rigid.set(id, rigid);
    return id;
  }

  /** Makes a variable of a latch. */
  latchVariable(name: string, domain: Domain, place: readonly PlacePart[]): VariableId {
    return this.#variable(name, domain, [0], { place });
  }

  #scalar(
    name: string,
    { node, initial, notMemory }: ModelDomain<unknown>,
    { fold, thread, queue, initial: given, sorts }: Allocation,
    place: readonly PlacePart[],
  ): Slot {
    const domain = fold.domainOf(node);
    const open =
      given === undefined ? fold.openFirst(domain, initial, name, indicesIn(place), sorts) : undefined;
    const numbers =
      open !== undefined
        ? [boundsOf(domain).min]
        : given === undefined
          ? firstNumbers(name, domain, initial, fold, place)
          : [given];
    const facts = {
      place,
      ...(thread !== undefined && { thread }),
      ...(queue !== undefined && { queue }),
    };
    const id = this.#variable(name, domain, [...new Set(numbers)], facts);
    if (open !== undefined) this.firstValues.set(id, open);
    if (sorts !== undefined) this.sorts.set(id, sorts);
    return { kind: 'scalar', id, ...(notMemory && { notMemory }) };
  }

  #rememberWriters(
    { name, class: ofClass }: Pick<Lock, 'name' | 'class'>,
    place: readonly PlacePart[],
    { thread }: Pick<Variable, 'thread'>,
  ): void {
    const writers = this.#remembered.writers.get(ofClass) ?? [];
    const variables = writers.map((writer) => {
      const own = `${name}.waiting[${this.#threadNames[writer]}]`;
      const facts = { place: [...place, 'waiting', writer], ...(thread !== undefined && { thread }) };
      const ofLock = { lock: name, thread: writer, what: 'queued' } as const;
      return [writer, this.#variable(own, { kind: 'bool' }, [0], { ...facts, ofLock })] as const;
    });
    if (variables.length > 0) this.waiting.set(name, new Map(variables));
  }

  /** A share for each thread, and a counter for each of those that take theirs again. */
  #shares(
    name: string,
    lock: Lock,
    place: readonly PlacePart[],
    options: Pick<Allocation, 'thread' | 'sorts'>,
  ): Extract<Slot, { kind: 'holders' }> {
    const nesting = this.#remembered.nested.get(lock.class) ?? [];
    const { thread: own, sorts } = options;
    const byThread = this.#threadNames.map((thread, holder) =>
      this.#variable(`${name}[${thread}]`, { kind: 'bool' }, [0], {
        ...{ ...(own !== undefined && { thread: own }), place, holder },
        lock: nesting.includes(holder) ? { ...lock, nests: true } : lock,
      }),
    );
    if (sorts !== undefined) for (const id of byThread) this.sorts.set(id, sorts);
    for (const thread of nesting) {
      this.nested.set(byThread[thread]!, this.#ownCount(lock.name, thread, place, options));
    }
    return { kind: 'holders', byThread };
  }

  /** The counter of a thread's additional shares. */
  #ownCount(
    lock: string,
    owner: ThreadId,
    place: readonly PlacePart[],
    { thread }: Pick<Variable, 'thread'>,
  ): VariableId {
    const facts = { place: [...place, 'nested', owner], ...(thread !== undefined && { thread }) };
    const domain = { kind: 'int', min: 0, max: nestedMax } as const;
    const ofLock = { lock, thread: owner, what: 'nested' } as const;
    return this.#variable(`${lock}.nested[${this.#threadNames[owner]}]`, domain, [0], { ...facts, ofLock });
  }

  #variable(name: string, domain: Domain, initial: readonly number[], options: VariableFacts): VariableId {
    const id = this.variables.length;
    this.variables.push({ ...variableOf(name, domain, initial, options), id });
    return id;
  }
}

function added<T>(all: T[], one: T): T {
  all.push(one);
  return one;
}

function latchSlot(
  name: string,
  { latch, each, group }: Extract<DomainNode, { kind: 'latch' }>,
  place: readonly PlacePart[],
  { thread, at }: Allocation,
): LatchSlot {
  if (thread !== undefined) {
    throw new ModelError(`${place.join('.')} is a latch: make it with perActor('name', latch(…))`, at);
  }
  const path = place
    .slice(1)
    .map((part): string | ExprNode => (typeof part === 'number' ? { op: 'const', value: part } : part));
  const own = { name: String(place[0]), path };
  const made = { variables: new Map<ThreadId, VariableId>(), isMade: false };
  return { kind: 'latch', name, latch, each, own, group: group?.place.group, ...made };
}
const indicesIn = (place: readonly PlacePart[]): readonly number[] =>
  place.filter((part) => typeof part === 'number');

/** The first values of a scalar. */
function firstNumbers(
  name: string,
  domain: Domain,
  initial: Initial,
  fold: Fold,
  place: readonly PlacePart[],
): readonly number[] {
  refuseUnsaid(domain, initial, name);
  return initialValues(initial, indicesIn(place)).map((value) => fold.numberOf(domain, value, name));
}

type VariableFacts = Pick<Variable, 'thread' | 'lock' | 'ofLock' | 'holder' | 'place' | 'queue'>;

/** What an owner is: a lock, unless any actor may release it. */
const ownerFacts = (
  node: Extract<DomainNode, { kind: 'owner' }>,
  whole: Pick<Lock, 'name' | 'class'>,
  { thread }: Pick<Variable, 'thread'>,
  place: readonly PlacePart[],
): VariableFacts => ({
  place,
  ...(thread !== undefined && { thread }),
  ...(node.anyoneReleases !== true && { lock: lockOf(node, whole, 'exclusive') }),
});

const variableOf = (
  name: string,
  domain: Domain,
  initial: readonly number[],
  { place, thread, lock, ofLock, holder, queue }: VariableFacts,
): Omit<Variable, 'id'> => ({
  name,
  ...(place !== undefined && { place }),
  domain,
  initial,
  ...(thread !== undefined && { thread }),
  ...(lock !== undefined && { lock }),
  ...(ofLock !== undefined && { ofLock }),
  ...(holder !== undefined && { holder }),
  ...(queue !== undefined && { queue }),
});

/** A bound for sizes and indices, so that arithmetic on them is exact. */
const sizeMax = 2 ** 20;

/** The most additional shares: one more is a fault, as in a model without this bound. */
const nestedMax = 7;

const lockOf = (
  { lock, spins }: Extract<DomainNode, { kind: 'owner' | 'holders' }>,
  whole: Pick<Lock, 'name' | 'class'>,
  mode: Lock['mode'],
): Lock => ({ kind: lock, name: whole.name, class: whole.class, mode, ...(spins && { spins }) });

const withoutIndices = (place: readonly PlacePart[]): string =>
  place.filter((part) => typeof part === 'string').join('.');

/** The first values of a domain, for an element with these indices. */
export const initialValues = (initial: Initial, indices: readonly number[]) =>
  'values' in initial ? initial.values : [initial.of(...indices)];

/** A scalar value, not a record, an array or a lock. */
export const isScalar = ({ kind }: DomainNode): boolean =>
  ['enum', 'int', 'bool', 'range', 'pointer', 'someone'].includes(kind);

/** The variables of a slot. */
export function leaves(slot: Slot): readonly VariableId[] {
  switch (slot.kind) {
    case 'scalar':
      return [slot.id];
    case 'holders':
      return slot.byThread;
    case 'latch':
      return [...slot.variables.values()];
    case 'record':
      return [...slot.fields.values()].flatMap(leaves);
    case 'array':
      return [...(slot.length === undefined ? [] : leaves(slot.length)), ...slot.elements.flatMap(leaves)];
  }
}
