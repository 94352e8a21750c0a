// API keys: 256 random bits with a prefix that scanners of leaked secrets can look for. A key of that length cannot be guessed, so
// one round of SHA-256 protects the file of hashes as well as a slow hash would, and costs a request a microsecond.

import { hash, randomBytes } from 'node:crypto';

export const keyPrefix = 'mqk_';

export const newKey = (): string => keyPrefix + randomBytes(32).toString('base64url');

/** 64 hex digits. */
export const hashOf = (secret: string): string => hash('sha256', secret);
