// How a child of the supervisor ends: told to over IPC, by SIGTERM, or because the supervisor is gone. Ctrl-C, and the end
// of a terminal, reach every process of it; children leave both to the supervisor.

import { onSupervisor } from './messages.ts';

/** Calls `stop` once, and ends the process with 0 after it, or with 1 when it throws or takes longer than `withinMs`. */
export function endOnStop(stop: (hurry: boolean) => Promise<void>, withinMs: number): void {
  let stopping = false;
  const end = (hurry: boolean): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    stop(hurry).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', () => end(true));
  process.on('disconnect', () => end(true));
  onSupervisor((message) => {
    if (message.type === 'stop') end(message.hurry);
  });
}

export function leaveSignalsToSupervisor(): void {
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
}
