// Loaded before a child's own module: a signal or a message that comes while the rest still loads finds somebody there.

import { isMainThread } from 'node:worker_threads';
import { obeySupervisor } from './lifetime.ts';

if (isMainThread) obeySupervisor();
