// The explorer's page of a model, with the engine that the build bundled for browsers.

import { existsSync, readFileSync } from 'node:fs';
import { type Check, formulaChecks, type Path, type Program } from '../../checker/index.js';
import { explorerPage } from '../../explorer/page.js';
import { UsageError } from '../errors.js';
import { packageUrl } from '../package.js';

/** Throws a UsageError where the package was not built. */
export function explorerText(program: Program, checks: readonly Check[], walk?: Path): string {
  const asked = [...checks, ...formulaChecks(checks)];
  return explorerPage({ program, checks: asked, engine: engineText(), ...(walk && { walk }) });
}

/** In dist/ beside the command; while it is developed, in dist/ below the sources. */
function engineText(): string {
  const places = ['explorer/engine.js', 'dist/explorer/engine.js'].map((path) => new URL(path, packageUrl));
  const built = places.find((place) => existsSync(place));
  if (built === undefined) throw new UsageError('the explorer was not built: npm run build');
  return readFileSync(built, 'utf8');
}
