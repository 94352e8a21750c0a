// What an operation of a port is: one entry describes its route, its validation and its part of the contract.

import type * as z from 'zod';
import type { ErrorCode } from './errors.ts';
import type { HeaderName } from './headers.ts';
import type { Route } from './route.ts';

/** Of the public port. */
export const tags = {
  Search: 'Events by time range.',
  Events: 'Events with filters, orders, pages and counts.',
  Changes: 'What has changed since a token.',
  Pages: 'Pages for people.',
  Documentation: 'This description, for programs and for people.',
} as const;

/** A type, not an interface, so that it fits the index signatures of OpenAPI's types. */
export type Content = {
  readonly schema: z.ZodType;
  /** A complete body. */
  readonly example: unknown;
};

export interface Answer {
  readonly description: string;
  /** Its headers beyond those of every answer; `?`: not in every such answer. */
  readonly headers?: readonly (HeaderName | `${HeaderName}?`)[];
  /** By media type; absent when there is no body. */
  readonly content?: Readonly<Record<string, Content>>;
}

/** By default, of the public port. */
export interface Operation<
  Tag extends string = keyof typeof tags,
  Code extends string = ErrorCode,
> extends Route {
  readonly tag: Tag;
  readonly summary: string;
  /** Markdown. */
  readonly description: string;
  /** Each parameter is read from text. Its description and example are in its `meta`. */
  readonly query?: z.ZodObject;
  readonly pathParameters?: z.ZodObject;
  readonly body?: Content;
  /** By status, without errors. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** The errors that it has beyond those of every request. */
  readonly errors: readonly Code[];
}
