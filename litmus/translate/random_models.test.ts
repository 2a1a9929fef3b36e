// Random models in the kernel's words: what they leave by executions is what they leave by states, with interleavings and
// with store buffers, and LKMM allows all of that.

import { expect, test } from 'vitest';
import { lower, type Program, referenceSystem, type State } from '../../checker/index.js';
import { enumerate, TooManyTries } from '../execution/enumerate.js';
import type { Execution } from '../execution/event.js';
import { grow } from '../execution/grow.js';
import { litmusLowering } from '../index.js';
import { broken } from '../models/model.js';
import { modelNamed } from '../testing/judged.js';
import { type RandomModel, randomModel } from '../testing/random_model.js';
import { evaluationOf } from '../verdict/verdict.js';
import { endRegister, ends } from './code_context.js';
import { translate } from './translate.js';

/** How many random models. */
const count = 150;
const { without } = litmusLowering;

interface Left {
  /** How each actor ends, what it has for itself, and what lies in memory. */
  readonly ends: ReadonlySet<string>;
  readonly isFull?: boolean;
}

/** With buffers of as many stores as suffice by control flow. */
function inBuffers({ model }: RandomModel): Program {
  const withSlots = (bufferSlots: number) => lower(model, {}, {}, { without, bufferSlots }).program;
  const one = withSlots(1);
  const { enough } = one.storeBuffers!;
  return enough > 1 ? withSlots(enough) : one;
}

/** What the search of all states leaves. */
function byStates(program: Program, { memory, registers }: RandomModel): Left {
  const system = referenceSystem(program);
  const seen = system.seenStates();
  const open: State[] = system.initialStates().filter((state) => seen.add(state));
  const found = new Set<string>();
  const ids = new Map(program.variables.map(({ name, id }) => [name, id] as const));
  const buffers = program.storeBuffers;
  const actors = program.threads.filter(({ id }) => !buffers?.buffers.some(({ flusher }) => flusher === id));
  let isFull = false;
  for (const state of open) {
    if (buffers !== undefined && system.holds(buffers.full, state) === true) isFull = true;
    const moves = system.transitions(state);
    if (moves.length === 0) {
      const how = actors.map(({ id, done, dead }) => {
        const at = state.at.get(id);
        return at === done ? 'done' : at === dead ? 'dead' : 'waits';
      });
      const values = [...registers, ...memory].map((name) => {
        const id = ids.get(name);
        return id === undefined ? 0 : state.value.get(id)!;
      });
      found.add([...how, ...values].join(' '));
    }
    for (const move of moves) {
      if (!('to' in move)) throw new Error(`${program.name}: ${move.fault}`);
      if (seen.add(move.to)) open.push(move.to);
    }
  }
  return { ends: found, isFull };
}

/** What executions leave, guessed and grown; undefined where there are too many to guess. */
function byExecutions(
  program: Program,
  { memory, registers }: RandomModel,
  name: 'sc' | 'tso' | 'lkmm',
  way: 'guessed' | 'grown',
): Left | undefined {
  const { program: events, initials } = translate(program, []);
  const model = modelNamed(name);
  const isPossible = (begun: Execution) => broken(evaluationOf(begun), model) === undefined;
  const words = new Map<unknown, string>([
    [ends.done, 'done'],
    [ends.dead, 'dead'],
    [ends.waits, 'waits'],
  ]);
  const found = new Set<string>();
  const visit = ({ registers: values, coherence, events: all }: Execution): true => {
    const worth = (of: string) => {
      const last = coherence.get(of)?.at(-1);
      if (last !== undefined) return all[last]!.value;
      return values.map((each) => each.get(of)).find((value) => value !== undefined) ?? first.get(of) ?? 0;
    };
    const how = values.map((of) => words.get(of.get(endRegister)));
    found.add([...how, ...[...registers, ...memory].map(worth)].join(' '));
    return true;
  };
  const first = new Map(program.variables.map(({ name, initial }) => [name, initial[0]!]));
  try {
    if (way === 'grown') grow(initials[0]!, events, { isPossible, visit });
    else enumerate(initials[0]!, events, { isCoherent: true, isPossible, visit, triesMax: 10_000 });
  } catch (error) {
    if (error instanceof TooManyTries) return undefined;
    throw error;
  }
  return { ends: found };
}

test(`${count} random models leave the same by executions as by states, under SC and x86-TSO, and LKMM allows it`, {
  timeout: 600_000,
}, () => {
  const seen = { guessed: 0, weak: 0, weaker: 0, bugs: 0, waits: 0 };
  for (let seed = 0; seed < count; seed++) {
    const random = randomModel(seed);
    const sorted = (left: Left) => [...left.ends].sort();
    const forExecutions = lower(random.model, {}, {}, litmusLowering).program;
    const sc = sorted(byStates(lower(random.model, {}, {}, { without }).program, random));
    const withBuffers = byStates(inBuffers(random), random);
    const tso = sorted(withBuffers);
    expect({ seed, isFull: withBuffers.isFull }).toEqual({ seed, isFull: false });
    for (const [name, states] of [
      ['sc', sc],
      ['tso', tso],
    ] as const) {
      for (const way of seed % 4 === 0 ? (['guessed', 'grown'] as const) : (['guessed'] as const)) {
        const left = byExecutions(forExecutions, random, name, way);
        if (left === undefined) continue;
        expect({ seed, name, way, ends: sorted(left) }).toEqual({ seed, name, way, ends: states });
      }
    }
    const lkmm = byExecutions(forExecutions, random, 'lkmm', 'guessed');
    if (lkmm !== undefined) {
      expect({ seed, forbidden: tso.filter((end) => !lkmm.ends.has(end)) }).toEqual({ seed, forbidden: [] });
      seen.guessed++;
      if (lkmm.ends.size > tso.length) seen.weaker++;
    }
    if (tso.length > sc.length) seen.weak++;
    if (sc.some((end) => end.includes('dead'))) seen.bugs++;
    if (sc.some((end) => end.includes('waits'))) seen.waits++;
  }
  // Random models would show nothing if no memory model ever mattered, and nobody waited or died.
  expect(seen).toEqual({ guessed: 149, weak: 22, weaker: 21, bugs: 22, waits: 17 });
});
