// Buffers are reused for the next answer. A client that reads slowly must not get bytes of another answer.

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { search } from '#/search/search.ts';
import { answer } from '#/search/answer.ts';
import { parseAnyQuery } from '#/domain/query.ts';
import type { Range } from '#/domain/range.ts';
import { apiFor } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { seededFor } from '../_support/random.ts';

const january = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 0, 31) };

test('answers that wait for slow readers keep their own bytes, while others are answered', async (t) => {
  const random = seededFor(t);
  const view = viewOf(randomEvents(random, { events: 6000, ...january, longShare: 0.1 }), 500);
  const api = await apiFor(t, () => view);
  const queries = Array.from({ length: 400 }, () => {
    const [from, to] = [random.int(1, 25), random.int(0, 5)];
    const hour = String(random.int(0, 23)).padStart(2, '0');
    const days = [from, from + to].map((day) => String(day).padStart(2, '0'));
    return `starts_at=2021-01-${days[0]}T${hour}:00:00Z&ends_at=2021-01-${days[1]}T23:30:00Z`;
  });
  const wanted = (query: string): string =>
    Buffer.concat(answer(search(view, parseAnyQuery(query) as Range)).parts).toString('latin1');
  const port = Number(new URL(api.url).port);

  // Each sends all its requests at once, and reads nothing for a while.
  const readers = await Promise.all(
    Array.from({ length: 6 }, async (_, reader) => {
      const own = queries.filter((_query, i) => i % 6 === reader);
      const socket = connect(port, '127.0.0.1');
      t.teardown(() => socket.destroy());
      socket.write(own.map((query) => `GET /search?${query} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
      socket.pause();
      await sleep(100);
      return { own, socket };
    }),
  );
  for (const query of queries.slice(0, 60)) {
    const seen = Buffer.from(await (await api.get(`/search?${query}`)).arrayBuffer()).toString('latin1');
    if (seen !== wanted(query)) t.fail(query);
  }
  for (const { own, socket } of readers) {
    const bodies = own.map(wanted);
    const all = bodies.reduce((sum, { length }) => sum + length, 0);
    let stream = '';
    for await (const chunk of socket) {
      stream += (chunk as Buffer).toString('latin1');
      if (
        stream.length > all &&
        stream.endsWith('"error":null}') &&
        stream.split('HTTP/1.1 200 OK').length > own.length
      )
        break;
    }
    const seen = stream.split(/HTTP\/1\.1 200 OK\r\n[^{]*?\r\n\r\n/).slice(1);
    t.is(seen.length, bodies.length);
    seen.forEach((body, i) => {
      if (body !== bodies[i]) t.fail(`answer ${i} holds other bytes`);
    });
  }
});
