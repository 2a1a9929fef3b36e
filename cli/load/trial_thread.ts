// A thread that imports a model's file and ends. Where the file's own code never returns, only a thread can be ended.

import { register } from 'node:module';
import { workerData } from 'node:worker_threads';

register(new URL('./hooks.js', import.meta.url));
// What is wrong with the file is said where it is imported to be used.
await import(workerData).catch(() => {});
process.exit();
