// The program that checks certificates: it certifies what holds, with the counts of the engines, and refuses everything
// else. A test of the command runs it by itself (cli/commands/verify.test.ts).

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { certificateText } from '../checker/certificate/certificate.js';
import { isWarning } from '../checker/decide/decide.js';
import { programJson } from '../checker/export/program_json.js';
import { checksOf, explore, lower, needsGraph, type Program, type StoredStates } from '../checker/index.js';
import type { Property } from '../checker/property/property.js';
import { random } from '../checker/testing/random.js';
import { randomCase } from '../conformance/random_program.js';
import { models } from '../models/index.js';
import { loweringOf } from '../models/manifest.js';
import { properties } from '../properties/index.js';

interface Verifier {
  readonly Refused: new () => Error;
  verify(
    program: string,
    certificate: string,
    onProgress?: (met: number, states: number) => void,
  ): { readonly [name: string]: unknown };
}
const file = new URL('./verify.js', import.meta.url);
const { verify, Refused }: Verifier = await import(file.href);

/** A change of a certificate by a test. */
interface Certificate {
  version: unknown;
  program: unknown;
  states: number;
  columns: number[];
  nodes: number[][];
}

/** A Program, its certificate made whether or not its properties hold, and whether all of them hold. */
async function certified(program: Program, own: readonly Property[]) {
  let states: StoredStates | undefined;
  const report = await explore(program, own, {
    onStates: (all) => {
      states = all;
    },
  });
  const text = programJson(program, checksOf(program, own));
  const digest = createHash('sha256').update(text).digest('hex');
  return { report, text, certificate: [...certificateText(program, digest, states!)].join('') };
}

const ofModel = (
  name: string,
  settings: { readonly [name: string]: unknown } = {},
  memory: ReturnType<typeof loweringOf> = {},
) => {
  const lowered = lower(models.get(name)!.model, settings, properties.get(name), memory);
  return certified(lowered.program, lowered.properties);
};

/** The output: the claims, or why the certificate is refused. */
function answer(program: string, certificate: string): unknown {
  try {
    return verify(program, certificate);
  } catch (error) {
    if (error instanceof Refused) return `refused: ${error.message}`;
    if (error instanceof SyntaxError) return `unreadable: ${error.message}`;
    throw error;
  }
}

const changed = (certificate: string, change: (certificate: Certificate) => void): string => {
  const data: Certificate = JSON.parse(certificate);
  change(data);
  return JSON.stringify(data);
};

