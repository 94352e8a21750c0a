// The OpenAPI description of /events and /events/histogram.

import {
  expectations,
  fieldNames,
  histogramParameters,
  limitDefault,
  limitMax,
  listParameters,
} from '#/search/events/parameters.ts';

const parameters = (names: readonly string[]) =>
  names.map((name) => ({
    in: 'query',
    name,
    required: false,
    schema: { type: 'string' },
    description: `Expected: ${expectations[name as keyof typeof expectations]}.`,
  }));

const nullable = (type: string) => ({ type, nullable: true });
const types: Partial<Record<(typeof fieldNames)[number], object>> = {
  min_price: nullable('number'),
  max_price: nullable('number'),
  sell_from: nullable('string'),
  sell_to: nullable('string'),
  sold_out: nullable('boolean'),
  capacity: nullable('integer'),
  listed: { type: 'boolean' },
};
const event = {
  type: 'object',
  properties: Object.fromEntries(fieldNames.map((name) => [name, types[name] ?? { type: 'string' }])),
};

const answer = (description: string, data: object) => ({
  description,
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['data', 'error'],
        properties: { data, error: { type: 'object', nullable: true, example: null } },
      },
    },
  },
});
const error = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});
const errors = {
  400: error('The query is not valid'),
  405: error('The method is not GET or HEAD'),
  412: error('If-Match does not name the ETag of the answer'),
  503: error('The server is overloaded, or the catalogue is not ready; Retry-After says when to try again'),
};

export const eventsPaths = {
  '/events': {
    get: {
      operationId: 'listEvents',
      summary: 'Lists events with filters, orders and pages',
      description: `Pages by \`limit\` and \`cursor\`, or by \`page\` and \`page_size\`: ${limitDefault} events by default, at most ${limitMax}.`,
      parameters: parameters(Object.keys(listParameters.shape)),
      responses: {
        200: answer('A page of events', {
          type: 'object',
          required: ['events'],
          properties: {
            events: { type: 'array', items: event },
            next_cursor: nullable('string'),
            page: { type: 'integer' },
            page_size: { type: 'integer' },
            total_rows: { type: 'integer' },
            total_pages: { type: 'integer' },
          },
        }),
        ...errors,
        410: error('The version of the cursor is no longer kept'),
      },
    },
  },
  '/events/histogram': {
    get: {
      operationId: 'countEvents',
      summary: 'Counts events by hour, day, week or month',
      description: 'Each event counts once, in the bucket of its start.',
      parameters: parameters(Object.keys(histogramParameters.shape)),
      responses: {
        200: answer('The buckets, in the order of time', {
          type: 'object',
          required: ['interval', 'time_zone', 'total_rows', 'buckets'],
          properties: {
            interval: { type: 'string' },
            time_zone: { type: 'string' },
            total_rows: { type: 'integer' },
            buckets: {
              type: 'array',
              items: {
                type: 'object',
                required: ['starts_at', 'events'],
                properties: { starts_at: { type: 'string' }, events: { type: 'integer' } },
              },
            },
          },
        }),
        ...errors,
      },
    },
  },
};
