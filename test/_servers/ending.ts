// Cleans up what a test file shares, when the file ends. A test cleans up its own resources itself.

import type { TestFn } from 'ava';

export interface Ending {
  teardown(end: () => void | Promise<void>): void;
}

/** Registers a shared resource of a file: disposed after its last test, the newest first, also when tests fail. */
export function endingOf(test: TestFn): Ending {
  const ends: (() => void | Promise<void>)[] = [];
  test.after.always(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return { teardown: (end) => void ends.push(end) };
}
