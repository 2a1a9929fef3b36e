// What a walk offers: the steps with their effects, their names, who waits for whom, and the value of a formula.

import { describe, expect, test } from 'vitest';
import { checksOf, lower } from '../../checker/index.js';
import { model as increment_model } from '../../models/examples/increment.js';
import { bugOn, spin_lock, spin_unlock, spinlock } from '../../models/kernel/index.js';
import {
  actor,
  bool,
  type Model,
  model,
  procedure,
  shared,
  source,
  when,
} from '../../models/language/index.js';
import { properties } from '../../properties/index.js';
import { overflow } from '../testing/models.js';
import { evaluated } from './evaluated.js';
import { possibleSteps, shownIn, stepNames, stepsNamed } from './possible_steps.js';
import { choicesOf, choose, groundOf, type Stepper, startAt, walkOn } from './stepper.js';
import { waitingActors } from './waiting_actors.js';

function startOf(of: Model): Stepper {
  const { program, properties: given } = lower(of, {}, properties.get(of.name) ?? {});
  return startAt(groundOf(program, checksOf(program, given)))!;
}

/** Takes the steps with these names. */
const walked = (start: Stepper, ...names: readonly string[]): Stepper =>
  names.reduce((at, name) => {
    const offered = possibleSteps(at).map(({ step, move }) => ({ ...step, move }));
    const [one, ...others] = stepsNamed(offered, name);
    expect(others, name).toEqual([]);
    return choose(at, one!.move);
  }, start);

const effects = (at: Stepper) =>
  possibleSteps(at).map(({ step, isFatal, message, violates, reaches }) => {
    const writes = step.writes.map(({ path, from, to }) => `${path}: ${from} → ${to}`);
    return { step: `${step.actor} ${step.label}`, writes, isFatal, message, violates, reaches };
  });

const c = source('example.c');
const state = shared({ l: spinlock(), ready: bool(), gone: bool() });
const { l, ready, gone } = state;
const waits = procedure('waits', () => ({
  sleep: c`wait_event(wq, ready)`(when(ready)),
  take: spin_lock(l),
  drop: spin_unlock(l),
}));
const wakes = procedure('wakes', () => ({
  take: spin_lock(l),
  wake: c`ready = true`(ready.set(true)),
  check: bugOn(gone, 'BUG: gone'),
  drop: spin_unlock(l),
}));
const frees = procedure('frees', () => ({ free: c`gone = true`(gone.set(true)) }));
const wakeup = model('wakeup', {
  about: 'one actor waits for a flag and for a lock',
  state,
  actors: [actor('waiter', waits), actor('waker', wakes), actor('freer', frees)],
});

describe('a step that is offered', () => {
  test('says what it changes, and what it violates or reaches first', () => {
    const start = startOf(increment_model);
    const none = { isFatal: false, message: undefined, violates: [], reaches: [] };
    expect(effects(start)).toEqual([
      { ...none, step: 'adder[0] increment.load', writes: ['adder[0]:increment.mine: 0 → 0'] },
      { ...none, step: 'adder[1] increment.load', writes: ['adder[1]:increment.mine: 0 → 0'] },
    ]);
    const raced = walked(start, 'adder[0]', 'adder[1]', 'adder[0]');
    expect(effects(raced)).toEqual([
      {
        ...none,
        ...{ step: 'adder[1] increment.store', writes: ['counter: 1 → 1'] },
        ...{ violates: ['no_lost_update'], reaches: ['all_finish'] },
      },
    ]);
  });

  test('says that it is a bug, or has no value', () => {
    const before = walked(startOf(wakeup), 'freer', 'waker', 'waker');
    expect(effects(before).filter(({ isFatal }) => isFatal)).toEqual([
      {
        ...{ step: 'waker wakes.check', writes: [], isFatal: true, message: 'BUG: gone' },
        ...{ violates: [], reaches: [] },
      },
    ]);
    const end = walkOn(startOf(overflow), { seed: 1, stepsMax: 10 });
    const last = end.path.steps.at(-1)!;
    const { ground, path } = end;
    const almost = path.steps
      .slice(0, -1)
      .reduce((at, id) => choose(at, choicesOf(at).find(({ step }) => step === id)!), startAt(ground)!);
    const offered = possibleSteps(almost).find(({ move }) => move.step === last);
    expect(offered).toMatchObject({
      isFatal: true,
      message: 'mapcount[1] would become 2, outside 0 … 1',
      violates: [],
    });
    expect(possibleSteps(end)).toEqual([]);
  });

  test('has the names of its actor and its label, and parts of them', () => {
    const names = stepNames(startOf(wakeup).ground.walker.program);
    const found = (text: string) => stepsNamed(names, text).map(({ actor, label }) => `${actor} ${label}`);
    expect(found('wakes.wake')).toEqual(['waker wakes.wake']);
    expect(found('take')).toEqual(['waiter waits.take', 'waker wakes.take']);
    expect(found('waker take')).toEqual(['waker wakes.take']);
    expect(found('frees')).toEqual(['freer frees.free']);
    expect(found('waiter wakes.take')).toEqual([]);
    expect(
      new Set(stepsNamed(stepNames(startOf(increment_model).ground.walker.program), 'adder')),
    ).toHaveLength(4);
  });
});

