// Addresses on which only this host is reached.

/** `host`: an address or a name, as a server listens on it. */
export const isLoopback = (host: string): boolean => /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/i.test(host);
