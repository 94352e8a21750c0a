// What blocks a process, such as a full disk or an unreachable database, reported to the supervisor: search continues meanwhile,
// so an operator would not notice. One instance per process: the next leadership clears what the last one reported.

import type { ChildMessage, TroubleSource } from './messages.ts';

export interface Trouble {
  /** `message` null: it is over. A repeated message is sent once. */
  report(source: TroubleSource, message: string | null): void;
  /** Sends all current trouble again: the supervisor ignores messages of a successor that is not ready yet. */
  repeat(): void;
}

export function createTrouble(sendToSupervisor: (message: ChildMessage) => void): Trouble {
  const reported = new Map<TroubleSource, string | null>();
  return {
    report(source, message) {
      if ((reported.get(source) ?? null) === message) return;
      reported.set(source, message);
      sendToSupervisor({ type: 'trouble', source, message });
    },
    repeat() {
      for (const [source, message] of reported)
        if (message !== null) sendToSupervisor({ type: 'trouble', source, message });
    },
  };
}
