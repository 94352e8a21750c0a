// The commands of `marquee`, in one table. Each is also a program of its own.

import { runCommandSet, type CommandSet } from '#/kit/command-line/command-set.ts';

const marquee: CommandSet = {
  name: 'marquee',
  commands: {
    start: { about: 'starts the system', load: () => import('#/main.ts') },
    check: {
      about: 'reads a feed as ingest does and reports what it finds',
      load: () => import('#/commands/feed-check.ts'),
    },
    replay: {
      about: 'rebuilds an archive and its snapshot from kept feeds',
      load: () => import('#/commands/feed-replay.ts'),
    },
    diff: {
      about: 'compares two versions of the catalogue, of one store or of two',
      load: () => import('#/commands/snapshots-diff.ts'),
    },
    key: { about: 'makes, lists and revokes API keys', load: () => import('#/commands/key.ts') },
    status: { about: 'shows the state of a running system', load: () => import('#/commands/status.ts') },
  },
};

if (import.meta.main) process.exit(await runCommandSet(marquee, process.argv.slice(2)));
