// The feed at /rpde/events, from its variables.

import type { Settings } from '#/variables.ts';

export interface RpdeConfig {
  /** Without a slash at its end; null: what each request was sent to. */
  readonly publicUrl: string | null;
  readonly license: string | null;
}

export const rpdeOf = ({ PUBLIC_URL, RPDE_LICENSE }: Settings): RpdeConfig => ({
  publicUrl: PUBLIC_URL?.replace(/\/+$/, '') ?? null,
  license: RPDE_LICENSE ?? null,
});
