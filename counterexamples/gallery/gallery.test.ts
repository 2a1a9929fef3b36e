// The gallery is what the checker finds today, and each of its traces still fits its model. `npm run gallery` (this
// test with -u) writes it anew.

import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { checksOf, digestOf, lower } from '../../checker/index.js';
import { models } from '../../models/index.js';
import { properties } from '../../properties/index.js';
import { fitTrace } from '../replay/refit_trace.js';
import { readSavedTrace } from '../trace/saved.js';
import { galleryFiles, type Library, raceStory, racesMarkdown } from './gallery.js';
import { stories } from './stories.js';

const folder = dirname(fileURLToPath(import.meta.url));
const library: Library = (name) => {
  const entry = models.get(name);
  return entry && { model: entry.model, properties: properties.get(name) ?? {} };
};

const races = [...models.values()].flatMap(({ race, ...entry }) =>
  race === undefined ? [] : [{ ...entry, race, properties: properties.get(entry.model.name)! }],
);
const allStories = [...stories, ...races.map(raceStory)];

test('docs/races.md is what the races are today', { timeout: 600_000 }, async () => {
  await expect(await racesMarkdown(races)).toMatchFileSnapshot('../../docs/races.md');
});

describe('the gallery', () => {
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    files = await galleryFiles(library, races.map(raceStory));
  }, 120_000);

  test('holds nothing but the files of its stories', () => {
    expect(readdirSync(folder).filter((name) => !name.endsWith('.ts') && !files.has(name))).toEqual([]);
  });

  test.each([
    'README.md',
    ...allStories.flatMap(({ name }) => ['txt', 'mmd', 'json'].map((kind) => `${name}.${kind}`)),
  ])('%s is what the checker finds', async (name) => {
    await expect(files.get(name)).toMatchFileSnapshot(join(folder, name));
  });

  test('has traces that fit the models of today', async () => {
    for (const { name, model, settings } of allStories) {
      const saved = readSavedTrace(files.get(`${name}.json`)!);
      const entry = library(model)!;
      const lowered = lower(entry.model, settings, entry.properties);
      expect(saved.digest).toBe(await digestOf(lowered.program));
      expect(fitTrace(saved, lowered, checksOf(lowered.program, lowered.properties))).toMatchObject({
        fits: true,
      });
    }
  });
});
