// Queues: first in, first out. A queue consists of cells and a length; unused cells have their first value, so equal
// queues are equal states.

import { refuseMoreArguments } from './arity.js';
import type { DomainNode } from './domain.js';
import { atOnce, type Effect, type EffectForAll, type EffectsAtOnce, forAll, set } from './effect.js';
import {
  all,
  any,
  Bool,
  boolNode,
  count,
  type Enum,
  Expr,
  type ExprNode,
  enumNode,
  Int,
  ifElse,
  intNode,
  type Place,
  yes,
} from './expression.js';
import { requireFunction } from './required.js';
import { someoneNode, type Who } from './someone.js';

type QueueNode = Extract<DomainNode, { kind: 'array' }>;

/** A queue of values that are written as W and read as E. */
export class QueueVar<W, E> {
  readonly place: Place;
  readonly #node: QueueNode;
  readonly #element: (place: Place) => E;

  constructor(place: Place, node: QueueNode, element: (place: Place) => E) {
    this.place = place;
    this.#node = node;
    this.#element = element;
  }

  get length(): Int {
    return new Int({ op: 'read', place: this.#lengthPlace });
  }
  get isEmpty(): Bool {
    return this.length.eq(0);
  }
  /** The first value. Of an empty queue it is a model error with a trace. */
  get head(): E {
    const first: ExprNode = ifElse(this.length.gt(0), 0, -1).node;
    return this.#element(this.#cell({ op: 'called', name: 'head', x: first }));
  }
  /** Puts a value at the end. Into a full queue it is a model error with a trace: the queue is too short. */
  push(x: W): EffectsAtOnce {
    const end = set(this.#cell(this.length.node), this.#valueNode(x));
    return atOnce(end, this.#setLength(this.length.plus(1)));
  }
  /** Takes the first value away; read `head` in the same step. Of an empty queue it is a model error with a trace. */
  pop(): EffectsAtOnce {
    return atOnce(
      this.#shift(() => yes),
      this.#setLength(this.length.minus(1)),
    );
  }
  /** Is the value in the queue? */
  has(x: W): Bool {
    return this.any((one) => equal(one, this.#valueNode(x)));
  }
  /** Removes the first occurrence of this value; no effect if there is none. */
  remove(x: W): EffectsAtOnce {
    const node = this.#valueNode(x);
    const isFound = (last: Int): Bool =>
      any(last.plus(1), (j) => this.#isUsed(j).and(equal(this.#at(j), node)));
    return atOnce(this.#shift(isFound), this.#setLength(this.length.minus(ifElse(this.has(x), 1, 0))));
  }
  /** Is the condition true of some value in the queue? */
  any(x: (value: E) => Bool): Bool {
    requireFunction(x, 'any((value) => …)');
    return any(this.#size, (i) => this.#isUsed(i).and(x(this.#at(i))));
  }
  /** Is it true of every value in the queue? */
  all(x: (value: E) => Bool): Bool {
    requireFunction(x, 'all((value) => …)');
    return all(this.#size, (i) => this.#isUsed(i).implies(x(this.#at(i))));
  }
  /** Of how many values in the queue is it true? */
  count(x: (value: E) => Bool): Int {
    requireFunction(x, 'count((value) => …)');
    return count(this.#size, (i) => this.#isUsed(i).and(x(this.#at(i))));
  }

  get #size(): Int {
    return new Int(this.#node.length);
  }
  get #lengthPlace(): Place {
    return { ...this.place, path: [...this.place.path, 'length'] };
  }
  #setLength(to: Int): Effect {
    return set(this.#lengthPlace, to.node);
  }
  #isUsed(i: Int): Bool {
    return this.length.gt(i);
  }
  #cell(i: ExprNode): Place {
    return { ...this.place, path: [...this.place.path, i] };
  }
  #at(i: Int): E {
    return this.#element(this.#cell(i.node));
  }
  /** From the first cell for which it is true, each cell takes the value of the next. */
  #shift(isFrom: (i: Int) => Bool): EffectForAll {
    return forAll(this.#size, (i) => {
      const last = i.plus(1).eq(this.#size);
      const read = (at: Int): ExprNode => ({ op: 'read', place: this.#cell(at.node) });
      const next: ExprNode = { op: 'if', x: last.node, then: this.#empty, else: read(i.plus(1)) };
      return set(this.#cell(i.node), { op: 'if', x: isFrom(i).node, then: next, else: read(i) });
    });
  }
  /** The value of an unused cell. */
  get #empty(): ExprNode {
    const { initial } = this.#node.element;
    const [first] = 'values' in initial ? initial.values : [];
    return typeof first === 'object' ? first : { op: 'const', value: first! };
  }
  #valueNode(x: W): ExprNode {
    const { node } = this.#node.element;
    if (node.kind === 'int' || node.kind === 'range') return intNode(x as number | Int);
    if (node.kind === 'bool') return boolNode(x as boolean | Bool);
    if (node.kind === 'someone') return someoneNode(x as Who | 'nobody', 'a queue of someone()');
    return x instanceof Expr ? x.node : enumNode(x as string | Enum<string>);
  }
}

const equal = (x: unknown, y: ExprNode): Bool => new Bool({ op: 'eq', x: (x as Expr<unknown>).node, y });

refuseMoreArguments(QueueVar);
