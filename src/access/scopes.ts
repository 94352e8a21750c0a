// What a credential may allow. Each operation of the public port names one of these, or none.

export const scopes = ['search:read', 'events:read', 'changes:read', 'admin'] as const;

export type Scope = (typeof scopes)[number];

export const isScope = (name: string): name is Scope => (scopes as readonly string[]).includes(name);
