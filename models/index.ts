// Every model of this repository, by name, with what is known of it.

import * as increment from './examples/increment.js';
import type { Model } from './language/index.js';
import type { Manifest } from './manifest.js';
import { manifest as thp_truncate_manifest } from './thp_truncate/manifest.js';
import { thp_truncate } from './thp_truncate/model.js';

export interface Entry {
  readonly model: Model;
  readonly manifest: Manifest;
}

const entries: readonly Entry[] = [
  { model: thp_truncate, manifest: thp_truncate_manifest },
  { model: increment.increment_model, manifest: increment.manifest },
];

export const models: ReadonlyMap<string, Entry> = new Map(
  entries.map((entry) => [entry.model.name, entry] as const),
);
