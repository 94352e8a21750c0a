// The contract of the public port, served at /openapi.json. Same operation, parameters and schemas as agreed with its
// clients; the words around them are ours.

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
        code: { type: 'string', description: 'Stable, for programs' },
        message: { type: 'string', description: 'What was seen and what was wanted, for people' },
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
  description: `${meaning} RFC 3339; without an offset it is UTC, a date alone is the whole day, and leaving it out leaves the range open.`,
});

export const openApi = {
  openapi: '3.0.0',
  info: {
    title: 'Marquee',
    version: '1.0.0',
    description: 'Which events that were ever on sale online take place between two instants?',
  },
  paths: {
    '/search': {
      get: {
        operationId: 'searchEvents',
        summary: 'Lists the events of a time range',
        description:
          'Events that start at or after `starts_at` and end at or before `ends_at`, by start, then id. An event stays when it leaves its feed.',
        parameters: [
          instant('starts_at', 'Only events that start at this instant or later.', '2021-02-01T00:00:00Z'),
          instant('ends_at', 'Only events that end at this instant or earlier.', '2021-03-01T00:00:00Z'),
        ],
        responses: {
          200: {
            description: 'The events, perhaps none',
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
          405: errorAnswer('Another method than GET or HEAD', 'method_not_allowed'),
          412: errorAnswer('If-Match does not name the ETag of the answer', 'precondition_failed'),
          414: errorAnswer('The URL is longer than 2048 characters', 'uri_too_long'),
          417: errorAnswer('Expect asks for something other than 100-continue', 'expectation_failed'),
          500: errorAnswer('The search could not be answered', 'internal'),
          501: errorAnswer('The method is not one of HTTP', 'method_unknown'),
          503: errorAnswer('There is too much to do; Retry-After says when to come back', 'busy'),
          505: errorAnswer('The request is not HTTP/1.0 or HTTP/1.1', 'http_version_unsupported'),
        },
      },
    },
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
            description: 'Day on which it starts, in local time',
          },
          start_time: nullable('string', 'Time at which it starts, in local time', {
            format: 'time',
            example: '22:38:19',
          }),
          end_date: nullable('string', 'Day on which it ends, in local time', { format: 'date' }),
          end_time: nullable('string', 'Time at which it ends, in local time', {
            format: 'time',
            example: '14:45:15',
          }),
          min_price: nullable('number', 'Lowest price of its zones; null when it has none'),
          max_price: nullable('number', 'Highest price of its zones; null when it has none'),
        },
        example,
      },
      Error: errorSchema,
    },
  },
};
