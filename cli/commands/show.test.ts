// show --as: what the compiled engine makes of a model. checker/show.test.ts pins the texts of a tiny one.

import { expect, test } from 'vitest';
import { called } from '../testing/command.js';

test.each([
  ['plan', /^a state has 1 word of 32 bits\n {2}location of adder\[0\]: /],
  ['javascript', /^const \{ batch, [\s\S]*\/\/ increment\.load\n[\s\S]*\nreturn \{ sweep, .* \};\n$/],
  ['c', /^#include <stdint\.h>\n[\s\S]*\/\/ increment\.load\n[\s\S]*\nint main\(void\) \{/],
])('show --as=%s prints it, and is no JSON', async (form, text) => {
  const { status, stdout } = await called(['show', 'increment', `--as=${form}`]);
  expect(status).toBe(0);
  expect(stdout).toMatch(text);
  expect(await called(['show', 'increment', `--as=${form}`, '--format=json'])).toEqual({
    status: 2,
    stdout: '',
    stderr: `raceproof: --as=${form} cannot be combined with --format=json\n`,
  });
});
