// Loaded before a child's own module: signals and messages are handled while the other modules still load.

import { isMainThread } from 'node:worker_threads';
import { handleSupervisorStop } from './lifetime.ts';

if (isMainThread) handleSupervisorStop();
