// Saved traces: what is written is read again, what is not a saved trace is refused, what is hostile is harmless, and
// a trace is held against the model of today.

import { describe, expect, test } from 'vitest';
import { checksOf, digestOf, explore, lower, type Program } from '../../checker/index.js';
import { model as increment_model } from '../../models/examples/increment.js';
import { properties } from '../../properties/index.js';
import { renderLanes } from '../render/lanes.js';
import { fitTrace } from '../replay/refit_trace.js';
import { replay, replayWalk } from '../replay/replay.js';
import { lock_order, overflow } from '../testing/models.js';
import { readSavedTrace, type SavedTrace, SavedTraceError, saveTrace } from './saved.js';

async function found(model = increment_model) {
  const lowered = lower(model, {}, properties.get(model.name) ?? {});
  const report = await explore(lowered.program, lowered.properties);
  const result = report.properties.find(({ verdict }) => verdict === 'violated')!;
  const trace = replay(lowered.program, result);
  const saved: SavedTrace = { digest: await digestOf(lowered.program), path: result.finding!.path, trace };
  return { lowered, saved, checks: checksOf(lowered.program, lowered.properties) };
}

// biome-ignore lint/suspicious/noExplicitAny: a file may hold anything, and here it is changed at will
type Changeable = any;

/** The saved lost update as text, with one thing changed. */
async function changed(change: (file: Changeable) => void): Promise<string> {
  const file = JSON.parse(saveTrace((await found()).saved));
  change(file);
  return JSON.stringify(file);
}

const refusal = async (change: (file: Changeable) => void): Promise<string> => {
  const text = await changed(change);
  try {
    readSavedTrace(text);
  } catch (error) {
    if (error instanceof SavedTraceError) return error.message;
    throw error;
  }
  return 'read';
};

