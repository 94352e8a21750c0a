// V8 makes code fast by what it knows of the shapes of objects. Three things that it forgets, or never knows, in a process that
// loads what an API worker loads and is idle at times, and that it can be reminded of. What they cost: records 55 and 58.

import { executionAsyncResource } from 'node:async_hooks';
import type { Socket } from 'node:net';

let keptTick: object | null = null;

/** To be called once all modules are loaded, before the process is idle for the first time. */
export function keepShapes(): void {
  keepTickShape();
  haveStringsFast();
}

/** What holds the shape of a tick; null until the next one. */
export const tickHeld = (): object | null => keptTick;

/**
 * To be called as a connection begins. A socket that is asked for the address of its peer gets one property more by that; were it
 * the first traced request of a connection that asks, all code of node that touches sockets would meet two shapes of them.
 */
export function keepSocketShape(socket: Socket): void {
  void socket.remoteAddress;
}

/**
 * A shape is forgotten when no object has it any more and the heap is collected a few times: so it goes, in idle times, with
 * the little objects of process.nextTick, of which a request makes half a dozen. Their keys are computed, and for such an
 * object V8 learns the shape only once; afterwards each takes the slow way. One of them, held for ever, keeps it.
 */
function keepTickShape(): void {
  process.nextTick(() => (keptTick = executionAsyncResource()));
}

/**
 * A class that extends String, as ioredis has one, makes String.prototype a slow object: no compiled code then knows where
 * charCodeAt or startsWith are, and looks them up. V8 makes a prototype fast when a property is read through an object, not
 * a plain text, that inherits from it; a few times, since it does not look closely at code that ran once.
 */
function haveStringsFast(): void {
  const inherits = Object.create(String.prototype) as { readonly at: unknown };
  for (let i = 0; i < 100; i++) readThrough(inherits);
}

const readThrough = (object: { readonly at: unknown }): unknown => object.at;
