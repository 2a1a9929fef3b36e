// Random models of two actors over a few shared variables: every kind of statement, calls with arguments of every kind,
// results, and locals that are stored in one place and read in another.

import {
  type AtomicTest,
  actor,
  array,
  type Block,
  type Bool,
  bool,
  Call,
  Choose,
  type Effect,
  Either,
  For,
  Goto,
  If,
  type Int,
  type IntVar,
  int,
  localsOf,
  type Model,
  model,
  not,
  type Part,
  procedure,
  Return,
  shared,
  source,
  unused,
  While,
  when,
  yes,
} from '../../../models/language/index.js';
import { type Random, random } from '../../testing/random.js';

const c = source('random.c');
const digit = () => int(0, 2);
/**
 * No statement assigns to `k`: where a constant is passed for it, it is constant. Only steps read it, so that no test
 * is folded.
 */
const shape = { x: digit(), y: digit(), k: digit(), seen: array(2, digit()) };
type Locals = {
  readonly x: IntVar;
  readonly y: IntVar;
  readonly k: IntVar;
  readonly seen: { at(i: number | Int): IntVar };
};
type Statement = Block[string];
type Callee = ReturnType<typeof procedure<'callee', typeof shape, Block>>;

/** The context in which a statement is generated. */
interface Place {
  readonly locals: Locals;
  /** Loop indices and choices. */
  readonly bound: readonly Int[];
  /** The labels in scope of a Goto. */
  readonly labels: readonly string[];
  readonly callees: readonly Callee[];
  /** Results of earlier calls. */
  readonly results: Locals[];
  readonly depth: number;
}

class Writer {
  readonly #dice: Random;
  readonly #state = shared({ a: digit(), b: digit(), busy: bool() });
  #labels = 0;

  constructor(seed: number) {
    this.#dice = random(seed);
  }