describe('a saved trace', () => {
  test.each([
    ['a lost update', increment_model],
    ['a deadlock', lock_order],
    ['a fault', overflow],
  ])('of %s is read as it was written, and fits its model', async (_, model) => {
    const { saved, lowered, checks } = await found(model);
    const read = readSavedTrace(saveTrace(saved));
    expect(read).toEqual(saved);
    expect(fitTrace(read, lowered, checks)).toEqual({ fits: true, trace: saved.trace, path: saved.path });
  });

  test('that is too long to be read again is not written', async () => {
    const { saved } = await found();
    const { length } = saveTrace(saved);
    expect(saveTrace(saved, { lengthMax: length })).toHaveLength(length);
    const why = (limit: string) =>
      `a trace of 4 steps is too long to be saved: its file would have more than ${limit}, and would not be read again`;
    const write = (limits: Parameters<typeof saveTrace>[1]) => () => saveTrace(saved, limits);
    expect(write({ lengthMax: length - 1 })).toThrow(why(`${length - 1} characters`));
    expect(write({ lengthMax: 100 })).toThrow(why('100 characters'));
    expect(write({ valuesMax: 20 })).toThrow(why('20 values'));
  });

  test('bears the checks that were switched off, under a schema of its own', async () => {
    const { saved } = await found();
    expect(saveTrace(saved)).toMatch(/^\{\n "schema": 1,/);
    const off = { ...saved, trace: { ...saved.trace, without: ['lock-held', 'stuck'] as const } };
    const text = saveTrace(off);
    expect(text).toMatch(/^\{\n "schema": 3,/);
    expect(readSavedTrace(text)).toEqual(off);
    expect(() => readSavedTrace(text.replace('"schema": 3', '"schema": 2'))).toThrow(
      'schema 2 knows no checks that are switched off',
    );
    expect(() => readSavedTrace(text.replace('lock-held', 'lock-holds'))).toThrow(
      'the file.trace.without[0] is not one of lock-held',
    );
  });

  test('bears the size of its store buffers, under a schema of its own', async () => {
    const { saved } = await found();
    const buffered = { ...saved, trace: { ...saved.trace, bufferSlots: 2 } };
    const text = saveTrace(buffered);
    expect(text).toMatch(/^\{\n "schema": 4,/);
    expect(readSavedTrace(text)).toEqual(buffered);
    expect(() => readSavedTrace(text.replace('"schema": 4', '"schema": 3'))).toThrow(
      'schema 3 knows no store buffers',
    );
  });

  test.each([0, 1, 3])('of a walk of %i steps is one too, whatever it meets', async (length) => {
    const { saved: violation, lowered, checks } = await found();
    const path = { ...violation.path, steps: violation.path.steps.slice(0, length) };
    const trace = replayWalk(lowered.program, path, 'by hand');
    expect(renderLanes(trace)).toContain(`by hand: walked in ${length} step`);
    const saved = { ...violation, path, trace };
    const read = readSavedTrace(saveTrace(saved));
    expect(read).toEqual(saved);
    expect(fitTrace(read, lowered, checks)).toEqual({ fits: true, trace, path });
  });

  test('bears the lowest schema that can say it: 2 for a walk, else 1', async () => {
    const { saved, lowered } = await found();
    const walk = { ...saved, trace: replayWalk(lowered.program, saved.path, 'by hand') };
    const text = saveTrace(walk);
    expect([JSON.parse(saveTrace(saved)).schema, JSON.parse(text).schema]).toEqual([1, 2]);
    const older = { ...JSON.parse(text), schema: 1 };
    expect(() => readSavedTrace(JSON.stringify(older))).toThrow(/^schema 1 knows no walks$/);
    const newer = { ...JSON.parse(saveTrace(saved)), schema: 2 };
    expect(readSavedTrace(JSON.stringify(newer))).toEqual(saved);
  });
});

describe('an older or a strange trace', () => {
  test('without terms prints the values that decided', async () => {
    const text = await changed((file) => delete file['trace']['ending']['terms']);
    expect(renderLanes(readSavedTrace(text).trace)).toMatch(/counter == 2\n {4}counter = 1\n$/);
  });

  test('whose terms lie deeper than a page is wide, or turn at no step, is reported all the same', async () => {
    const text = await changed((file) => {
      const { terms } = file['trace']['ending'];
      Object.assign(terms[0], { since: 1e9 });
      Object.assign(terms[1], { depth: 1e9 });
    });
    const lines = renderLanes(readSavedTrace(text).trace, { width: 40 }).split('\n');
    expect(lines).toContain('    turned false at step 1000000000');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  });
});

describe('refused with a clear word', () => {
  test.each<[string, string, RegExp]>([
    ['an empty file', '', /^no JSON/],
    ['a truncated file', '{"schema": 1, "kind": "raceproof trace", "tr', /^no JSON/],
    ['other JSON', '{"schema": 1, "model": "increment"}', /^this is no saved trace/],
    ['a list', '[]', /^this is no saved trace/],
    ['a very deep file', `${'['.repeat(300_000)}${']'.repeat(300_000)}`, /^nested more than 20 deep$/],
    ['a deep file of objects', '{"a":'.repeat(21), /^nested more than 20 deep$/],
    ['a file of very many values', `[${'{},'.repeat(20_000_001)}0]`, /^more than 20000000 values$/],
    [
      'a newer schema',
      '{"schema": 5, "kind": "raceproof trace"}',
      /^schema 5: this version reads schemas 1, 2, 3, 4$/,
    ],
    [
      'a file without a trace',
      '{"schema": 1, "kind": "raceproof trace", "digest": ""}',
      /^the file.path is not an object$/,
    ],
  ])('is %s', (_, text, message) => {
    expect(() => readSavedTrace(text)).toThrow(message);
  });

  test('is what has the wrong shape, by its place', async () => {
    expect(await refusal((file) => delete file['trace']['steps'][1]['actor'])).toBe(
      'the file.trace.steps[1].actor is not a text',
    );
    expect(await refusal((file) => Object.assign(file['trace']['ending'], { evidence: {} }))).toBe(
      'the file.trace.ending.evidence is not a list',
    );
    expect(await refusal((file) => Object.assign(file['trace']['property'], { expectation: 'x' }))).toMatch(
      /expectation is not one of always/,
    );
    expect(await refusal((file) => Object.assign(file['trace']['ending']['terms'][1], { value: 1 }))).toBe(
      'the file.trace.ending.terms[1].value is not true or false',
    );
    expect(await refusal((file) => delete file['trace']['ending']['terms'][0]['reads'])).toBe(
      'the file.trace.ending.terms[0].reads is not a list',
    );
    expect(
      await refusal((file) => Object.assign(file['trace']['states'][0]['values'], { counter: [[]] })),
    ).toBe('the file.trace.states[0].values.counter is not a number, a text, true or false');
  });

  test('is what does not belong together', async () => {
    expect(await refusal((file) => file['trace']['states'].pop())).toMatch(
      /^4 steps do not go with 4 states$/,
    );
    expect(await refusal((file) => file['path']['steps'].pop())).toBe(
      '3 step numbers do not go with 4 steps',
    );
    expect(await refusal((file) => Object.assign(file['trace']['steps'][2], { actor: 'mallory' }))).toBe(
      "step 3 is of 'mallory', who is no actor",
    );
    expect(await refusal((file) => delete file['trace']['states'][2]['values']['counter'])).toBe(
      'state 2 is not complete',
    );
    expect(await refusal((file) => Object.assign(file['trace'], { loop: 4 }))).toMatch(
      /no step after state 4/,
    );
    expect(await refusal((file) => Object.assign(file['trace']['property'], { verdict: 'walked' }))).toBe(
      "'always' does not go with 'walked'",
    );
  });
});

test('brackets, commas and quotes in texts are no structure', async () => {
  const odd = `${'[{,'.repeat(30)}\\"${'[{,'.repeat(30)}\\`;
  const text = await changed((file) => Object.assign(file['trace']['steps'][0], { caption: odd }));
  expect(readSavedTrace(text).trace.steps[0]!.caption).toBe(odd);
});

test('what could move a cursor or turn text around is shown, and does nothing', async () => {
  const evil = '\u001b[2J\u202egnp.exe\u0007';
  const text = await changed((file) =>
    Object.assign(file['trace']['steps'][0], { caption: evil, surplus: evil }),
  );
  const { trace } = readSavedTrace(text);
  expect(trace.steps[0]!.caption).toBe('\\u001b[2J\\u202egnp.exe\\u0007');
  expect(trace.steps[0]).not.toHaveProperty('surplus');
  expect(renderLanes(trace)).not.toContain('\u001b');
});

describe('a trace held against a changed model says where it no longer fits', () => {
  const against = async (change: (program: Program) => Program, old = (saved: SavedTrace) => saved) => {
    const { saved, lowered, checks } = await found();
    const result = fitTrace(old(saved), { ...lowered, program: change(lowered.program) }, checks);
    return result.fits ? 'fits' : `${result.at}: ${result.why}`;
  };
  const changeSteps = (change: (step: Program['steps'][number]) => object) => (program: Program) => ({
    ...program,
    steps: program.steps.map((step) => ({ ...step, ...change(step) })),
  });

  test('a guard that has become stricter', async () => {
    const never = { op: 'const', value: 0, type: 'bool' } as const;
    const strict = changeSteps(({ thread, label }) =>
      thread === 1 && label === 'increment.store' ? { guard: never } : {},
    );
    expect(await against(strict)).toBe(
      '3: step 4 (adder[1] increment.store): it cannot be taken: it waits until false',
    );
  });
  test('a step that now does something else', async () => {
    const idle = changeSteps(({ thread, label }) =>
      thread === 0 && label === 'increment.store' ? { assignments: [] } : {},
    );
    expect(await against(idle)).toMatch(
      /^2: step 3 \(adder\[0\] increment.store\): it leads elsewhere: counter is 0/,
    );
  });
  test('another initial state', async () => {
    const other = (program: Program) => ({
      ...program,
      variables: program.variables.map((variable) => ({ ...variable, initial: [1] })),
    });
    expect(await against(other)).toBe(
      '0: no initial state is the one of the trace: counter is 1, in the trace 0',
    );
  });
  test('but not for the former name of the check of values', async () => {
    const { saved, lowered, checks } = await found(overflow);
    expect(saved.trace.property.name).toBe('no value out of range');
    const property = { ...saved.trace.property, name: 'no value outside its domain' };
    const old = { ...saved, trace: { ...saved.trace, property } };
    expect(fitTrace(old, lowered, checks)).toEqual({ fits: true, path: saved.path, trace: saved.trace });
  });
  test('a property that is gone, or is not violated any more', async () => {
    const { saved, lowered, checks } = await found();
    const rest = checks.filter(({ name }) => name !== 'no_lost_update');
    expect(fitTrace(saved, lowered, rest)).toMatchObject({
      why: "there is no property 'no_lost_update' (always) any more",
    });
    const kept = checks.map((check) => ({
      ...check,
      condition: { op: 'const', value: 1, type: 'bool' } as const,
    }));
    expect(fitTrace(saved, lowered, kept)).toMatchObject({ at: 4, why: /^all steps fit, but/ });
  });
  test('and fits where only the numbers of its steps have changed', async () => {
    const renumbered = (saved: SavedTrace) => ({ ...saved, path: { initial: 0, steps: [7, 7, 7, 7] } });
    expect(await against((program) => program, renumbered)).toBe('fits');
  });
});
