// What waits for the decision of an operator.

/** Withdrawals, or values of records, that wait for an operator's approval. */
export interface Held {
  readonly runId: number;
  readonly events: number;
  readonly reason: string;
}

export function joined(one: Held | null, other: Held | null): Held | null {
  if (one === null || other === null) return one ?? other;
  const reason = `${one.reason} ${other.reason}`;
  return { runId: other.runId, events: one.events + other.events, reason };
}
