// The minimal counterexamples are minimal: every path without a repeated state is tried on small random Programs, and
// none is better.

import { describe, expect, test } from 'vitest';
import { type Check, explore, lower, type Path, type Program, type Property } from '../../checker/index.js';
import { randomProgram } from '../../checker/testing/random_program.js';
import { model as increment_model } from '../../models/examples/increment.js';
import { thp_truncate } from '../../models/thp_truncate/model.js';
import { properties } from '../../properties/index.js';
import { type Bug, bugOf, keyOf, type Move, walkerOf } from './program_walker.js';
import { type Minimal, minimalPath, ShortenError } from './shorten.js';

const budget = 20_000;

/** How often a path goes over from one actor to another. */
function switchesOf(program: Program, { steps }: Path): number {
  const threads = steps.map((id) => program.steps[id]!.thread);
  return threads.filter((thread, i) => i > 0 && thread !== threads[i - 1]).length;
}

/** The cheapest of all paths that meet no state twice; undefined where there are too many of them. */
function bruteForce(program: Program, bug: Bug, minimal: Minimal): readonly number[] | undefined {
  const walker = walkerOf(program);
  let best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let tried = 0;
  const cost = (steps: readonly number[]) => {
    const switches = switchesOf(program, { initial: 0, steps });
    return minimal === 'steps' ? [steps.length, switches] : [switches, steps.length];
  };
  const better = ([a, b]: readonly number[], [c, d]: readonly number[]) => a! < c! || (a === c && b! < d!);
  const meet = (steps: readonly number[]) => {
    if (better(cost(steps), best)) best = cost(steps);
  };
  const go = (
    state: Parameters<Bug['inState']>[0],
    steps: readonly number[],
    met: ReadonlySet<string>,
  ): void => {
    if (tried++ > budget) return;
    if (bug.inState(state)) {
      meet(steps);
      return;
    }
    const on = (move: Move) => {
      const way = [...steps, move.step];
      if (bug.atMove(move)) meet(way);
      else if ('to' in move && !met.has(keyOf(move.to))) go(move.to, way, new Set([...met, keyOf(move.to)]));
    };
    for (const move of walker.moves(state)) on(move);
  };
  for (let initial = 0; ; initial++) {
    const state = walker.initial({ initial });
    if (state === undefined) return tried > budget ? undefined : best;
    go(state, [], new Set([keyOf(state)]));
  }
}

async function found(
  program: Program,
  given: readonly Property[],
): Promise<readonly (readonly [Check, Path])[]> {
  const report = await explore(program, given, { engine: 'reference', statesMax: 300 });
  if (!report.evidence.exhaustive) return [];
  return report.properties.flatMap(({ check, finding }) =>
    finding && check.kind !== 'stuck' ? [[check, finding.path] as const] : [],
  );
}

describe('a minimal counterexample', () => {
  test.each(['steps', 'switches'] as const)(
    'by %s is no worse than any other, on 60 random Programs',
    async (minimal) => {
      let compared = 0;
      for (let seed = 1; seed <= 60; seed++) {
        const { program, properties: given } = randomProgram(seed);
        for (const [check, first] of await found(program, given)) {
          const bug = bugOf(walkerOf(program), check)!;
          const path = minimalPath(program, check, minimal)!;
          const [steps, switches] = [path.steps.length, switchesOf(program, path)];
          // A search meets a step without a value before a condition without one in a later state of the same level.
          if (minimal === 'steps' && check.kind !== 'domain')
            expect([seed, steps]).toEqual([seed, first.steps.length]);
          const best = bruteForce(program, bug, minimal);
          if (best === undefined) continue;
          expect([seed, ...(minimal === 'steps' ? [steps, switches] : [switches, steps])]).toEqual([
            seed,
            ...best,
          ]);
          compared += Number(steps > 0);
        }
      }
      expect(compared).toBeGreaterThan(40);
    },
  );

  test('of the lost update has four steps and two switches', async () => {
    const { program, properties: given } = lower(increment_model, {}, properties.get('increment')!);
    const [check, path] = (await found(program, given)).find(([{ name }]) => name === 'no_lost_update')!;
    expect(switchesOf(program, path)).toBe(3);
    for (const minimal of ['steps', 'switches'] as const) {
      const best = minimalPath(program, check, minimal)!;
      expect([best.steps.length, switchesOf(program, best)]).toEqual([4, 2]);
    }
  });

  test('of the seed race has 17 steps and a single switch, whichever is counted first', async () => {
    const { program, properties: given } = lower(thp_truncate, {}, properties.get('thp_truncate')!);
    const report = await explore(program, given);
    const { check } = report.properties.find(({ verdict }) => verdict === 'violated')!;
    for (const minimal of ['steps', 'switches'] as const) {
      const best = minimalPath(program, check, minimal)!;
      expect([best.steps.length, switchesOf(program, best)]).toEqual([17, 1]);
      expect(best.steps.map((id) => program.threads[program.steps[id]!.thread]!.name).join(' ')).toBe(
        `${'munmap[0] '.repeat(6)}${'truncate[0] '.repeat(11)}`.trimEnd(),
      );
    }
  });

  test('is not looked for beyond the limit', async () => {
    const { program, properties: given } = lower(increment_model, {}, properties.get('increment')!);
    const [[check]] = (await found(program, given)) as [readonly [Check, Path]];
    expect(() => minimalPath(program, check, 'steps', { nodesMax: 2 })).toThrow(ShortenError);
  });
});
