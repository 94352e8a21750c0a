// V8 optimises code by the shapes of objects. A process that loads what an API worker loads, and is idle at times, loses some
// of these optimisations. The functions here preserve or restore them. Records 55 and 58 have the measurements.

import { executionAsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';

let keptTick: object | null = null;

/** Call this once all modules are loaded, before the process is idle for the first time. */
export function keepShapes(): void {
  keepTickShape();
  haveStringsFast();
}

/** The object that preserves the shape of a tick; null until the next tick. */
export const tickHeld = (): object | null => keptTick;

/**
 * Call this when a connection begins. Reading the address of the peer adds a property to the socket. If only traced requests
 * did that, sockets would have two shapes, and all code of Node that handles sockets would become slower.
 */
export function keepSocketShape(socket: Socket): void {
  void socket.remoteAddress;
}

/**
 * V8 forgets a shape when no object has it and the heap has been collected a few times. In idle times this happens to the
 * objects of process.nextTick; a request creates about six of them. Their keys are computed, and V8 learns such a shape
 * only once, so that every later object takes the slow path. One object that is held permanently preserves the shape.
 */
function keepTickShape(): void {
  process.nextTick(() => (keptTick = executionAsyncResource()));
}

/**
 * A class that extends String, such as one in ioredis, makes String.prototype a slow object: compiled code then looks up
 * charCodeAt or startsWith on each call. V8 makes a prototype fast again when a property is read through an object (not a
 * primitive string) that inherits from it. It takes several reads, since V8 collects no feedback on the first runs.
 */
function haveStringsFast(): void {
  const inherits = Object.create(String.prototype) as { readonly at: unknown };
  for (let i = 0; i < 100; i++) readThrough(inherits);
}

const readThrough = (object: { readonly at: unknown }): unknown => object.at;
