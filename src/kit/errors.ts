/** What went wrong, in one line, whatever was thrown; a cause that says more is told after it. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message || error.name;
  const cause = error.cause === undefined ? '' : messageOf(error.cause);
  return cause === '' || message.includes(cause) ? message : `${message}: ${cause}`;
}
