// The spans of a feed run: fetch, split, parse, absorb, withdraw; and of a publish: build, announce.

import type { Dispatcher } from 'undici';
import type { Archive } from '#/archive/archive.ts';
import { withoutSecrets } from '#/provider/http/credentials.ts';
import type { Tracing } from '#/telemetry/tracing.ts';
import type { FeedRun, FeedRunDeps } from './feeds/feed-run.ts';
import type { Cause } from './publishing/publish-causes.ts';
import type { Publisher, PublishOutcome } from './publishing/publisher.ts';

type Fetch = FeedRunDeps['fetch'];

/** The span `fetch` ends with the response headers; the body is read during the span `split`. */
export const tracedFetch =
  (fetch: Fetch, tracing: Tracing): Fetch =>
  async (...args) => {
    const attributes = { 'url.full': withoutSecrets(args[0].url) };
    const feed = await tracing.inSpan('fetch', { attributes }, async (span) => {
      const fetched = await fetch(...args);
      span.set({ 'marquee.feed.not_modified': 'notModified' in fetched });
      return fetched;
    });
    return 'notModified' in feed ? feed : { ...feed, chunks: tracing.stream('split', feed.chunks) };
  };

export const tracedTask =
  <Task, Result>(name: string, run: (task: Task) => Promise<Result>, tracing: Tracing) =>
  (task: Task): Promise<Result> =>
    tracing.inSpan(name, {}, () => run(task));

/** Passes all arguments on, whatever they are: one that is named here and added there would be lost. */
export const tracedArchive = (archive: Archive, tracing: Tracing): Archive => ({
  ...archive,
  absorb: (...args) =>
    tracing.inSpan('absorb', { attributes: { 'marquee.records': args[1].length } }, () =>
      archive.absorb(...args),
    ),
  withdrawUnseen: (...args) => tracing.inSpan('withdraw', {}, () => archive.withdrawUnseen(...args)),
});

/** A run is the root span of a new trace; `run` receives its trace context. */
export const tracedRun = (
  provider: string,
  tracing: Tracing,
  run: (traceparent: string | null) => Promise<FeedRun>,
): Promise<FeedRun> =>
  tracing.inSpan('run', { parent: 'new', attributes: { 'marquee.provider': provider } }, async (span) => {
    const ended = await run(span.traceparent);
    const { id, outcome, code, message, counts } = ended.row;
    const counted = Object.entries(counts).map(([name, count]) => [`marquee.run.${name}`, count]);
    span.set({ 'marquee.run.id': id, 'marquee.run.outcome': outcome ?? '', ...Object.fromEntries(counted) });
    if (outcome === 'failed' || outcome === 'incomplete') span.fail(`${code}: ${message}`);
    return ended;
  });

/** A publish continues the trace of the run that caused it; without such a run it is not traced. */
export const tracedPublish = (
  publisher: Publisher,
  isInterim: boolean,
  cause: Cause | null,
  tracing: Tracing,
): Promise<PublishOutcome> =>
  tracing.inSpan('publish', { parent: cause ?? { traceparent: null } }, async (span) => {
    const outcome = await publisher.publish(isInterim, cause?.polledAt ?? null);
    span.set({ 'marquee.version': outcome.version, 'marquee.publish.outcome': outcome.kind });
    return outcome;
  });

/** API workers continue the trace from the announcement. */
export function tracedAnnounce(
  cause: Cause | null,
  tracing: Tracing,
  sendToSupervisor: (traceparent: string | null) => void,
): void {
  void tracing.inSpan('announce', {}, ({ traceparent }) => {
    sendToSupervisor(cause === null ? null : traceparent);
    return Promise.resolve();
  });
}

/** Adds the W3C trace context to requests to providers. */
export const withTraceparent =
  (tracing: Tracing): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) => {
    const traceparent = tracing.traceparent();
    if (traceparent === null) return dispatch(options, handler);
    return dispatch({ ...options, headers: { ...(options.headers as object), traceparent } }, handler);
  };
