// Random litmus tests, as the text of a file: two or three threads of a few accesses to two locations.

import { type Random, random } from '../../checker/testing/random.js';

const fences = [
  'smp_mb();',
  'smp_rmb();',
  'smp_wmb();',
  'smp_mb__before_atomic();',
  'smp_mb__after_atomic();',
];
const orders = ['', '_relaxed', '_acquire', '_release'];

interface Size {
  /** Accesses of each thread. */
  readonly accesses: number;
  readonly threads: number;
  /** Locks, and plain accesses, which a model without data races reads as any others. */
  readonly hasLocks: boolean;
}

/** The same text for the same seed. */
export function randomTest(seed: number, { accesses, threads, hasLocks }: Size): string {
  const dice = random(seed);
  const bodies = Array.from({ length: threads }, () =>
    new Body(dice).text(accesses, hasLocks && dice.oneIn(3)),
  );
  const registers = bodies.flatMap(({ used }, i) => used.map((name) => `${i}:${name}`));
  return [
    `C random-${seed}`,
    '{ int x = 0; int y = 0; }',
    ...bodies.map(({ lines }, i) => `P${i}(int *x, int *y, spinlock_t *l)\n{\n${lines.join('\n')}\n}`),
    `locations [${[...registers, 'x', 'y'].map((name) => `${name};`).join(' ')}]`,
    `exists (x=${dice.below(3)} /\\ ${registers[0] ?? 'y'}=${dice.below(2)})`,
    '',
  ].join('\n');
}

class Body {
  readonly #dice: Random;
  readonly #used: string[] = [];

  constructor(dice: Random) {
    this.#dice = dice;
  }

  text(
    accesses: number,
    isLocked: boolean,
  ): { readonly lines: readonly string[]; readonly used: readonly string[] } {
    const statements = Array.from({ length: accesses }, () => this.#statement()).flat();
    const lines = isLocked ? ['spin_lock(l);', ...statements, 'spin_unlock(l);'] : statements;
    return { lines, used: this.#used };
  }

  #statement(): readonly string[] {
    const dice = this.#dice;
    if (this.#used.length > 0 && dice.oneIn(4)) {
      const test = `if (${dice.pick(this.#used)} == ${dice.below(2)}) {`;
      return dice.oneIn(3)
        ? [test, this.#access(), '} else {', this.#access(), '}']
        : [test, this.#access(), '}'];
    }
    return dice.oneIn(4) ? [dice.pick(fences), this.#access()] : [this.#access()];
  }

  #access(): string {
    const dice = this.#dice;
    const location = dice.pick(['x', 'y']);
    const value = this.#used.length > 0 && dice.oneIn(3) ? dice.pick(this.#used) : String(1 + dice.below(2));
    switch (dice.below(10)) {
      case 0:
      case 1:
      case 2:
        return `WRITE_ONCE(*${location}, ${value});`;
      case 3:
        return `smp_store_release(${location}, ${value});`;
      case 4:
        return `${this.#fresh()} = smp_load_acquire(${location});`;
      case 5:
        return `${this.#fresh()} = xchg${dice.pick(orders)}(${location}, ${value});`;
      case 6:
        return `${this.#fresh()} = cmpxchg${dice.pick(orders)}(${location}, ${dice.below(2)}, ${value});`;
      case 7:
        return dice.oneIn(2)
          ? `atomic_inc(${location});`
          : `${this.#fresh()} = atomic_add_return${dice.pick(orders)}(1, ${location});`;
      default:
        return `${this.#fresh()} = READ_ONCE(*${location});`;
    }
  }

  #fresh(): string {
    const name = `r${this.#used.length}`;
    this.#used.push(name);
    return name;
  }
}
