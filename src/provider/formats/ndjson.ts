// NDJSON: one event per line, each a JSON object. ops/guides/ndjson.md has the schema.

import { checkObject } from '#/provider/ndjson/well-formed.ts';
import { createLineSplitter } from '#/provider/ndjson/split.ts';
import type { Format } from '#/provider/record.ts';
import { createLenient } from './lenient.ts';
import { members, type JsonObject } from './members.ts';
import { accessWith, readObject } from './object-event.ts';
import { unreadableRecord } from './unreadable-record.ts';

const access = accessWith(createLenient(members));

export const ndjson: Format = {
  read(text, reading) {
    const fault = checkObject(text);
    if (fault !== null) return [unreadableRecord(fault.refusal, fault.at)];
    return [readObject(JSON.parse(text) as JsonObject, access, reading)];
  },
  createSplitter: createLineSplitter,
};
