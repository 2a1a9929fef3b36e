// Claims compared with the definition: on any word, for any enabled and taken steps, a claim accepts exactly the fair
// runs that make its formula true.

import { describe, expect, test } from 'vitest';
import { automatonOf, type Normal, normalise, truthOf } from '../../../properties/automaton/index.js';
import { type Formula, state } from '../../../properties/language/temporal.js';
import type { Fairness } from '../../property/property.js';
import { type Random, random } from '../../testing/random.js';
import { type Claim, claimOf, type Reading } from './claim.js';

const p = state(0);
const q = state(1);
const fair = (strength: Fairness['strength'], name: string): Fairness => ({ strength, name, steps: [] });
const normal = (formula: Formula<number>): Normal =>
  normalise(formula, true, (atom) => ({ op: 'literal', atom, positive: true, key: `p${atom}` }));

/** The claim as text: `0 p !q -> 1`, accepting states with a star. */
function text({ states }: Claim): string {
  const star = (i: number) => `${i}${states[i]!.accepts ? '*' : ''}`;
  const word = ({ what, number, isTrue }: Reading) =>
    `${isTrue ? '' : '!'}${what === 'atom' ? 'pq'[number] : `(${what} ${number})`}`;
  return states
    .flatMap(({ transitions }, i) =>
      transitions.map(({ reads, to }) => `${[star(i), ...reads.map(word)].join(' ')} -> ${star(to)}`),
    )
    .join('\n');
}

describe('a claim', () => {
  const neverAnswered: Formula<number> = {
    op: 'eventually',
    x: { op: 'and', x: p, y: { op: 'always', x: { op: 'not', x: q } } },
  };

  test('without fairness is the automaton, and accepts in components where a run may stay', () => {
    const claim = claimOf(automatonOf(normal(neverAnswered))!, [], 100)!;
    expect(text(claim)).toMatchInlineSnapshot(`
      "0 p !q -> 1*
      0 -> 0
      1* !q -> 1*"
    `);
  });

  test('waits for each fairness constraint in turn, again and again', () => {
    const claim = claimOf(automatonOf(normal(neverAnswered))!, [fair('weak', 'a')], 100)!;
    expect(text(claim)).toMatchInlineSnapshot(`
      "0 p !q -> 1
      0 -> 0
      1 !q !(enabled, not taken 0) -> 2*
      1 !q (enabled, not taken 0) -> 1
      2* !q !(enabled, not taken 0) -> 2*
      2* !q (enabled, not taken 0) -> 1"
    `);
    expect(claim.states.map(({ waitsFor }) => waitsFor)).toEqual([undefined, 'a', undefined]);
  });

  test('chooses what is never enabled again where fairness is strong', () => {
    const claim = claimOf(automatonOf(normal(neverAnswered))!, [fair('strong', 'a')], 100)!;
    expect(text(claim)).toMatchInlineSnapshot(`
      "0 p !q -> 1
      0 -> 0
      1 !q -> 1
      1 !q -> 2
      1 !q -> 3*
      2 !q (taken 0) -> 4*
      2 !q !(taken 0) -> 2
      3* !q !(enabled 0) -> 3*
      4* !q (taken 0) -> 4*
      4* !q !(taken 0) -> 2"
    `);
  });

  test('waits for any number of acceptance sets, and reads any number of atoms', () => {
    const all = [...Array(40).keys()];
    const transitions = all.map((i) => ({ yes: 1n << BigInt(i), no: 0n, sets: 1n << BigInt(i), to: 0 }));
    const claim = claimOf({ initial: [0], states: [transitions], setCount: 40 }, [], 100)!;
    // One state for each set that it waits for, and one in which all of them have been seen.
    expect(claim.states.length).toBe(41);
    const read = claim.states.flatMap(({ transitions: out }) => out.flatMap(({ reads }) => reads));
    expect(new Set(read.map(({ what, number }) => `${what} ${number}`))).toEqual(
      new Set(all.map((i) => `atom ${i}`)),
    );
    // After the last set it is in its accepting state.
    const last = claim.states.findIndex(({ transitions: out }) =>
      out.some(({ to }) => claim.states[to]!.accepts),
    );
    expect(claim.states[last]!.transitions.filter(({ to }) => claim.states[to]!.accepts).length).toBe(1);
    expect(claimOf({ initial: [0], states: [transitions], setCount: 40 }, [], 40)).toBeUndefined();
  });

  test('is refused when strong fairness to many makes it too large', () => {
    const many = Array.from({ length: 8 }, (_, i) => fair('strong', `a${i}`));
    expect(claimOf(automatonOf(normal(neverAnswered))!, many, 1000)).toBeUndefined();
    expect(claimOf(automatonOf(normal(neverAnswered))!, many.slice(0, 5), 1000)).toBeDefined();
    const more = Array.from({ length: 60 }, (_, i) => fair('strong', `a${i}`));
    expect(claimOf(automatonOf(normal(neverAnswered))!, more, 1000)).toBeUndefined();
  });

  test('accepts exactly the fair runs that make its formula true, on 1000 random words', () => {
    const dice = random(7);
    const answers = { true: 0, false: 0 };
    for (let round = 0; round < 100; round++) {
      const formula = normal(randomFormula(dice, 3));
      const fairness = Array.from({ length: dice.below(4) }, (_, i) =>
        fair(dice.oneIn(2) ? 'strong' : 'weak', `a${i}`),
      );
      const claim = claimOf(automatonOf(formula)!, fairness, 10_000)!;
      for (let i = 0; i < 10; i++) {
        const word = randomWord(dice);
        const isAccepted = accepts(claim, word);
        expect(isAccepted).toBe(
          truthOf(formula, { letters: word.letters.map(BigInt), loop: word.loop })[0]! &&
            fairness.every((one, k) => isFair(one, k, word)),
        );
        answers[`${isAccepted}`]++;
      }
    }
    expect(answers).toMatchInlineSnapshot(`
      {
        "false": 605,
        "true": 395,
      }
    `);
  });
});

