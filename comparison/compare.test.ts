// What a comparison says of candidates that fail in other ways than the usual one.

import { afterAll, describe, expect, test } from 'vitest';
import { called, folder } from '../cli/testing/command.js';

const model = (refusedSteps: string) => `
import { actor, config, If, int, model, oneOf, procedure, shared, source } from 'raceproof/language';
import { always, sometimes } from 'raceproof/properties';
const c = source('x.c');
const settings = config({ fix: oneOf('none', 'right', 'idle', 'broken'), arch: oneOf('x86', 's390') });
const { fix, arch } = settings;
const state = shared({ x: int(0, 3), y: int(0, 3) });
const { x, y } = state;
const p = procedure('p', () => ({
  a: If(fix.is('none').and(arch.is('x86')), { wrong: c\`x = 2\`(x.set(2)) }),
  aa: If(fix.is('none').and(arch.is('s390')), { other: c\`y = 3\`(y.set(3)) }),
  b: If(fix.is('right'), { ok: c\`x = 1\`(x.set(1)) }),
  d: If(fix.is('idle'), { nothing: c\`y = 1\`(y.set(1)) }),
  e: If(fix.is('broken'), { ${refusedSteps} }),
}));
const fixes = model('fixes', {
  about: 'four candidates', settings, state, actors: [actor('a', p)],
  comparison: { candidates: 'fix', scenarios: { one: {} }, environments: { x86: {}, s390: { arch: 's390' } } },
});
export { fixes as model };
export const properties = {
  x_small: always(x.le(1)),
  y_small: always(y.le(2)),
  x_is_set: sometimes(x.eq(1).or(x.eq(2))),
};
`;
const files = folder({
  'fixes.ts': model('once: c`x++, x++`(x.inc(), x.inc())'),
});
afterAll(files.remove);

describe('in a comparison', () => {
  test('every way to fail has its own word, and one that is refused leaves the others as they are', async () => {
    const { status, stdout } = await called(['compare', 'fixes.ts', '--width=100'], { cwd: files.path });
    expect(status).toBe(2);
    expect(stdout).toMatchInlineSnapshot(`
      "fixes: every fix in 1 scenario and 2 environments

      x86

        fix     one
        none    violated: x_small in 1 step
        right   holds (2 states)
        idle    never reached: x_is_set
        broken  refused: fixes.ts:14: this step writes x twice; make it two steps, or one effect

      s390: other results for

        fix   one
        none  violated: y_small in 1 step

      fix=none: violated in the one scenario; shortest: x_small in 1 step (one); on s390 violated in the
        one scenario; shortest: y_small in 1 step (one)
      fix=right: closes the race in the one scenario, exhaustively (2 states)
      fix=idle: x_is_set is never reached in the one scenario; nothing is violated
      fix=broken: refused in the one scenario: nothing was explored
      "
    `);
  });

  test('a refusal is data for programs', async () => {
    const { stdout } = await called(['compare', 'fixes.ts', '--format=json'], { cwd: files.path });
    const { refused, cells } = JSON.parse(stdout);
    expect(cells.length).toBe(6);
    expect(
      refused.map((each: { candidate: string; environment: string }) => [each.candidate, each.environment]),
    ).toEqual([
      ['broken', 'x86'],
      ['broken', 's390'],
    ]);
  });
});

test('what holds although some run ends in a domain error holds up to there', async () => {
  const overflow = folder({
    'overflow.ts': `
import { actor, int, model, procedure, shared, source } from 'raceproof/language';
import { always, sometimes } from 'raceproof/properties';
const c = source('x.c');
const state = shared({ x: int(0, 1) });
const { x } = state;
const p = procedure('p', () => ({ one: c\`x++\`(x.inc()), two: c\`x++\`(x.inc()) }));
const mine = model('overflow', { about: 'x', state, actors: [actor('a', p)] });
export { mine as model };
export const properties = { small: always(x.le(1)), two_is_reached: sometimes(x.eq(1).and(x.eq(0))) };
`,
  });
  const [text, json] = await Promise.all([
    called(['check', 'overflow.ts'], { cwd: overflow.path }),
    called(['check', 'overflow.ts', '--format=json'], { cwd: overflow.path }),
  ]);
  overflow.remove();
  expect(text.status).toBe(12);
  expect(text.stdout).toMatch(/holds up to the domain error +always +small/);
  expect(text.stdout).toMatch(/unreached up to the domain error +sometimes +two_is_reached/);
  expect(text.stdout).toContain('a run ends where a value goes out of range');
  const { properties } = JSON.parse(json.stdout);
  expect(properties[0]).toMatchObject({ name: 'small', verdict: 'holds', upTo: 'domain error' });
});
