// Where a child has its configuration from: the supervisor, so that one which is forked again next week runs with what was
// accepted last, whatever the files say by then. Started alone, it reads the environment itself.

import { readConfig, type Config, type Role } from '#/config.ts';
import { claimDataDir } from './data-dir.ts';
import { onSupervisor, say } from './messages.ts';

export async function receiveConfiguration(role: Role): Promise<Config> {
  if (process.send === undefined) {
    const config = readConfig(process.env);
    await claimDataDir(config, [role], Date.now);
    return config;
  }
  const told = new Promise<Config>((resolve) => {
    onSupervisor((message) => {
      if (message.type === 'configuration') resolve(message.config);
    });
  });
  say({ type: 'hello' });
  return told;
}
