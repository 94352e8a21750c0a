declare module 'write-good' {
  /** Each check is on unless it is false. */
  export default function writeGood(
    text: string,
    checks: Readonly<Record<string, boolean>>,
  ): readonly { readonly index: number; readonly offset: number; readonly reason: string }[];
}
