// What the demo prints to the terminal.

export interface Addresses {
  readonly search: string;
  readonly admin: string;
  readonly simulator: string;
}

/** Selects the two nights that the providers send in their first answer only. */
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

Marquee polls two providers, stagedoor and boxoffice, every 2 seconds. Both send the same three answers, each in its own
dialect and time zone: events change, sell out and vanish, then the third answer stays. The two nights of February are
in the first answer only, and the search still finds them:

  curl '${search}${februaryPath}'

Ctrl-C stops everything.
`;

export const late = ({ admin, simulator }: Addresses, seconds: number): string => `
Marquee has no event to show after ${seconds} seconds. It keeps trying. ${admin}/status may show why;
${simulator}/plans?response=1 shows the first answer of a provider. Ctrl-C stops everything.
`;
