// --only and --hide, on every command that shows a trace to people.

import { describe, expect, test } from 'vitest';
import { called } from '../testing/command.js';

const hidden = 'hidden here: 2 of 4 steps, 2 of 4 changes, 1 of 2 actors, 1 of 3 variables';

describe('--only and --hide', () => {
  test.each([
    ['check', 'lanes'],
    ['render', 'lanes'],
    ['render', 'markdown'],
    ['render', 'mermaid'],
    ['render', 'svg'],
    ['render', 'html'],
    ['explain', 'text'],
  ])('%s --format=%s shows the steps of one actor, and says what is hidden', async (verb, format) => {
    const { stdout, status } = await called([verb, 'increment', `--format=${format}`, '--only=adder[1]']);
    expect(status).toBe(verb === 'check' ? 12 : 0);
    // Without what Markdown escapes, and where SVG breaks lines.
    const text = stdout.replaceAll('\\', '').replace(/<\/text>\s*<text[^>]*>\s*/g, ' ');
    expect(text).toContain(hidden);
    expect(text).toContain('turned false at step 4 (increment.store)');
    expect(text).not.toContain('counter: 0 → 1');
  });

  test('take several names at once, and several times', async () => {
    const { stdout } = await called([
      ...['render', 'increment', '--format=markdown', '--hide=adder[0],counter', '--hide=mine'],
    ]);
    expect(stdout).toContain('hidden here: 2 of 4 steps, 4 of 4 changes, 1 of 2 actors, 3 of 3 variables');
  });

  test('simulate hides in a walk what it hides in a trace', async () => {
    const walk = await called(['simulate', 'peterson', '--only=process[0]', '--steps=6', '--seed=3']);
    expect(walk.stdout).toMatch(/^hidden here: \d of 6 steps/);
    expect(walk.stdout).not.toContain('process[1]  ');
    const found = await called(['simulate', 'increment', '--walks=50', '--hide=adder[0]']);
    expect(found.stdout).toContain(hidden);
  });

  test.each([
    [['check', 'increment', '--only=ader'], "named 'ader'; did you mean 'adder'?"],
    [['render', 'increment', '--hide=conter'], "named 'conter'; did you mean 'counter'?"],
    [['explain', 'increment', '--only=adder[2]'], "named 'adder[2]'; did you mean 'adder[0]'?"],
    [['simulate', 'increment', '--only=xyzzy'], "named 'xyzzy'; the actors are adder[0], adder[1]"],
    [['check', 'increment', '--only=adder,'], '--only needs the name of an actor or a variable'],
    [['check', 'increment', '--format=json', '--only=adder'], 'cannot be combined with --format=json'],
    [['render', 'increment', '--format=itf', '--hide=adder'], 'cannot be combined with --format=itf'],
    [['simulate', 'increment', '--interactive', '--hide=adder'], 'cannot be combined with --interactive'],
  ])('%j is refused', async (args, why) => {
    const { status, stdout, stderr } = await called(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(why);
  });
});
