/** A feed that could not be had or read to its end. The code is stable (`http_status`, `timed_out`, …). */
export class FeedFault extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FeedFault';
    this.code = code;
  }
}
