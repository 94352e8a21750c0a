// How much each client may still take in its window, exactly over all processes that share a counter, without asking for each
// request. A process takes tokens from the shared counter in advance and spends them by itself; the less is left, the fewer it
// takes at once, so that the last tokens are not held where nobody asks for them. What a process does not use, it gives back.
//
//   shared counter (supervisor, or Redis for several hosts): tokens taken by each client in its window
//        ▲ consume(n): at most limit tokens are granted in a window, over all processes
//   account of a client in this process: left ── spent by each answer; below zero: a debt, paid by the next tokens

import { LRUCache } from 'lru-cache';

/** The state of a shared counter after tokens were added. */
export interface Consumed {
  /** All tokens taken in this window, these included; may exceed the limit. */
  readonly used: number;
  readonly resetsInMs: number;
}

/** Adds to the shared counter of a client. Negative: gives tokens back. Rejects when the counter cannot be reached. */
export type Consume = (client: string, tokens: number) => Promise<Consumed>;

export interface Account {
  readonly client: string;
  limit: number;
  /** Tokens that this process may spend in this window; negative: a debt. */
  left: number;
  /** What the shared counter had left when it was last used. */
  shared: number;
  /** When the window ends, by the clock of `now`. */
  resetsAt: number;
  /** Until when the counter is known to be used up: another process may give tokens back. */
  refusedUntil: number;
  usedAt: number;
  asking: Promise<void> | null;
}

export interface Budgets {
  accountOf(client: string, limit: number): Account;
  /** Takes one token. False: the client has used its window. A promise only when tokens must be taken from the counter. */
  admit(account: Account): boolean | Promise<boolean>;
  /** Takes what an answer cost beyond its first token. */
  spend(account: Account, tokens: number): void;
  /** Tokens that the client has left, as far as this process knows. */
  remaining(account: Account): number;
  stop(): void;
}

export interface BudgetsOptions {
  readonly consume: Consume;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Called when the shared counter cannot be reached: requests are then admitted. */
  readonly failed: (error: unknown) => void;
}

const accountsMax = 20_000;
/** The part of what is left that a process takes at once. */
const shareTaken = 1 / 8;
const idleMs = 1000;
/** After it was used up, the counter is asked again this often. */
const refusedMs = 1000;
const sweepMs = 500;
/** Without the counter, tokens for this long. */
const withoutCounterMs = 1000;

export function createBudgets({ consume, now, failed }: BudgetsOptions): Budgets {
  const accounts = new LRUCache<string, Account>({ max: accountsMax });
  const sweep = setInterval(giveBack, sweepMs);
  sweep.unref();

  function giveBack(): void {
    const at = now();
    for (const account of accounts.values()) {
      if (at - account.usedAt < idleMs || account.asking !== null) continue;
      const isOver = at >= account.resetsAt;
      if (account.left < 0 && !isOver) continue;
      accounts.delete(account.client);
      if (account.left > 0 && !isOver) consume(account.client, -account.left).catch(failed);
    }
  }

  async function take(account: Account): Promise<void> {
    const wanted = Math.max(1 - account.left, Math.ceil(account.shared * shareTaken));
    try {
      const { used, resetsInMs } = await consume(account.client, wanted);
      const granted = Math.max(0, Math.min(wanted, account.limit - (used - wanted)));
      // What was not granted must not keep others from what is given back.
      if (granted < wanted) consume(account.client, granted - wanted).catch(failed);
      account.left += granted;
      account.shared = Math.max(0, account.limit - used);
      account.resetsAt = now() + resetsInMs;
      if (account.left <= 0) account.refusedUntil = Math.min(account.resetsAt, now() + refusedMs);
    } catch (error) {
      failed(error);
      account.left = Math.max(account.left, Math.ceil(account.limit * shareTaken));
      account.resetsAt = now() + withoutCounterMs;
    } finally {
      account.asking = null;
    }
  }

  /** A new window begins with nothing but the debt of the one before, of at most one window. */
  function renew(account: Account, at: number): void {
    if (at < account.resetsAt) return;
    account.left = Math.max(-account.limit, Math.min(0, account.left));
    account.shared = account.limit;
  }

  async function admitLater(account: Account): Promise<boolean> {
    for (;;) {
      await (account.asking ??= take(account));
      const at = now();
      renew(account, at);
      if (account.left > 0) {
        account.left--;
        return true;
      }
      if (at < account.refusedUntil) return false;
    }
  }

  return {
    accountOf(client, limit) {
      let account = accounts.get(client);
      if (account === undefined) {
        account = {
          client,
          limit,
          left: 0,
          shared: limit,
          resetsAt: -Infinity,
          refusedUntil: -Infinity,
          usedAt: 0,
          asking: null,
        };
        accounts.set(client, account);
      }
      account.limit = limit;
      return account;
    },
    admit(account) {
      const at = now();
      account.usedAt = at;
      renew(account, at);
      if (account.left > 0 && at < account.resetsAt) {
        account.left--;
        return true;
      }
      if (at < account.refusedUntil) return false;
      return admitLater(account);
    },
    spend(account, tokens) {
      // The account may have been given back while its answer was sent.
      if (accounts.peek(account.client) === account) account.left -= tokens;
      else consume(account.client, tokens).catch(failed);
    },
    remaining: ({ left, shared }) => Math.max(0, left + shared),
    stop: () => clearInterval(sweep),
  };
}
