// What the supervisor is told by signals. A terminal sends its own to every process at once, and again when somebody is
// impatient: the first one counts.

/**
 * The first of SIGINT and SIGTERM, and SIGHUP where a terminal is hung up; those after it change nothing. `heard` is called
 * before any other event of the process, such as the end of a child that the same signal has ended.
 */
export function stopSignal(hasTerminal: boolean, heard: () => void): Promise<NodeJS.Signals> {
  const signals = hasTerminal ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
  return new Promise((resolve) => {
    for (const signal of signals) {
      process.on(signal, () => {
        heard();
        resolve(signal as NodeJS.Signals);
      });
    }
  });
}

/** The kernel delivers SIGHUP before a SIGTERM that was sent earlier: a reload waits this long for one. */
const settleMs = 100;

/** Without a terminal, SIGHUP means to read the configuration again; `reload` is called soon after it. */
export function onReloadSignal(hasTerminal: boolean, reload: () => unknown): void {
  if (!hasTerminal) process.on('SIGHUP', () => void setTimeout(reload, settleMs).unref());
}
