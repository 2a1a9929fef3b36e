// The C program of a Program counts the states and transitions that the engine counts. Needs gcc.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { models } from '../../../models/index.js';
import { explore } from '../../explore.js';
import type { Program } from '../../ir/program.js';
import { lower } from '../../lower/lower.js';
import { EngineError } from '../../search/engine_error.js';
import { cText } from '../../show.js';
import { randomProgram } from '../../testing/random_program.js';

const hasGcc = spawnSync('gcc', ['--version']).error === undefined;

describe.skipIf(!hasGcc)('the C program, compiled by gcc,', () => {
  const folder = mkdtempSync(join(tmpdir(), 'raceproof-c-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** States and transitions, as the C program prints them. */
  function count(program: Program): readonly number[] {
    writeFileSync(join(folder, 'model.c'), cText(program));
    const built = spawnSync('gcc', ['-O0', 'model.c', '-o', 'model'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(built.stderr).toBe('');
    const { stdout, status } = spawnSync(join(folder, 'model'), { encoding: 'utf8' });
    expect(status).toBe(0);
    return stdout.trim().split(' ').slice(0, 2).map(Number);
  }

  test.each([
    ['increment', {}, 12, 14],
    ['peterson', { NR_PROCESSES: 3 }, 894, 2682],
    ['philosophers', { NR_PHILOSOPHERS: 8 }, 6560, 34_984],
  ])('counts the states and transitions of %s', (name, settings, states, transitions) => {
    const { program } = lower(models.get(name)!.model, settings);
    expect(count(program)).toEqual([states, transitions]);
  });

  test('counts those of random Programs with faults, wide numbers and arrays', async () => {
    let compared = 0;
    for (let seed = 5; seed <= 400; seed += 20) {
      const { program } = randomProgram(seed);
      try {
        const { states, transitions, exhaustive } = (await explore(program, [], { statesMax: 2000 }))
          .evidence;
        if (!exhaustive) continue;
        expect([seed, ...count(program)]).toEqual([seed, states, transitions]);
        compared++;
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
      }
    }
    expect(compared).toBeGreaterThan(14);
  });
});
