// References of pages: speculative ones, frozen ones, and one too few.

import { describe, expect, test } from 'vitest';
import { explored } from '../../checker/lower/testing/explored.js';
import { never } from '../../properties/language/index.js';
import { actor, type Block, bool, If, not, oneOf, procedure, shared, source } from '../language/index.js';
import {
  folio_get,
  folio_put,
  folio_ref_freeze,
  folio_ref_unfreeze,
  folio_try_get,
  page_refcount,
  put_page,
} from './index.js';

const c = source('mm/filemap.c');
const actorOf = (name: string, block: Block) =>
  actor(
    name,
    procedure(name, () => block),
  );

describe('a speculative reference', () => {
  // The page cache has one reference of the folio; truncate drops it, and the frame becomes another page at once.
  const state = shared({
    slot: oneOf('folio', 'empty'),
    count: page_refcount(3),
    identity: oneOf('folio', 'other'),
    wrong: bool(),
  });
  const { slot, count, identity, wrong } = state;
  const put = () =>
    If(folio_put(count), { reuse: c`the allocator hands it out`(identity.set('other'), count.set(1)) });
  const truncate = actorOf('truncate', {
    delete: c`delete_from_page_cache()`(slot.set('empty')),
    put: put(),
  });
  const use = c`use the folio`(wrong.set(identity.isnt('folio')));
  const reader = (then: Block) =>
    actorOf('reader', { load: If(slot.is('folio'), { get: If(folio_try_get(count), then) }) });
  const other_page = { other_page: never(wrong) };
  test('that is taken without a second look is one of another page', async () => {
    expect(
      await explored({ state, actors: [truncate, reader({ use, put: put() })] }, other_page),
    ).toMatchInlineSnapshot(`
      [
        "violated: 22 states, 30 transitions, depth 7, levels 1 2 4 5 5 2 2 1",
        "other_page: violated by reader reader.load, truncate truncate.delete, truncate truncate.put, truncate truncate.reuse, reader reader.get, reader reader.use",
      ]
    `);
  });
  test('is dropped again where the slot has changed', async () => {
    const recheck = { again: If(slot.is('folio'), { use }), put: put() };
    expect(await explored({ state, actors: [truncate, reader(recheck)] }, other_page)).toMatchInlineSnapshot(`
      [
        "holds: 24 states, 35 transitions, depth 6, levels 1 2 4 5 6 4 2",
      ]
    `);
  });
});

describe('a frozen count', () => {
  const state = shared({ count: page_refcount(3), inside: bool(), used: bool() });
  const { count, inside } = state;
  const freeze = actorOf('freeze', {
    freeze: If(folio_ref_freeze(count, 1), {
      enter: c`nobody else has it`(inside.set(true)),
      leave: c`done`(inside.set(false)),
      unfreeze: folio_ref_unfreeze(count, 1),
    }),
  });
  test('keeps out who tries to get the folio, and fails where it has been got', async () => {
    const get = actorOf('get', { get: If(folio_try_get(count), { use: c`use`(), put: folio_put(count) }) });
    const both = never(inside.and(get.at('get.use').or(get.at('get.put'))));
    expect(await explored({ state, actors: [freeze, get] }, { both })).toMatchInlineSnapshot(`
      [
        "holds: 14 states, 19 transitions, depth 4, levels 1 2 4 4 3",
      ]
    `);
  });
  test('is a bug for who gets it without trying', async () => {
    expect(
      await explored({ state, actors: [freeze, actorOf('get', { get: folio_get(count) })] }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 11 states, 13 transitions, depth 5, levels 1 2 3 2 2 1",
        "VM_BUG_ON_FOLIO(((unsigned int) folio_ref_count(folio) + 127u <= 127u), folio): violated by freeze freeze.freeze, get get.get",
      ]
    `);
  });
  test('must be frozen to be unfrozen', async () => {
    expect(
      await explored({ state, actors: [actorOf('p', { unfreeze: folio_ref_unfreeze(count, 1) })] }),
    ).toMatchInlineSnapshot(`
      [
        "violated: 2 states, 1 transitions, depth 1, levels 1 1",
        "VM_BUG_ON_FOLIO(folio_ref_count(folio) != 0, folio): violated by p p.unfreeze",
      ]
    `);
  });
});

test('a reference that is put once too often is a bug', async () => {
  const state = shared({ count: page_refcount(2), last: bool() });
  const all = [actorOf('p', { one: put_page(state.count), two: If(not(put_page(state.count)), {}) })];
  expect(await explored({ state, actors: all })).toMatchInlineSnapshot(`
    [
      "violated: 3 states, 2 transitions, depth 2, levels 1 1 1",
      "VM_BUG_ON_PAGE(page_ref_count(page) == 0): violated by p p.one, p p.two",
    ]
  `);
});
