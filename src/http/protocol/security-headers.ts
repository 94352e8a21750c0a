// The headers that restrict what a browser may do with an answer. JSON has one of them, since each costs bytes in every answer;
// pages and their files have all.

import helmet from 'helmet';

/** A browser must not read an answer as another type than the one it names. */
export const [typed, asNamed] = ['X-Content-Type-Options', 'nosniff'] as const;
/** The same for headers as an object. */
export const typedHeader = { [typed]: asNamed };

export interface PageHeaderOptions {
  /** The hashes of what the text of the page has as `<style>`, as `'sha256-…'`. */
  readonly styles?: readonly string[];
  /** For a page whose window pages of other origins must not reach: a browser may then start another process for it. */
  readonly isIsolated?: boolean;
}

/**
 * For a page and its files: scripts, styles and requests of this origin only, no inline script, no frame around it. Swagger UI
 * has images in its style sheet, as `data:`. Headers that current browsers ignore are left out.
 */
export const pageHeaders = pageHeadersWith({});

export function pageHeadersWith({ styles = [], isIsolated = false }: PageHeaderOptions) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'", ...styles],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    crossOriginOpenerPolicy: isIsolated,
    // Only over TLS, where the server adds it.
    strictTransportSecurity: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xFrameOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
}
