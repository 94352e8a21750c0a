// The handlers of the operations that inspect the catalogue and the archive: they read, and change nothing.

import type { Request, RequestHandler, Response } from 'express';
import type * as z from 'zod';
import { parseQuery } from '#/domain/query.ts';
import { isRefusal } from '#/domain/refusal.ts';
import type { EventName, Inspection } from '#/domain/inspection.ts';
import { endWithError } from '#/http/envelope.ts';
import { answerWith } from './answer.ts';
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
  /** Null when the provider is unknown: it has answered 404. */
  readonly providerOf: (name: string, response: Response) => string | null;
}

/** Parameters of the path. */
type Given = Readonly<Partial<Record<string, string>>>;

const shownMax = 40;

/** By the id of the operation in the contract. */
export function createInspectionHandlers({ inspect, askedDays, providerOf }: InspectionTools) {
  /** `questionOf` returns null when it has answered. */
  const answering =
    <Shape extends z.ZodType>(
      shape: Shape,
      questionOf: (given: z.output<Shape>, request: Request<Given>, response: Response) => Inspection | null,
    ): RequestHandler<Given> =>
    (request, response): Promise<void> | undefined => {
      const given = parametersOf(shape, request, response);
      const question = given === null ? null : questionOf(given, request, response);
      return question === null ? undefined : answerWith(response, () => inspect(question));
    };

  return {
    explainEvent: answering(explainParameters, explainQuestion),
    listEventChanges: answering(historyParameters, ({ id, limit, cursor: before = null }) => ({
      what: 'history',
      id,
      before,
      limit,
    })),
    listSegments: answering(segmentsParameters, ({ version, limit, cursor: from = 0 }) => ({
      what: 'segments',
      version,
      from,
      limit,
    })),
    listHeldWithdrawals: answering(
      heldParameters,
      ({ name, limit, cursor: after = 0 }, _request, response) => {
        const provider = providerOf(name, response);
        return provider === null ? null : { what: 'held', provider, after, limit };
      },
    ),
    getExcerpt: answering(excerptParameters, ({ name, run = null, line, column }, _request, response) => {
      const provider = providerOf(name, response);
      return provider === null ? null : { what: 'excerpt', provider, run, line, column };
    }),
    listAskedDays: ((_request, response) => answerWith(response, askedDays)) as RequestHandler<Given>,
  };
}

/** Null for an open bound. */
const boundOf = (instant: number): number | null => (Number.isFinite(instant) ? instant : null);

/** Null when it has answered. */
function explainQuestion(
  given: z.output<typeof explainParameters>,
  request: Request<Given>,
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
  { query, params }: Request<Given>,
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
