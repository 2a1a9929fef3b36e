// The output of `show --as` for a tiny model, word for word: the plan, the JavaScript and the C of one actor that
// counts.

import { expect, test } from 'vitest';
import { models } from '../models/index.js';
import { properties } from '../properties/index.js';
import { lower } from './lower/lower.js';
import { cText, javascriptText, planText } from './show.js';

const one = lower(models.get('increment')!.model, { NR_ACTORS: 1 }, properties.get('increment')!);

test('a plan lists the bits of the variables, and what each step reads, computes, checks and writes', () => {
  expect(planText(one.program)).toMatchInlineSnapshot(`
    "a state has 1 word of 32 bits
      location of adder[0]: 0 to 2, word 0, bits 0 to 1
      counter: 0 to 1, word 0, bit 3
      adder[0]:increment.mine: 0 to 1, word 0, bit 2

    adder[0] at 0
      step 0  increment.load
        reads   counter
        guard   true
        t0      counter
        word 0  clear 0x7, set 0x1, t0 << 2, mask 0x4
    adder[0] at 1
      step 1  increment.store
        reads   adder[0]:increment.mine
        guard   true
        t0      (adder[0]:increment.mine + 1)
        fault   unless t0 <= 1
        word 0  clear 0xf, set 0x2, t0 << 3, mask 0x8

    a state without successors is no deadlock where location of adder[0] == 2
    "
  `);
});

test('the JavaScript is what a search runs', () => {
  expect(javascriptText(one.program, one.properties)).toMatchInlineSnapshot(`
    "const { batch, openSteps, openConditions, onCondition, onFault, onReport } = around;
    const { onStuck, onLockCycle } = around;
    let filled = 0;
    function hasLockCycle() { return false; }
    function expand0(s, at, number, n) {
      const w0 = s[at];
      let fault = 0;
      switch ((w0 & 3)) {
        case 0: {
          let t0;
          // increment.load
          {
            t0 = (w0 >>> 3 & 1);
            batch[n] = w0 & (-8) | 1 | t0 << 2;
            batch[n + 1] = number;
            n += 2;
          }
          return n;
        }
        case 1: {
          let t0;
          // increment.store
          {
            fault = 0;
            t0 = ((w0 >>> 2 & 1) + 1);
            if (t0 > 1) fault = 1;
            if (fault !== 0) {
              onFault(number, 1);
            }
            else {
              batch[n] = w0 & (-16) | 2 | t0 << 3;
              batch[n + 1] = number;
              n += 2;
            }
          }
          return n;
        }
      }
      return n;
    }
    function inspect0(s, at) {
      const open = openConditions[0], faults = openConditions[1];
      const w0 = s[at];
      let fault = 0;
      if ((open & 1) !== 0 && !(!((w0 & 3) === 2) || ((w0 & 8) === 8))) return true;
      if ((open & 2) !== 0 && ((w0 & 3) === 2)) return true;
      return false;
    }
    function sweep(s, at, number, end, n = 0) {
      for (; number < end && n <= 1024; number++, at += 2) {
        if (inspect0(s, at)) onCondition(number, s, at);
        const before = n;
        n = expand0(s, at, number, n);
        if (n === before) onStuck(number, s, at);
      }
      filled = n;
      return number;
    }
    function inspect(s, at, number, end) {
      for (; number < end; number++, at += 2) {
        if (inspect0(s, at)) onCondition(number, s, at);
      }
    }
    function isFinal(s, at) {
      const w0 = s[at];
      return ((w0 & 3) === 2);
    }
    function warmUp(samples) {
      for (let pass = 0; pass < 2; pass++) {
        for (let at = 0; at < samples[0].length; at += 1) {
          expand0(samples[0], at, -1, 0);
          inspect0(samples[0], at);
          hasLockCycle(samples[0], at, -1);
        }
      }
    }
    return { sweep, inspect, isFinal, hasLockCycle, warmUp, filled: () => filled };
    "
  `);
});

test('the C is the same steps, around a plain table', () => {
  const text = cText(one.program, 1000);
  expect(text.slice(0, text.indexOf('static uint32_t *states'))).toMatchInlineSnapshot(`
    "#include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <time.h>

    #define NUM(bits) ((int64_t)(bits))
    enum { WORDS = 1, STRIDE = 2 };
    static const long statesMax = 1000;
    static const uint32_t initial[] = { 0u, 4294967295u };
    static uint32_t batch[4];
    static long faults;
    static int fault;
    static int64_t fail(void) { fault = 1; return 0; }

    static int expand0(const uint32_t *s, int number, int n) {
      const uint32_t w0 = s[0];
      switch (NUM(w0 & 0x3u)) {
        case 0: {
          // increment.load
          {
            int64_t t0;
            t0 = NUM(w0 >> 3 & 0x1u);
            batch[n + 0] = (w0 & 0xfffffff8u) | 0x1u | (uint32_t)(t0) << 2;
            batch[n + 1] = (uint32_t)number;
            n += 2;
          }
          return n;
        }
        case 1: {
          // increment.store
          {
            int64_t t0;
            fault = 0;
            t0 = (NUM(w0 >> 2 & 0x1u) + 1);
            if (t0 > 1) fault = 1;
            if (fault) faults++;
            else {
              batch[n + 0] = (w0 & 0xfffffff0u) | 0x2u | (uint32_t)(t0) << 3;
              batch[n + 1] = (uint32_t)number;
              n += 2;
            }
          }
          return n;
        }
      }
      return n;
    }
    static int expand(const uint32_t *s, int number) {
      int n = 0;
      n = expand0(s, number, n);
      return n;
    }

    "
  `);
});
