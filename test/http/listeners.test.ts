// The live form of /changes: real sockets, and a catalogue that is replaced in this process.

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { createAuthenticator } from '#/access/authenticator.ts';
import { hashOf, newKey } from '#/access/key.ts';
import type { Scope } from '#/access/scopes.ts';
import { createEditions } from '#/api/editions.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { withGuard } from '#/http/access/guard.ts';
import { createStanding } from '#/http/access/standing.ts';
import { createView, type View } from '#/search/view.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import { apiFor, type ApiClient, type ApiOptions } from '../_support/api.ts';
import { buildAll, randomEvents } from '../_support/catalogue.ts';
import { faultsOf } from '../_support/contract.ts';
import { jsonOf } from '../_support/event-truths.ts';
import { randomOf, seededFor } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const accept = 'text/event-stream';

const viewAt = (version: number, all: readonly DetailedEvent[]): View =>
  createView(
    version,
    new Map(buildAll(all, 200).map(({ entry, bytes }) => [entry.hash, decodeSegment(bytes)])),
  );

interface Worker extends ApiClient {
  serve(version: number, events: readonly DetailedEvent[]): void;
}

async function workerFor(
  t: ExecutionContext,
  events: readonly DetailedEvent[],
  options: ApiOptions = {},
): Promise<Worker> {
  let view = viewAt(1, events);
  const gone = () => Promise.reject(new Error('It is not there.'));
  const editions = createEditions({
    store: { retrieveManifest: gone, retrieveSegment: gone, trouble: null },
    now: () => 0,
  });
  editions.swapped(view);
  const api = await apiFor(t, () => view, { kept: editions, ...options });
  return {
    ...api,
    serve(version, all) {
      view = viewAt(version, all);
      editions.swapped(view);
      api.listeners.swapped();
    },
  };
}

interface Message {
  readonly id: string | null;
  readonly event: string;
  readonly data: {
    changes: { change: string; id: string; event: object | null }[];
    token: string;
    has_more: boolean;
  };
}

interface Listening {
  readonly response: IncomingMessage;
  /** What was received as text. */
  readonly text: () => string;
  /** As a browser reads them. A message without data is not one, and its id counts. */
  messages(): readonly Message[];
  lastId(): string;
  readonly ended: Promise<unknown>;
  close(): void;
}

async function listenTo(
  t: ExecutionContext,
  { url }: { readonly url: string },
  path = '/changes',
  headers: Record<string, string> = {},
): Promise<Listening> {
  const request = get(`${url}${path}`, { headers: { accept, ...headers }, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  t.teardown(() => request.destroy());
  const raw: string[] = [];
  const messages: Message[] = [];
  let [rest, lastId] = ['', ''];
  const read = (block: string): void => {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    lastId = fields.get('id') ?? lastId;
    const data = fields.get('data');
    if (data === undefined) return;
    messages.push({
      id: fields.get('id') ?? null,
      event: fields.get('event') ?? 'message',
      data: JSON.parse(data) as Message['data'],
    });
  };
  response.setEncoding('utf8').on('data', (more: string) => {
    raw.push(more);
    // Long lines arrive in many parts.
    if (!more.includes('\n')) {
      rest += more;
      return;
    }
    const blocks = (rest + more).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) read(block);
  });
  response.on('error', () => undefined);
  return {
    response,
    text: () => raw.join(''),
    messages: () => messages,
    lastId: () => lastId,
    ended: new Promise((resolve) => response.once('close', resolve)),
    close: () => request.destroy(),
  };
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 30_000) throw new Error(`Waited in vain until ${what}.`);
    await sleep(10);
  }
}

const first = randomEvents(randomOf(5), { events: 600, ...year });
const renamed = (events: readonly DetailedEvent[], mark: string, every = 50): DetailedEvent[] =>
  events.map((event, i) => (i % every === 0 ? { ...event, title: mark } : event));

