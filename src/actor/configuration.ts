// A child process receives its configuration from the supervisor: a restart uses the configuration that was accepted last, even
// if the files have changed since. A child that is started without a supervisor reads the environment itself.

import type { Config, Role } from '#/config.ts';
import { claimDataDir } from './data-dir.ts';
import { onSupervisorMessage, sendToSupervisor } from './messages.ts';

export async function receiveConfiguration(role: Role): Promise<Config> {
  if (process.send === undefined) {
    // Loaded here only: these modules take 100 ms of the processor.
    const { readConfig } = await import('#/config.ts');
    const config = readConfig(process.env);
    await claimDataDir(config, [role], Date.now);
    return config;
  }
  const received = new Promise<Config>((resolve) => {
    onSupervisorMessage((message) => {
      if (message.type === 'configuration') resolve(message.config);
    });
  });
  sendToSupervisor({ type: 'hello' });
  return received;
}
