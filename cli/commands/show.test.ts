// show --as: what the compiled engine makes of a model, of which checker/show.test.ts pins the texts of a tiny one; and
// the file of an example.

import { readFileSync } from 'node:fs';
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

test('show --as=source prints the file of an example, and refuses a model that cannot be copied alone', async () => {
  const file = new URL('../../models/examples/bakery.ts', import.meta.url);
  expect(await called(['show', 'bakery', '--as=source'])).toEqual({
    status: 0,
    stdout: readFileSync(file, 'utf8'),
    stderr: '',
  });
  for (const name of ['thp_truncate', 'kvm_io_bus', './bakery.ts', 'constructor']) {
    const { status, stderr } = await called(['show', name, '--as=source']);
    expect(status).toBe(2);
    expect(stderr).toContain(`raceproof: ${name}: --as=source prints an example that can be copied: `);
    expect(stderr).toContain('alur_taubenfeld, anderson, ');
  }
  expect(await called(['show', 'bakery', '--as=source', '--format=json'])).toMatchObject({ status: 2 });
});
