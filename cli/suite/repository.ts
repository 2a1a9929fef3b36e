// Where the command runs within its repository: what reads reports on a change, such as code scanning, looks for files
// from the root of the repository.

import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** The path from the root of the repository to the folder in which the command runs; empty at the root, or in none. */
export function folderInRepository(from = resolve('')): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return relative(folder, from).split(sep).join('/');
    if (folder === dirname(folder)) return '';
  }
}
