// Random models of two and three actors without loops, in the kernel's words: accesses and atomic operations of every order,
// fences, spinlocks and mutexes, actors that wait for a value, assertions, and what each actor has for itself.

import { type Random, random } from '../../checker/testing/random.js';
import * as kernel from '../../models/kernel/index.js';
import {
  type ActorsNode,
  type AnyShared,
  actor,
  type Block,
  type Bool,
  bool,
  If,
  type Int,
  type IntVar,
  int,
  type Model,
  model,
  perActor,
  procedure,
  type Stmt,
  shared,
  source,
  when,
} from '../../models/language/index.js';

const c = source('kernel/random.c');
const { READ_ONCE, WRITE_ONCE } = kernel;

// Atomic operations that return: full, relaxed, acquire, release.
const { xchg, xchg_relaxed, xchg_acquire, xchg_release } = kernel;
const { cmpxchg, cmpxchg_relaxed, cmpxchg_acquire, cmpxchg_release } = kernel;
const { atomic_fetch_add, atomic_fetch_add_relaxed, atomic_fetch_add_acquire, atomic_fetch_add_release } =
  kernel;
const { atomic_add_return, atomic_add_return_relaxed, atomic_add_return_acquire, atomic_add_return_release } =
  kernel;
const exchanges = [xchg, xchg_relaxed, xchg_acquire, xchg_release];
const comparisons = [cmpxchg, cmpxchg_relaxed, cmpxchg_acquire, cmpxchg_release];
const fetchings = [
  atomic_fetch_add,
  atomic_fetch_add_relaxed,
  atomic_fetch_add_acquire,
  atomic_fetch_add_release,
];
const additions = [
  atomic_add_return,
  atomic_add_return_relaxed,
  atomic_add_return_acquire,
  atomic_add_return_release,
];

/** Large enough for every sum: a model adds 1 at most so often. */
const numbers = int(0, 15);

export interface RandomModel {
  readonly model: Model;
  /** Variables of shared memory, and of what each actor has for itself, by the names that a Program has for them. */
  readonly memory: readonly string[];
  readonly registers: readonly string[];
}

/** The same model for the same seed. */
export function randomModel(seed: number): RandomModel {
  const dice = random(seed);
  const first = () => numbers.starts(dice.oneIn(3) ? 1 : 0);
  const state = shared({
    x: first(),
    y: first(),
    bit: bool(),
    spin: kernel.spinlock(),
    mutex: kernel.mutex(),
  });
  const registers = ['r0', 'r1', 'r2'].map((name) => perActor(name, numbers.starts(0)));
  const count = 2 + dice.below(2);
  const statements = count === 2 ? 3 + dice.below(2) : 2;
  // Half of them begin with a store and end with a load, which is where store buffers show.
  const isBuffering = dice.oneIn(2);
  const names = ['a', 'b', 'c'].slice(0, count);
  const actors = names.map((name) => {
    const build = new ActorBody(dice, state as never, registers.map(({ mine }) => mine) as never);
    // A body is made once for each lowering, so what is drawn is drawn before.
    const drawn = build.drawn(statements, isBuffering);
    return actor(name, procedure(name, () => build.block(drawn)) as never);
  });
  return {
    model: model(`random ${seed}`, {
      about: 'random',
      state: state as AnyShared,
      actors: actors as unknown as readonly { readonly actors: ActorsNode }[],
    }),
    memory: ['x', 'y', 'bit'],
    registers: names.flatMap((name) => ['r0', 'r1', 'r2'].map((register) => `${register}[${name}]`)),
  };
}

/** What an actor shares with others. */
interface State {
  readonly x: IntVar;
  readonly y: IntVar;
  readonly bit: Parameters<typeof kernel.set_bit>[0];
  readonly spin: Parameters<typeof kernel.spin_lock>[0];
  readonly mutex: Parameters<typeof kernel.mutex_lock>[0];
}

/** Makes a statement; drawn before it is made. */
type Drawn = () => Stmt;

class ActorBody {
  readonly #dice: Random;
  readonly #state: State;
  readonly #registers: readonly IntVar[];
  #used = 0;
  #labels = 0;

  constructor(dice: Random, state: State, registers: readonly IntVar[]) {
    this.#dice = dice;
    this.#state = state;
    this.#registers = registers;
  }

  drawn(count: number, isBuffering: boolean): readonly Drawn[] {
    const dice = this.#dice;
    const { x, y } = this.#state;
    const [to, from] = dice.oneIn(2) ? [x, y] : [y, x];
    const inner = Array.from({ length: isBuffering ? count - 2 : count }, () => this.#statement()).flat();
    const result = this.#fresh();
    const all = isBuffering
      ? [() => WRITE_ONCE(to, 1), ...inner, () => result.assign(READ_ONCE(from))]
      : inner;
    if (!dice.oneIn(isBuffering ? 8 : 3)) return all;
    return this.#locked(all, this.#dice.below(all.length), this.#dice.pick(['spin', 'mutex']));
  }

  block(drawn: readonly Drawn[]): Block {
    return Object.fromEntries(drawn.map((make) => [`s${this.#labels++}`, make()] as const));
  }

  /** From a statement on, all is done with a lock held. */
  #locked(all: readonly Drawn[], from: number, which: 'spin' | 'mutex'): readonly Drawn[] {
    const { spin, mutex } = this.#state;
    const take = (): Stmt => (which === 'spin' ? kernel.spin_lock(spin) : kernel.mutex_lock(mutex));
    const drop = (): Stmt => (which === 'spin' ? kernel.spin_unlock(spin) : kernel.mutex_unlock(mutex));
    return [...all.slice(0, from), take, ...all.slice(from), drop];
  }