test('it has at most 250 lines, and imports nothing but modules of Node', () => {
  const text = readFileSync(file, 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(250);
  const imported = [...text.matchAll(/(?:from|import\() *'([^']+)'/g)].map(([, name]) => name);
  expect(imported).toEqual(['node:crypto', 'node:fs', 'node:url']);
});

test('it says how far it is, each time that it has met 16,384 more states', async () => {
  const { text, certificate } = await ofModel('two_phase_commit', { NR_RMS: 6 });
  const heard: (readonly [number, number])[] = [];
  verify(text, certificate, (met, states) => heard.push([met, states]));
  expect(heard).toEqual([
    [16_384, 50_816],
    [32_768, 50_816],
    [49_152, 50_816],
  ]);
});

describe('a certificate is accepted', () => {
  test('of a model that holds, with the count of its states, and what is not covered by name', async () => {
    const { text, certificate } = await ofModel('peterson');
    expect(verify(text, certificate)).toEqual({
      states: 43,
      holds: ['mutual_exclusion', 'no_absent_rival', 'no deadlock', 'no value out of range'],
      reached: ['all_get_in_turn', 'all_compete'],
      notCovered: ['nobody_starves', 'no actor is stuck'],
    });
  });

  test.each([
    ['fischer', {}],
    ['readers_writers', {}],
    ['coffee_can', {}],
    ['token_ring', {}],
    ['thp_truncate', { fix: 'unmap_mapping_page' }],
  ])('of %s %j, exactly if all that it covers holds', async (name, settings) => {
    const { text, certificate, report } = await ofModel(name, settings);
    const { states } = report.evidence;
    expect(report.verdict).toBe('holds');
    expect(answer(text, certificate)).toMatchObject({ states });
  });

  test('of every row of a manifest that is small, exactly if all that it covers holds', async () => {
    const statesMax = process.env['LONG_TESTS'] ? 20_000 : 400;
    let [certifiedCount, refusedCount] = [0, 0];
    for (const { model, manifest } of models.values()) {
      for (const { settings, states, ...row } of manifest.filter((each) => each.states <= statesMax)) {
        const { report, text, certificate } = await ofModel(model.name, settings, loweringOf(row));
        const fails = report.properties.some(
          ({ check, verdict }) =>
            ['violated', 'unreached'].includes(verdict) && !needsGraph(check) && !isWarning(check),
        );
        const said = answer(text, certificate);
        const expected = fails ? expect.stringMatching(/^refused: /) : expect.objectContaining({ states });
        expect([model.name, settings, said]).toEqual([model.name, settings, expected]);
        if (fails) refusedCount++;
        else certifiedCount++;
      }
    }
    expect(certifiedCount).toBeGreaterThan(60);
    expect(refusedCount).toBeGreaterThan(60);
  });

  test('of random Programs, exactly if all that it covers holds', async () => {
    const answers = new Map<string, number>();
    for (let seed = 0; seed < 100; seed++) {
      for (const { program, properties: own } of [randomCase(seed), tamed(randomCase(seed))]) {
        const { report, text, certificate } = await certified(program, own);
        const said = answer(text, certificate);
        const isCertified = typeof said === 'object';
        expect([seed, isCertified]).toEqual([seed, report.verdict === 'holds']);
        const key = isCertified ? 'certified' : String(said).split(' ').slice(-2).join(' ');
        answers.set(key, (answers.get(key) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries([...answers].sort(([, a], [, b]) => b - a))).toMatchInlineSnapshot(`
      {
        "a deadlock": 3,
        "by zero": 8,
        "certified": 17,
        "each column": 20,
        "is violated": 26,
        "its array": 33,
        "its domain": 8,
        "never reached": 37,
        "t[0]: run.s0": 15,
        "t[0]: run.s1": 2,
        "t[0]: run.s2": 2,
        "t[0]: run.s3": 2,
        "t[1]: run.s0": 13,
        "t[1]: run.s1": 4,
        "t[1]: run.s2": 2,
        "t[2]: run.s0": 6,
        "t[2]: run.s1": 1,
        "t[2]: run.s2": 1,
      }
    `);
  });
});

/** Without reports and deadlocks, with all conditions as examples to be reached or not. */
const tamed = ({ program, properties: own }: ReturnType<typeof randomCase>) => ({
  program: {
    ...program,
    threads: program.threads.map((thread) => ({ ...thread, rests: [...thread.locations.keys()] })),
    steps: program.steps.map(({ reports: _, ...step }) => step),
  },
  properties: own.filter(({ expectation }) => expectation === 'sometimes').slice(0, 1),
});

describe('a certificate is refused', () => {
  test.each<readonly [string, (certificate: Certificate) => void, string]>([
    ['of another Program', (c) => (c.program = '00'), 'refused: it is about another Program'],
    ['with another count', (c) => c.states++, 'refused: it claims 44 states, and has 43'],
    [
      'that lacks states',
      (c) => {
        c.nodes[c.nodes.length - 1] = c.nodes.at(-1)!.slice(0, 2);
        c.states = 11;
      },
      'refused: process[0]: peterson.outside leads to a state that is not in it',
    ],
    ['with a node that leads on', (c) => (c.nodes[0]![1] = 7), 'refused: node 1: leads to no earlier node'],
    ['with values out of order', (c) => c.nodes.at(-1)!.reverse(), `refused: node 13: values do not ascend`],
    ['without nodes', (c) => (c.nodes = []), 'refused: its words do not have a value for each column'],
    ['with a column twice', (c) => (c.columns[0] = c.columns[1]!), 'unreadable: wrong columns'],
    [
      'of another version',
      (c) => (c.version = 2),
      "unreadable: not a file of format 'raceproof-certificate', version 1",
    ],
  ])('%s', async (_, change, expected) => {
    const { text, certificate } = await ofModel('peterson');
    expect(answer(text, changed(certificate, change))).toBe(expected);
  });

  test('with a closed set that has more states than can be reached', async () => {
    const { model } = models.get('increment')!;
    const { program } = lower(model, {});
    const all = (read: (column: number) => readonly number[]) =>
      [...program.threads, ...program.variables].reduce<readonly (readonly number[])[]>(
        (words, _, column) => words.flatMap((word) => read(column).map((value) => [...word, value])),
        [[]],
      );
    const words = all((column) =>
      column < program.threads.length
        ? [...program.threads[column]!.locations.keys()]
        : domainOf(program, column - program.threads.length),
    );
    const stored: StoredStates = {
      count: words.length,
      columns: words[0]!.length,
      value: (state, column) => words[state]![column]!,
    };
    const text = programJson(program, []);
    const digest = createHash('sha256').update(text).digest('hex');
    const certificate = [...certificateText(program, digest, stored)].join('');
    expect(answer(text, certificate)).toBe('refused: 231 of its 243 states are never met');
  });

  test.each([
    ['increment', {}, "refused: 'no_lost_update' is violated"],
    ['philosophers', {}, 'refused: there is a deadlock'],
    ['barrier', { opens_for: 'all_but_one' }, "refused: '"],
    ['thp_truncate', { fix: 'none' }, "refused: '"],
  ])('of %s %j, which does not hold', async (name, settings, expected) => {
    const { text, certificate } = await ofModel(name, settings);
    expect(String(answer(text, certificate))).toContain(expected);
  });
});

const domainOf = ({ variables }: Program, id: number): readonly number[] => {
  const { domain } = variables[id]!;
  if (domain.kind === 'int')
    return Array.from({ length: domain.max - domain.min + 1 }, (_, i) => domain.min + i);
  return domain.kind === 'bool' ? [0, 1] : [...domain.values.keys()];
};

describe('of 200 certificates that were tampered with', () => {
  test.each(['peterson', 'readers_writers'])(
    'of %s none is accepted that claims something else',
    async (name) => {
      const { text, certificate } = await ofModel(name);
      const honest = verify(text, certificate);
      const dice = random(11);
      let refusedCount = 0;
      for (let n = 0; n < 200; n++) {
        const tampered = tamper(certificate, dice);
        if (tampered === certificate) continue;
        const said = answer(text, tampered);
        if (typeof said === 'string') refusedCount++;
        else expect(said).toEqual(honest);
      }
      expect(refusedCount).toBeGreaterThan(150);
    },
  );
});

/** One change: of a value, an edge, a node, a count, a column, or of any character. */
function tamper(certificate: string, { below }: ReturnType<typeof random>): string {
  const kind = below(8);
  if (kind === 0) {
    const at = below(certificate.length);
    return `${certificate.slice(0, at)}${String.fromCharCode(32 + below(95))}${certificate.slice(at + 1)}`;
  }
  return changed(certificate, (data) => {
    const { nodes, columns } = data;
    const node = nodes[below(nodes.length)]!;
    const place = below(node.length);
    if (kind === 1) node[place] = below(nodes.length);
    if (kind === 2) node[place]! += below(2) === 0 ? 1 : -1;
    if (kind === 3) node.splice(place - (place % 2), 2);
    if (kind === 4) node.push(node.at(-2)! + 1 + below(2), node.at(-1)!);
    if (kind === 5) nodes.splice(below(nodes.length), 1);
    if (kind === 6) data.states += 1 + below(3);
    if (kind === 7) {
      const [i, j] = [below(columns.length), below(columns.length)];
      [columns[i], columns[j]] = [columns[j]!, columns[i]!];
    }
  });
}
