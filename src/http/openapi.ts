// The OpenAPI description of the public port, served at /openapi.json. Operation, parameters and schemas are agreed with the
// clients; only the descriptions may change.

import { eventsPaths } from './events/openapi.ts';

const example = {
  id: '8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11',
  title: 'The Night Tram',
  start_date: '2021-02-10',
  start_time: '20:00:00',
  end_date: '2021-02-10',
  end_time: '21:30:00',
  min_price: 55,
  max_price: 55,
};

const nullable = (type: string, description: string, rest: object = {}) => ({
  type,
  nullable: true,
  description,
  ...rest,
});

const errorSchema = {
  type: 'object',
  required: ['error', 'data'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string', description: 'Stable code, for programs' },
        message: { type: 'string', description: 'What was received and what was expected, for people' },
      },
    },
    data: { type: 'object', nullable: true, example: null },
  },
};

const errorAnswer = (description: string, code: string) => ({
  description,
  content: {
    'application/json': {
      schema: { $ref: '#/components/schemas/Error' },
      example: { data: null, error: { code, message: description } },
    },
  },
});

const instant = (name: string, meaning: string, sample: string) => ({
  in: 'query',
  name,
  required: false,
  schema: { type: 'string', format: 'date-time', example: sample },
  description: `${meaning} RFC 3339. Without an offset the time is in UTC; a date alone is the whole day. If it is missing, the range is open.`,
});

export const openApi = {
  openapi: '3.0.0',
  info: {
    title: 'Marquee',
    version: '1.0.0',
    description: 'Searches the events that were ever on sale online by time range.',
  },
  paths: {
    '/search': {
      get: {
        operationId: 'searchEvents',
        summary: 'Lists the events of a time range',
        description:
          'Lists the events that start at or after `starts_at` and end at or before `ends_at`, sorted by start, then id. An event stays searchable after its provider stops listing it.',
        parameters: [
          instant('starts_at', 'Only events that start at this instant or later.', '2021-02-01T00:00:00Z'),
          instant('ends_at', 'Only events that end at this instant or earlier.', '2021-03-01T00:00:00Z'),
        ],
        responses: {
          200: {
            description: 'The events; the list may be empty',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['data', 'error'],
                  properties: {
                    data: { $ref: '#/components/schemas/EventList' },
                    error: { type: 'object', nullable: true, example: null },
                  },
                },
                example: { data: { events: [example] }, error: null },
              },
            },
          },
          400: errorAnswer('The query is not valid', 'instant_unreadable'),
          405: errorAnswer('The method is not GET or HEAD', 'method_not_allowed'),
          412: errorAnswer('If-Match does not name the ETag of the answer', 'precondition_failed'),
          414: errorAnswer('The URL is longer than 2048 characters', 'uri_too_long'),
          417: errorAnswer('The Expect header is not 100-continue', 'expectation_failed'),
          500: errorAnswer('The search could not be answered', 'internal'),
          501: errorAnswer('The method is not an HTTP method', 'method_unknown'),
          503: errorAnswer('The server is overloaded; Retry-After says when to try again', 'busy'),
          505: errorAnswer('The request is not HTTP/1.0 or HTTP/1.1', 'http_version_unsupported'),
        },
      },
    },
    ...eventsPaths,
  },
  components: {
    schemas: {
      EventList: {
        type: 'object',
        required: ['events'],
        properties: { events: { type: 'array', items: { $ref: '#/components/schemas/EventSummary' } } },
      },
      EventSummary: {
        type: 'object',
        required: Object.keys(example),
        properties: {
          id: { type: 'string', format: 'uuid', description: 'Stable id of the event' },
          title: { type: 'string', description: 'Title of the event' },
          start_date: {
            type: 'string',
            format: 'date',
            description: 'Date on which the event starts, in local time',
          },
          start_time: nullable('string', 'Time at which the event starts, in local time', {
            format: 'time',
            example: '22:38:19',
          }),
          end_date: nullable('string', 'Date on which the event ends, in local time', { format: 'date' }),
          end_time: nullable('string', 'Time at which the event ends, in local time', {
            format: 'time',
            example: '14:45:15',
          }),
          min_price: nullable('number', 'Lowest price of its zones; null if no zone has a price'),
          max_price: nullable('number', 'Highest price of its zones; null if no zone has a price'),
        },
        example,
      },
      Error: errorSchema,
    },
  },
};
