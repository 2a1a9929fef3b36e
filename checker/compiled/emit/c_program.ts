// The plan of a Program as a whole C program that searches breadth first: a plain loop around one open hash table of
// state numbers. No properties, no traces. It prints states, transitions and processor seconds.

import type { ProgramPlan } from '../plan/program.js';
import { writeThread } from './c_steps.js';
import { Code } from './code.js';

/** The inputs of the C program other than the plan. */
export interface COptions {
  /** The words of the initial states, each followed by a mark. */
  readonly initial: readonly number[];
  /** The most successors that one state can have. */
  readonly branching: number;
  /** It stops before there are more states than this; at most 2^31 - 2. */
  readonly statesMax?: number;
}

const statesMaxEver = 2 ** 31 - 2;

/** The text of the C program. */
export function cProgram(
  plan: ProgramPlan,
  { initial, branching, statesMax = statesMaxEver }: COptions,
): string {
  const { words } = plan.layout;
  const stride = words + 1;
  const code = new Code();
  code.write(
    '#include <stdint.h>',
    '#include <stdio.h>',
    '#include <stdlib.h>',
    '#include <string.h>',
    '#include <time.h>',
    '',
    '#define NUM(bits) ((int64_t)(bits))',
    `enum { WORDS = ${words}, STRIDE = ${stride} };`,
    `static const long statesMax = ${Math.min(statesMax, statesMaxEver)};`,
    `static const uint32_t initial[] = { ${initial.map((word) => `${word >>> 0}u`).join(', ')} };`,
    `static uint32_t batch[${(branching + 1) * stride}];`,
    'static long faults;',
    'static int fault;',
    'static int64_t fail(void) { fault = 1; return 0; }',
    '',
  );
  const expands = plan.threads.map((thread) => writeThread(code, thread, words));
  code.block('static int expand(const uint32_t *s, int number)', () => {
    code.write('int n = 0;', ...expands.map((name) => `n = ${name}(s, number, n);`), 'return n;');
  });
  return [code.text, '', table(words), search].join('\n');
}

const primes = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d];

const table = (words: number): string => `static uint32_t *states, *slots;
static uint64_t size = 1 << 16;
static long count, capacity = 1 << 16;

static uint32_t hash(const uint32_t *w) {
  uint32_t h = 1831565813u;
${Array.from({ length: words }, (_, k) => `  h = (h ^ w[${k}]) * ${primes[k % 3]}u; h ^= h >> 15;`).join('\n')}
  h *= 0x27d4eb2fu;
  return h ^ h >> 14;
}
static int same(const uint32_t *a, const uint32_t *b) {
  return ${Array.from({ length: words }, (_, k) => `a[${k}] == b[${k}]`).join(' && ')};
}`;

const search = `static void grow(void) {
  size *= 2;
  free(slots);
  slots = calloc(size, 4);
  for (long i = 0; i < count; i++) {
    uint64_t at = hash(states + i * STRIDE) & (size - 1);
    while (slots[at]) at = (at + 1) & (size - 1);
    slots[at] = i + 1;
  }
}
static int insert(const uint32_t *w) {
  uint64_t at = hash(w) & (size - 1);
  for (uint32_t e; (e = slots[at]) != 0; at = (at + 1) & (size - 1))
    if (same(states + (long)(e - 1) * STRIDE, w)) return 1;
  if (count >= statesMax) return 0;
  if (count == capacity) states = realloc(states, (capacity *= 2) * STRIDE * 4);
  memcpy(states + count * STRIDE, w, STRIDE * 4);
  slots[at] = ++count;
  if (count > (long)(size * 0.7)) grow();
  return 1;
}
int main(void) {
  struct timespec a, b;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
  states = malloc(capacity * STRIDE * 4);
  slots = calloc(size, 4);
  for (size_t i = 0; i < sizeof initial / 4; i += STRIDE) insert(initial + i);
  long transitions = 0;
  for (long i = 0; i < count; i++) {
    uint32_t w[WORDS];
    memcpy(w, states + i * STRIDE, WORDS * 4);
    int n = expand(w, (int)i);
    transitions += n / STRIDE;
    for (int k = 0; k < n; k += STRIDE) if (!insert(batch + k)) goto end;
  }
end:
  transitions += faults;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  printf("%ld %ld %.6f\\n", count, transitions, (b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) * 1e-9);
  return 0;
}
`;
