// The gallery as pages: for each saved trace of counterexamples/gallery/ the page that `raceproof render --format=html`
// makes of it, under the same name, and an index. As a program it writes them into gallery/, which git ignores.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const saved = new URL('counterexamples/gallery/', root);

/**
 * The pages by file name, the index last.
 * @param {(file: string) => string | Promise<string>} render the page of a saved trace
 * @returns {Promise<Map<string, string>>}
 */
export async function galleryPages(render) {
  const pages = new Map();
  const items = [];
  for (const file of readdirSync(saved).filter((name) => name.endsWith('.json'))) {
    const name = file.slice(0, -'.json'.length);
    const path = fileURLToPath(new URL(file, saved));
    pages.set(`${name}.html`, await render(path));
    const { model, property, steps } = JSON.parse(readFileSync(path, 'utf8')).trace;
    const text = escaped(`${model}: ${property.name}, in ${steps.length} steps`);
    items.push(`<li><a href="${name}.html">${name.replaceAll('_', ' ')}</a>: ${text}</li>`);
  }
  return pages.set('index.html', indexOf(items));
}

/** @param {readonly string[]} items */
const indexOf = (items) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>raceproof: gallery of counterexamples</title>
<style>:root { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1rem; }
li { margin: .4rem 0; overflow-wrap: break-word; }</style>
</head>
<body>
<h1>Gallery of counterexamples</h1>
<p>One for each distinct race of the models, each a shortest one.</p>
<ul>
${items.join('\n')}
</ul>
</body>
</html>
`;

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

async function write() {
  const to = new URL('gallery/', root);
  const command = fileURLToPath(new URL('dist/cli/main.js', root));
  const options = { encoding: /** @type {const} */ ('utf8'), maxBuffer: 64 * 2 ** 20 };
  const pages = await galleryPages((file) =>
    execFileSync(process.execPath, [command, 'render', file, '--format=html'], options),
  );
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  for (const [name, text] of pages) writeFileSync(new URL(name, to), text);
  process.stdout.write(`${pages.size} pages in gallery/\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write();
