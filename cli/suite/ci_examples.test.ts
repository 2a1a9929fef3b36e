// The examples of docs/ci.md: pipelines that are valid YAML, and commands that run as they are written, in a project in
// which raceproof is installed.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { afterAll, describe, expect, test } from 'vitest';
import { folder, main } from '../testing/command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(join(root, 'docs/ci.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block!);
const [github, gitlab] = blocks('yaml').map((block) => load(block) as Example);
const [makefile] = blocks('make');

interface Example {
  readonly jobs: {
    readonly raceproof: {
      readonly permissions: object;
      readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly with?: object }[];
    };
  };
  readonly raceproof: {
    readonly script: readonly string[];
    readonly cache: { readonly paths: readonly string[] };
    readonly artifacts: { readonly when: string; readonly reports: { readonly junit: string } };
  };
}

/** A project with a row of a model of the package, and `raceproof` where npm would put it. */
const project = folder({
  'package.json': '{ "private": true }',
  'raceproof.config.json': JSON.stringify({
    models: [{ model: 'increment', rows: [{ settings: { NR_ACTORS: 1 }, verdict: 'holds' }] }],
  }),
  Makefile: makefile!,
});
mkdirSync(join(project.path, 'node_modules/.bin'), { recursive: true });
writeFileSync(join(project.path, 'node_modules/.bin/raceproof'), `#!/bin/sh\nexec node '${main}' "$@"\n`, {
  mode: 0o755,
});
symlinkSync(root, join(project.path, 'node_modules/raceproof'));
afterAll(project.remove);
const shell = (command: string) => spawnSync('sh', ['-c', command], { cwd: project.path, encoding: 'utf8' });
const fileOf = (command: string, format: string) =>
  new RegExp(`--report=${format}:(\\S+)`).exec(command)![1]!;

describe('the examples of docs/ci.md', () => {
  test('for GitHub run, and what is uploaded is what was written', () => {
    const { steps, permissions } = github!.jobs.raceproof;
    expect(permissions).toEqual({ contents: 'read', 'security-events': 'write' });
    const [install, command] = steps.flatMap(({ run }) => run ?? []);
    expect(install).toBe('npm ci');
    const { status, stdout } = shell(command!);
    expect([status, stdout]).toEqual([0, expect.stringContaining('1 row: 1 as expected')]);
    const written = fileOf(command!, 'sarif');
    expect(existsSync(join(project.path, written))).toBe(true);
    expect(steps.at(-1)).toMatchObject({ with: { sarif_file: written }, if: 'always()' });
  }, 120_000);

  test('for GitLab run, with the cache and the report in the places that are kept', () => {
    const { script, cache, artifacts } = gitlab!.raceproof;
    const command = script.at(-1)!;
    expect(shell(command).status).toBe(0);
    expect(fileOf(command, 'junit')).toBe(artifacts.reports.junit);
    expect(artifacts.when).toBe('always');
    for (const path of [...cache.paths, artifacts.reports.junit]) {
      expect(existsSync(join(project.path, path))).toBe(true);
    }
  }, 120_000);

  test('for make run', () => {
    const { status, stdout } = shell('make races');
    expect([status, stdout]).toEqual([0, expect.stringContaining('1 row: 1 as expected')]);
  }, 120_000);
});
