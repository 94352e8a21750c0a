// Loaded into every process of AVA before its test file. When a process has nothing more to do, node closes what is left in it. Twice, in
// a process that had lost connections, it then never stopped waiting for a request (`CleanupHandles`), and AVA for the process. This ends the
// process instead, once all that listens for its end has run. What keeps a process alive still does.

import { flushCompileCache } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread)
  process.once('beforeExit', () => {
    process.once('exit', () => {
      flushCompileCache();
      // Within this event, it ends the process without closing anything; the exit code is that of the process.
      process.exit();
    });
  });
