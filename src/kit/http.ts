// The parts of node:http that Marquee calls. An `import` of node:http reads all of its exports, one of which is WebSocket: that
// loads the client behind `fetch`, which no process of Marquee uses, and takes 60 ms of the processor.

import type { createServer as createSecure } from 'node:https';

/** Loaded where TLS is configured only. */
export const httpsServer = (...args: Parameters<typeof createSecure>): ReturnType<typeof createSecure> =>
  process.getBuiltinModule('node:https').createServer(...args);

export const { STATUS_CODES, createServer } = process.getBuiltinModule('node:http');
