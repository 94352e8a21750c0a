// A catalogue without a feed, whose events differ in all that `/events` filters and sorts by; and queries of it.

import type { DetailedEvent } from '../../src/domain/event.ts';
import { eventAt } from '../telemetry/events.ts';

const providers = ['stagedoor', 'backstage', 'matinee'] as const;
const nouns = ['Lanterns', 'Harbour', 'Orchestra', 'Marionettes', 'Telescope', 'Áticos', 'Garçons'] as const;
const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

/** Three events in a row have the same title. */
export function variedEventAt(i: number): DetailedEvent {
  const base = Math.floor(i / 3);
  return {
    ...eventAt(i),
    title: `${pick(nouns, base)} and ${pick(nouns, base * 5 + 1)}: a night of improvised songs #${base}`,
    minPrice: 500 + ((i * 7919) % 10_000),
    maxPrice: 12_000,
    provider: pick(providers, i),
    timeZone: pick(['Europe/Madrid', 'UTC'], i),
    baseId: String(1000 + base),
    planId: String(2000 + i),
    sellMode: i % 20 === 0 ? 'offline' : 'online',
    sellFrom: '2025-10-01T00:00:00',
    sellTo: '2026-12-31T20:00:00',
    soldOut: i % 7 === 0,
    capacity: (i * 31) % 500,
  };
}

/** The rows of its zones: see `zonesIn`. */
export const zonesOfEvent = (i: number): string =>
  JSON.stringify(
    Array.from({ length: 1 + (i % 5) }, (_, zone) => [
      String(40 + zone),
      pick(['Platea', 'Grada 1', 'A28', 'Anfiteatre'], i + zone),
      (i * 31 + zone * 17) % 300,
      500 + ((i * 7919 + zone * 1000) % 10_000),
      zone % 2 === 0,
    ]),
  );

export interface Case {
  readonly name: string;
  /** Of bare node:http, or of `asJson`; null where there is none. */
  readonly target: number | null;
  readonly paths: readonly string[];
  /** Of a calendar: the same queries as JSON, with which it is compared. */
  readonly asJson?: readonly string[];
}

const different = 5000;
const dayMs = 86_400_000;
const many = (path: (i: number) => string): readonly string[] =>
  Array.from({ length: different }, (_, i) => path(i));
const dayAt = (i: number): string => new Date(Date.UTC(2026, 0, 1) + i * dayMs).toISOString().slice(0, 10);
/** A minute of a day, another one for each `i`. */
const instantAt = (day: number, i: number): string =>
  new Date(Date.UTC(2026, 0, 1) + day * dayMs + (i % 1440) * 60_000).toISOString();

/** Up to some hundred events of a day. */
const dayQuery = (i: number, days: number): string =>
  `starts_at=${dayAt((i * 7) % days)}&ends_at=${dayAt(((i * 7) % days) + 1)}&min_price=${5 + (i % 7)}.${10 + (i % 89)}`;

/** `days`: how many days of the catalogue have events. */
export const casesOf = (days: number, events: number): readonly Case[] => [
  { name: 'first page of 50 by start', target: 0.7, paths: ['/events'] },
  {
    name: '50 by start with filters, all different',
    target: 0.4,
    paths: many(
      (i) =>
        `/events?starts_at=${dayAt((i * 7) % days)}&provider=${pick(providers, i)}&available=true&min_price=${5 + (i % 90)}.${10 + (i % 89)}`,
    ),
  },
  {
    name: '50 by start with filters, 200 in turns',
    target: 0.4,
    paths: many(
      (i) =>
        `/events?starts_at=${dayAt((i % 200) % days)}&provider=${pick(providers, i % 200)}&available=true`,
    ),
  },
  {
    name: 'a page by number with totals, all different',
    target: 0.4,
    paths: many((i) => `/events?page=${1 + (i % 500)}&starts_at=${dayAt(i % Math.min(40, days))}`),
  },
  {
    name: 'a page by number with totals and filters, all different',
    target: 0.4,
    paths: many(
      (i) =>
        `/events?page=${1 + (i % 100)}&provider=${pick(providers, i)}&available=true&max_price=${20 + (i % 85)}.${10 + (i % 89)}&starts_at=${dayAt(i % Math.min(40, days))}`,
    ),
  },
  {
    name: '50 by lowest price, all different',
    target: 0.4,
    paths: many(
      (i) => `/events?sort_by=min_price&starts_at=${instantAt((i * 7) % days, i)}&sell_mode=online`,
    ),
  },
  {
    name: '50 that take place in three days, all different',
    target: 0.4,
    paths: many((i) => {
      const day = (i * 7) % days;
      return `/events?match=overlaps&starts_at=${instantAt(day, i)}&ends_at=${instantAt(day + 3, i)}&available=true`;
    }),
  },
  {
    name: 'the events with two words, all different',
    target: 0.4,
    paths: many((i) => `/events?q=${encodeURIComponent(pick(nouns, i).toLowerCase())}%20${10 + i}`),
  },
  {
    name: '50 by title with a word, all different',
    target: 0.4,
    paths: many(
      (i) =>
        `/events?sort_by=title&q=${encodeURIComponent(pick(nouns, i).toLowerCase())}&starts_at=${dayAt((i * 7) % days)}`,
    ),
  },
  {
    name: 'a day as a calendar, all different: of the same as JSON',
    target: 0.5,
    paths: many((i) => `/events.ics?${dayQuery(i, days)}`),
    asJson: many((i) => `/events?limit=200&${dayQuery(i, days)}`),
  },
  {
    name: 'an event by id with its zones, 200 in turns',
    target: 0.6,
    paths: many((i) => `/events/${idAt((i % 200) * 397, events)}`),
  },
  {
    name: 'an event by id without its zones, all different',
    target: 0.6,
    paths: many(
      (i) => `/events/${idAt(i * 19, events)}?fields=id,title,starts_at,ends_at,min_price,sold_out,listed`,
    ),
  },
  {
    name: 'an event by id with its zones, all different: each is read from the disk',
    target: null,
    paths: many((i) => `/events/${idAt(i * 19, events)}`),
  },
];

const idAt = (i: number, events: number): string => eventAt(i % events).id;
