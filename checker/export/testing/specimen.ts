// A Program for the tests of every exporter, with one of each: a word that two enums share, an index, a swap, a
// division, several initial states, a bug, a guard, a name that is a keyword.

import { arithmetic, at, constant, equal, int, less, not, read, truth } from '../../ir/expression.js';
import type { Expr, Lock, Program, Step, Variable } from '../../ir/program.js';
import type { Property } from '../../property/property.js';

const slot = ['none', 'full'];
const cell = ['none', 'end'];
const owner = ['free', 'fault', 'zap[0]'];

const lock: Lock = { kind: 'spinlock', name: 'lock', class: 'lock', mode: 'exclusive' };

const variables: readonly Variable[] = [
  { id: 0, name: 'slot', domain: { kind: 'enum', values: slot }, initial: [1] },
  { id: 1, name: 'cell', domain: { kind: 'enum', values: cell }, initial: [0] },
  { id: 2, name: 'page[0].count', domain: { kind: 'int', min: -1, max: 1 }, initial: [-1, 0] },
  { id: 3, name: 'page[1].count', domain: { kind: 'int', min: -1, max: 1 }, initial: [-1, 0, 1] },
  { id: 4, name: 'lock', domain: { kind: 'owner', values: owner }, initial: [0], lock },
  { id: 5, name: 'end', domain: { kind: 'bool' }, initial: [0] },
  { id: 6, name: 'i', domain: { kind: 'int', min: 0, max: 2 }, initial: [0] },
];
const word = (id: number) => read({ variables: [id] }, id === 0 ? slot : id === 1 ? cell : owner);
const number = (id: number) => read({ variables: [id] }, 'int');
const flag = read({ variables: [5] }, 'bool');
const pageOf = (index: Expr) => read({ variables: [2, 3], index }, 'int');

const steps: readonly Omit<Step, 'id'>[] = [
  {
    ...{ thread: 0, from: 0, to: 1, label: 'do_fault.lock', caption: 'spin_lock(lock)', source: {} },
    guard: equal(word(4), constant(0, owner)),
    assignments: [{ target: { variables: [4] }, value: constant(1, owner) }],
  },
  {
    ...{ thread: 0, from: 1, to: 0, label: 'do_fault.swap', caption: 'exchange both counts' },
    source: { file: 'a/fault.c' },
    guard: truth(true),
    assignments: [
      { target: { variables: [2] }, value: number(3) },
      { target: { variables: [3] }, value: number(2) },
      { target: { variables: [4] }, value: constant(0, owner) },
    ],
  },
  {
    ...{ thread: 1, from: 0, to: 1, label: 'zap.clear', caption: 'take the full slot', source: {} },
    guard: not(equal(word(0), constant(0, slot))),
    assignments: [
      { target: { variables: [0] }, value: constant(0, slot) },
      { target: { variables: [1] }, value: constant(1, cell) },
      { target: { variables: [6] }, value: arithmetic('add', number(6), int(1)) },
    ],
  },
  {
    ...{ thread: 1, from: 1, to: 3, label: 'zap.drop', caption: 'drop one count', source: {} },
    guard: less('lt', pageOf(number(6)), int(0)),
    assignments: [],
    reports: { kind: 'bug', message: 'BUG_ON("count" < 0)' },
  },
  {
    ...{ thread: 1, from: 1, to: 2, label: 'zap.drop', caption: 'drop one count', source: {} },
    guard: less('le', int(0), pageOf(number(6))),
    assignments: [
      {
        target: { variables: [2, 3], index: number(6) },
        value: arithmetic('div', arithmetic('sub', pageOf(number(6)), int(3)), int(2)),
      },
      { target: { variables: [5] }, value: not(flag) },
    ],
  },
];

export const specimen: Program = {
  name: 'specimen',
  settings: { fix: 'none' },
  variables,
  threads: [
    {
      ...{ id: 0, name: 'fault', start: 0, done: 2 },
      locations: ['do_fault.lock', 'do_fault.swap', 'done'].map((label) => ({ label, path: label })),
    },
    {
      ...{ id: 1, name: 'zap[0]', start: 0, done: 2, dead: 3 },
      locations: ['zap.clear', 'zap.drop', 'done', 'dead'].map((label) => ({ label, path: label })),
    },
  ],
  steps: steps.map((step, id) => ({ id, ...step })),
  initially: less('le', number(2), number(3)),
};

export const specimenProperties: readonly Property[] = [
  { name: 'zapped', expectation: 'always', condition: not(flag), about: 'never "ends"', source: {} },
  {
    name: 'full_or_none',
    expectation: 'never',
    condition: equal(word(0), constant(-1, slot)),
    source: {},
  },
  { name: 'all_done', expectation: 'sometimes', condition: at(1, [2]), source: {} },
];
