// Lines: every step has the line of the model that writes it, here and in the output of `npm run build`.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { bugOn, down_read, rwsem, spin_lock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  bool,
  Call,
  Choose,
  displayLocation,
  Either,
  For,
  If,
  int,
  model,
  procedure,
  shared,
  source,
  While,
} from '../../models/language/index.js';
import { always, never, sometimes } from '../../properties/language/index.js';
import type { Program } from '../ir/program.js';
import { lower } from './lower.js';

const c = source('mm/memory.c');
const state = shared({ busy: bool(), n: int(0, 2), ptl: spinlock(), sem: rwsem() });
const { busy, n, ptl, sem } = state;
/** A helper of a model: its own line counts. */
const helper = () => c`helper`(n.inc());

const callee = procedure('callee', { x: int(0, 2) }, ({ x }) => ({
  use: c`use`(n.set(x)),
}));
const p = procedure('p', () => ({
  plain: c`plain`(busy.set(true)),
  split: c`a caption
    of two lines`(busy.set(true)),
  lock: spin_lock(ptl),
  read: down_read(sem),
  bug: bugOn(busy, 'BUG'),
  helped: helper(),
  test: If(busy, {
    inside: c`inside`(),
  }).ElseIf(n.eq(1), {
    other: c`other`(),
  }),
  walk: While(busy, { turn: c`turn`() }),
  copies: For(2, (i) => ({
    copy: c`copy ${i}`(),
  })),
  choice: Either({
    some: {
      first: c`first`(),
    },
    nothing: {},
  }),
  pick: Choose(bool(), (v) => ({
    store: c`store`(busy.set(v)),
  })),
  call: Call(callee, { x: n }),
}));

const text = readFileSync(new URL(import.meta.url), 'utf8').split('\n');
/** The line on which a text stands. */
const lineWith = (written: string) => text.findIndex((line) => line.includes(written)) + 1;

test('each step has its line, and a primitive of the kernel that of the model that uses it', () => {
  const { program } = lower(model('small', { about: '', state, actors: [actor('a', p)] }));
  const lines = Object.fromEntries(
    program.steps.map(({ label, source: { model: at } }) => [label.slice(label.indexOf('.') + 1), at]),
  );
  const { helped, nothing, ...own } = lines;
  for (const [label, at] of Object.entries(own)) {
    expect([label, at!.line]).toEqual([label, lineWith(` ${label}: `)]);
    expect(displayLocation(at!)).toBe(`checker/lower/lines.test.ts:${at!.line}`);
  }
  expect(Object.keys(own).length).toBe(15);
  expect(helped!.line).toBe(lineWith('const helper = '));
  expect(nothing!.line).toBe(lineWith(' choice: '));
});

test('a property has its line, too', () => {
  const stated = { one: always(busy), two: never(busy), three: sometimes(busy) };
  expect(Object.values(stated).map(({ at }) => at!.line)).toEqual(Array(3).fill(lineWith('const stated = ')));
});

describe('after the build', () => {
  const dist = new URL('../../dist/', import.meta.url);
  const where = (program: Program) =>
    program.steps.map(({ label, source: { model: at } }) => `${label} ${at && displayLocation(at)}`);

  test.each([...models.keys()])('%s has the lines of its sources', async (name) => {
    const built = await import(new URL('models/index.js', dist).href);
    const checker = await import(new URL('api/main.js', dist).href);
    const source = lower(models.get(name)!.model).program;
    const { program } = checker.lower(built.models.get(name).model);
    const language = await import(new URL('models/language/index.js', dist).href);
    const lines = program.steps.map(
      ({ label, source: { model: at } }: Program['steps'][number]) =>
        `${label} ${language.displayLocation(at)}`,
    );
    expect(lines).toEqual(where(source));
  });
});
