// How a child of the supervisor ends: told to over IPC, by SIGTERM, or because the supervisor is gone. Ctrl-C reaches
// every process of the terminal; children leave that to the supervisor.

import { onSupervisor } from './messages.ts';

/** Calls `stop` once, and ends the process with 0 after it, or with 1 when it throws or takes longer than `withinMs`. */
export function endOnStop(stop: () => Promise<void>, withinMs: number): void {
  let stopping = false;
  const end = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', end);
  process.on('disconnect', end);
  onSupervisor((message) => {
    if (message.type === 'stop') end();
  });
}
