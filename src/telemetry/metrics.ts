// Every metric there is: name, type, unit, labels, buckets, help. Grouped by the process that keeps them; the supervisor
// adds to each series the `slot` it comes from: an API worker's number, `ingest` or `supervisor`.

interface Declaration<Type extends string, L extends readonly string[]> {
  readonly type: Type;
  readonly name: string;
  readonly unit: string;
  /** Of few values each: never something that a client or a feed can choose. */
  readonly labels: L;
  readonly help: string;
}

type Labels = readonly string[];
export type CounterDeclaration<L extends Labels = Labels> = Declaration<'counter', L>;
export type GaugeDeclaration<L extends Labels = Labels> = Declaration<'gauge', L>;
export interface HistogramDeclaration<L extends Labels = Labels> extends Declaration<'histogram', L> {
  readonly buckets: readonly number[];
}
export type AnyDeclaration = CounterDeclaration | GaugeDeclaration | HistogramDeclaration;

const counter = <const L extends Labels>(
  name: string,
  unit: string,
  labels: L,
  help: string,
): CounterDeclaration<L> => ({ type: 'counter', name, unit, labels, help });
const gauge = <const L extends Labels>(
  name: string,
  unit: string,
  labels: L,
  help: string,
): GaugeDeclaration<L> => ({ type: 'gauge', name, unit, labels, help });
const histogram = <const L extends Labels>(
  name: string,
  labels: L,
  buckets: readonly number[],
  help: string,
): HistogramDeclaration<L> => ({ type: 'histogram', name, unit: 'seconds', labels, buckets, help });

/** A search takes some tens of microseconds, and its p99 shall be known to half a millisecond. */
const requestBuckets = [
  0.000_05, 0.000_1, 0.000_2, 0.000_3, 0.000_5, 0.000_75, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.01, 0.025,
  0.05, 0.1, 0.25, 1, 2.5,
];
const storeBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const workBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const runBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const freshnessBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Kept by each API worker in plain numbers: see requests.ts. */
// prettier-ignore
export const requestMetrics = {
  requests: counter('marquee_http_requests_total', 'requests', ['route', 'status'],
    'Requests answered, by route and class of status.'),
  duration: histogram('marquee_http_request_duration_seconds', ['route'], requestBuckets,
    'From the request being read to its answer being handed to the socket.'),
  cacheRequests: counter('marquee_answer_cache_requests_total', 'requests', ['outcome'],
    'Gzipped answers looked for in the cache of a worker: hit or miss.'),
};

/** Kept by each API worker. */
// prettier-ignore
export const apiMetrics = {
  connections: gauge('marquee_http_connections', 'connections', [], 'Client connections that are open.'),
  refused: counter('marquee_http_malformed_requests_total', 'requests', [],
    'What clients sent that could not be read as HTTP, or came too slowly.'),
  logDropped: counter('marquee_access_log_dropped_total', 'lines', [],
    'Lines of failed and slow requests that were not written because there were too many of them in a second.'),
  snapshotEvents: gauge('marquee_snapshot_events', 'events', [], 'Events in the view that is served.'),
  snapshotSegments: gauge('marquee_snapshot_segments', 'segments', [],
    'Segments of the view that is served.'),
  snapshotBytes: gauge('marquee_snapshot_bytes', 'bytes', ['part'],
    'Memory of the view that is served: rendered text, deflated text, columns.'),
  snapshotLoaded: gauge('marquee_snapshot_loaded_timestamp_seconds', 'seconds', [],
    'When the view that is served took its place.'),
  refreshes: counter('marquee_refreshes_total', 'refreshes', ['outcome'],
    'New versions that were taken (swapped) or failed a check or to arrive (refused).'),
  refreshDuration: histogram('marquee_refresh_duration_seconds', [], workBuckets,
    'From looking for news to serving them, where there were some.'),
};

/** Kept by whoever uses a store: API workers and ingest. */
// prettier-ignore
export const storeMetrics = {
  operationDuration: histogram('marquee_store_operation_duration_seconds', ['store', 'operation'], storeBuckets,
    'Operations on the snapshot store (disk, redis) and the archive, failed ones too.'),
  operationErrors: counter('marquee_store_operation_errors_total', 'operations', ['store', 'operation'],
    'Operations on the snapshot store and the archive that failed.'),
};

