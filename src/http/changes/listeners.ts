// The live form of /changes: clients that stay connected and receive what changes. A listener is a place in the changes and a
// response. Nothing is queued for it: the next message is taken when the client has received the last one. So a slow client costs one
// message, which it shares with others, and it skips versions that it was too slow for.
//
//   idle ──another version──▶ ready ──message written──▶ idle, or ready again while there are more changes
//                               │  the kernel did not take all of it
//                               ▼
//                            blocked ──drained──▶ ready        blocked for too long: cut off
//
// A listener ends with its credential: within half a second of its expiry, and at once when the rules no longer have it.

import type { ServerResponse } from 'node:http';
import { unlimitedStanding, type Standing } from '#/http/access/standing.ts';
import type { ChangesReader } from '#/search/changes/reader.ts';
import { failures, type Failure } from './failures.ts';
import type { Message, Messages, Place } from './messages.ts';

export interface Listeners {
  /** The headers must be written. Must not be called when there is no room. */
  add(response: ServerResponse, place: Place): void;
  /** Another version is served. */
  swapped(): void;
  /** Tells all clients to connect again, and accepts no others. Does not wait for them. */
  stop(): void;
  readonly count: number;
  readonly hasRoom: boolean;
  /** Listeners that were cut off because they did not read. */
  readonly cutOff: number;
}

export interface ListenersOptions {
  readonly reader: Pick<ChangesReader, 'now'>;
  readonly messages: Messages;
  readonly listenersMax: number;
  /** By default, no credential is needed. */
  readonly standing?: Standing;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
  readonly beatMs?: number;
}

interface Listener {
  readonly response: ServerResponse;
  /** When its credential expires, by the clock of `now`. */
  endsAt: number;
  place: Place;
  /** Waits for its message to be rendered. */
  isWaiting: boolean;
  /** The message after its place, once it was waited for. */
  message: Message | null;
  /** When the kernel last did not take all bytes; null otherwise. */
  blockedAt: number | null;
}

/** Proxies close a connection without traffic, some after 30 s; this server as well. */
const beatDefault = 15_000;
/** How often credentials that have expired are looked for. */
const expiryEveryMs = 500;
/** Between two beats, it is checked this often whether clients read. */
const ticksPerBeat = 3;
/** A client must receive a message within this time: shorter than the time after which the server closes a stalled connection. */
const blockedMs = 20_000;
/** Listeners that are served before requests get their turn again. */
const atOnce = 32;
/** After a stop, clients connect again within this time: not all at once. */
const retryMs = { least: 500, most: 3000 };

const beat = Buffer.from(':\n\n');
const retryText = (): string =>
  `retry: ${Math.round(retryMs.least + Math.random() * (retryMs.most - retryMs.least))}\n\n`;
const lastText = ({ code, message }: Failure): string =>
  `event: ${code}\ndata: ${JSON.stringify({ code, message })}\n\n`;

export function createListeners({
  reader,
  messages,
  listenersMax,
  standing = unlimitedStanding,
  now = () => performance.now(),
  beatMs = beatDefault,
}: ListenersOptions): Listeners {
  const all = new Set<Listener>();
  const ready = new Set<Listener>();
  let isServing = false;
  let isStopped = false;
  let cutOff = 0;

  /** Serves those that are ready, some at a time. */
  function serve(): void {
    let left = atOnce;
    for (const listener of ready) {
      if (left-- === 0) break;
      ready.delete(listener);
      step(listener);
    }
    isServing = ready.size > 0;
    if (isServing) setImmediate(serve);
  }

  function makeReady(listener: Listener): void {
    if (!all.has(listener) || listener.isWaiting || listener.blockedAt !== null) return;
    ready.add(listener);
    if (isServing) return;
    isServing = true;
    setImmediate(serve);
  }

  function step(listener: Listener): void {
    if (!all.has(listener) || isCurrent(listener.place)) return;
    const known = listener.message ?? messages.known(listener.place);
    if (known !== undefined) return send(listener, known);
    void prepare(listener);
  }

  async function prepare(listener: Listener): Promise<void> {
    listener.isWaiting = true;
    const message = await messages.make(listener.place).catch(() => 'unavailable' as const);
    listener.isWaiting = false;
    if (message === 'gone') end(listener, lastText(failures.gone));
    // While others are being served, or the store is away, the next tick tries again.
    if (typeof message === 'string') return;
    listener.message = message;
    makeReady(listener);
  }

  function isCurrent({ position }: Place): boolean {
    const current = reader.now();
    if (current === null) return true;
    const { base, target, upTo } = position;
    if (upTo !== null) return false;
    return target === null && base?.version === current.base?.version && base?.tag === current.base?.tag;
  }

  function send(listener: Listener, { bytes, token, next }: Message): void {
    listener.message = null;
    // The listener comes from a worker that is ahead of this one.
    if (token === listener.place.token) return;
    listener.place = { ...listener.place, token, position: next };
    if (listener.response.write(bytes)) return makeReady(listener);
    listener.blockedAt = now();
    listener.response.once('drain', () => {
      listener.blockedAt = null;
      makeReady(listener);
    });
  }

  /** Nothing may be written after the end. What a client that does not read has not taken is dropped. */
  function end(listener: Listener, text: string): void {
    if (!leave(listener)) return;
    if (listener.blockedAt === null) listener.response.end(text);
    else listener.response.destroy();
  }

  function leave(listener: Listener): boolean {
    ready.delete(listener);
    return all.delete(listener);
  }

  const endRefused = (listener: Listener): void => end(listener, lastText(failures.refused));

  async function check(listener: Listener): Promise<void> {
    const leftMs = await standing.remainingMs(listener.response.req);
    listener.endsAt = now() + leftMs;
    if (leftMs <= 0) endRefused(listener);
  }

  standing.onChange(() => {
    for (const listener of all) void check(listener);
  });
  const expiring = setInterval(() => {
    const at = now();
    for (const listener of all) if (at >= listener.endsAt) endRefused(listener);
  }, expiryEveryMs).unref();

  let ticks = 0;
  function tick(): void {
    const isBeat = ++ticks % ticksPerBeat === 0;
    for (const listener of all) {
      if (listener.blockedAt === null) {
        if (isBeat) listener.response.write(beat);
        makeReady(listener);
      } else if (now() - listener.blockedAt > blockedMs) {
        cutOff++;
        listener.response.destroy();
      }
    }
  }
  const ticking = setInterval(tick, beatMs / ticksPerBeat).unref();

  return {
    get count() {
      return all.size;
    },
    get hasRoom() {
      return !isStopped && all.size < listenersMax;
    },
    get cutOff() {
      return cutOff;
    },
    add(response, place) {
      const listener: Listener = {
        response,
        endsAt: Infinity,
        place,
        isWaiting: false,
        message: null,
        blockedAt: null,
      };
      all.add(listener);
      response.once('close', () => leave(listener));
      // The rules may have changed since the request was admitted.
      void check(listener);
      response.write(`${retryText()}id: ${place.token}\n\n`);
      makeReady(listener);
    },
    swapped() {
      messages.forget();
      for (const listener of all) makeReady(listener);
    },
    stop() {
      isStopped = true;
      clearInterval(ticking);
      clearInterval(expiring);
      for (const listener of all) end(listener, retryText());
    },
  };
}