  model(): Model {
    const inner = this.#procedure('inner', []);
    const outer = this.#procedure('outer', [inner]);
    const actors = ['one', 'two'].map((name) => actor(name, this.#procedure(name, [inner, outer])));
    return model('random', { about: '', state: this.#state, actors });
  }

  /** Ends with a step that stores x and y: they are variables, and may be read as results. */
  #procedure(name: string, callees: readonly Callee[]): Callee {
    const build = (locals: Locals): Block => {
      const place = { locals, bound: [], labels: [], callees, results: [], depth: 0 };
      const last = c`store`(this.#state.a.set(this.#int(place)), locals.x.set(locals.k), locals.y.set(2));
      return { ...this.#block(place, 3), [this.#label()]: last };
    };
    return procedure(name as 'callee', shape, build);
  }

  #label = (): string => `l${this.#labels++}`;

  #block(place: Place, length: number): Block {
    const own = Array.from({ length: this.#dice.below(length) + 1 }, this.#label);
    const inside = { ...place, labels: [...place.labels, ...own], depth: place.depth + 1 };
    return Object.fromEntries(own.map((label) => [label, this.#statement(inside)]));
  }

  #statement(place: Place): Statement {
    const dice = this.#dice;
    if (place.depth > 3 || dice.oneIn(3)) return this.#step(place);
    const block = (at = place) => this.#block(at, 2);
    switch (dice.below(11)) {
      case 0:
        return If(this.#test(place), block());
      case 1: {
        // All conditions are read first, so none may read the result of a call in a block before it.
        const [first, second] = [this.#test(place), this.#test(place)];
        return If(first, block())
          .ElseIf(second, block())
          .Else(dice.oneIn(2) ? {} : block());
      }
      case 2:
        return While(dice.oneIn(4) ? yes : this.#test(place), block());
      case 3:
        return For(dice.below(3), (i) => block({ ...place, bound: [...place.bound, i] }));
      case 4:
        return Either({ [this.#label()]: this.#arm(place), [this.#label()]: dice.oneIn(3) ? {} : block() });
      case 5:
        return Choose(2, (v) => block({ ...place, bound: [...place.bound, v] }));
      case 6:
        return dice.oneIn(3) ? Return() : Goto(dice.pick(place.labels));
      case 7: {
        const tested = this.#atomic(place);
        return dice.oneIn(2) ? If(tested, block()) : If(not(tested), block()).Else(block());
      }
      case 8:
        switch (dice.below(3)) {
          case 0:
            return While(this.#atomic(place), block());
          case 1:
            return this.#atomic(place);
          default:
            return place.locals.x.assign(
              c`value`.value(this.#int(place), this.#state.b.set(this.#int(place))),
            );
        }
      default:
        return place.callees.length === 0 ? this.#step(place) : this.#call(place);
    }
  }

  /** Half of the arms begin with a call, whose locals are then reset in the step that chooses the arm. */
  #arm(place: Place): Block {
    if (place.callees.length === 0 || this.#dice.oneIn(2)) return this.#block(place, 2);
    return { [this.#label()]: this.#call(place), ...this.#block(place, 1) };
  }

  #call(place: Place): Statement {
    const callee = this.#dice.pick(place.callees);
    const arg = () => (this.#dice.oneIn(2) ? this.#dice.below(3) : this.#int(place));
    const args = {
      ...(this.#dice.oneIn(4) && { x: arg() }),
      ...(this.#dice.oneIn(4) && { y: arg() }),
      ...(this.#dice.oneIn(2) && { k: arg() }),
    };
    const made = Call(callee, args);
    place.results.push(localsOf(callee) as unknown as Locals);
    return made;
  }

  #step(place: Place): Statement {
    const { a, b, busy } = this.#state;
    const { x, y, k, seen } = place.locals;
    const dice = this.#dice;
    const value = dice.oneIn(5) ? k : this.#int(place);
    const effects: readonly Effect[] = [
      ...[a.set(value), b.set(value), x.set(value), y.set(value)],
      ...[seen.at(dice.below(2)).set(value), seen.at(b.mod(2)).set(value), seen.at(x.mod(2)).set(value)],
    ];
    unused(...effects);
    const flips = dice.oneIn(3) ? [busy.set(dice.oneIn(2))] : [];
    const waits: readonly Part[] = dice.oneIn(5) ? [when(this.#bool(place))] : [];
    return c`step`(...waits, dice.pick(effects), ...flips);
  }

  /** Effects in every outcome, none of which reads what another one writes. */
  #atomic(place: Place): AtomicTest {
    const { a, b, busy } = this.#state;
    const dice = this.#dice;
    return c`test`.test(this.#test(place), {
      both: dice.oneIn(2)
        ? [...(dice.oneIn(4) ? [when(this.#bool(place))] : []), a.set(this.#int(place))]
        : [],
      yes: dice.oneIn(2) ? [b.set(dice.below(3)), place.locals.x.set(dice.below(3))] : [],
      no: dice.oneIn(2) ? [place.locals.y.set(dice.below(3)), busy.set(dice.oneIn(2))] : [],
      ...(dice.oneIn(4) && { mayFail: this.#bool(place) }),
    });
  }

  #int(place: Place): Int {
    const { a, b } = this.#state;
    const dice = this.#dice;
    const { x, y, seen } =
      dice.oneIn(4) && place.results.length > 0 ? dice.pick(place.results) : place.locals;
    switch (dice.below(8)) {
      case 0:
        return a;
      case 1:
        return b;
      case 2:
        return place.bound.length > 0 ? dice.pick(place.bound) : y;
      case 3:
        return seen.at(dice.below(2));
      case 6:
        return seen.at(a.mod(2));
      case 4:
        return x.plus(dice.pick([a, b, y])).mod(3);
      case 5:
        return y;
      default:
        return x;
    }
  }

  /** A condition that lowering cannot decide: indices and choices are constants for it. */
  #test = (place: Place): Bool => this.#bool({ ...place, bound: [] });

  #bool(place: Place): Bool {
    const dice = this.#dice;
    switch (dice.below(4)) {
      case 0:
        return this.#state.busy;
      case 1:
        return not(this.#int(place).eq(this.#int(place)));
      case 2:
        return this.#int(place).lt(this.#int(place)).or(this.#state.busy);
      default:
        return this.#int(place).eq(dice.below(3));
    }
  }
}

/** The model of a seed. Some have no meaning, such as a loop without a step, and are refused when lowered. */
export const randomModel = (seed: number): Model => new Writer(seed).model();
