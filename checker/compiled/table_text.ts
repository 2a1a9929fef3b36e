// Pieces of code that both exact tables are written from, for states of so many words.

import type { Code } from './code.js';
import { hashText } from './hash.js';
import { segmentBits, segmentStates } from './states.js';

export interface WordTexts {
  readonly words: number;
  readonly stride: number;
  /** Declares w0, w1, … from an array at an index. */
  readonly load: (from: string, base: string) => string;
  /** Are these words w0, w1, …? */
  readonly same: (from: string, base: string) => string;
  readonly hash: readonly string[];
}

export function wordTexts(words: number): WordTexts {
  const all = Array.from({ length: words }, (_, k) => k);
  const at = (from: string, base: string, k: number) => `${from}[${base}${k === 0 ? '' : ` + ${k}`}]`;
  return {
    words,
    stride: words + 1,
    load: (from, base) => `const ${all.map((k) => `w${k} = ${at(from, base, k)}`).join(', ')};`,
    same: (from, base) => all.map((k) => `${at(from, base, k)} === w${k}`).join(' && '),
    hash: hashText(all.map((k) => `w${k}`)),
  };
}

/** Declares `s` and `at`, where the state with this number is. */
export const stateText = (number: string, stride: number): readonly string[] => [
  `const s = segments[${number} >>> ${segmentBits}], at = (${number} & ${segmentStates - 1}) * ${stride};`,
];

/**
 * Writes `moveSome`, which moves the entries of `from` between `first` and `end` to `to`: 256 at a time, first all slots
 * are found and touched, then all entries are put there. It sets `touched`.
 */
export function writeMove(code: Code, { load, hash, stride }: WordTexts): void {
  code.write('const slots = new Int32Array(256), moved = new Int32Array(256);');
  code.block('function moveSome(from, to, numberBits, first, end)', () => {
    code.write('const mask = -1 >>> 32 - numberBits, last = to.length - 1;', 'let i = first;');
    code.block('while (i < end)', () => {
      code.write('let count = 0, sum = 0;');
      code.block('for (; i < end && count < moved.length; i++)', () => {
        code.write(
          'const entry = from[i];',
          'if (entry === 0) continue;',
          'const seen = (entry & mask) - 1;',
        );
        code.write(...stateText('seen', stride), load('s', 'at'), ...hash);
        code.write('sum ^= to[h & last];', 'slots[count] = h & last;', 'moved[count++] = entry;');
      });
      code.block('for (let k = 0; k < count; k++)', () => {
        code.write('let slot = slots[k];', 'while (to[slot] !== 0) slot = slot + 1 & last;');
        code.write('to[slot] = moved[k];');
      });
      code.write('touched = sum;');
    });
  });
}
