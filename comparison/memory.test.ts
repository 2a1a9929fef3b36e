// Candidates under memory models: in an environment that names one, or all of them because the command does.

import { afterAll, expect, test } from 'vitest';
import { called, folder } from '../cli/testing/command.js';
import { flushModel } from '../cli/testing/flush_model.js';

const files = folder({ 'flush.ts': flushModel });
afterAll(files.remove);
const compared = (...args: readonly string[]) => called(['compare', ...args], { cwd: files.path });

test('an environment may be a memory model: what holds in all interleavings fails with store buffers', async () => {
  const { status, stdout } = await compared('switch_mm_flush', '--width=100');
  expect(status).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "switch_mm_flush: every fix in 1 scenario and 2 environments

    interleavings

      fix          one switch, one flush
      none         holds (16 states)
      switch_only  holds (16 states)
      flush_only   holds (16 states)
      both         holds (16 states)

    x86-TSO: other results for

      fix          one switch, one flush
      none         violated: no_stale_translation in 5 steps
      switch_only  violated: no_stale_translation in 6 steps

    fix=none: holds in the one scenario, exhaustively (16 states); on x86-TSO violated in the one
      scenario; shortest: no_stale_translation in 5 steps (one switch, one flush)
    fix=switch_only: holds in the one scenario, exhaustively (16 states); on x86-TSO violated in the one
      scenario; shortest: no_stale_translation in 6 steps (one switch, one flush)
    fix=flush_only: holds in the one scenario, exhaustively (16 states)
    fix=both: holds in the one scenario, exhaustively (16 states)
    "
  `);
});

test('a cell under x86-TSO has the buffers that it needs, and its trace is one with them', async () => {
  const { stdout } = await compared(
    'waitqueue_active',
    '--only=x86-TSO',
    '--only=reader_without',
    '--format=json',
  );
  const [cell] = JSON.parse(stdout).cells;
  expect(cell.exploration).toMatchObject({ memoryModel: 'tso', bufferSlots: 4, states: 283 });
  expect(cell.violated).toMatchObject({ name: 'sleeps_with_input' });
  expect(cell.violated.trace.bufferSlots).toBe(4);
  expect(cell.violated.trace.steps).toHaveLength(14);
});

test('buffers that are too small are no answer, and without a size they grow', async () => {
  const args = ['peterson_pair', '--over=order=want_then_last', '--set=has_barrier=true', '--memory=tso'];
  const small = await compared(...args, '--buffer=1', '--format=json');
  expect(small.status).toBe(3);
  const [cell] = JSON.parse(small.stdout).cells;
  expect(cell).toMatchObject({ verdict: 'incomplete', exploration: { bufferSlots: 1 } });
  const grown = JSON.parse((await compared(...args, '--format=json')).stdout);
  expect(grown).toMatchObject({
    memory: 'tso',
    cells: [{ verdict: 'holds', exploration: { bufferSlots: 3 } }],
  });
});

test('--memory=tso is for environments that name no memory model, and costs are counted under it', async () => {
  const { status, stdout } = await compared('flush.ts', '--memory=tso', '--width=100');
  expect(status).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "flush: every fix in 1 scenario and 2 environments, under x86-TSO

    x86

      fix    one
      lazy   holds (2 states)
      eager  holds (2 states)

    s390: the same verdicts

    Cost on s390: flushes, on every run that comes to its end

      fix    one zap  two zaps
      lazy   0 or 1   0 to 2
      eager  1        2

      A flush reaches every CPU [source].

    fix=lazy: holds in the one scenario, exhaustively (2 states)
    fix=eager: holds in the one scenario, exhaustively (2 states)
      cost on s390, flushes: 1 instead of 0 or 1 (one zap), 2 instead of 0 to 2 (two zaps)
    note: under x86-TSO a step that accesses several places of memory, or reads and writes one, and does
      not say that it is atomic is taken for one locked instruction, so what may happen between its
      accesses, and a load before an earlier store, is not explored there: zap.flush_later, zap.flush,
      zap.flush_now
    "
  `);
  const refused = await compared('switch_mm_flush', '--memory=tso');
  expect([refused.status, refused.stderr]).toEqual([
    2,
    'raceproof: --memory=tso: every environment of the comparison names a memory model itself: interleavings, x86-TSO\n',
  ]);
  const alone = await compared('flush.ts', '--buffer=2');
  expect([alone.status, alone.stderr]).toEqual([
    2,
    'raceproof: --buffer=K is for --memory=tso: nothing else has store buffers\n',
  ]);
});
