// The OpenTelemetry resource: what identifies this service in traces, metrics and logs.

import { hostname } from 'node:os';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';

export interface Endpoint {
  readonly url: string;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly headers: Readonly<Record<string, string>>;
}

export interface Identity {
  readonly service: string;
  /** Of OTEL_RESOURCE_ATTRIBUTES; they cannot replace those of the service. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** `more`: what only this process has. */
export const resourceOf = (
  { service, attributes }: Identity,
  version: string,
  more: Readonly<Record<string, string | number>> = {},
): Resource =>
  resourceFromAttributes({
    ...attributes,
    [ATTR_SERVICE_NAME]: service,
    [ATTR_SERVICE_VERSION]: version,
    [ATTR_SERVICE_INSTANCE_ID]: `${hostname()}:${process.pid}`,
    'host.name': hostname(),
    ...more,
  });
