// A model's file is imported in a thread of its own first where time is limited: if its own code never returns, that
// thread can be ended, and the command says so in time. Nothing that the thread prints or throws is looked at.

import { Worker } from 'node:worker_threads';
import { packageUrl } from '../package.js';
import type { Stop } from '../stop.js';

/** Returns once the file has been imported elsewhere. Throws a Stopped if time is over before that. */
export async function tryLoading(name: string, href: string, stop: Stop): Promise<void> {
  if (!stop.isTimed) return;
  const thread = new URL('cli/load/trial_thread.js', packageUrl);
  const worker = new Worker(thread, { workerData: href, stdout: true, stderr: true });
  const ended = () =>
    new Promise<void>((resolve) => {
      worker.once('exit', () => resolve()).once('error', () => resolve());
    });
  try {
    await stop.wait(`${name} was loaded`, ended);
  } finally {
    await worker.terminate();
  }
}