test('listeners that are cut off at random and connect again have the catalogue at the end', async (t) => {
  const random = seededFor(t);
  const worker = await workerFor(t, first);
  const everything = randomEvents(random, { events: 900, ...year });
  const copies = await Promise.all(
    Array.from({ length: 4 }, async (_, i) => {
      const path = i === 3 ? '/changes?provider=fever' : '/changes';
      const from = await listenTo(t, worker, path);
      return { path, provider: i === 3 ? 'fever' : null, listening: from, copy: new Map<string, string>() };
    }),
  );
  for (const { copy, provider } of copies)
    for (const event of first)
      if (provider === null || event.provider === provider) copy.set(event.id, jsonOf(event));
  let current = first;
  const apply = (one: (typeof copies)[number]): string => {
    for (const { data } of one.listening.messages())
      for (const { id, event } of data.changes) {
        if (event === null) one.copy.delete(id);
        else one.copy.set(id, JSON.stringify(event));
      }
    return one.listening.lastId();
  };
  for (let version = 2; version < 14; version++) {
    current = random
      .shuffled([
        ...renamed(current, `Version ${version}`, random.int(3, 90)),
        ...(version % 3 === 0 ? everything.slice(version * 40, version * 40 + 40) : []),
      ])
      .slice(0, 700);
    worker.serve(version, current);
    await sleep(random.int(0, 40));
    for (const one of copies) {
      if (!random.chance(0.5)) continue;
      // Whatever arrived is applied; the rest of a message that was cut in the middle is lost.
      one.listening.close();
      const lastId = apply(one);
      one.listening = await listenTo(t, worker, one.path, { 'last-event-id': lastId });
      t.is(one.listening.response.statusCode, 200);
    }
  }
  const page = await worker.get('/changes?since=now');
  const { token } = ((await page.json()) as { data: { token: string } }).data;
  await until(
    () => copies.every(({ listening, provider }) => provider !== null || listening.lastId() === token),
    'all are at the last version',
  );
  await sleep(100);
  for (const one of copies) {
    apply(one);
    t.deepEqual(
      [...one.copy].toSorted(),
      current
        .filter(({ provider }) => one.provider === null || provider === one.provider)
        .map((event): [string, string] => [event.id, jsonOf(event)])
        .toSorted(),
    );
  }
});

test('an answer has the headers of the contract, and begins with a token', async (t) => {
  const worker = await workerFor(t, first);
  const { response, lastId, text } = await listenTo(t, worker);
  const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  t.deepEqual(faultsOf({ method: 'GET', path: '/changes', status: 200, headers, body: null }), []);
  t.is(response.headers['content-type'], 'text/event-stream');
  t.is(response.headers['cache-control'], 'no-store');
  t.is(response.headers['content-encoding'], undefined);
  await until(() => lastId() !== '', 'the first token arrives');
  t.regex(text(), /^retry: \d+\n\nid: [\w-]{128}\n\n$/);
  const head = await worker.get('/changes', { method: 'HEAD', headers: { accept } });
  t.is(head.status, 200);
  t.is(worker.listeners.count, 1);
});

test('a web page of an origin that is allowed may listen, and continue by its last id', async (t) => {
  const worker = await workerFor(t, first, { cors: ['https://shop.example'] });
  const origin = 'https://shop.example';
  const { response } = await listenTo(t, worker, '/changes', { origin });
  t.is(response.headers['access-control-allow-origin'], origin);
  t.regex(String(response.headers.vary), /Origin/);
  const other = await listenTo(t, worker, '/changes', { origin: 'https://other.example' });
  t.is(other.response.headers['access-control-allow-origin'], undefined);
  const preflight = await worker.get('/changes', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'last-event-id',
    },
  });
  t.is(preflight.status, 204);
  t.regex(String(preflight.headers.get('access-control-allow-headers')), /Last-Event-ID/);
});

test('a token leads to all changes since, in several messages; an id without changes moves on silently', async (t) => {
  const worker = await workerFor(t, first);
  const page = await worker.get('/changes?limit=10');
  const { token } = ((await page.json()) as { data: { token: string } }).data;
  const { messages } = await listenTo(t, worker, `/changes?since=${token}`);
  await until(() => messages().at(-1)?.data.has_more === false, 'all changes arrive');
  const changes = messages().flatMap(({ data }) => data.changes);
  t.is(changes.length, first.length - 10);
  t.is(new Set(changes.map(({ id }) => id)).size, changes.length);
  t.true(messages().length > 3);
  t.true(messages().every(({ id, data }) => id === data.token));

  const other = await listenTo(t, worker, '/changes?provider=nobody');
  await until(() => other.lastId() !== '', 'the first token arrives');
  const before = other.lastId();
  worker.serve(2, renamed(first, 'x'));
  await until(() => other.lastId() !== before, 'the token changes');
  t.deepEqual(other.messages(), []);
});

