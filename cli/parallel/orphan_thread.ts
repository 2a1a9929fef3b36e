// A thread that ends its process once the process that started it is gone. A model's own code that never returns keeps
// the main thread from hearing that; another thread still runs.

import { workerData } from 'node:worker_threads';

/** How often it looks, in milliseconds. */
const interval = 1000;

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, interval);
