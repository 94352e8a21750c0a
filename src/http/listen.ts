/** The message when the port that `variable` sets cannot be opened. */
export function cannotListen(
  variable: string,
  host: string,
  port: number,
  error: NodeJS.ErrnoException,
): string {
  const why =
    error.code === 'EADDRINUSE'
      ? 'the port is in use'
      : error.code === 'EACCES'
        ? 'permission denied'
        : error.message;
  return `${variable}: cannot listen on ${host}:${port}: ${why}.`;
}

/** The URL for a person on this host; for a server that listens on every address, that of localhost. */
export function urlOf(host: string, port: number, isSecure = false): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `${isSecure ? 'https' : 'http'}://${name}:${port}`;
}
