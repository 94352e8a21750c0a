// Publishes whenever the archive has something new, and repairs the store when it has lost or damaged something.
//
//   something new ──▶ publish ──published──▶ announce, pause
//        ▲               │ failed: back off
//        └── watchStore: the store lost its version, or a worker refused a segment

import { backoffMs } from '#/kit/backoff.ts';
import { createLatestValue } from '#/kit/latest-value.ts';
import type { Clock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Cause, ChildMessage, HeldPublish } from '#/actor/messages.ts';
import type { Trouble } from '#/actor/trouble.ts';
import type { Log } from '#/telemetry/log.ts';
import type { Tracing } from '#/telemetry/tracing.ts';
import type { IngestMeters } from '#/ingest/metrics.ts';
import { tracedAnnounce, tracedPublish } from '#/ingest/tracing.ts';
import { messageOfHeld } from './archive-verification.ts';
import { createPublishCauses } from './publish-causes.ts';
import { createPublisher, type PublisherDeps, type PublishOutcome } from './publisher.ts';
import { createVerificationRequests } from './verification-requests.ts';

export interface PublishingDeps extends Omit<PublisherDeps, 'announce' | 'now'> {
  readonly log: Log;
  readonly clock: Clock;
  /** To the supervisor. */
  readonly say: (message: ChildMessage) => void;
  readonly trouble: Trouble;
  readonly meters: Pick<IngestMeters, 'published' | 'publishHeld'>;
  readonly tracing: Tracing;
}

export interface Publishing {
  /** There is something new in the archive; `cause` is the feed run that it came from, null when that is not known. */
  changed(cause: Cause | null): void;
  /** A batch of a run that continues was committed: published when the last publish is long enough ago. */
  absorbed(): void;
  /** Lets the held publish through; null when none is held. */
  approve(): HeldPublish | null;
  /** Resolves when `stop` was called and the last publish has ended. */
  readonly done: Promise<unknown>;
}

/** During a long run, what it has absorbed so far is published this often, */
const publishEveryMs = 5000;
/** and so seldom that publishing takes no more than a fifth of the time, however much has changed. */
const restPerPublish = 4;
/** How often the store is asked whether it still has what was published, and whether a worker refuses it. */
const watchEveryMs = 2000;
const retry = { baseMs: 500, maxMs: 2000 };

/** Begins with a publish: what the last leader absorbed may not be published yet. */
export function startPublishing(deps: PublishingDeps, stop: AbortSignal): Publishing {
  const { store, log, clock, say, trouble, meters, tracing } = deps;
  const news = createLatestValue<'news'>();
  stop.addEventListener('abort', () => news.close());
  const causes = createPublishCauses();
  const verificationRequests = createVerificationRequests(store, clock.elapsed);
  const announce = (version: number): void =>
    tracedAnnounce(causes.taken, tracing, (cause) => say({ type: 'announce', version, cause }));
  const publisher = createPublisher({ ...deps, announce, now: clock.now });
  let restsUntil = 0;

  function published(outcome: PublishOutcome, tookMs: number): void {
    const { look, mended } = outcome;
    causes.done();
    meters.published(outcome, tookMs / 1000);
    restsUntil = clock.elapsed() + Math.max(publishEveryMs, restPerPublish * tookMs);
    if (look === 'bytes') verificationRequests.answer(mended);
    if (mended > 0) {
      log.warn({ mended }, `repaired the store: ${mended} segments were missing or damaged`);
      say({ type: 'mended', segments: mended });
    }
    if (outcome.kind !== 'published') return;
    const { version, events, built, reused } = outcome;
    // The run that it came from has its own line.
    log.info(
      { ...outcome, detail: true },
      `published version ${version}: ${events} events, ${built} segments built, ${reused} kept`,
    );
  }

  function reportHeld(held: HeldPublish | null): void {
    meters.publishHeld(held?.missing ?? 0);
    trouble.tell('held', held === null ? null : messageOfHeld(held));
    if (held !== null) log.error(held, messageOfHeld(held));
  }

  async function publishNews(): Promise<void> {
    let failures = 0;
    while ((await news.take()) !== undefined) {
      const begunAt = clock.elapsed();
      causes.take();
      try {
        const outcome = await tracedPublish(publisher, causes.taken, tracing);
        failures = 0;
        trouble.tell('publish', null);
        reportHeld(outcome.kind === 'held' ? outcome.held : null);
        published(outcome, clock.elapsed() - begunAt);
      } catch (error) {
        failures++;
        meters.published(null, (clock.elapsed() - begunAt) / 1000);
        publisher.distrust('presence');
        trouble.tell('publish', messageOf(error));
        log.error({ err: error }, `could not publish: ${messageOf(error)}`);
        await clock.sleep(backoffMs(failures, retry, clock.random), stop);
        news.put('news');
      }
    }
    // The next leader finds out for itself.
    reportHeld(null);
  }

  /** A store may lose everything, come back from an old copy, or be damaged: then it is filled from the archive. */
  async function watchStore(): Promise<void> {
    while (!stop.aborted) {
      await clock.sleep(watchEveryMs * (0.75 + clock.random() / 2), stop);
      if (publisher.version === null) continue;
      const seen = await store.currentVersion().catch(() => publisher.version);
      const gone = publisher.version !== null && seen !== publisher.version;
      const requested = await verificationRequests.hear();
      if (stop.aborted || (!gone && !requested)) continue;
      publisher.distrust(requested ? 'bytes' : 'presence');
      news.put('news');
    }
  }

  news.put('news');
  return {
    changed(cause) {
      if (cause !== null) causes.add(cause);
      news.put('news');
    },
    absorbed() {
      if (clock.elapsed() <= restsUntil) return;
      // Until that is published, and it is known how long it took.
      restsUntil = Infinity;
      news.put('news');
    },
    approve() {
      const approved = publisher.approve();
      if (approved === null) return null;
      log.warn(approved, `the loss of ${approved.missing} published events is approved`);
      news.put('news');
      return approved;
    },
    done: Promise.all([publishNews(), watchStore()]),
  };
}
