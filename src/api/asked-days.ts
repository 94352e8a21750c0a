// Which days the searches of this worker asked for: the supervisor requests the counts.

import { createAskedDays, type AskedDays } from '#/search/days/asked-days.ts';
import { onSupervisorMessage, sendToSupervisor } from '#/actor/messages.ts';

/** Returns what is to be called for each search. */
export function countAskedDays(): AskedDays['count'] {
  const asked = createAskedDays(Date.now());
  onSupervisorMessage((message) => {
    if (message.type === 'askedDays')
      sendToSupervisor({ type: 'askedDays', id: message.id, asked: asked.read() });
  });
  return asked.count;
}
