// A step that the settings rule out is not in the Program, nor is a location that only such a step leads to.

import { expect, test } from 'vitest';
import {
  actor,
  bool,
  config,
  Either,
  model,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { explore } from '../explore.js';
import { printProgram } from '../ir/print.js';
import { lower } from './lower.js';

const c = source('lock.c');
const settings = config({ MAY_TRY: bool() });
const { MAY_TRY } = settings;
const state = shared({ isHeld: bool() });
const { isHeld } = state;

test('an arm that the settings rule out is not in the Program', () => {
  const take = procedure('take', () => ({
    how: Either({
      trying: { try: c`look`(when(MAY_TRY)), take_if_free: c`take`(isHeld.set(true)) },
      waiting: { wait: c`wait and take`(isHeld.set(true)) },
    }),
  }));
  const lock = model('lock', { about: '', settings, state, actors: [actor('a', take)] });
  const labels = (MAY_TRY: boolean) => {
    const { threads } = lower(lock, { MAY_TRY }).program;
    return threads[0]!.locations.map(({ label }) => label);
  };
  expect(labels(true)).toEqual(['take.how', 'take.take_if_free', 'done']);
  expect(labels(false)).toEqual(['take.how', 'done']);
});

test('an actor whose only step is ruled out stays before it for ever', async () => {
  const take = procedure('take', () => ({
    try: c`look`(when(MAY_TRY)),
    take_if_free: c`take`(isHeld.set(true)),
  }));
  const lock = model('lock', { about: '', settings, state, actors: [actor('a', take)] });
  const { program } = lower(lock);
  expect(printProgram(program).split('\n').slice(4)).toEqual([
    'actor a',
    '{',
    'take.try:',
    '        when (false);',
    '}',
    '',
  ]);
  const { evidence, properties } = await explore(program, []);
  expect(evidence).toMatchObject({ states: 1, transitions: 0, depth: 0 });
  expect(properties.filter(({ verdict }) => verdict === 'violated').map(({ check }) => check.name)).toEqual([
    'no deadlock',
  ]);
});
