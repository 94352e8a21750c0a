import * as z from 'zod';
import { eventExample } from '#/http/contract/schemas.ts';

/** The content of an answer that is an event as JSON-LD. */
export const jsonLdContent = {
  'application/ld+json': {
    schema: z
      .looseObject({ '@context': z.literal('https://schema.org'), '@type': z.literal('Event') })
      .meta({ id: 'EventAsJsonLd', description: 'An Event of schema.org. What is not known is absent.' }),
    example: {
      '@context': 'https://schema.org',
      '@type': 'Event',
      '@id': `urn:uuid:${eventExample.id}`,
      identifier: eventExample.id,
      name: eventExample.title,
      startDate: '2021-02-10T20:00:00+01:00',
      endDate: '2021-02-10T21:30:00+01:00',
      eventStatus: 'https://schema.org/EventScheduled',
    },
  },
} as const;
