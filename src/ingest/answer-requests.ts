// Requests of an operator to ingest, which the supervisor passes on.

import type { Archive } from '#/archive/archive.ts';
import { messageOf } from '#/kit/errors.ts';
import type { SnapshotStore } from '#/store/store.ts';
import type { HeldPublish, RunNow } from '#/actor/messages.ts';
import { sendToSupervisor, type IngestResponse, type IngestRequest } from '#/actor/messages.ts';
import type { Inspections } from './inspection/inspection.ts';
import { InspectionRefused } from './inspection/refusal.ts';
import { manifestOf } from './inspection/versions.ts';

export interface AnswerDeps {
  readonly archive: Archive;
  readonly store: SnapshotStore;
  /** Polls the provider now. */
  readonly pollNow: (provider: string) => void;
  /** Makes the next run due at once, also while the breaker is open. */
  readonly runNow: (provider: string) => RunNow;
  /** Approves the held publish; null when none is held, or when this host does not lead. */
  readonly approvePublish: () => HeldPublish | null;
  readonly inspections: Inspections;
}

/** Never rejects: it sends a failure as the answer. */
export async function answerRequest(id: number, question: IngestRequest, deps: AnswerDeps): Promise<void> {
  const answer = await answerTo(question, deps).catch((error: unknown): IngestResponse =>
    error instanceof InspectionRefused
      ? { about: 'refused', code: error.code, message: error.message }
      : { about: 'failure', message: messageOf(error) },
  );
  sendToSupervisor({ type: 'answer', id, answer });
}

async function answerTo(
  question: IngestRequest,
  { archive, store, pollNow, runNow, approvePublish, inspections }: AnswerDeps,
): Promise<IngestResponse> {
  switch (question.about) {
    case 'runs':
      return { about: 'runs', runs: await archive.runs(question.provider, question.limit) };
    case 'quarantine':
      return {
        about: 'quarantine',
        quarantine: await archive.quarantined(question.provider, question.limit),
      };
    case 'approve': {
      const approved = await archive.approve(question.provider);
      // The withdrawals happen with the next complete feed: fetch it now.
      if (approved !== null) pollNow(question.provider);
      return { about: 'approve', approved };
    }
    case 'run':
      return { about: 'run', run: runNow(question.provider) };
    case 'snapshots': {
      const target = await store.target();
      const kept = new Set(await store.versions());
      const published = (await archive.published(question.limit)).filter(({ version }) => kept.has(version));
      return {
        about: 'snapshots',
        snapshots: published,
        pinned: target?.pinned === true ? target.version : null,
      };
    }
    case 'pin':
      // An unknown version is refused with a code of its own.
      await manifestOf(store, question.version);
      await store.pin(question.version);
      return { about: 'pin', pinned: question.version };
    case 'approve-publish':
      return { about: 'approve-publish', approved: approvePublish() };
    case 'unpin':
      await store.unpin();
      return { about: 'unpin', pinned: null };
    case 'inspect':
      return { about: 'inspect', found: await inspections.answer(question.inspection) };
    case 'diff':
    default: {
      const { from, to, limit, cursor } = question;
      return { about: 'diff', ...(await inspections.diff(from, to, limit, cursor)) };
    }
  }
}
