// A litmus test as a model, to be run with store buffers: locations are one array of memory, registers belong to their actor,
// and the address of location i is the number `addresses + i`.

import type { CExpression, CStatement, LitmusTest, LitmusValue } from '../litmus/index.js';
import { smp_mb, spin_lock, spin_unlock, spinlock } from '../models/kernel/index.js';
import {
  type Actors,
  actor,
  array,
  type Block,
  type Bool,
  If,
  Int,
  type IntVar,
  ifElse,
  int,
  type Model,
  type ModifyOrder,
  model,
  modifies,
  not,
  type Part,
  perActor,
  procedure,
  type SingleActor,
  type Stmt,
  shared,
  source,
} from '../models/language/index.js';

/** Where addresses begin: above every number of a test. */
export const addresses = 100;
const values = int(-8, addresses + 8).starts(0);
const c = source('test.litmus');

export interface LitmusModel {
  readonly model: Model;
  /** The locations, by their index in memory. */
  readonly locations: readonly string[];
}

/** The model of a test. Throws for a statement that it does not know. */
export function litmusModel(test: LitmusTest): LitmusModel {
  const named = [
    ...test.initial.keys(),
    ...[...test.initial.values()].filter((value) => typeof value === 'string'),
    ...test.threads.flatMap(({ parameters }) => parameters),
  ];
  const locations = [...new Set(named)].sort();
  const first = locations.map((name) => numberOf(test.initial.get(name) ?? 0, locations));
  const state = shared({
    memory: array(
      locations.length,
      int(-8, addresses + 8).startsAs((i = 0) => first[i]!),
    ),
    lock: array(locations.length, spinlock()),
  });
  const actors = test.threads.map(({ body }, i): SingleActor<string> => {
    const thread = new ThreadModel(locations, state as never);
    return actor(`P${i}`, procedure(`P${i}`, () => thread.block(body)) as never) as never;
  });
  return {
    model: model(test.name, { about: '', state, actors: actors as unknown as readonly Actors<string>[] }),
    locations,
  };
}

export const numberOf = (value: LitmusValue, locations: readonly string[]): number =>
  typeof value === 'number' ? value : addresses + locations.indexOf(value);

interface LitmusState {
  readonly memory: { at(i: number | Int): IntVar };
  readonly lock: { at(i: number): never };
}

class ThreadModel {
  readonly #locations: readonly string[];
  readonly #state: LitmusState;
  readonly #registers = new Map<string, IntVar>();
  #labels = 0;

  constructor(locations: readonly string[], state: LitmusState) {
    this.#locations = locations;
    this.#state = state;
  }

  block(statements: readonly CStatement[]): Block {
    return Object.fromEntries(
      statements.flatMap((statement) => {
        const stmt = this.#statement(statement);
        return stmt === undefined ? [] : [[`s${this.#labels++}`, stmt] as const];
      }),
    );
  }

  #register(name: string): IntVar {
    const known = this.#registers.get(name) ?? perActor(name, values).mine;
    this.#registers.set(name, known);
    return known;
  }

  /** The place that an address means. */
  #place(address: CExpression): IntVar {
    if (address.kind === 'pointed') return this.#place(address.address);
    if (address.kind !== 'name') throw new Error(`no place: ${address.text}`);
    const i = this.#locations.indexOf(address.name);
    return this.#state.memory.at(i >= 0 ? i : this.#register(address.name).minus(addresses));
  }

  #value(x: CExpression): Int {
    switch (x.kind) {
      case 'number':
        return new Int({ op: 'const', value: x.value });
      case 'name': {
        const i = this.#locations.indexOf(x.name);
        return i >= 0 ? new Int({ op: 'const', value: addresses + i }) : this.#register(x.name);
      }
      case 'binary':
        if (x.operator === '+') return this.#value(x.left).plus(this.#value(x.right));
        return ifElse(this.#condition(x), 1, 0);
      default:
        throw new Error(`no value: ${x.text}`);
    }
  }

  #condition(x: CExpression): Bool {
    if (x.kind === 'binary' && x.operator === '==') return this.#value(x.left).eq(this.#value(x.right));
    if (x.kind === 'binary' && x.operator === '!=') return not(this.#value(x.left).eq(this.#value(x.right)));
    return this.#value(x).ne(0);
  }

  #statement(statement: CStatement): Stmt | undefined {
    switch (statement.kind) {
      case 'declare':
        return undefined;
      case 'if':
        return If(this.#condition(statement.condition), this.block(statement.then)).Else(
          this.block(statement.otherwise),
        ) as Stmt;
      case 'store':
        return c`store`(this.#place(statement.address).set(this.#value(statement.value)));
      case 'assign': {
        const to = this.#register(statement.name);
        const { value } = statement;
        if (value.kind === 'pointed') return c`load`(to.set(this.#place(value)));
        return value.kind === 'call' ? this.#call(value, to) : c`compute`(to.set(this.#value(value)));
      }
      case 'call':
        return this.#call(statement.call, undefined);
    }
  }

  #call({ name, args }: CExpression & { readonly kind: 'call' }, to: IntVar | undefined): Stmt | undefined {
    const [word, order = 'full'] = name.split(/_(?=relaxed$|acquire$|release$)/);
    const stores = (value: Int): readonly Part[] => (to === undefined ? [] : [to.set(value)]);
    const modify = (place: IntVar, left: Int, returned: Int = place) =>
      c`${name}`(modifies(order as ModifyOrder), ...stores(returned), place.set(left));
    switch (name) {
      case 'READ_ONCE':
      case 'smp_load_acquire':
      case 'rcu_dereference':
        return c`load`(to!.set(this.#place(args[0]!)));
      case 'WRITE_ONCE':
      case 'smp_store_release':
      case 'rcu_assign_pointer':
        return c`store`(this.#place(args[0]!).set(this.#value(args[1]!)));
      case 'smp_mb':
        return smp_mb();
      case 'spin_lock':
      case 'spin_unlock': {
        const lock = this.#state.lock.at(this.#locations.indexOf((args[0] as { name: string }).name));
        return name === 'spin_lock' ? spin_lock(lock) : spin_unlock(lock);
      }
      default:
        break;
    }
    if (/^smp_(rmb|wmb|mb__\w+)$/.test(name)) return undefined;
    const place = this.#place(args.at(name.startsWith('atomic') ? -1 : 0)!);
    switch (word) {
      case 'xchg':
        return modify(place, this.#value(args[1]!));
      case 'cmpxchg': {
        const [from, value] = [this.#value(args[1]!), this.#value(args[2]!)];
        return modify(place, ifElse(place.eq(from), value, place));
      }
      case 'atomic_inc':
        return modify(place, place.plus(1));
      case 'atomic_add':
      case 'atomic_fetch_add':
        return modify(place, place.plus(this.#value(args[0]!)));
      case 'atomic_add_return': {
        const sum = place.plus(this.#value(args[0]!));
        return modify(place, sum, sum);
      }
      default:
        throw new Error(`no such call: ${name}`);
    }
  }
}
