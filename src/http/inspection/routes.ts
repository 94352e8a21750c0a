// The operations that inspect the catalogue and the archive: they read, and change nothing.

import type { Express, Request, Response } from 'express';
import type * as z from 'zod';
import { parseQuery } from '#/domain/query.ts';
import { isRefusal } from '#/domain/refusal.ts';
import type { EventName, Inspection } from '#/domain/inspection.ts';
import { endWithError } from '#/http/envelope.ts';
import { answerWith } from './answer.ts';
import { inspectionOperations } from './operations.ts';
import {
  excerptParameters,
  explainParameters,
  heldParameters,
  historyParameters,
  segmentsParameters,
} from './parameters.ts';

export interface InspectionDeps {
  /** Rejects when ingest does not answer in time; with RequestRefused when it refuses. */
  readonly inspect: (inspection: Inspection) => Promise<object>;
  /** Which days the searches asked for that the workers of this host have answered. */
  readonly askedDays: () => Promise<object>;
}

export interface InspectionTools extends InspectionDeps {
  /** Answers 404 when the provider is unknown, and returns false. */
  readonly isKnown: (name: string, response: Response) => boolean;
}

/** In the form of Express. */
export const inspectionPaths: readonly string[] = inspectionOperations.map(({ path }) =>
  path.replaceAll(/\{(\w+)\}/g, ':$1'),
);

const shownMax = 40;

export function addInspection(app: Express, { inspect, askedDays, isKnown }: InspectionTools): void {
  /** `questionOf` returns null when it has answered. */
  const answering =
    <Shape extends z.ZodType>(
      shape: Shape,
      questionOf: (given: z.output<Shape>, request: Request, response: Response) => Inspection | null,
    ) =>
    (request: Request, response: Response): Promise<void> | undefined => {
      const given = parametersOf(shape, request, response);
      const question = given === null ? null : questionOf(given, request, response);
      return question === null ? undefined : answerWith(response, () => inspect(question));
    };

  app.get('/explain', answering(explainParameters, explainQuestion));
  app.get(
    '/events/:id/history',
    answering(historyParameters, ({ id, limit, cursor: before = null }) => ({
      what: 'history',
      id,
      before,
      limit,
    })),
  );
  app.get(
    '/snapshots/:version/segments',
    answering(segmentsParameters, ({ version, limit, cursor: from = 0 }) => ({
      what: 'segments',
      version,
      from,
      limit,
    })),
  );
  app.get(
    '/providers/:name/held',
    answering(heldParameters, ({ name: provider, limit, cursor: after = 0 }, _request, response) =>
      isKnown(provider, response) ? { what: 'held', provider, after, limit } : null,
    ),
  );
  app.get(
    '/providers/:name/excerpt',
    answering(excerptParameters, ({ name: provider, run = null, line, column }, _request, response) =>
      isKnown(provider, response) ? { what: 'excerpt', provider, run, line, column } : null,
    ),
  );
  app.get('/searches/days', (_request, response) => answerWith(response, askedDays));
}

/** Null for an open bound. */
const boundOf = (instant: number): number | null => (Number.isFinite(instant) ? instant : null);

/** Null when it has answered. */
function explainQuestion(
  given: z.output<typeof explainParameters>,
  request: Request,
  response: Response,
): Inspection | null {
  const event = eventNameIn(given);
  if (event === null) {
    const message = 'Got neither id nor all of provider, base and plan, expected one or the other.';
    endWithError(response, 400, 'parameter_invalid', message);
    return null;
  }
  // The same reading as that of /search.
  const range = parseQuery(request.url.split('?')[1] ?? '');
  if (isRefusal(range)) {
    endWithError(response, 400, range.code, range.message);
    return null;
  }
  const [startsAt, endsAt] = [boundOf(range.start), boundOf(range.end)];
  return { what: 'explain', event, startsAt, endsAt, served: null };
}

function eventNameIn({ id, provider, base, plan }: z.infer<typeof explainParameters>): EventName | null {
  const isNamed = provider !== undefined && base !== undefined && plan !== undefined;
  const isPartly = provider !== undefined || base !== undefined || plan !== undefined;
  if (id !== undefined) return isPartly ? null : { id };
  return isNamed ? { provider, base, plan } : null;
}

/** Null when it has answered. Parameters of the path and of the query. */
function parametersOf<Shape extends z.ZodType>(
  shape: Shape,
  { query, params }: Request,
  response: Response,
): z.output<Shape> | null {
  const given: Readonly<Record<string, unknown>> = { ...query, ...params };
  const read = shape.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  endWithError(response, 400, 'parameter_invalid', messageFor(issue, given));
  return null;
}

function messageFor(issue: z.core.$ZodIssue | undefined, given: Readonly<Record<string, unknown>>): string {
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    return `Got the parameter ${JSON.stringify(name.slice(0, shownMax))}, expected only those of this operation.`;
  }
  const name = String(issue?.path[0]);
  const saw =
    given[name] === undefined ? `no ${name}` : `${name} ${JSON.stringify(given[name]).slice(0, shownMax)}`;
  return `Got ${saw}, ${issue?.message}.`;
}
