// Providers whose feeds change while they are read, are truncated, or fail.

import { FeedFault } from '#/provider/fault.ts';
import type { Feed, NotModified, Validators } from '#/provider/http/fetch.ts';
import type { Provider } from '#/provider/provider.ts';
import { base, feed, plan, zones, type FeedBase } from '../_support/feeds.ts';
import { limits } from '../_support/limits.ts';
import type { Random } from '../_support/random.ts';
import type { Life } from './_world.ts';

export interface Theatre {
  readonly provider: Provider;
  /** The current content of its feed. */
  readonly bases: readonly FeedBase[];
  /** Makes a random change. */
  live(): void;
  /** Does not answer until this time, in milliseconds since the start. */
  close(untilMs: number): void;
  fetch(life: Life, validators: Validators): Promise<Feed | NotModified>;
}

const basesMax = 6;

export function createTheatre(name: string, random: Random): Theatre {
  let bases: FeedBase[] = [];
  let changes = 0;
  let closedUntil = 0;

  function randomBase(id: string): FeedBase {
    const plans = Array.from({ length: random.int(1, 2) }, (_, i) => {
      const day = `2026-0${random.int(1, 3)}-1${random.int(0, 9)}`;
      return plan({
        id: `${i}`,
        start: `${day}T20:00:00`,
        end: `${day}T22:00:00`,
        zones: zones(`${random.int(1, 99)}.50`),
      });
    });
    const sellMode = random.chance(0.8) ? 'online' : 'offline';
    return base({ id, title: `${name} ${id} as of ${++changes}`, sellMode, plans });
  }

  function live(): void {
    const id = `${random.int(1, basesMax)}`;
    const others = bases.filter((one) => one.id !== id);
    bases = random.chance(0.25) ? others : [...others, randomBase(id)];
  }

  for (let i = 0; i < basesMax; i++) live();

  async function* chunks(life: Life, text: string): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(text);
    const pieces = random.int(1, 3);
    for (let i = 0; i < pieces; i++) {
      await life.at('network').catch(() => {
        throw new FeedFault('connection_lost', 'The connection broke.');
      });
      yield bytes.subarray((bytes.length * i) / pieces, (bytes.length * (i + 1)) / pieces);
    }
  }

  return {
    provider: {
      name,
      url: `http://${name}.example/feed`,
      headers: {},
      redirectHosts: [],
      format: 'plan-list-xml',
      timeZone: 'UTC',
      priceZones: 'all',
      strict: false,
      pollSeconds: 2,
      pollSecondsMax: 8,
      limits,
      gate: { withdrawShareMax: 0.9, growthFactorMax: 100 },
    },
    get bases() {
      return bases;
    },
    live,
    close: (untilMs) => void (closedUntil = untilMs),
    async fetch(life, { etag }) {
      if (life.clock.elapsed() < closedUntil) throw new FeedFault('unreachable', 'Nobody answers.');
      await life.at('fetch').catch(() => {
        throw new FeedFault('unreachable', 'Nobody answers.');
      });
      const said = `"${changes}-${bases.map(({ id }) => id).join('-')}"`;
      if (etag === said) return { notModified: true, freshForMs: null };
      const validators = { etag: random.chance(0.7) ? said : null, lastModified: null };
      return {
        chunks: chunks(life, feed(bases)),
        contentType: 'application/xml',
        validators,
        freshForMs: null,
      };
    },
  };
}
