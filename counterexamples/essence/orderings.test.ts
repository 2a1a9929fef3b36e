// The essence of random Programs, whose actors go round in circles as often as not, compared with a second reading of
// its definition: with every visit counted, every smaller choice tried, and fairness decided by a fixed point.

import { describe, expect, test } from 'vitest';
import {
  type Check,
  type Expr,
  explore,
  type Program,
  type State,
  type StepId,
  type ThreadId,
} from '../../checker/index.js';
import { walk as walkExpr } from '../../checker/ir/expression.js';
import { randomProgram } from '../../checker/testing/random_program.js';
import { chosenBy } from '../explain/accesses.js';
import { type Bug, bugOf, keyOf, type ProgramWalker, walkerOf } from '../replay/program_walker.js';
import { randomRings } from '../testing/rings.js';
import type { Ordering } from './continued_run.js';
import { essentialOrderings, type Orderings } from './orderings.js';

/** A run so far: where it stands, and how often each place was run from. */
interface Situation {
  readonly state: State;
  readonly visits: ReadonlyMap<string, number>;
}

interface Node {
  readonly next: readonly { readonly thread: ThreadId; readonly to: number }[];
  readonly idle: readonly ThreadId[];
}

/** Can a run keep the orderings and escape the bug, by its end or by a fair run without one? */
function escapes(
  walker: ProgramWalker,
  bug: Bug,
  { run }: Orderings,
  chosen: readonly Ordering[],
): 'end' | 'loop' | 'no' {
  const { steps } = walker.program;
  const place = (step: StepId) => `${steps[step]!.thread} ${steps[step]!.from}`;
  const nth = (i: number) =>
    run.steps.slice(0, i + 1).filter((step) => place(step) === place(run.steps[i]!)).length;
  const most = Math.max(...[...run.steps.keys()].map(nth));
  const actors = [...new Set(run.steps.map((step) => steps[step]!.thread))];
  const has = (visits: Situation['visits'], i: number) => (visits.get(place(run.steps[i]!)) ?? 0) >= nth(i);
  const keeps = (before: Situation['visits'], after: Situation['visits']) =>
    chosen.every(({ first, then }) => has(before, first) || has(before, then) || !has(after, then));
  const key = ({ state, visits }: Situation) => `${keyOf(state)} ${[...visits].sort().join()}`;
  const situations: Situation[] = [{ state: run.states[0]!, visits: new Map() }];
  const numbers = new Map([[key(situations[0]!), 0]]);
  const nodes: Node[] = [];
  for (const { state, visits } of situations) {
    const next: { thread: ThreadId; to: number }[] = [];
    const idle: ThreadId[] = [];
    nodes.push({ next, idle });
    if (bug.inState(state)) continue;
    for (const thread of actors) {
      const all = walker.movesOf(thread, state);
      if (all.length === 0) idle.push(thread);
      const at = `${thread} ${state.at.get(thread)}`;
      const visit = (visits.get(at) ?? 0) + 1;
      const asBefore = run.steps.findIndex(
        (step, i) =>
          i < run.taken &&
          place(step) === at &&
          nth(i) === visit &&
          walker.movesOf(thread, run.states[i]!).length > 1,
      );
      const same = all.filter(({ step }) => step === run.steps[asBefore]);
      for (const move of all.length > 1 && same.length > 0 ? same : all) {
        if (bug.atMove(move)) continue;
        const after = new Map([...visits, [at, Math.min(visit, most)]]);
        if (!keeps(visits, after)) continue;
        if (!('to' in move)) return 'end';
        const there = { state: move.to, visits: after };
        const to = numbers.get(key(there)) ?? situations.push(there) - 1;
        numbers.set(key(there), to);
        next.push({ thread, to });
      }
    }
    if (idle.length === actors.length) return 'end';
  }
  return hasFairRun(nodes, actors) ? 'loop' : 'no';
}

/** Emerson and Lei: the largest set from each of whose nodes every actor can be served within the set, again and again. */
function hasFairRun(nodes: readonly Node[], actors: readonly ThreadId[]): boolean {
  let kept = new Set(nodes.keys());
  for (;;) {
    let left = new Set([...kept].filter((node) => nodes[node]!.next.some(({ to }) => kept.has(to))));
    for (const actor of actors) {
      const served = new Set(
        [...left].filter((node) => {
          const { next, idle } = nodes[node]!;
          return idle.includes(actor) || next.some(({ thread, to }) => thread === actor && left.has(to));
        }),
      );
      for (let size = -1; size < served.size; ) {
        size = served.size;
        for (const node of left) if (nodes[node]!.next.some(({ to }) => served.has(to))) served.add(node);
      }
      left = served;
    }
    if (left.size === kept.size) return kept.has(0);
    kept = left;
  }
}

const choices = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  size === 0
    ? [[]]
    : items.flatMap((item, i) => choices(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));

/** Which of two choices is the better one, by how many orderings they have of each rank, the worst first. */
const isBetter = (a: readonly number[], b: readonly number[]): boolean => {
  const i = a.findIndex((count, rank) => count !== b[rank]);
  return i >= 0 && a[i]! < b[i]!;
};

