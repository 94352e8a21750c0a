// What the demo says in the terminal.

export interface Addresses {
  readonly search: string;
  readonly admin: string;
  readonly simulator: string;
}

/** The two nights of the story that its providers forget after their first answer. */
export const februaryPath = '/search?starts_at=2021-02-01T00:00:00Z&ends_at=2021-03-01T00:00:00Z';

export const starting = ({ simulator }: Addresses): string => `
A provider simulator answers at ${simulator}. Starting Marquee …
`;

export const running = ({ search, admin, simulator }: Addresses): string => `
Marquee is running.

  Search       ${search}/search
  Try it out   ${search}/docs
  Status       ${admin}/status
  Simulator    ${simulator}

Two providers, stagedoor and boxoffice, are asked every 2 seconds. They tell the same story, each in its own dialect
and time zone: three answers, in which events change, sell out and vanish; the third answer then stays. The two nights
of February are in the first answer only, and can be found all the same:

  curl '${search}${februaryPath}'

Ctrl-C ends everything.
`;

export const late = ({ admin, simulator }: Addresses, seconds: number): string => `
Marquee has no event to show after ${seconds} seconds. It goes on trying; why, may stand at ${admin}/status,
and what the providers say, at ${simulator}/plans?response=1 . Ctrl-C ends everything.
`;
