// The log lines that wait to be sent, in the order of their arrival. It is bounded: lines that arrive while it is full are dropped
// and counted.

export interface LineQueue {
  add(line: string): void;
  /** Removes and returns the oldest lines. */
  take(): readonly string[];
  readonly length: number;
}

const linesMax = 4096;
const charactersMax = 4_000_000;
const takenMax = 512;

/** `dropped` is called for each line that is dropped. */
export function createLineQueue(dropped: () => void): LineQueue {
  const waiting: string[] = [];
  let characters = 0;
  return {
    add(line) {
      if (waiting.length >= linesMax || characters + line.length > charactersMax) return dropped();
      waiting.push(line);
      characters += line.length;
    },
    take() {
      const taken = waiting.splice(0, takenMax);
      for (const { length } of taken) characters -= length;
      return taken;
    },
    get length() {
      return waiting.length;
    },
  };
}
