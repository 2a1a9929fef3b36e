// Source locations as they are printed: relative to the package for its own models, to the working directory for
// others.

import { isAbsolute, relative } from 'node:path';
import { displayLocation, type SourceLocation } from '../models/language/index.js';

export function locate(at: SourceLocation): string {
  const shown = displayLocation(at);
  if (!isAbsolute(shown)) return shown;
  const near = relative(process.cwd(), shown);
  return near.startsWith('..') ? shown : near;
}
