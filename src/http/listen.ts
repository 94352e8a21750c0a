/** Why a port cannot be had, in words for whoever set `variable`. */
export function cannotListen(
  variable: string,
  host: string,
  port: number,
  error: NodeJS.ErrnoException,
): string {
  const why =
    error.code === 'EADDRINUSE'
      ? 'it is taken'
      : error.code === 'EACCES'
        ? 'it is not allowed'
        : error.message;
  return `${variable}: cannot listen on ${host}:${port}, ${why}.`;
}

/** Where a person on this host finds it: what listens on every address is found at this host's name for itself. */
export function urlOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
