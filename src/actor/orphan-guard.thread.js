// A thread of each child process. It kills the process when the supervisor has exited and the main thread has not ended the
// process: a main thread that spins, or waits in a system call, would keep the search port open. Plain JavaScript: a thread that strips types
// takes three times the processor time to start.

import { workerData } from 'node:worker_threads';

const lookMs = 500;
/** The main thread ends the process within this time, unless it is blocked. */
const graceMs = 3000;

/** The pid of the supervisor. */
const supervisor = workerData;
const looking = setInterval(() => {
  // The parent is still the supervisor; otherwise it has exited, and another process has adopted this one.
  if (process.ppid === supervisor) return;
  clearInterval(looking);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs);
}, lookMs);