test('comments keep an idle connection open', async (t) => {
  const worker = await workerFor(t, first, { beatMs: 30 });
  const { text } = await listenTo(t, worker);
  await t.notThrowsAsync(until(() => text().includes('\n\n:\n\n:\n\n'), 'two comments arrive'));
});

test('what cannot be listened to is refused before the stream begins', async (t) => {
  const worker = await workerFor(t, first, { listenersMax: 1 });
  for (const [path, lastId, status, code] of [
    ['/changes?limit=5', '', 400, 'paging_mixed'],
    ['/changes?since=x', '', 400, 'token_invalid'],
    ['/changes?since=now', 'x', 400, 'token_invalid'],
    ['/changes?page=1', '', 400, 'parameter_unknown'],
  ] as const) {
    const answer = await worker.get(path, { headers: { accept, 'last-event-id': lastId } });
    t.is(answer.status, status, path);
    t.like(await answer.json(), { data: null, error: { code } }, path);
  }
  const elsewhere = await workerFor(t, first.slice(1));
  const { lastId } = await listenTo(t, elsewhere);
  await until(() => lastId() !== '', 'the first token arrives');
  const gone = await worker.get('/changes', { headers: { accept, 'last-event-id': lastId() } });
  t.is(gone.status, 410);
  t.like(await gone.json(), { error: { code: 'resync_required' } });

  const only = await listenTo(t, worker);
  const crowded = await worker.get('/changes', { headers: { accept } });
  t.is(crowded.status, 503);
  t.truthy(crowded.headers.get('retry-after'));
  t.like(await crowded.json(), { error: { code: 'too_many_listeners' } });
  only.close();
  await until(() => worker.listeners.count === 0, 'the listener has gone');
  t.is((await listenTo(t, worker)).response.statusCode, 200);
});

const long = 'x'.repeat(8000);

// Alone: a slow machine must not make the slow client too slow.
test.serial(
  'a client that reads nothing is cut off, a slow one skips to the newest version, and others wait for neither',
  async (t) => {
    const large = first.slice(0, 400);
    // The time that a client may take passes at once, not as fast as this machine is.
    let clock = 0;
    const worker = await workerFor(t, large, { beatMs: 300, now: () => clock });
    const [fast, slow, still] = [
      await listenTo(t, worker),
      await listenTo(t, worker),
      await listenTo(t, worker),
    ];
    for (const one of [fast, slow, still]) await until(() => one.lastId() !== '', 'the first token arrives');
    still.response.pause();
    for (let version = 2; version < 12; version++) {
      slow.response.pause();
      worker.serve(version, renamed(large, `${long} ${version}`, 1));
      await until(
        () => fast.messages().filter(({ data }) => !data.has_more).length === version - 1,
        `version ${version}`,
      );
      slow.response.resume();
    }
    await until(() => slow.lastId() === fast.lastId(), 'the slow one has the newest version');
    t.is(worker.listeners.cutOff, 0);
    clock = 60_000;
    await until(() => worker.listeners.cutOff === 1, 'the client that reads nothing is cut off');
    await until(() => worker.listeners.count === 2, 'only that one has gone');
    const copy = new Map(
      slow.messages().flatMap(({ data }) => data.changes.map(({ id, event }) => [id, event])),
    );
    t.true([...copy.values()].every((event) => (event as { title: string }).title === `${long} 11`));
    t.is(copy.size, large.length);
  },
);