/** Kept by ingest. Those of a provider are there while this host leads. */
// prettier-ignore
export const ingestMetrics = {
  leading: gauge('marquee_ingest_leading', 'boolean', [],
    'Whether this host fetches and publishes (1) or waits (0).'),
  archiveUp: gauge('marquee_archive_up', 'boolean', [],
    'Whether the last use of the archive succeeded (1) or not (0).'),
  runs: counter('marquee_feed_runs_total', 'runs', ['provider', 'outcome'],
    'Feed runs: absorbed, unchanged, incomplete or failed.'),
  runDuration: histogram('marquee_feed_run_duration_seconds', ['provider'], runBuckets,
    'Feed runs, from asking the provider to the last commit.'),
  feedBytes: counter('marquee_feed_bytes_total', 'bytes', ['provider'],
    'Bytes of feeds up to their last record, decompressed.'),
  feedRecords: counter('marquee_feed_records_total', 'records', ['provider', 'outcome'],
    'Records of feeds: unchanged since they were last absorbed, or parsed.'),
  feedEvents: counter('marquee_feed_events_total', 'events', ['provider', 'outcome'],
    'What became of events in feeds: added, changed, relisted, withdrawn, quarantined, duplicate.'),
  feedValues: counter('marquee_feed_values_total', 'values', ['provider', 'outcome'],
    'Values in feeds that are not written as they should be: repaired, or left unknown.'),
  quarantine: gauge('marquee_provider_quarantined_events', 'events', ['provider'],
    'Events that are refused at present.'),
  held: gauge('marquee_provider_withdrawals_held', 'events', ['provider'],
    'Withdrawals that wait for an operator.'),
  breaker: gauge('marquee_provider_breaker_state', 'boolean', ['provider', 'state'],
    'The circuit breaker: 1 for the state that it is in, of closed, open and half_open.'),
  failures: gauge('marquee_provider_consecutive_failures', 'runs', ['provider'],
    'Runs in a row that failed, or broke off without anything new.'),
  lastSuccess: gauge('marquee_provider_last_success_timestamp_seconds', 'seconds', ['provider'],
    'When the last run ended that read the feed to its end.'),
  askedSince: gauge('marquee_provider_asked_since_timestamp_seconds', 'seconds', ['provider'],
    'Since when this host has been asking the provider: there from the start, whether a run ever succeeds or not.'),
  nextRun: gauge('marquee_provider_next_run_timestamp_seconds', 'seconds', ['provider'],
    'When the provider is asked next.'),
  intervalMax: gauge('marquee_provider_poll_interval_max_seconds', 'seconds', ['provider'],
    'The longest interval between two runs that is configured.'),
  publishes: counter('marquee_publishes_total', 'publishes', ['outcome'],
    'Attempts to publish a version: published, unchanged, held or failed.'),
  publishHeld: gauge('marquee_publish_held_events', 'events', [],
    'Published events that the archive does not have, for which the publish is held; 0 when none is held.'),
  publishDuration: histogram('marquee_publish_duration_seconds', [], workBuckets,
    'From looking at what has changed to the announcement, or to finding that nothing has.'),
  publishedSegments: counter('marquee_published_segments_total', 'segments', ['outcome'],
    'Segments of published versions: built anew or reused.'),
  poolThreads: gauge('marquee_pool_threads', 'threads', [], 'Threads of the pool that parses and builds.'),
  poolTasks: gauge('marquee_pool_tasks', 'tasks', ['task'],
    'Tasks of the pool (parse, build) that wait for a thread or run.'),
  poolTask: histogram('marquee_pool_task_duration_seconds', ['task'], workBuckets,
    'Tasks of the pool, from asking for them to their result, failed ones too.'),
  poolPhase: gauge('marquee_pool_phase_seconds', 'seconds', ['phase', 'percentile'],
    'Tasks of the pool since the last reading: wait in its queue, run in a thread.'),
};

/** Kept by the supervisor, from what it is told: they are there whatever else is stuck. */
// prettier-ignore
export const hostMetrics = {
  build: gauge('marquee_build_info', 'boolean', ['version', 'node'],
    'Which Marquee and which Node this is; always 1.'),
  workerUp: gauge('marquee_worker_up', 'boolean', ['slot'],
    'Whether the API worker of this slot is ready and answers the supervisor (1) or not (0).'),
  ingestUp: gauge('marquee_ingest_up', 'boolean', [],
    'The same of the ingest actor, on hosts that have one.'),
  degraded: gauge('marquee_degraded', 'boolean', ['actor'],
    'Whether this actor keeps dying (1) or not (0).'),
  trouble: gauge('marquee_ingest_trouble', 'boolean', ['source'],
    'Whether ingest is kept from its work by this part (1), a full disk for instance, or not (0).'),
  restarts: counter('marquee_restarts_total', 'restarts', ['slot', 'reason'],
    'Processes that ended unasked, or could not be forked, and were tried again, by why: the signal, exit, hung, fork, or other.'),
  announced: gauge('marquee_snapshot_announced_version', 'version', [],
    'The newest version that ingest of this host announced; absent before the first.'),
  version: gauge('marquee_snapshot_version', 'version', ['slot'],
    'Version of the catalogue that the API worker of this slot serves; 0 when it has none.'),
  lag: gauge('marquee_snapshot_lag_versions', 'versions', ['slot'],
    'How many versions this worker is behind the newest that this host knows; 0 while pinned.'),
  stale: gauge('marquee_snapshot_stale', 'boolean', ['slot'],
    'Whether this worker serves from its last good copy because the store of all hosts is away.'),
  pinned: gauge('marquee_snapshot_pinned', 'boolean', ['slot'],
    'Whether this worker serves a version that an operator pinned.'),
  freshness: histogram('marquee_change_to_served_seconds', ['slot'], freshnessBuckets,
    'From asking a provider to a worker of this host serving what was new, for versions published by this host.'),
  refusals: counter('marquee_snapshot_refusals_total', 'looks', ['slot'],
    'Looks at the store at which the worker of this slot refused what was to be served.'),
  mended: counter('marquee_store_mended_segments_total', 'segments', [],
    'Stored segments that were found gone or broken and were built anew from the archive by this host.'),
  silent: counter('marquee_readings_missed_total', 'readings', ['slot'],
    'Times that a process did not give its figures within the deadline.'),
};

/** Of every process, as prom-client names and explains them. */
export const processMetrics: readonly string[] = [
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_cpu_seconds_total',
  'process_start_time_seconds',
  'process_resident_memory_bytes',
  'process_open_fds',
  'process_max_fds',
  'nodejs_eventloop_lag_seconds',
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p90_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_heap_size_total_bytes',
  'nodejs_heap_size_used_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_gc_duration_seconds',
];

/** Of every process, and not among those. */
// prettier-ignore
export const ownProcessMetrics = {
  utilisation: gauge('marquee_event_loop_utilisation_ratio', 'ratio', [],
    'Share of the time since the last reading that the event loop was busy, 0 to 1.'),
};
