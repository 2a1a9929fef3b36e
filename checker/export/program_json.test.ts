// The JSON of a Program: docs/program.schema.json describes it, for every model. A reader needs nothing else, as
// certificate/verify.test.ts shows.

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { models } from '../../models/index.js';
import { finished, not } from '../../models/language/index.js';
import { properties } from '../../properties/index.js';
import { lemma } from '../../properties/language/index.js';
import { checkKindNames, checkKinds } from '../decide/kinds.js';
import { lower } from '../lower/lower.js';
import { checksOf } from '../search/report.js';
import { programJson } from './program_json.js';

const schema = JSON.parse(readFileSync(new URL('../../docs/program.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({
  allErrors: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
}).compile(schema);

const textOf = (name: string): string => {
  const lowered = lower(models.get(name)!.model, {}, properties.get(name));
  return programJson(lowered.program, checksOf(lowered.program, lowered.properties));
};

test.each([...models.keys()])('of %s conforms to the schema', (name) => {
  const data = JSON.parse(textOf(name));
  validate(data);
  expect(validate.errors ?? []).toEqual([]);
});

test('is refused by the schema if a step has lost its guard, or a cell its variables', () => {
  const { steps, ...rest } = JSON.parse(textOf('increment'));
  const [{ guard: _, ...first }, ...others] = steps;
  expect(validate({ ...rest, steps: [first, ...others] })).toBe(false);
  const write = { target: { variables: [] }, value: { op: 'const', value: 0, type: 'int' } };
  expect(validate({ ...rest, steps: [{ ...steps[0], assignments: [write] }] })).toBe(false);
});

test('names no file of the machine, and has the steps as the Program has them', () => {
  const text = textOf('thp_truncate');
  expect(text).not.toContain('file:');
  const { steps } = lower(models.get('thp_truncate')!.model, {}, properties.get('thp_truncate')).program;
  const short = (all: typeof steps) =>
    all.map(({ id, thread, from, to, label }) => ({ id, thread, from, to, label }));
  expect(short(JSON.parse(text).steps)).toEqual(short(steps));
});

test('has of a check what decides it', () => {
  const { checks } = JSON.parse(textOf('peterson'));
  expect(checks.map((check: object) => Object.keys(check).join(' '))).toEqual([
    'name kind about condition',
    'name kind about condition',
    'name kind about liveness',
    'name kind condition',
    'name kind condition',
    ...['name kind about', 'name kind about', 'name kind about'],
  ]);
  const { steps } = lower(models.get('increment')!.model, {}).program;
  expect(JSON.parse(textOf('increment')).steps[1]).toEqual({
    ...{ id: 1, thread: 0, from: 1, to: 2, label: 'increment.store' },
    ...{ caption: steps[1]!.caption, file: 'increment.c', guard: { op: 'const', value: 1, type: 'bool' } },
    assignments: expect.anything(),
  });
});

test('has every kind of check that every Program or a property can have', () => {
  const { kind } = schema.$defs.check.properties;
  const onlyFound = ['lockdep', 'formula'];
  const written = checkKindNames.filter((name) => !onlyFound.includes(name) && name !== 'lemma');
  expect(kind.enum.toSorted()).toEqual(written.toSorted());
  expect(onlyFound.every((name) => checkKinds[name as 'formula'].askedBy === 'checker')).toBe(true);
});

test('has a lemma as what must always be true', () => {
  const { program, properties: all } = lower(
    models.get('increment')!.model,
    {},
    {
      ended: lemma(not(finished)),
    },
  );
  const { checks } = JSON.parse(programJson(program, checksOf(program, all)));
  expect(checks[0]).toMatchObject({ name: 'ended', kind: 'always' });
});