/** 0: both access a variable that one writes; 1: both change what the property reads; 2: neither; 3: so, after the trace. */
function rankOf(
  program: Program,
  { condition }: Check,
  { run }: Orderings,
  { first, then }: Ordering,
): number {
  const step = (i: number) => program.steps[run.steps[i]!]!;
  const accesses = (i: number) => {
    const { guard, assignments } = step(i);
    const written = assignments.map(({ target }) => target);
    const indices = written.flatMap(({ index }) => index ?? []);
    const read = [guard, ...assignments.map(({ value }) => value), ...indices];
    return {
      written: written.flatMap((cell) => chosenBy(cell, run.states[i]!, program)),
      read: read.flatMap((x) => variablesOf(x, run.states[i]!, program)),
    };
  };
  const [a, b] = [accesses(first), accesses(then)];
  const meets = (x: readonly number[], y: readonly number[]) => x.some((id) => y.includes(id));
  if (meets(a.written, [...b.written, ...b.read]) || meets(b.written, a.read)) return 0;
  const asked: Expr[] = [];
  walkExpr(condition, (x) => asked.push(x));
  const isAsked = (i: number) =>
    asked.some((x) => {
      const { thread, from, to } = step(i);
      if (x.op === 'at')
        return x.thread === thread && x.locations.includes(from) !== x.locations.includes(to);
      return x.op === 'read' && meets(accesses(i).written, x.cell.variables);
    });
  if (isAsked(first) && isAsked(then)) return 1;
  return then < run.length ? 2 : 3;
}

const variablesOf = (whole: Expr, state: State, program: Program): readonly number[] => {
  const found: number[] = [];
  walkExpr(whole, (x) => {
    if (x.op === 'read') found.push(...chosenBy(x.cell, state, program));
  });
  return found;
};

/** Judges every essence of a Program, and counts what was judged. */
async function judge(
  { program, properties }: ReturnType<typeof randomProgram>,
  judged: Map<string, number>,
): Promise<void> {
  const report = await explore(program, properties, { engine: 'reference', statesMax: 100 });
  for (const { check, finding } of report.properties) {
    const walker = walkerOf(program);
    const bug = bugOf(walker, check);
    const taken = finding?.path.steps ?? [];
    const isRace = new Set(taken.map((step) => program.steps[step]!.thread)).size > 1;
    if (bug === undefined || !isRace || taken.length > 6) continue;
    const found = essentialOrderings(program, check, finding!.path);
    const { run, orderings, isUnfairlyEscaped } = found;
    const thread = (i: number) => program.steps[run.steps[i]!]!.thread;
    const pairs = [...run.steps.keys()].flatMap((first) =>
      [...run.steps.keys()]
        .filter((then) => first < run.length && first < then && thread(first) !== thread(then))
        .map((then) => ({ first, then })),
    );
    const ranks = (chosen: readonly Ordering[]) => {
      const of = chosen.map((ordering) => rankOf(program, check, found, ordering));
      return [3, 2, 1, 0].map((rank) => of.filter((each) => each === rank).length);
    };
    const sizes = [...Array(orderings.length + 2).keys()];
    const all = sizes.reduce((count, size) => count * pairs.length ** Number(size > 0), 1);
    if (all * run.steps.length > 100_000) continue;
    const better = sizes
      .flatMap((size) => choices(pairs, size))
      .filter((chosen) => isBetter(ranks(chosen), ranks(orderings)));
    const ways = new Set(better.map((chosen) => escapes(walker, bug, found, chosen)));
    const what = `${program.name}, ${check.name}`;
    expect([escapes(walker, bug, found, orderings), ways.has('no')], what).toEqual(['no', false]);
    const key = [
      ...orderings.map(found.meets).sort(),
      ...(ways.size === 0 ? [] : ['escaped by', ...[...ways].sort()]),
      ...(isUnfairlyEscaped ? ['unfair'] : []),
    ].join(' ');
    judged.set(key, (judged.get(key) ?? 0) + 1);
  }
}

/** How the orderings meet, how runs escape the better choices, and whether only unfair ones escape the essence. */
const counts = (judged: ReadonlyMap<string, number>) => Object.fromEntries([...judged].sort());

describe('no run escapes the essence, and some run escapes every better choice', () => {
  test('on random Programs', async () => {
    const judged = new Map<string, number>();
    for (let seed = 0; seed < 300; seed++) await judge(randomProgram(seed), judged);
    expect(counts(judged)).toMatchInlineSnapshot(`
      {
        "": 14,
        "data data escaped by end": 1,
        "data data escaped by loop": 1,
        "data escaped by end": 8,
        "data escaped by loop": 2,
        "unfair": 1,
      }
    `);
  });

  test('on random Programs that go round in rings', async () => {
    const judged = new Map<string, number>();
    for (let seed = 0; seed < 150; seed++) await judge(randomRings(seed), judged);
    expect(counts(judged)).toMatchInlineSnapshot(`
      {
        "": 27,
        "asked asked escaped by end": 1,
        "asked asked escaped by loop": 2,
        "asked data escaped by end": 1,
        "asked data escaped by loop": 5,
        "data data escaped by end": 2,
        "data data escaped by loop": 8,
        "data data escaped by loop unfair": 1,
        "data escaped by end": 4,
        "data escaped by loop": 5,
        "unfair": 8,
      }
    `);
  });
});
