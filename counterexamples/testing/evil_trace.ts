// A trace from a stranger, every text of which means harm: escapes, markup, scripts, directives.

import { digestOf } from '../../checker/index.js';
import { model as increment_model } from '../../models/examples/increment.js';
import { readSavedTrace, saveTrace } from '../trace/saved.js';
import type { Trace } from '../trace/trace.js';
import { firstFound } from './found.js';

const evil = [
  '\u001b[2J\u001b]0;owned\u0007\u202e\u2066\r\n\u0000',
  '</script></title></text><script>alert(1)</script><img src=x onerror=alert(2)>',
  `" onload="alert(3)' x='`,
  ']]> --> %%{init: {}}%% ;end\nNote over a0: owned | **bold** `code` [x](javascript:alert(4))',
].join(' ');

/** Every text that a file is free to choose, with something evil behind it, so that names stay distinct. */
export async function evilTrace(): Promise<Trace> {
  const { trace, path, program } = await firstFound(increment_model);
  const kept = new Set(['expectation', 'verdict', 'kind']);
  const spoil = (value: unknown): unknown => {
    if (typeof value === 'string') return value + evil;
    if (Array.isArray(value)) return value.map(spoil);
    if (typeof value !== 'object' || value === null) return value;
    const isTable = !('label' in value || 'name' in value || 'model' in value || 'path' in value);
    const entries = Object.entries(value).map(([key, each]) => [
      isTable && /[[:]|counter|NR_/.test(key) ? key + evil : key,
      kept.has(key) ? each : spoil(each),
    ]);
    return Object.fromEntries(entries);
  };
  const spoilt = spoil(trace) as Trace;
  return readSavedTrace(saveTrace({ digest: await digestOf(program), path, trace: spoilt })).trace;
}
