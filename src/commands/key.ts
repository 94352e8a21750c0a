// `marquee key`: the commands on the file of API keys.

import { runCommandSet, type CommandSet } from '#/kit/command-line/command-set.ts';

const key: CommandSet = {
  name: 'marquee key',
  commands: {
    new: { about: 'makes an API key and prints it once', load: () => import('./key-new.ts') },
    list: { about: 'lists the API keys without their hashes', load: () => import('./key-list.ts') },
    revoke: { about: 'revokes an API key', load: () => import('./key-revoke.ts') },
  },
};

export const main = (args: readonly string[]): Promise<number> => runCommandSet(key, args);
