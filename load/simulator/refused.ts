/** What the simulator will not do, as its HTTP status and one sentence on what it saw and what it wanted. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refused';
    this.status = status;
  }
}
