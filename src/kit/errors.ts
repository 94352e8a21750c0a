/** The message of any thrown value in one line; the message of the cause follows if it adds something. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message || error.name;
  const cause = error.cause === undefined ? '' : messageOf(error.cause);
  return cause === '' || message.includes(cause) ? message : `${message}: ${cause}`;
}