test('random steps go on from where a walk stands, at most so many, and the same for a seed', () => {
  const at = walked(startOf(increment_model), 'adder[1]');
  const steps = (seed: number, stepsMax: number) => walkOn(at, { seed, stepsMax }).path.steps;
  expect(steps(1, 2)).toHaveLength(3);
  expect(steps(1, 100)).toHaveLength(4);
  expect(steps(1, 2)[0]).toBe(at.path.steps[0]);
  expect(steps(7, 3)).toEqual(steps(7, 3));
  expect(new Set([1, 2, 3, 4, 5, 6].map((seed) => steps(seed, 3).join())).size).toBeGreaterThan(1);
});

describe('an actor that waits', () => {
  const waiting = (at: Stepper) =>
    waitingActors(at.ground.walker.program, at.states.at(-1)!).map(
      ({ actor, place, conditions, locks, changers }) => ({
        ...{ actor, place, until: conditions.map(([whole]) => whole!.text) },
        locks: locks.map(({ lock, holder }) => `${holder} has ${lock}`),
        changers: changers.map(({ actor, changes }) => `${actor} changes ${changes.join()}`),
      }),
    );
  test('waits for those who can still change what it reads', () => {
    expect(waiting(startOf(wakeup))).toEqual([
      {
        actor: 'waiter',
        place: 'waits.sleep',
        until: ['ready'],
        locks: [],
        changers: ['waker changes ready'],
      },
    ]);
  });
  test('waits for the holder of a lock', () => {
    const at = walked(startOf(wakeup), 'waker', 'waker', 'waiter');
    expect(waiting(at)).toEqual([
      {
        ...{ actor: 'waiter', place: 'waits.take', until: ['l == free'] },
        ...{ locks: ['waker has l'], changers: ['waker changes l'] },
      },
    ]);
  });
  test('waits for nobody where no step is left that could help it', () => {
    const forgets = procedure('forgets', () => ({ work: c`something else`() }));
    const lost = model('lost', {
      about: 'nobody wakes it',
      state,
      actors: [actor('waiter', waits), actor('waker', forgets)],
    });
    expect(waiting(startOf(lost))).toEqual([
      { actor: 'waiter', place: 'waits.sleep', until: ['ready'], locks: [], changers: [] },
    ]);
  });
  test('is none where every actor can go on or is done', () => {
    expect(waiting(startOf(increment_model))).toEqual([]);
  });
});

test('a formula is evaluated in the state where a walk stands, with locals as the model has them', () => {
  const at = walked(startOf(increment_model), 'adder[0]', 'adder[0]', 'adder[1]');
  const value = (text: string) => evaluated(at.ground.walker.program, shownIn(at), text);
  expect(value('counter == 1 && adder[1] at store')).toMatchObject({ value: 'true' });
  expect(value('counter + 1')).toEqual({ text: 'counter + 1', value: '2', terms: [] });
  expect(value('counter == 2')).toEqual({
    text: 'counter == 2',
    value: 'false',
    terms: [
      {
        ...{ depth: 0, text: 'counter == 2', value: false, since: 0, decides: true },
        reads: [{ path: 'counter', value: 1 }],
      },
    ],
  });
  expect(value('counter == 1').terms[0]!.since).toBe(2);
  expect(() => value('F counter == 1')).toThrow('is about runs');
  expect(() => value('cuonter')).toThrow(
    "no variable, actor or word is named 'cuonter'; did you mean 'counter'?",
  );
});
