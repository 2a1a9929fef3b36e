// The certificate of a proof by views: the program for any number of members, and the closed views, one in a line.
// certificate/views.js checks it.

import type { Schema, ViewsOutcome } from '../../checker/by_views.js';
import { OutputError, UsageError } from '../errors.js';
import { type WholeFile, wholeFile, writeWhole } from './whole_file.js';

/** The version of the format. */
const viewsVersion = 1;

/** The program for any number, without what is for people or of this machine. */
export function schemaText(schema: Schema): string {
  const locationsOf = <T extends { readonly locations: readonly unknown[] }>({ locations, ...rest }: T) =>
    rest;
  return JSON.stringify({
    ...schema,
    classes: schema.classes.map(locationsOf),
    threads: schema.threads.map(locationsOf),
    steps: schema.steps.map(({ source, ...step }) => step),
  });
}

/** Where the certificate will be written. Throws a UsageError or an OutputError. */
export function viewsFile(file: string | undefined): WholeFile | undefined {
  if (file === undefined) return undefined;
  if (file === '') throw new UsageError('--certificate=FILE: which file?');
  return writing(file, () => wholeFile(file));
}

/** Throws an OutputError. */
export function writeViews(
  target: WholeFile,
  settings: { readonly [name: string]: unknown },
  sizes: readonly string[],
  { schema, k, views }: Extract<ViewsOutcome, { is: 'proved' }>,
): void {
  const head = {
    format: 'raceproof-views',
    version: viewsVersion,
    model: schema.name,
    settings,
    for: sizes,
    k,
  };
  const lines = views.map(({ at, values, members }) =>
    JSON.stringify([at, values, members.map((one) => [one.class, one.at, one.values])]),
  );
  const pieces = [
    `${JSON.stringify(head).slice(0, -1)},\n"schema":${schemaText(schema)},\n"views":[\n`,
    `${lines.join(',\n')}\n]}\n`,
  ];
  writing(target.path, () => writeWhole(target, pieces));
}

function writing<R>(file: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    throw new OutputError(
      `cannot write the certificate ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
