// What was agreed with the clients of /search, in our own words. The answers must hold to it whatever else the contract says.

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const numberOrNull = { type: ['number', 'null'] };
const clock = { ...textOrNull, pattern: String.raw`^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$` };

/** The query parameters: both may be absent, and both are date-times of RFC 3339 or days. */
export const agreedParameters = ['starts_at', 'ends_at'];

/** The statuses that were agreed. */
export const agreedStatuses = ['200', '400', '500'];

/** By field: what it must be. All fields are required. */
const event = {
  id: { type: 'string', format: 'uuid' },
  title: text,
  start_date: { type: 'string', format: 'date' },
  start_time: clock,
  end_date: { ...textOrNull, format: 'date' },
  end_time: clock,
  min_price: numberOrNull,
  max_price: numberOrNull,
};

export const agreedFields = Object.keys(event);

export const agreedAnswer = {
  type: 'object',
  required: ['data', 'error'],
  properties: {
    error: { type: ['object', 'null'] },
    data: {
      type: 'object',
      required: ['events'],
      properties: {
        events: { type: 'array', items: { type: 'object', required: agreedFields, properties: event } },
      },
    },
  },
};

export const agreedError = {
  type: 'object',
  required: ['error', 'data'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: { code: text, message: text },
    },
    data: { type: ['object', 'null'] },
  },
};
