// The published figures that manifests quote are consistent: the figures inside the quotations are parsed and compared,
// each by the convention of its tool. (That the manifests are right is checked by the engines.)

import { describe, expect, test } from 'vitest';
import { models } from '../index.js';
import type { ManifestRow } from '../manifest.js';

interface Quotation {
  readonly states: number;
  readonly transitions: number;
  /** Where the tool gives it, and means the shortest path. */
  readonly depth?: number;
}

const quotation = {
  TLC: new RegExp(
    /^TLC on .*: (?<states>\d+) distinct states; (?<steps>\d+) generated, /.source +
      /(?:the|(?<initial>\d+)) initial ones? among them; /.source +
      /depth (?<depth>\d+), in states(?<more>; .*)?$/.source,
  ),
  Murphi: /^Murphi on .*: (?<states>\d+) states; (?<steps>\d+) rules fired, /,
  BEEM: /^BEEM's .*: (?<states>\d+) states, (?<steps>\d+) transitions$/,
};

function quotedIn(source: string): Quotation | undefined {
  const { TLC, Murphi, BEEM } = quotation;
  const found = (TLC.exec(source) ?? Murphi.exec(source) ?? BEEM.exec(source))?.groups;
  if (found === undefined) return undefined;
  const { states, steps, initial, depth, more } = found;
  const isTlc = depth !== undefined;
  return {
    states: Number(states),
    transitions: Number(steps) - (isTlc ? Number(initial ?? 1) : 0),
    ...(isTlc && more === undefined && { depth: Number(depth) - 1 }),
  };
}

const rows = [...models].flatMap(([name, { manifest }]) =>
  manifest.flatMap((row) => (row.source === undefined ? [] : [{ name, row, source: row.source }])),
);
const published = rows.flatMap(({ name, row, source }) => {
  const quoted = quotedIn(source);
  return quoted === undefined ? [] : [{ name, row, source, quoted }];
});

const figures = ({ states, transitions, depth }: ManifestRow, { depth: asked }: Quotation): Quotation => ({
  states,
  transitions,
  ...(asked !== undefined && { depth }),
});

describe('published figures', () => {
  test.each(published)('of $source are those of $name', ({ row, quoted }) => {
    expect(figures(row, quoted)).toEqual(quoted);
  });

  test('come from Murphi, from BEEM and from TLC', () => {
    const from = (tool: keyof typeof quotation) =>
      published.filter(({ source }) => quotation[tool].test(source)).length;
    expect({ Murphi: from('Murphi'), BEEM: from('BEEM'), TLC: from('TLC') }).toEqual({
      Murphi: 9,
      BEEM: 13,
      TLC: 13,
    });
  });
});
