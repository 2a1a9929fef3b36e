// Writes the gallery as pages: for each saved trace of counterexamples/gallery/ the page that `raceproof render
// --format=html` makes of it, under the same name, and an index. Into gallery/, which git ignores.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const from = new URL('counterexamples/gallery/', root);
const to = new URL('gallery/', root);
const command = new URL('dist/cli/main.js', root).pathname;

const names = readdirSync(from).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
rmSync(to, { recursive: true, force: true });
mkdirSync(to);
const items = names.map((name) => {
  const saved = new URL(`${name}.json`, from);
  const page = execFileSync(process.execPath, [command, 'render', saved.pathname, '--format=html'], {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  writeFileSync(new URL(`${name}.html`, to), page);
  const { model, property, steps } = JSON.parse(readFileSync(saved, 'utf8')).trace;
  const text = `${model}: ${property.name}, in ${steps.length} steps`;
  return `<li><a href="${name}.html">${name.replaceAll('_', ' ')}</a>: ${escaped(text)}</li>`;
});
writeFileSync(
  new URL('index.html', to),
  `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
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
`,
);
process.stdout.write(`${names.length + 1} pages in gallery/\n`);

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
