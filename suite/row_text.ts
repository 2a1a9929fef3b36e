// A row as it is written in a project file or in a manifest.

import { expectationOf } from './judge.js';
import type { Expected, Row, RowFacts } from './suite.js';

/** A row as data: what a project file in JSON has. */
export interface RowData {
  readonly settings: Row['settings'];
  readonly without?: Row['without'];
  readonly memory?: Row['memory'];
  readonly buffer?: Row['buffer'];
  readonly verdict?: Expected['verdict'];
  readonly violated?: Expected['violated'] | readonly string[];
  readonly unreached?: Expected['unreached'];
  readonly states?: number;
  readonly transitions?: number;
  readonly depth?: number;
  /** For readers. */
  readonly about?: unknown;
  readonly source?: unknown;
}

/** The row with what was found, in those fields that it names; in all of them if it names none. */
export function updatedRow(row: Row, facts: RowFacts): RowData {
  const { settings, without, memory, buffer, expected, kept } = row;
  const now = expectationOf(facts);
  const head = {
    ...{ settings, ...(without.length > 0 && { without }) },
    ...(memory !== undefined && { memory }),
    ...(buffer !== undefined && { buffer }),
  };
  const named = Object.keys(expected) as (keyof Expected)[];
  if (facts.verdict === 'incomplete' || named.length === 0) return { ...head, ...now, ...kept };
  const all: Expected = { ...now, verdict: facts.verdict, unreached: facts.unreached };
  const withoutLengths =
    expected.violated !== undefined && Object.values(expected.violated).some((steps) => steps === undefined);
  return {
    ...head,
    ...Object.fromEntries(named.map((name) => [name, all[name]])),
    ...(named.includes('violated') && facts.unreached.length > 0 && { unreached: facts.unreached }),
    ...(withoutLengths && { violated: Object.keys(facts.violated) }),
    ...kept,
  };
}

/** As an object of TypeScript, on one line: `{ settings: { fix: 'none' }, violated: { no_uaf: 7 }, states: 35 }`. */
export const rowText = (row: RowData): string => literal(row);

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name)}: ${literal(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
