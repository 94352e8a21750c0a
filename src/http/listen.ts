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
