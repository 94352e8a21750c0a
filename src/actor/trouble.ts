// What keeps a process from its work, reported to the supervisor while it lasts: a disk that is full, a database that is
// away. The search continues meanwhile, so somebody has to say it. One per process: what a term of leadership has reported
// is taken back by the next one.

import type { ChildMessage, TroubleSource } from './messages.ts';

export interface Trouble {
  /** Null when it is over. Said once, however often it happens. */
  tell(source: TroubleSource, message: string | null): void;
  /** Says again what lasts, to a supervisor that has not listened so far. */
  again(): void;
}

export function createTrouble(say: (message: ChildMessage) => void): Trouble {
  const told = new Map<TroubleSource, string | null>();
  return {
    tell(source, message) {
      if ((told.get(source) ?? null) === message) return;
      told.set(source, message);
      say({ type: 'trouble', source, message });
    },
    again() {
      for (const [source, message] of told) if (message !== null) say({ type: 'trouble', source, message });
    },
  };
}
