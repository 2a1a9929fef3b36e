// Damaged litmus tests: what is left of a file is judged as it stands, or refused with its place, and nothing else happens.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Random, random } from '../../checker/testing/random.js';
import { LitmusError, models } from '../index.js';
import { bruteForce } from '../testing/brute_force.js';
import { randomTest } from '../testing/random_test.js';
import { judge, type LitmusVerdict, observedIn } from '../verdict/verdict.js';
import type { LitmusTest } from './ast.js';
import { parseLitmus } from './parser.js';

const [lkmm] = models;
const scale = process.env['LONG_TESTS'] === '1' ? 20 : 1;

const folder = new URL('../../conformance/litmus/files/', import.meta.url);
const files = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** What is put in at random places. */
const scraps = [
  ...[
    'while (1) {',
    'for',
    'goto',
    'return;',
    'else',
    'if (r0)',
    '{',
    '}',
    '(',
    ')',
    ';',
    ',',
    '[',
    '=',
    '?',
  ],
  ...[
    '99999999999999999999',
    '/ 0',
    '>>',
    '&x',
    '**',
    '*x',
    '~',
    '/\\',
    '#',
    '"',
    "'",
    'int',
    'r9',
    'P7',
    'atomic_t',
  ],
  ...[
    'spin_lock(x);',
    'srcu_read_lock(l);',
    'cmpxchg(x, 0, 1)',
    'synchronize_rcu();',
    'P16(int *x)',
    '(*',
    '*)',
  ],
  ...['/*', '//', 'exists', 'filter', '\u2028', '\u{1F600}', '\r\n', '\0'],
];

/** Characters are deleted, overwritten, repeated or replaced by some of another file, or something is put in. */
function damaged(text: string, dice: Random): string {
  const from = dice.below(text.length + 1);
  const to = Math.min(text.length, from + 1 + dice.below(dice.oneIn(4) ? 60 : 4));
  const other = dice.pick(files);
  const start = dice.below(other.length);
  const middle = [
    '',
    String.fromCharCode(1 + dice.below(127)),
    text.slice(from, to).repeat(2),
    ` ${dice.pick(scraps)} ${text.slice(from, to)}`,
    other.slice(start, start + dice.below(80)),
  ];
  return text.slice(0, from) + dice.pick(middle) + text.slice(to);
}

/** A line is deleted, repeated or exchanged with another; or a word or number becomes another one of the file. */
function altered(text: string, dice: Random): string {
  if (dice.oneIn(2)) {
    const lines = text.split('\n');
    const [i, j] = [dice.below(lines.length), dice.below(lines.length)];
    const now = dice.pick([[], [lines[i]!, lines[i]!], [lines[j]!]]);
    return lines.flatMap((line, k) => (k === i ? now : [line])).join('\n');
  }
  const words = [...text.matchAll(/\w+/g)];
  const { 0: old, index } = dice.pick(words);
  const isNumber = (word: string) => /^\d/.test(word);
  const others = words.map(([word]) => word).filter((word) => isNumber(word) === isNumber(old));
  return text.slice(0, index) + dice.pick(others) + text.slice(index + old.length);
}

/** What a file is made of; undefined if it is refused, which must be with its place and in one line. */
function parsed(text: string, seed: number): LitmusTest | undefined {
  try {
    return parseLitmus(text);
  } catch (error) {
    isRefusal(error, text, seed);
    return undefined;
  }
}

/** What LKMM says of it; undefined if it has no meaning, such as a pointer to nowhere. */
function judged(test: LitmusTest, text: string, seed: number): LitmusVerdict | undefined {
  try {
    return judge(test, lkmm);
  } catch (error) {
    isRefusal(error, text, seed);
    return undefined;
  }
}

function isRefusal(error: unknown, text: string, seed: number): void {
  if (!(error instanceof LitmusError)) throw new Error(`seed ${seed}:\n${text}`, { cause: error });
  const { message, at } = error;
  expect({ seed, message, hasPlace: (at?.line ?? 0) > 0 }).toMatchObject({ hasPlace: true });
  expect(message).toMatch(/^[^\n]{8,300}$/);
}

describe('a damaged litmus test', () => {
  test('is judged or refused with its place', { timeout: 300_000 * scale }, () => {
    const counts = { judged: 0, refused: 0 };
    for (let seed = 0; seed < 1000 * scale; seed++) {
      const dice = random(seed);
      const text = dice.pick([damaged, altered])(dice.pick(files), dice);
      const whole = parsed(text, seed);
      const verdict = whole === undefined ? undefined : judged(whole, text, seed);
      counts[verdict === undefined ? 'refused' : 'judged']++;
    }
    if (scale === 1) expect(counts).toEqual({ judged: 253, refused: 747 });
  });

  test('that is judged has the verdict of all executions of what is left', {
    timeout: 300_000 * scale,
  }, () => {
    let [compared, differs] = [0, 0];
    for (let seed = 0; seed < 160 * scale; seed++) {
      const dice = random(seed);
      const before = randomTest(seed, { threads: 2, accesses: 2, hasLocks: false });
      const text = altered(before, dice);
      const whole = parsed(text, seed);
      const after = whole === undefined ? undefined : judged(whole, text, seed);
      if (whole === undefined || after === undefined || whole.threads.length > 2) continue;
      const all = bruteForce({ ...whole, locations: observedIn(whole) }, lkmm);
      const { positive, negative, states } = after;
      const found = states.map((state) => state.map(([name, value]) => `${name}=${value}`).join(' '));
      expect({ seed, positive, negative, states: found.sort() }).toEqual({
        ...{ seed, positive: all.positive, negative: all.negative },
        states: [...all.states].sort(),
      });
      compared++;
      const was = judge(parseLitmus(before), lkmm);
      if (positive !== was.positive || negative !== was.negative) differs++;
    }
    // The damage would show nothing if it never changed a verdict.
    if (scale === 1) expect({ compared, differs }).toEqual({ compared: 52, differs: 11 });
  });

  test('that has a brace too many is refused where its rest seems to begin a comment', () => {
    const text = 'C braces\n{}\nP0(int *x) { int r0; } r0 = READ_ONCE(*x); }\nexists (0:r0=0)\n';
    expect(() => parseLitmus(text)).toThrow(
      "a comment that begins with '(*' and does not end: is there a '}' too many before it, which ends the thread?",
    );
  });
});
