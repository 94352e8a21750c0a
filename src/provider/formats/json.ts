// JSON documents with records of a provider's own shape, by the mapping of its entry. ops/guides/mapping.md has the rules.

import { assert } from '#/kit/assert.ts';
import { createDocumentSplitter } from '#/provider/json/split.ts';
import { checkObject } from '#/provider/ndjson/well-formed.ts';
import type { Format } from '#/provider/record.ts';
import { readMapped } from './mapped.ts';
import type { JsonObject } from './members.ts';
import { unreadableRecord } from './unreadable-record.ts';

export const json: Format = {
  read(text, reading) {
    assert(reading.mapping !== undefined, 'an entry with the format json has a mapping');
    const fault = checkObject(text);
    if (fault !== null) return [unreadableRecord(fault.refusal, fault.at)];
    return [readMapped(JSON.parse(text) as JsonObject, reading.mapping, reading)];
  },
  createSplitter(recordBytesMax, mapping) {
    const names = mapping === undefined || mapping.records === '' ? [] : mapping.records.split('.');
    return createDocumentSplitter({ levels: names.map((name) => [name]), orItself: false }, recordBytesMax);
  },
};
