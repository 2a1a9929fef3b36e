// The same search in C, for comparison: the successor code that the compiled engine generates, translated word by
// word, around a plain loop with one open hash table of state numbers. No properties, no traces, no batches.
//
//   (w0 >>> 4 & 7) !== 2     ->     (SHR(w0, 4) & 7) != 2

import { Code } from '../checker/compiled/emit/code.js';
import { foldFixed } from '../checker/compiled/emit/expressions.js';
import { branchingMax } from '../checker/compiled/emit/program_code.js';
import { writeThread } from '../checker/compiled/emit/steps.js';
import { type Layout, layoutOf } from '../checker/compiled/layout.js';
import { encodeInitialStates } from '../checker/compiled/search/initial_states.js';
import type { Program } from '../checker/index.js';

/** The text of a C program that prints states, transitions and seconds. */
export function cProgram(program: Program, statesMax: number): string {
  const layout = layoutOf(program);
  const folded = foldFixed(program, layout);
  const code = new Code();
  const expands = program.threads.map((thread) => writeThread(code, thread, folded, layout, 'parent'));
  const stride = layout.words + 1;
  const initial: number[] = [];
  const batch = new Int32Array(stride * 64);
  for (const length of encodeInitialStates(program, layout, batch))
    initial.push(...batch.subarray(0, length));
  return [
    '#include <stdint.h>',
    '#include <stdio.h>',
    '#include <stdlib.h>',
    '#include <string.h>',
    '#include <time.h>',
    '#define SHR(w, by) ((int)((unsigned)(w) >> (by)))',
    `enum { W = ${layout.words}, STRIDE = ${stride}, STEPS = ${Math.max(1, program.steps.length)} };`,
    `static const long statesMax = ${Math.min(statesMax, 2 ** 31 - 2)};`,
    `static int batch[${(branchingMax(program) + 1) * stride}];`,
    `static const int initial[] = { ${initial.join(', ')} };`,
    'static unsigned char openSteps[STEPS];',
    'static long faults, reports;',
    'static void onFault(int number, int step) { (void)number; (void)step; faults++; }',
    'static void onReport(int number, int step) { (void)number; (void)step; reports++; }',
    toC(code.text),
    'static int expand(const int *s, int number) {',
    '  int n = 0;',
    ...expands.map((name) => `  n = ${name}(s, 0, number, n);`),
    '  return n;',
    '}',
    ...table(layout),
    ...main,
  ].join('\n');
}

/** The generated JavaScript is C but for the words of the language and the unsigned shift. */
function toC(text: string): string {
  const functions = [...text.matchAll(/^function (\w+)/gm)].map(([, name]) => name);
  const declared = functions.map((name) => `static int ${name}(const int *s, int at, int number, int n);`);
  return [
    ...declared,
    text
      .replace(
        /^function (\w+)\(s, at, number, n\)/gm,
        'static int $1(const int *s, int at, int number, int n)',
      )
      .replace(/\b(?:const|let) (w0|t0|x\d+|fault)\b/g, 'int $1')
      .replace(/(w\d+) >>> (\d+|\((?:[^()]|\([^()]*\))*\))/g, 'SHR($1, $2)')
      .replace(/(\(-?\d+\)|\d+) >>> (SHR\(w\d+, \d+\)|\([^()]*\))/g, 'SHR($1, $2)')
      .replaceAll('===', '==')
      .replaceAll('!==', '!=')
      .replace(/Math\.imul\(([^,]*), ([^()]*|\([^()]*\))\)/g, '(($1) * ($2))')
      .replace(/\btrue\b/g, '1')
      .replace(/\bfalse\b/g, '0'),
  ].join('\n');
}

function table({ words }: Layout): readonly string[] {
  const all = Array.from({ length: words }, (_, k) => k);
  return [
    'static int *states; static uint32_t *slots; static uint64_t size = 1 << 16; static long count, room = 1 << 16;',
    'static uint32_t hash(const int *w) {',
    '  uint32_t h = 1831565813u;',
    ...all.map(
      (k) => `  h = (h ^ (uint32_t)w[${k}]) * ${[0x9e3779b1, 0x85ebca77, 0xc2b2ae3d][k % 3]}u; h ^= h >> 15;`,
    ),
    '  h *= 0x27d4eb2fu; return h ^ h >> 14;',
    '}',
    'static int same(const int *a, const int *b) {',
    `  return ${all.map((k) => `a[${k}] == b[${k}]`).join(' && ')};`,
    '}',
    'static void grow(void) {',
    '  uint64_t larger = 2 * size; free(slots); slots = calloc(larger, 4); size = larger;',
    '  for (long i = 0; i < count; i++) {',
    '    uint64_t at = hash(states + i * STRIDE) & (size - 1);',
    '    while (slots[at]) at = (at + 1) & (size - 1);',
    '    slots[at] = i + 1;',
    '  }',
    '}',
    'static int insert(const int *w) {',
    '  uint64_t at = hash(w) & (size - 1);',
    '  for (uint32_t e; (e = slots[at]) != 0; at = (at + 1) & (size - 1))',
    '    if (same(states + (long)(e - 1) * STRIDE, w)) return 1;',
    '  if (count >= statesMax) return 0;',
    '  if (count == room) states = realloc(states, (room *= 2) * STRIDE * 4);',
    '  memcpy(states + count * STRIDE, w, STRIDE * 4);',
    '  slots[at] = ++count;',
    '  if (count > (long)(size * 0.7)) grow();',
    '  return 1;',
    '}',
  ];
}

const main: readonly string[] = [
  'int main(void) {',
  '  struct timespec a, b; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);',
  '  states = malloc(room * STRIDE * 4); slots = calloc(size, 4);',
  '  for (size_t i = 0; i < sizeof initial / 4; i += STRIDE) insert(initial + i);',
  '  long transitions = 0, stuck = 0;',
  '  for (long i = 0; i < count; i++) {',
  '    int w[W]; memcpy(w, states + i * STRIDE, W * 4);',
  '    int n = expand(w, (int)i);',
  '    transitions += n / STRIDE; stuck += n == 0;',
  '    for (int k = 0; k < n; k += STRIDE) if (!insert(batch + k)) { transitions += faults; goto end; }',
  '  }',
  '  transitions += faults;',
  'end:',
  '  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);',
  '  printf("%ld %ld %.6f\\n", count, transitions, (b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) * 1e-9);',
  '  return 0;',
  '}',
];
