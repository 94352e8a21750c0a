// When there is more to do than can be done in time, those who ask for most are refused first: early, cheaply, with a time
// to come back. How late the event loop is tells when; what each connection has cost tells who.
//
//   calm ──late by busyMs without a break, or──▶ busy: each connection has an account of work, refilled at a rate, and
//     ▲    a turn of the loop that works too long │    there is a limit of answers on their way; both fall while the
//     └──────────not late for a second────────────┘    loop is late, and rise while it is not
//
// That only a standing delay counts, and a peak does not, is how K. Nichols and V. Jacobson tell a bad queue from a good
// one ("Controlling Queue Delay", 2012). A single turn is another matter: when a thousand connections ask at once, all of
// them are answered before the loop looks at anything else. Its length is told in processor time, so that nobody is
// refused for what other processes of the machine do.

export interface Overload {
  /** Whether there is too much to do. Asked for each request, it must cost next to nothing. */
  isBusy(): boolean;
  /** While busy: whether an answer of so many bytes may be given. If so, what it costs goes on the connection's account. */
  admits(connection: object, bytes: number): boolean;
  /** An answer is on its way that the kernel did not take at once; the function says that it is sent, or given up. */
  sending(): () => void;
  /** Requests refused so far. */
  readonly refused: number;
  stop(): void;
}

interface Account {
  /** Milliseconds of work; below nought it is in debt. */
  balanceMs: number;
  at: number;
}

const tickMs = 20;
/** Late for so long without a break is busy, when it was this worker that had so much to do; and for so long in any case. */
const standingMs = 500;
const starvedMs = 3000;
/** Not late for so long is calm again. */
const calmMs = 1000;
/**
 * What an answer costs, in milliseconds: by its bytes, as was measured on a quiet machine. What it took at the time would
 * say more of the garbage that was collected just then.
 */
const costMs = { answer: 0.05, perByte: 0.7e-6 };
/** Milliseconds of work that a connection is given per second while busy. */
const share = { first: 1, least: 0.5, most: 200, whenLate: 0.7, whenNot: 1.05 };
/** While calm, the clock is looked at for the first request of a turn, and every so many: reading it takes its time, too. */
const lookedAt = 8;
/** With so many answers on their way, a loop that is late need not be so for long. */
const sendingMany = 32;
/** An answer of up to so many bytes costs hardly more than to refuse it. */
const smallBytes = 16_384;
/** What a connection must have left when it is tight: at the least rate, it has that after most of a second. */
const tightMs = 0.4;
/** Answers that may be on their way while busy, at the least. */
const sendingLeast = 8;
/** A turn that has worked for so many times `busyMs` answers only those who have much left. */
const longTurn = 2;

export interface Clocks {
  /** Milliseconds; never jumps. */
  readonly now: () => number;
  /** Milliseconds of processor time that this thread has used. */
  readonly worked: () => number;
  /** Calls it again and again, when the loop comes to it; gives what ends that. */
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

/** `busyMs`: how late the event loop may be; 0 refuses nobody, ever. */
export function createOverload(busyMs: number, { now, worked, every }: Clocks = clocks): Overload {
  let tickedAt = now();
  let workedAtTick = worked();
  let punctualAt = tickedAt;
  let workedAtPunctual = workedAtTick;
  let lateAt = -Infinity;
  let busy = false;
  let asked = lookedAt - 1;
  let rate = share.first;
  let sendingMax = Infinity;
  let sending = 0;
  let refused = 0;
  const accounts = new WeakMap<object, Account>();

  const tick = (): void => {
    const at = now();
    const late = at - tickedAt - tickMs > busyMs;
    tickedAt = at;
    asked = lookedAt - 1;
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

  /** What a connection must have left now. */
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
      if (++asked % lookedAt !== 0) return false;
      // Seen within the turn of the loop that takes so long, too, not only after it.
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
