// A thread of each child that ends the process when its supervisor is gone and the main thread has not ended it: one that
// spins, or waits for a system call, would hold the port of the search for as long as it does. Plain JavaScript: a thread
// that strips types takes three times the processor time to start.

import { workerData } from 'node:worker_threads';

const lookMs = 500;
/** The main thread ends by itself within this, unless something blocks it. */
const graceMs = 3000;

/** The pid of the supervisor. */
const supervisor = workerData;
const looking = setInterval(() => {
  // Another process has adopted this one.
  if (process.ppid === supervisor) return;
  clearInterval(looking);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
}, lookMs);
