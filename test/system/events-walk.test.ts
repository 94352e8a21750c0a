// A client walks through the pages of /events, on both workers, while the feed changes all the time; and asks for single events.

import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Client } from 'undici';
import { startSimulator } from '../../load/simulator/server.ts';
import { base, feed, plan } from '../_support/feeds.ts';
import { directoryFor, startSystem, until } from './_system.ts';

const bases = 300;
const changeEveryMs = 100;

interface Page {
  readonly data: {
    readonly events: readonly { id: string; title: string }[];
    readonly next_cursor: string | null;
  };
}

/** Every title names the revision. */
const feedOf = (revision: number): string =>
  feed(
    Array.from({ length: bases }, (_, i) => {
      const month = String(1 + (i % 12)).padStart(2, '0');
      const day = String(1 + (i % 28)).padStart(2, '0');
      const plans = [plan({ start: `2031-${month}-${day}T20:00:00`, end: `2031-${month}-${day}T21:00:00` })];
      return base({ id: String(i), title: `Night ${i % 7} of revision ${revision}`, plans });
    }),
  );

test('a walk gives each event of its version exactly once, from two workers, while the feed changes', async (t) => {
  const directory = await directoryFor(t);
  const simulator = await startSimulator({ port: 0 });
  t.teardown(() => simulator.close().catch(() => undefined));
  let revision = 0;
  const change = (): void => simulator.setRaw('feed', feedOf(++revision));
  change();
  const system = await startSystem(t, {
    DATA_DIR: join(directory, 'data'),
    PROVIDER_URL: `${simulator.url}/raw/feed?etag=0`,
    POLL_SECONDS: '0.5',
    API_WORKERS: '2',
    INGEST_THREADS: '1',
  });
  await until('every worker serves all events', async () => {
    const { events, workers, version } = await system.status();
    return events === bases && workers.every((worker) => worker.version === version);
  });
  const clients = await clientsOfBoth(t, system.url);
  const changing = setInterval(change, changeEveryMs);
  t.teardown(() => clearInterval(changing));
  const versions = new Set<string>();
  const seen = new Set<string>();
  for (const query of ['', 'sort_by=title&', 'sort_by=end&sort_dir=desc&']) {
    const [ids, revisions, workers] = [new Map<string, number>(), new Set<string>(), new Set<string>()];
    let path: string | null = `/events?${query}limit=25`;
    for (let pages = 0; path !== null; pages++) {
      const { status, worker, text } = await ask(clients[pages % clients.length]!, path);
      t.is(status, 200, text);
      workers.add(worker);
      const { data } = JSON.parse(text) as Page;
      for (const { id, title } of data.events) {
        ids.set(id, (ids.get(id) ?? 0) + 1);
        seen.add(id);
        revisions.add(title.split(' ').at(-1)!);
      }
      path = data.next_cursor === null ? null : `/events?${query}limit=25&cursor=${data.next_cursor}`;
      await new Promise((resolve) => setTimeout(resolve, changeEveryMs));
    }
    t.is(ids.size, bases, query);
    t.true(
      [...ids.values()].every((times) => times === 1),
      query,
    );
    t.is(revisions.size, 1, `${query}: the events are of one version`);
    t.is(workers.size, 2, `${query}: both workers answered`);
    for (const one of revisions) versions.add(one);
  }
  t.true(versions.size > 1, 'the feed changed between the walks');

  // Each event says what its version says, with its zones; and its history has each revision that was absorbed.
  const ids = [...seen].slice(0, 20);
  for (const id of ids) {
    const event = await single(`${system.url}/events/${id}`);
    t.like(event.data.event, { id, last_seen_at: null });
    t.is(event.data.event.zones.length, 3);
    const history = await single(`${system.url}/events/${id}/history`);
    t.true(history.data.changes.length > 1);
    const [{ at, after } = { at: '', after: {} }] = history.data.changes;
    const then = await single(`${system.url}/events/${id}?as_of=${at}`);
    t.is(then.data.event.title, after.title ?? '');
  }
});

/** A connection to each of the two workers. An idle worker accepts most of them: eight at a time reach the other one too. */
async function clientsOfBoth(t: ExecutionContext, url: string): Promise<Client[]> {
  const found = new Map<string, Client>();
  t.teardown(() => Promise.all(Array.from(found.values(), (client) => client.close())));
  await until('a connection reaches each worker', async () => {
    const clients = Array.from({ length: 8 }, () => new Client(url));
    const answers = await Promise.all(clients.map((client) => ask(client, '/events?limit=1')));
    for (const [i, client] of clients.entries()) {
      const worker = answers[i]?.worker ?? '';
      if (found.has(worker)) await client.close();
      else found.set(worker, client);
    }
    return found.size === 2;
  });
  return [...found.values()];
}

/** Ids that a worker gives to requests begin alike. */
async function ask(client: Client, path: string): Promise<{ status: number; worker: string; text: string }> {
  const { statusCode, headers, body } = await client.request({ path, method: 'GET' });
  const worker = String(headers['x-request-id']).slice(0, 6);
  return { status: statusCode, worker, text: await body.text() };
}

interface Single {
  readonly data: {
    readonly event: { readonly title: string; readonly zones: readonly object[] };
    readonly changes: readonly { readonly at: string; readonly after: { readonly title?: string } }[];
  };
}

async function single(url: string): Promise<Single> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Single;
}
