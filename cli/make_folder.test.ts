// Folders that are made, and those that cannot be.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from './make_folder.js';
import { folder } from './testing/command.js';

const files = folder({});
afterAll(files.remove);

test('a folder is made with those above it, and may exist', () => {
  const path = join(files.path, 'a/b/c');
  makeFolder(path);
  makeFolder(path);
  expect(existsSync(path)).toBe(true);
});

test.skipIf(!existsSync('/proc/self'))(
  'a place that takes no folder is an error, and no endless loop',
  () => {
    expect(() => makeFolder('/proc/nothing/below')).toThrow(/^ENOENT/);
  },
);
