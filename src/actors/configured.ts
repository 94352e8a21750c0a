// Where a child has its configuration from: the supervisor, so that one which is forked again next week runs with what was
// accepted last, whatever the files say by then. Started alone, it reads the environment itself.

import { readConfig, type Config } from '#/config.ts';
import { onSupervisor, say } from './messages.ts';

export async function configured(): Promise<Config> {
  if (process.send === undefined) return readConfig(process.env);
  const told = new Promise<Config>((resolve) => {
    onSupervisor((message) => {
      if (message.type === 'configuration') resolve(message.config);
    });
  });
  say({ type: 'hello' });
  return told;
}
