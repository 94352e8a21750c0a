// Overload control: a worker that cannot answer in time refuses the most expensive connections first, early and cheaply, with
// Retry-After. The delay of the event loop decides when; the work that each connection has caused decides which.
//
//   calm ──late by busyMs without a break, or──▶ busy: each connection has a budget of work, refilled at a rate, and
//     ▲    a turn of the loop that is too long    │    the number of answers in flight is limited; both fall while the
//     └──────────not late for a second────────────┘    loop is late, and rise while it is not
//
// Only a standing delay counts, not a peak: K. Nichols and V. Jacobson, "Controlling Queue Delay" (2012). In addition, a single
// long turn counts: when a thousand connections send requests at the same time, the loop answers all of them before it does
// anything else. The length of a turn is measured in processor time: work of other processes must not cause refusals.

export interface Overload {
  /** Whether the worker is overloaded. Called for each request, so it must be cheap. */
  isBusy(): boolean;
  /** While busy: whether the connection may get an answer of this size. If so, its cost is taken from the budget. */
  admits(connection: object, bytes: number): boolean;
  /** Counts an answer that the kernel did not take at once; the returned function must be called when it ends. */
  sending(): () => void;
  /** The number of requests refused so far. */
  readonly refused: number;
  stop(): void;
}

interface Account {
  /** Milliseconds of work; may be negative. */
  balanceMs: number;
  at: number;
}

const tickMs = 20;
/** Delay without a break that makes the worker busy: if its own work caused the delay, and for any cause. */
const standingMs = 500;
const starvedMs = 3000;
/** Time without delay after which the worker is calm again. */
const calmMs = 1000;
/**
 * The cost of an answer in milliseconds, by its size, as measured on an idle machine. The time that a single answer takes would
 * mostly show whether garbage was collected meanwhile.
 */
const costMs = { answer: 0.05, perByte: 0.7e-6 };
/** Milliseconds of work that a connection may cause per second while busy, and the factors by which that changes. */
const share = { first: 1, least: 0.5, most: 200, whenLate: 0.7, whenNot: 1.05 };
/** While calm, the clock is read for the first request of a turn, then for every eighth: reading it costs time, too. */
const clockReadEvery = 8;
/** With more answers in flight than this, a late event loop makes the worker busy at once. */
const sendingMany = 32;
/** A smaller answer is never refused: it costs hardly more than a refusal. */
const smallBytes = 16_384;
/** The budget that a connection must have left when resources are tight: refilled in 0.8 s at the least rate. */
const tightMs = 0.4;
/** The least limit of answers in flight while busy. */
const sendingLeast = 8;
/** A turn that has worked for this multiple of `busyMs` answers only connections with enough budget left. */
const longTurn = 2;

export interface Clocks {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Milliseconds of processor time that this thread has used. */
  readonly worked: () => number;
  /** Calls `run` at this interval, when the event loop allows. Returns a function that stops it. */
  readonly every: (ms: number, run: () => void) => () => void;
}

export const clocks: Clocks = {
  now: () => performance.now(),
  worked() {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  },
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};

/** `busyMs`: the delay of the event loop that is tolerated; 0 turns overload control off. */
export function createOverload(busyMs: number, { now, worked, every }: Clocks = clocks): Overload {
  let tickedAt = now();
  let workedAtTick = worked();
  let punctualAt = tickedAt;
  let workedAtPunctual = workedAtTick;
  let lateAt = -Infinity;
  let busy = false;
  let requestsSeen = clockReadEvery - 1;
  let rate = share.first;
  let sendingMax = Infinity;
  let sending = 0;
  let refused = 0;
  const accounts = new WeakMap<object, Account>();

  const tick = (): void => {
    const at = now();
    const late = at - tickedAt - tickMs > busyMs;
    tickedAt = at;
    requestsSeen = clockReadEvery - 1;
    workedAtTick = worked();
    if (late) lateAt = at;
    else [punctualAt, workedAtPunctual] = [at, workedAtTick];
    if (!busy) return;
    const factor = late ? share.whenLate : share.whenNot;
    rate = Math.min(share.most, Math.max(share.least, rate * factor));
    sendingMax = Math.max(sendingLeast, (late ? Math.min(sending, sendingMax) : sendingMax) * factor);
    if (at - lateAt > calmMs) busy = false;
  };
  const stop = busyMs > 0 ? every(tickMs, tick) : () => undefined;

  function accountOf(connection: object, at: number): Account {
    let account = accounts.get(connection);
    if (account === undefined) accounts.set(connection, (account = { balanceMs: 0, at }));
    account.balanceMs = Math.min(rate, account.balanceMs + ((at - account.at) / 1000) * rate);
    account.at = at;
    return account;
  }

  /** The budget that a connection must have left now. */
  function leastFor(at: number): number {
    const turnMs = at - tickedAt <= busyMs ? 0 : worked() - workedAtTick;
    return turnMs > longTurn * busyMs || sending >= sendingMax ? tightMs : 0;
  }

  return {
    get refused() {
      return refused;
    },
    isBusy() {
      if (busyMs === 0 || busy) return busy;
      if (++requestsSeen % clockReadEvery !== 0) return false;
      // This also finds a long turn while it still runs.
      const at = now();
      if (at - tickedAt <= busyMs + tickMs) return false;
      const used = worked();
      const lateMs = at - punctualAt - busyMs;
      const isOwn = used - workedAtPunctual > lateMs / 2;
      const isStanding = lateMs > (isOwn ? standingMs : starvedMs) || sending > sendingMany;
      if (!isStanding && used - workedAtTick <= longTurn * busyMs) return false;
      [busy, lateAt, rate, sendingMax] = [true, at, share.first, Math.max(sendingLeast, sending / 2)];
      return true;
    },
    admits(connection, bytes) {
      const at = now();
      const account = accountOf(connection, at);
      if (bytes > smallBytes && account.balanceMs < leastFor(at)) {
        refused++;
        return false;
      }
      account.balanceMs -= costMs.answer + bytes * costMs.perByte;
      return true;
    },
    sending() {
      sending++;
      return () => void sending--;
    },
    stop,
  };
}
