// The `mapping` of an entry of the providers file, with each field's default and limits.

import * as z from 'zod';
import type { FieldPath, Source } from './mapping.ts';

const expectedPath = 'expected a path like venue.name, at most 200 characters';
const expectedSource =
  'expected a path, {"constant": …}, {"path": …, "values": {…}}, {"join": […], "with": …}, or a list of these';
const expectedZones = 'expected a list of at most 20 zones';
const listMax = 20;
const valuesMax = 200;

const path: z.ZodType<FieldPath> = z
  .string({ error: expectedPath })
  .min(1, expectedPath)
  .max(200, expectedPath);
const value = z.union([z.string(), z.number(), z.boolean()]);
const error = expectedSource;

const one = z.union(
  [
    path,
    z.strictObject({ constant: value }),
    z.strictObject({
      path,
      values: z
        .record(z.string(), value)
        .refine((values) => Object.keys(values).length <= valuesMax)
        .optional(),
      otherwise: value.optional(),
    }),
    z.strictObject({ join: z.array(path).min(1).max(listMax), with: z.string().max(10) }),
  ],
  { error },
);
const source: z.ZodType<Source> = z.union([one, z.array(one).min(1).max(listMax)], { error });

const zone = z.strictObject({
  each: path.optional(),
  price: source,
  zoneId: source.optional(),
  name: source.optional(),
  capacity: source.optional(),
  numbered: source.optional(),
});

export const mappingEntry = z.strictObject(
  {
    records: z.union([path, z.literal('')], { error: expectedPath }).default(''),
    delimiter: z
      .string({ error: 'expected one character' })
      .regex(/^[^"\r\n\u0080-\uffff]$/, 'expected one character of ASCII')
      .default(','),
    planId: source,
    baseId: source.optional(),
    title: source,
    sellMode: source.optional(),
    organizerCompanyId: source.optional(),
    start: source,
    end: source.optional(),
    timeZone: source.optional(),
    sellFrom: source.optional(),
    sellTo: source.optional(),
    soldOut: source.optional(),
    status: source.optional(),
    zones: z.array(zone, { error: expectedZones }).max(listMax, expectedZones).default([]),
    priceUnit: z.enum(['major', 'minor'], { error: 'expected major or minor' }).default('major'),
  },
  { error: 'expected an object' },
);