test('at a stop, listeners are asked to connect again, and one that reads nothing is not waited for', async (t) => {
  const large = first.slice(0, 400);
  // Nothing but the client's reading makes it go on.
  const worker = await workerFor(t, large, { beatMs: 600_000 });
  const [open, still] = [await listenTo(t, worker), await listenTo(t, worker)];
  await until(() => open.lastId() !== '' && still.lastId() !== '', 'both listen');
  still.response.pause();
  for (let version = 2; version < 6; version++) {
    worker.serve(version, renamed(large, `${long} ${version}`, 1));
    await until(
      () => open.messages().filter(({ data }) => !data.has_more).length === version - 1,
      `version ${version}`,
    );
  }
  worker.listeners.stop();
  await open.ended;
  t.regex(open.text(), /\n\nretry: \d+\n\n$/);
  await until(() => worker.listeners.count === 0, 'no listener is left');
  t.is((await worker.get('/changes', { headers: { accept } })).status, 503);
  t.is((await worker.get('/changes')).status, 200);
});

test('a listener whose versions have gone while it did not read must begin again', async (t) => {
  let view = viewAt(1, first);
  const api = await apiFor(t, () => view);
  const one = await listenTo(t, api);
  await until(() => one.lastId() !== '', 'the first token arrives');
  view = viewAt(2, renamed(first, 'x'));
  api.listeners.swapped();
  await one.ended;
  t.deepEqual(
    one.messages().map(({ event, id }) => [event, id]),
    [['resync_required', null]],
  );
});

test('a stream ends with its credential: at its expiry, and when the rules no longer have it or its scope', async (t) => {
  const secrets = { kept: newKey(), short: newKey(), leaked: newKey(), narrowed: newKey() };
  let clock = 1_000_000;
  const rules = (names: readonly (keyof typeof secrets)[], scopes: readonly Scope[] = ['changes:read']) => ({
    issuer: null,
    adminTokenHash: null,
    keys: names.map((name) => ({
      name,
      hash: hashOf(secrets[name]),
      scopes: name === 'narrowed' ? scopes : (['changes:read'] as const),
      limit: null,
      expiresAt: name === 'short' ? clock + 60_000 : null,
    })),
  });
  const authenticator = createAuthenticator(
    rules(['kept', 'short', 'leaked', 'narrowed']),
    null,
    () => clock,
  );
  const standing = createStanding({ authenticator, now: () => clock });
  const worker = await workerFor(t, first, {
    standing,
    now: () => clock,
    beatMs: 600_000,
    guard: (listener) => withGuard({ authenticator, refused: () => undefined }, listener),
  });
  const listenAs = async (name: keyof typeof secrets): Promise<Listening> => {
    const listening = await listenTo(t, worker, '/changes', { 'x-api-key': secrets[name] });
    await until(() => listening.lastId() !== '', 'the first token arrives');
    return listening;
  };
  const [kept, short, leaked, narrowed, blocked] = [
    await listenAs('kept'),
    await listenAs('short'),
    await listenAs('leaked'),
    await listenAs('narrowed'),
    await listenAs('leaked'),
  ];
  const lastOf = (one: Listening): string => one.text().slice(one.text().lastIndexOf('event: '));
  const refused =
    'event: credential_invalid\ndata: {"code":"credential_invalid","message":"The credential of this stream is no longer valid."}\n\n';

  // 1. It expires
  clock += 59_000;
  await sleep(700);
  t.is(worker.listeners.count, 5);
  clock += 1000;
  await short.ended;
  t.is(lastOf(short), refused);
  // 2. It is revoked, also where the client reads nothing, or loses its scope
  blocked.response.pause();
  for (let version = 2; version < 5; version++) {
    worker.serve(version, renamed(first.slice(0, 400), `${long} ${version}`, 1));
    await until(
      () => kept.messages().filter(({ data }) => !data.has_more).length === version - 1,
      `version ${version}`,
    );
  }
  authenticator.use(rules(['kept', 'narrowed'], ['events:read']));
  standing.changed();
  await Promise.all([leaked.ended, narrowed.ended]);
  await until(() => worker.listeners.count === 1, 'only the valid one is left');
  t.is(lastOf(leaked), refused);
  t.is(lastOf(narrowed), refused);
  // 3. Others continue
  worker.serve(7, renamed(first, 'after it'));
  await until(
    () =>
      kept
        .messages()
        .at(-1)
        ?.data.changes.some(({ event }) => (event as { title?: string } | null)?.title === 'after it') ===
      true,
    'the valid one has the change',
  );
  t.is((await worker.get('/changes', { headers: { accept, 'x-api-key': secrets.leaked } })).status, 401);
});
