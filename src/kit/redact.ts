// Removes credentials that a client put into a URL by mistake, before the URL is logged or traced.

/** API keys by their prefix, and signed tokens by their form: a header and a body of JSON in base64url. */
const credentials = /mqk_[\w-]+|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g;

export const withoutCredentials = (url: string): string => url.replaceAll(credentials, '...');
