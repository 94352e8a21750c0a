// Who ends what a test has started. A test does it by itself; what a whole file shares ends with the file.

import type { TestFn } from 'ava';

export interface Ending {
  teardown(end: () => void | Promise<void>): void;
}

/** For what all tests of a file share: ended after the last of them, the newest first, also when some failed. */
export function endingOf(test: TestFn): Ending {
  const ends: (() => void | Promise<void>)[] = [];
  test.after.always(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return { teardown: (end) => void ends.push(end) };
}
