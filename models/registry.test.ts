// The registry: every model is listed by its own name, and has properties.

import { expect, test } from 'vitest';
import { loadProperties, statedNames } from '../properties/registry.js';
import { models } from './index.js';
import { loadEntry, modelNames } from './registry.js';

test.each(modelNames)('%s has that name, a manifest and properties', async (name) => {
  const { model, manifest } = (await loadEntry(name))!;
  expect(model.name).toBe(name);
  expect(manifest).not.toEqual([]);
  expect(await loadProperties(name)).not.toEqual({});
});

test('every model has a short description', () => {
  expect([...models.values()].filter(({ model }) => !model.about.includes(' '))).toEqual([]);
});

test('properties are stated of existing models only', () => {
  expect(statedNames).toEqual(modelNames);
});

test('an unknown name gives no model and no properties', async () => {
  expect(await loadEntry('toString')).toBeUndefined();
  expect(await loadProperties('toString')).toEqual({});
});
