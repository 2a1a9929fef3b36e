// What the gallery and docs/races.md need of a race's file; this folder imports no model.

import type { Model, SettingValue } from '../../models/language/index.js';
import type { Properties } from '../../properties/language/index.js';

/** The settings of a row of a manifest. */
export type RowSettings = { readonly [name: string]: SettingValue };

/** A race, with its properties. The first row of its manifest is the kernel before the fix. */
export interface RaceEntry {
  readonly model: Model;
  readonly properties: Properties;
  readonly race: {
    readonly subsystem: string;
    readonly fix: { readonly commit: string; readonly subject: string };
    readonly kinds: readonly string[];
    readonly uses: readonly string[];
    readonly essence: string;
    readonly tso?: string;
    readonly history?: string;
  };
  readonly manifest: readonly {
    readonly settings: RowSettings;
    readonly states: number;
    readonly violated: { readonly [property: string]: number };
  }[];
}
