// When the provider was polled whose changes a version publishes, for the newest versions: a worker on any host then knows how
// long the changes took until it serves them. Stored next to `current`, not in the manifest, which earlier versions of Marquee
// read and refuse with unknown fields. One line per version, the newest first: `VERSION MILLISECONDS`.

export interface Poll {
  readonly version: number;
  /** Milliseconds since 1970 by the clock of the host that polled. */
  readonly polledAt: number;
}

/** A worker that is further behind does not observe the oldest ones. */
const pollsMax = 32;
/** The longest line: two numbers of 16 digits. */
const charactersMax = pollsMax * 34;

/** The text with a version added in front; `polledAt` null: it publishes no changes of a known poll. */
export function withPoll(text: string | null, version: number, polledAt: number | null): string {
  const before = pollsIn(text).filter((poll) => poll.version < version);
  const polls = polledAt === null ? before : [{ version, polledAt }, ...before];
  return polls
    .slice(0, pollsMax)
    .map((poll) => `${poll.version} ${poll.polledAt}\n`)
    .join('');
}

/** The polls of a stored text; none when it is absent or damaged. */
export function pollsIn(text: string | null): Poll[] {
  if (text === null || text.length > charactersMax) return [];
  const polls: Poll[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const [, version, polledAt] = /^([1-9]\d{0,15}) ([1-9]\d{0,15})$/.exec(line) ?? [];
    const poll = { version: Number(version), polledAt: Number(polledAt) };
    const isValid = Number.isSafeInteger(poll.version) && Number.isSafeInteger(poll.polledAt);
    if (!isValid || poll.version >= (polls.at(-1)?.version ?? Infinity)) return [];
    polls.push(poll);
  }
  return polls;
}
