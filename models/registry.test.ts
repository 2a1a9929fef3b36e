// The registry: every model goes by its own name, and has properties.

import { expect, test } from 'vitest';
import { loadProperties, statedNames } from '../properties/registry.js';
import { models } from './index.js';
import { loadEntry, modelNames } from './registry.js';

test.each(modelNames)(
  '%s goes by that name, and what is known and what must hold of it comes along',
  async (name) => {
    const { model, manifest } = (await loadEntry(name))!;
    expect(model.name).toBe(name);
    expect(manifest).not.toEqual([]);
    expect(await loadProperties(name)).not.toEqual({});
  },
);

test('every model says in a few words what it is about', () => {
  expect([...models.values()].filter(({ model }) => !model.about.includes(' '))).toEqual([]);
});

test('properties are stated of models that there are, and of no others', () => {
  expect(statedNames).toEqual(modelNames);
});

test('a name that nobody has leads to no model and to no properties', async () => {
  expect(await loadEntry('toString')).toBeUndefined();
  expect(await loadProperties('toString')).toEqual({});
});
