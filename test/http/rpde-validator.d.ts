declare module '@openactive/rpde-validator' {
  interface Finding {
    readonly rule: string;
    readonly type: string;
    readonly severity: 'failure' | 'warning' | 'notice' | 'suggestion';
    readonly message: string;
  }
  interface Log {
    readonly pages: readonly { readonly url: string; readonly errors: readonly Finding[] }[];
  }

  /** Follows the pages from `url`, then reads the last page in two more ways. Resolves also when a page cannot be read. */
  export function RpdeValidator(
    url: string,
    options: { readonly pageLimit: number; readonly logCallback: (line: { message: string }) => void },
  ): Promise<Log>;
}
