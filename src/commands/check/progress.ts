// A progress bar for long checks, on a terminal only.

export interface Progress {
  /** `done`: bytes read so far. */
  readonly advance: (done: number) => void;
  /** Clears the bar. */
  readonly end: () => void;
}

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const barWidth = 30;
const drawEveryMs = 100;
const clearLine = '\r\u001b[K';

/** `total`: bytes of the feed; null when unknown: then only the bytes read so far are shown. */
export function createProgress(terminal: Terminal, total: number | null, now: () => number): Progress {
  if (terminal.isTTY !== true) return { advance: () => undefined, end: () => undefined };
  let drawnAt = -Infinity;
  return {
    advance(done) {
      if (now() - drawnAt < drawEveryMs) return;
      drawnAt = now();
      terminal.write(`${clearLine}${bar(done, total)}`);
    },
    end: () => void terminal.write(clearLine),
  };
}

function bar(done: number, total: number | null): string {
  const megabytes = `${(done / 1e6).toFixed(1)} MB`;
  if (total === null || total === 0) return megabytes;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * barWidth);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.round(share * 100)} %  ${megabytes}`;
}
