// The text of the search threads refers to nothing but its own declarations.

import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { threadCode, threadText } from './thread_code.js';

test('the text of a thread declares everything that its code uses, and refers to no module', () => {
  const text = threadText();
  for (const name of Object.keys(threadCode)) expect(text).toContain(`\nconst ${name} = `);
  expect(text).not.toMatch(/\bimport\b|__vi|\bexports\b/);
});

test('a thread that starts from the text makes its mailbox, and ends when the search has ended', () => {
  const sent: unknown[] = [];
  const port = {
    postMessage: (message: unknown) => void sent.push(message),
    close: () => void sent.push('closed'),
  };
  const numbers = new Int32Array(new SharedArrayBuffer(4 * threadCode.Mailbox.length(2)));
  const workerData = { setup: { numbers, workers: 2, wordText: '(' }, port };
  const modules = { workerData, receiveMessageOnPort: () => undefined };
  runInContext(threadText(), createContext({ require: () => modules, Atomics, Int32Array }));
  expect(sent).toEqual([expect.stringMatching(/^SyntaxError/), 'closed']);
  expect(new threadCode.Mailbox(numbers, 2).get('over')).toBe(1);
});
