// What a filter leaves of a trace, and what the names in it mean.

import { describe, expect, test } from 'vitest';
import { hiddenText } from '../render/trace_facts.js';
import { starvedWriter, tracesOf, use_after_free } from '../testing/models.js';
import { type Filter, filtered, nameable, unknownName } from './filter.js';
import type { Trace } from './trace.js';

const useAfterFree = async (): Promise<Trace> => [...(await tracesOf(use_after_free)).values()][0]!;
const only = (...names: readonly string[]): Filter => ({ only: names, hide: [] });
const hide = (...names: readonly string[]): Filter => ({ only: [], hide: names });

/** `3 zap_pte.clear pte`: number, label, and what is changed. */
const stepsOf = (trace: Trace) =>
  trace.steps.map(({ label, writes }, i) =>
    [trace.view?.numbers[i] ?? i + 1, label, ...writes.map(({ path }) => path)].join(' '),
  );

describe('a filter', () => {
  test('shows only the steps of an actor, under the numbers that they have', async () => {
    const view = filtered(await useAfterFree(), only('fault'));
    expect(stepsOf(view)).toEqual([
      '2 handle_pte_fault.look',
      '6 handle_pte_fault.lock ptl',
      '7 handle_pte_fault.use',
    ]);
    expect(view.actors).toEqual(['fault']);
    expect(hiddenText(view)).toBe('hidden here: 4 of 7 steps, 4 of 5 changes, 2 of 3 actors');
  });

  test('shows only the steps that change a variable', async () => {
    const view = filtered(await useAfterFree(), only('page_count', 'pte'));
    expect(stepsOf(view)).toEqual(['3 zap_pte.clear pte', '4 zap_pte.free page_count']);
    expect(view.variables.map(({ name }) => name)).toEqual(['pte', 'page_count']);
  });

  test('shows of an actor only what it changes of a variable, if it names both', async () => {
    expect(stepsOf(filtered(await useAfterFree(), only('munmap', 'ptl')))).toEqual([
      '1 zap_pte.lock ptl',
      '5 zap_pte.unlock ptl',
    ]);
  });

  test('hides a variable, but not the steps that change it', async () => {
    const trace = await useAfterFree();
    const view = filtered(trace, hide('ptl'));
    expect(stepsOf(view)).toHaveLength(7);
    expect(hiddenText(view)).toBe('hidden here: 3 of 5 changes, 1 of 3 variables');
  });

  test('hides what it names even if it is to be shown', async () => {
    const filter = { only: ['munmap', 'fault'], hide: ['munmap'] };
    expect(filtered(await useAfterFree(), filter).actors).toEqual(['fault']);
  });

  test('keeps the state after each step that is left, and the property with its terms', async () => {
    const trace = await useAfterFree();
    const view = filtered(trace, only('fault'));
    expect(view.states).toEqual([0, 2, 6, 7].map((n) => trace.states[n]));
    expect(view.ending.terms).toEqual(trace.ending.terms);
    expect(view.property).toEqual(trace.property);
  });

  test('changes nothing if it hides nothing', async () => {
    const trace = await useAfterFree();
    expect(filtered(trace, only())).toBe(trace);
    expect(filtered(trace, only('munmap', 'fault', 'bystander'))).toBe(trace);
    expect(hiddenText(trace)).toBeUndefined();
  });

  test('leaves a lasso its loop, as far as it is shown', async () => {
    const lasso = await starvedWriter();
    expect(filtered(lasso, only('reader[1]')).loop).toBe(lasso.loop);
    expect(filtered(lasso, only('writer')).steps).toEqual([]);
  });
});

describe('the names of a filter', () => {
  const cast = {
    actors: ['munmap[0]', 'munmap[1]', 'truncate'],
    variables: [
      { name: 'page.subpage[0]._mapcount' },
      { name: 'page.subpage[1]._mapcount' },
      { name: 'page.compound_mapcount' },
      { name: 'i_mmap.writer' },
      { name: 'munmap[0]:zap.orig', actor: 'munmap[0]' },
    ],
  };
  const trace = async (): Promise<Trace> => ({
    ...(await useAfterFree()),
    ...cast,
    steps: [],
    ending: { evidence: [], standing: [] },
  });
  const left = async (filter: Filter) => {
    const { actors, variables } = filtered(await trace(), filter);
    return [...actors, ...variables.map(({ name }) => name)];
  };

  test.each([
    ['munmap', ['munmap[0]', 'munmap[1]'], 5],
    ['munmap[1]', ['munmap[1]'], 4],
    ['m*', ['munmap[0]', 'munmap[1]'], 5],
  ])('%s is an actor, or all of a kind', async (name, actors, variablesCount) => {
    const all = await left(only(name));
    expect(all.slice(0, actors.length)).toEqual(actors);
    expect(all).toHaveLength(actors.length + variablesCount);
  });

  test.each([
    ['page', [0, 1, 2]],
    ['page.subpage', [0, 1]],
    ['subpage[1]', [1]],
    ['_mapcount', [0, 1]],
    ['page.subpage[*]._mapcount', [0, 1]],
    ['*mapcount', [0, 1, 2]],
    ['zap.orig', [4]],
  ])('%s is a variable, or whatever lies in it', async (name, which) => {
    const variables = which.map((i) => cast.variables[i]!.name);
    expect(await left(only(name))).toEqual([...cast.actors, ...variables]);
  });

  test('hide the locals of a hidden actor with it', async () => {
    expect(await left(hide('munmap'))).toEqual([
      'truncate',
      ...cast.variables.slice(0, 4).map(({ name }) => name),
    ]);
  });

  test('are whole words: mapcount is not compound_mapcount', () => {
    expect(unknownName(only('page', 'mapcount'), cast)).toBe('mapcount');
    expect(unknownName(hide('munmap[2]'), cast)).toBe('munmap[2]');
    expect(unknownName({ only: ['page'], hide: ['truncate', '_mapcount'] }, cast)).toBeUndefined();
  });

  test('can be listed, for those who misspell one', () => {
    const words = nameable(cast);
    for (const word of ['munmap', 'munmap[1]', 'page.subpage[0]', '_mapcount', 'writer', 'zap.orig']) {
      expect(words).toContain(word);
      expect(unknownName(only(word), cast)).toBeUndefined();
    }
  });
});