  #statement(): readonly Drawn[] {
    const dice = this.#dice;
    switch (dice.below(16)) {
      case 0:
        return [this.#fence(), this.#access()];
      case 1:
      case 2:
        return [this.#test()];
      case 3:
        return [this.#wait()];
      case 4:
        return [this.#assertion()];
      default:
        return [this.#access()];
    }
  }

  #fence(): Drawn {
    return this.#dice.pick([kernel.smp_mb, kernel.smp_rmb, kernel.smp_wmb, kernel.smp_mb__after_atomic]);
  }

  #location(): IntVar {
    return this.#dice.pick([this.#state.x, this.#state.y]);
  }

  /** A small number, or what an earlier statement has read. */
  #value(): number | Int {
    const dice = this.#dice;
    return this.#used > 0 && dice.oneIn(3) ? this.#registers[dice.below(this.#used)]! : 1 + dice.below(2);
  }

  #fresh(): IntVar {
    const register = this.#registers[this.#used % this.#registers.length]!;
    this.#used = Math.min(this.#used + 1, this.#registers.length);
    return register;
  }

  #access(): Drawn {
    return this.#dice.oneIn(2) ? this.#plainAccess() : this.#atomic();
  }

  #plainAccess(): Drawn {
    const dice = this.#dice;
    const [place, value, kind] = [this.#location(), this.#value(), dice.below(9)];
    switch (kind) {
      case 0:
        return () => c`store`(place.set(value));
      case 1:
        return () => kernel.smp_store_release(place, value);
      case 2:
        return () => kernel.smp_store_mb(place, value);
      case 3:
        return () => kernel.set_current_state(place, value);
      case 4:
      case 5:
        return () => WRITE_ONCE(place, value);
      default: {
        const to = this.#fresh();
        if (kind === 6) return () => c`load`(to.set(place));
        if (kind === 7) return () => to.assign(kernel.smp_load_acquire(place));
        return () => to.assign(READ_ONCE(place));
      }
    }
  }

  #atomic(): Drawn {
    const dice = this.#dice;
    const { bit } = this.#state;
    const [place, value, from, kind] = [this.#location(), this.#value(), dice.below(3), dice.below(9)];
    const order = dice.below(4);
    switch (kind) {
      case 0:
        return () => kernel.atomic_inc(place);
      case 1:
        return () => kernel.set_bit(bit);
      case 2:
        return () => c`x++`(place.inc());
      case 3: {
        const then = this.#plainAccess();
        return () => If(kernel.test_and_set_bit(bit), this.block([then])) as unknown as Stmt;
      }
      case 4: {
        const [then, other] = [this.#plainAccess(), this.#plainAccess()];
        return () =>
          If(kernel.atomic_add_unless(place, 1, from), this.block([then])).Else(
            this.block([other]),
          ) as unknown as Stmt;
      }
      case 5:
      case 6: {
        const to = this.#fresh();
        return () => to.assign(exchanges[order]!(place, value));
      }
      case 7: {
        const to = this.#fresh();
        return () => to.assign(comparisons[order]!(place, from, value));
      }
      default: {
        const to = this.#fresh();
        const add = (dice.oneIn(2) ? fetchings : additions)[order]!;
        return () => to.assign(add(1, place));
      }
    }
  }

  /** Of a register, or of memory. */
  #condition(): () => Bool {
    const dice = this.#dice;
    const [value, place] = [dice.below(3), this.#location()];
    if (this.#used > 0 && dice.oneIn(2)) {
      const register = this.#registers[dice.below(this.#used)]!;
      return dice.oneIn(2) ? () => register.eq(value) : () => register.ne(value);
    }
    return dice.oneIn(2) ? () => READ_ONCE(place).eq(value) : () => kernel.smp_load_acquire(place).ne(value);
  }

  #test(): Drawn {
    const condition = this.#condition();
    const { spin } = this.#state;
    const [then, other, kind] = [this.#access(), this.#access(), this.#dice.below(4)];
    if (kind === 0)
      return () =>
        If(kernel.spin_trylock(spin), this.block([then, () => kernel.spin_unlock(spin)])) as unknown as Stmt;
    if (kind === 1) return () => If(condition(), this.block([then])) as unknown as Stmt;
    return () => If(condition(), this.block([then])).Else(this.block([other])) as unknown as Stmt;
  }

  #wait(): Drawn {
    const condition = this.#condition();
    return () => c`wait`(when(condition()));
  }

  #assertion(): Drawn {
    const condition = this.#condition();
    const isWarning = this.#dice.oneIn(3);
    return () => (isWarning ? kernel.warnOn(condition(), 'a warning') : kernel.bugOn(condition(), 'a bug'));
  }
}
