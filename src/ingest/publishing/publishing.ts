// Publishes whenever the archive has something new, and repairs the store when it has lost or damaged something.
//
//   something new ──▶ publish ──published──▶ announce, pause
//        ▲               │ failed: back off
//        └── watchStore: the store lost its version, or a worker refused a segment

import pLimit from 'p-limit';
import { backoffMs } from '#/kit/backoff.ts';
import { createLatestValue } from '#/kit/latest-value.ts';
import type { Clock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import { throttled } from '#/kit/throttled.ts';
import type { ChildMessage, HeldPublish } from '#/actor/messages.ts';
import type { Trouble } from '#/actor/trouble.ts';
import type { Log } from '#/telemetry/log.ts';
import type { Tracing } from '#/telemetry/tracing.ts';
import type { IngestMeters } from '#/ingest/metrics.ts';
import { tracedAnnounce, tracedPublish } from '#/ingest/tracing.ts';
import { messageOfHeld } from './archive-verification.ts';
import { createInterimVersions } from './interim-versions.ts';
import { createPublishCauses, type Cause } from './publish-causes.ts';
import { createPublishPace } from './publish-pace.ts';
import { createPublisher, type PublisherDeps, type PublishOutcome } from './publisher.ts';
import { createVerificationRequests } from './verification-requests.ts';

export interface PublishingDeps extends Omit<PublisherDeps, 'announce' | 'notPruned' | 'now'> {
  readonly log: Log;
  readonly clock: Clock;
  /** To the supervisor. */
  readonly sendToSupervisor: (message: ChildMessage) => void;
  readonly trouble: Trouble;
  readonly meters: Pick<IngestMeters, 'published' | 'publishHeld'>;
  readonly tracing: Tracing;
}

export interface Publishing {
  /**
   * The archive has changed; `cause` is the feed run that changed it, null when unknown. Resolves once that was published, or could not
   * be; perhaps never after `stop`.
   */
  changed(cause: Cause | null): Promise<void>;
  /** A run has ended that changed nothing: does what the archive has put off, once no publish is in progress. */
  maintain(): Promise<void>;
  /** A running feed run has committed a batch with so many changed events: see publish-pace.ts. */
  absorbed(events: number, cause: Cause, remainingMs: number | null): void;
  /** Approves the held publish; null when none is held. */
  approve(): HeldPublish | null;
  /** Resolves after `stop`, when the last publish has ended. */
  readonly done: Promise<unknown>;
}

/** How often the store is checked: whether it still has the published version, and whether a worker refused a segment. */
const watchEveryMs = 2000;
const retry = { baseMs: 500, maxMs: 2000 };

/** Starts with a publish: the last leader may have absorbed changes without publishing them. */
export function startPublishing(deps: PublishingDeps, stop: AbortSignal): Publishing {
  const { archive, store, log, clock, sendToSupervisor, trouble, meters, tracing } = deps;
  const changes = createLatestValue<'changes'>();
  if (stop.aborted) changes.close();
  else stop.addEventListener('abort', () => changes.close());
  const causes = createPublishCauses();
  const verificationRequests = createVerificationRequests(store, clock.elapsed);
  const announce = (version: number): void =>
    tracedAnnounce(causes.taken, tracing, (traceparent) =>
      sendToSupervisor({ type: 'announce', version, traceparent }),
    );
  const interim = createInterimVersions(store, clock.elapsed);
  const notPruned = throttled((error) => log.warn(`could not remove old versions: ${messageOf(error)}`));
  const publisher = createPublisher({ ...deps, store: interim.store, announce, notPruned, now: clock.now });
  const pace = createPublishPace(clock.elapsed);
  /** Of the next publish. */
  let next = Promise.withResolvers<void>();
  /** A removal may delete what a publish is writing: never both at once. */
  const oneAtATime = pLimit(1);

  function published(outcome: PublishOutcome, tookMs: number, isInterim: boolean): void {
    const { look, mended } = outcome;
    causes.done();
    meters.published(outcome, tookMs / 1000);
    pace.published(outcome.kind === 'published' ? outcome.rebuilt : 0, tookMs, isInterim);
    if (look === 'bytes') verificationRequests.answer(mended);
    if (mended > 0) {
      log.warn({ mended }, `repaired the store: ${mended} segments were missing or damaged`);
      sendToSupervisor({ type: 'mended', segments: mended });
    }
    if (outcome.kind === 'unchanged' && !isInterim) interim.completed(outcome.version);
    if (outcome.kind !== 'published') return;
    interim.published(outcome.version, isInterim);
    const { version, events, built, reused } = outcome;
    // The run that caused it has its own line.
    log.info(
      { ...outcome, detail: true },
      `published version ${version}: ${events} events, ${built} segments built, ${reused} kept`,
    );
  }

  function reportHeld(held: HeldPublish | null): void {
    meters.publishHeld(held?.missing ?? 0);
    trouble.report('held', held === null ? null : messageOfHeld(held));
    if (held !== null) log.error(held, messageOfHeld(held));
  }

  /** Never while a version is published: it would wait for that. */
  const maintain = (): Promise<void> =>
    oneAtATime(async () => {
      // The next start does it.
      if (stop.aborted) return;
      try {
        await archive.maintain();
      } catch (error) {
        // Ends with the next run that succeeds.
        trouble.report('archive', messageOf(error));
        log.error({ err: error }, `could not maintain the archive: ${messageOf(error)}`);
      }
    });

  async function publishChanges(): Promise<void> {
    let failures = 0;
    while ((await changes.take()) !== undefined) {
      const tried = next.resolve;
      next = Promise.withResolvers();
      const begunAt = clock.elapsed();
      causes.take();
      const isInterim = pace.begin();
      try {
        const outcome = await oneAtATime(() => tracedPublish(publisher, isInterim, causes.taken, tracing));
        failures = 0;
        trouble.report('publish', null);
        reportHeld(outcome.kind === 'held' ? outcome.held : null);
        published(outcome, clock.elapsed() - begunAt, isInterim);
      } catch (error) {
        failures++;
        meters.published(null, (clock.elapsed() - begunAt) / 1000);
        publisher.requestCheck('presence');
        trouble.report('publish', messageOf(error));
        log.error({ err: error }, `could not publish: ${messageOf(error)}`);
      }
      tried();
      await maintain();
      if (failures === 0) continue;
      await clock.sleep(backoffMs(failures, retry, clock.random), stop);
      changes.put('changes');
    }
    // The next leader reports its own state.
    reportHeld(null);
  }

  /** Publishes again when the store has lost the published version, was restored from a copy, or is damaged. */
  async function watchStore(): Promise<void> {
    while (!stop.aborted) {
      await clock.sleep(watchEveryMs * (0.75 + clock.random() / 2), stop);
      if (publisher.version === null) continue;
      // A failed removal is tried again at the next check.
      if (oneAtATime.activeCount === 0) await oneAtATime(() => interim.remove()).catch(() => undefined);
      const seen = await store.currentVersion().catch(() => publisher.version);
      const gone = publisher.version !== null && seen !== publisher.version;
      const requested = await verificationRequests.isDue();
      if (stop.aborted || (!gone && !requested)) continue;
      publisher.requestCheck(requested ? 'bytes' : 'presence');
      changes.put('changes');
    }
  }

  changes.put('changes');
  return {
    changed(cause) {
      pace.runEnded();
      if (cause !== null) causes.add(cause);
      changes.put('changes');
      return next.promise;
    },
    maintain,
    absorbed(events, cause, remainingMs) {
      if (events > 0) causes.add(cause);
      if (pace.absorbed(events, remainingMs)) changes.put('changes');
    },
    approve() {
      const approved = publisher.approve();
      if (approved === null) return null;
      log.warn(approved, `the loss of ${approved.missing} published events is approved`);
      changes.put('changes');
      return approved;
    },
    done: Promise.all([publishChanges(), watchStore()]),
  };
}
