// What the supervisor is told by signals. A terminal sends its own to every process at once, and again when somebody is
// impatient: the first one counts.

/** The first of SIGINT and SIGTERM, and SIGHUP where a terminal is hung up; those after it change nothing. */
export function stopSignal(hasTerminal: boolean): Promise<NodeJS.Signals> {
  const signals = hasTerminal ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, resolve);
  });
}

/** Without a terminal, SIGHUP means to read the configuration again. */
export function onReloadSignal(hasTerminal: boolean, reload: () => void): void {
  if (!hasTerminal) process.on('SIGHUP', reload);
}
