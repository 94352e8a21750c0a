// What keeps ingest from doing its work, told to the supervisor while it lasts: a disk that is full, a database that is
// away. The search goes on, so somebody has to say it.

import type { ChildMessage, TroubleSource } from './messages.ts';

export interface Trouble {
  /** Null when it is over. Said once, however often it happens. */
  tell(source: TroubleSource, message: string | null): void;
}

export function createTrouble(say: (message: ChildMessage) => void): Trouble {
  const told = new Map<TroubleSource, string | null>();
  return {
    tell(source, message) {
      if ((told.get(source) ?? null) === message) return;
      told.set(source, message);
      say({ type: 'trouble', source, message });
    },
  };
}
