// Tests run on the TypeScript sources; those of the command line on dist/, which is built first.

import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take longest come first, so that none is left when the other workers are done. */
const slowest = [
  'checker/manifest.test.ts',
  'checker/testing/engines.test.ts',
  'counterexamples/render/html/page.test.ts',
  'conformance/spin.test.ts',
  'conformance/symmetry.test.ts',
  'conformance/random.test.ts',
  'conformance/rumur.test.ts',
  'cli/main.test.ts',
  'checker/compiled/search/storage.test.ts',
  'checker/liveness/oracle.test.ts',
  'checker/search/known_counts.test.ts',
  'checker/lower/random_models.test.ts',
  'cli/testing/command.test.ts',
];

/** A fresh clone remembers no durations, by which vitest would order the files. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = slowest.findIndex((name) => moduleId.endsWith(`/${name}`));
      return place === -1 ? slowest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** What models import as users do: in a test, the sources. */
const doors = { language: 'models/language', kernel: 'models/kernel', properties: 'properties/language' };
const alias = Object.fromEntries(
  Object.entries(doors).map(([name, folder]) => [
    `raceproof/${name}`,
    new URL(`${folder}/index.ts`, import.meta.url).pathname,
  ]),
);

export default defineConfig({
  resolve: { alias },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    globalSetup: ['scripts/build.js'],
    testTimeout: 60_000,
    // No result comes from a cache, or is left in the user's, but where a test names a folder for it.
    env: { XDG_CACHE_HOME: '/dev/null/none' },
    maxWorkers: '100%',
    // The files of a worker share what they import: to load it anew for each took a third of the time.
    isolate: false,
    // What is built is loaded by Node, as users do.
    server: { deps: { external: [/\/dist\//] } },
    sequence: { sequencer: SlowestFirst },
  },
});
