// The signals that the supervisor handles. A terminal sends Ctrl-C to every process of the group, and again if the user
// repeats it: only the first one counts.

/**
 * Resolves with the first SIGINT or SIGTERM; with a terminal, also SIGHUP, which means that the terminal closed. Later signals
 * change nothing. `received` is called at once, before the supervisor handles the exit of a child that got the same signal.
 */
export function stopSignal(hasTerminal: boolean, received: () => void): Promise<NodeJS.Signals> {
  const signals = hasTerminal ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
  return new Promise((resolve) => {
    for (const signal of signals) {
      process.on(signal, () => {
        received();
        resolve(signal as NodeJS.Signals);
      });
    }
  });
}

/** The kernel may deliver SIGHUP before a SIGTERM that was sent earlier: a reload waits this long for it. */
const settleMs = 100;

/** Without a terminal, SIGHUP triggers a reload of the configuration, after `settleMs`. */
export function onReloadSignal(hasTerminal: boolean, reload: () => unknown): void {
  if (!hasTerminal) process.on('SIGHUP', () => void setTimeout(reload, settleMs).unref());
}
