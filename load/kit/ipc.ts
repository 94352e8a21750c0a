// The child's side of IPC: messages to and from the benchmark that started it, and an exit with it.

import type { Message } from './child.ts';

export function sendToParent(message: Message): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

export function onParentMessage(listener: (message: Message) => void): void {
  process.on('message', (message) => listener(message as Message));
}

/**
 * Exits when the parent sends SIGTERM or is gone. Ignores SIGINT: a terminal sends it to every process, and the parent
 * decides when a child ends. Call it first.
 */
export function exitWithParent(): void {
  process.on('SIGINT', () => undefined);
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
}