/** A lasso word: what is true, enabled and just taken at each position, as bits. */
interface Word {
  readonly letters: readonly number[];
  readonly enabled: readonly number[];
  readonly taken: readonly number[];
  readonly loop: number;
}

function randomWord(dice: Random): Word {
  const length = 1 + dice.below(5);
  const bits = () => Array.from({ length }, () => dice.below(8));
  return { letters: bits(), enabled: bits(), taken: bits(), loop: dice.below(length) };
}

function isFair({ strength }: Fairness, i: number, { enabled, taken, loop }: Word): boolean {
  const has = (all: readonly number[]) => all.slice(loop).map((bits) => ((bits >> i) & 1) === 1);
  const demanded = strength === 'weak' ? has(enabled).every(Boolean) : has(enabled).some(Boolean);
  return !demanded || has(taken).some(Boolean);
}

/** Can the automaton read the word so that it is in an accepting state infinitely often? */
function accepts({ initial, states }: Claim, { letters, enabled, taken, loop }: Word): boolean {
  const bit = (bits: number, i: number) => ((bits >> i) & 1) === 1;
  const holds = ({ what, number, isTrue }: Reading, at: number): boolean => {
    const [isEnabled, isTaken] = [bit(enabled[at]!, number), bit(taken[at]!, number)];
    switch (what) {
      case 'atom':
        return bit(letters[at]!, number) === isTrue;
      case 'enabled':
        return isEnabled === isTrue;
      case 'taken':
        return isTaken === isTrue;
      case 'enabled, not taken':
        return (isEnabled && !isTaken) === isTrue;
    }
  };
  type Node = `${number} ${number}`;
  const successors = (node: Node): readonly Node[] => {
    const [at, i] = node.split(' ').map(Number) as [number, number];
    const next = at + 1 === letters.length ? loop : at + 1;
    return states[i]!.transitions.flatMap(({ reads, to }): readonly Node[] =>
      reads.every((reading) => holds(reading, at)) ? [`${next} ${to}`] : [],
    );
  };
  const reach = (from: readonly Node[]): ReadonlySet<Node> => {
    const found = new Set(from);
    for (const node of found) for (const next of successors(node)) found.add(next);
    return found;
  };
  const all = reach(initial.map((i): Node => `0 ${i}`));
  return [...all].some(
    (node) => states[Number(node.split(' ')[1])]!.accepts && reach(successors(node)).has(node),
  );
}

function randomFormula(dice: Random, depth: number): Formula<number> {
  if (depth === 0 || dice.oneIn(5)) return state(dice.below(3));
  const inner = () => randomFormula(dice, depth - 1);
  return dice.oneIn(2)
    ? { op: dice.pick(['not', 'next', 'eventually', 'always'] as const), x: inner() }
    : {
        op: dice.pick(['and', 'or', 'until', 'weakUntil', 'release', 'leadsTo'] as const),
        x: inner(),
        y: inner(),
      };
}
