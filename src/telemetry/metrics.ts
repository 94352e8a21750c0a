// All metrics: name, type, unit, labels, buckets, help. They are grouped by the process that keeps them. The supervisor adds the
// label `slot` to each series: an API worker's number, `ingest` or `supervisor`.

interface Declaration<Type extends string, L extends readonly string[]> {
  readonly type: Type;
  readonly name: string;
  readonly unit: string;
  /** Each label has few values: never one that a client or a feed can choose. */
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
  unit = 'seconds',
): HistogramDeclaration<L> => ({ type: 'histogram', name, unit, labels, buckets, help });

/** A search takes tens of microseconds, and its p99 must be known to half a millisecond. */
const requestBuckets = [
  0.000_05, 0.000_1, 0.000_2, 0.000_3, 0.000_5, 0.000_75, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.01, 0.025,
  0.05, 0.1, 0.25, 1, 2.5,
];
/** Few: they count for each operation of each store. The last but one are the timeouts of Redis. */
const storeBuckets = [0.001, 0.005, 0.025, 0.1, 0.5, 2, 5];
const answerBuckets = [1000, 10_000, 100_000, 1_000_000, 10_000_000];
const workBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const runBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const freshnessBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Of each API worker, kept in plain numbers: see requests.ts. */
// prettier-ignore
export const requestMetrics = {
  requests: counter('marquee_http_requests_total', 'requests', ['route', 'status'],
    'Requests answered, by route and class of status; busy: refused under overload.'),
  duration: histogram('marquee_http_request_duration_seconds', ['route'], requestBuckets,
    'Time from reading a request to handing its answer to the socket.'),
  inFlight: gauge('marquee_http_requests_in_flight', 'requests', [],
    'Requests that are read and not yet answered to the end; listeners to changes among them.'),
  answerBytes: histogram('marquee_search_answer_bytes', ['encoding'], answerBuckets,
    'Size of the bodies of successful searches as sent, by encoding: identity or gzip.', 'bytes'),
  cacheRequests: counter('marquee_answer_cache_requests_total', 'requests', ['outcome'],
    'Lookups of gzipped answers in the cache of a worker: hit or miss.'),
};

/** Of each API worker. */
// prettier-ignore
export const apiMetrics = {
  connections: gauge('marquee_http_connections', 'connections', [], 'Open client connections.'),
  listeners: gauge('marquee_change_listeners', 'listeners', [], 'Clients that listen to changes.'),
  listenersCutOff: counter('marquee_change_listeners_cut_off_total', 'listeners', [],
    'Listeners to changes that were cut off because they did not read.'),
  refused: counter('marquee_http_malformed_requests_total', 'requests', [],
    'Requests that were not valid HTTP, or arrived too slowly.'),
  denied: counter('marquee_http_denied_requests_total', 'requests', ['reason'],
    'Requests refused by their credential or its lack, by code of the error.'),
  logDropped: counter('marquee_access_log_dropped_total', 'lines', [],
    'Failed and slow requests that were not logged because of the limit per second.'),
  snapshotEvents: gauge('marquee_snapshot_events', 'events', [], 'Events in the view that is served.'),
  snapshotSegments: gauge('marquee_snapshot_segments', 'segments', [],
    'Segments of the view that is served.'),
  snapshotBytes: gauge('marquee_snapshot_bytes', 'bytes', ['part'],
    'Memory of the view that is served: rendered text, deflated text, columns.'),
  snapshotLoaded: gauge('marquee_snapshot_loaded_timestamp_seconds', 'seconds', [],
    'Time at which the worker began to serve its current view; absent before the first.'),
  freshness: histogram('marquee_change_to_served_seconds', [], freshnessBuckets,
    'Time from polling a provider, by any host, until this worker serves the change; 0 if clocks make it negative.'),
  refreshes: counter('marquee_refreshes_total', 'refreshes', ['outcome'],
    'Refreshes to a new version: swapped, or refused because a part failed a check or could not be retrieved.'),
  refreshDuration: histogram('marquee_refresh_duration_seconds', [], workBuckets,
    'Time from looking for a new version to serving it, for refreshes that found one.'),
};

/** Of API workers and ingest, for the stores that they use. */
// prettier-ignore
export const storeMetrics = {
  operationDuration: histogram('marquee_store_operation_duration_seconds', ['store', 'operation'], storeBuckets,
    'Duration of operations on the snapshot store (disk, redis) and the archive, including failed ones.'),
  operationErrors: counter('marquee_store_operation_errors_total', 'operations', ['store', 'operation'],
    'Operations on the snapshot store and the archive that failed.'),
};

/** Of ingest. The gauges of a provider exist only while this host leads. */
// prettier-ignore
export const ingestMetrics = {
  leading: gauge('marquee_ingest_leading', 'boolean', [],
    'Whether this host leads, so that it fetches and publishes (1), or not (0).'),
  archiveUp: gauge('marquee_archive_up', 'boolean', [],
    'Whether the last operation on the archive succeeded (1) or not (0).'),
  runs: counter('marquee_feed_runs_total', 'runs', ['provider', 'outcome'],
    'Feed runs by outcome: absorbed, unchanged, incomplete or failed.'),
  runDuration: histogram('marquee_feed_run_duration_seconds', ['provider'], runBuckets,
    'Duration of feed runs, from the request to the provider to the last commit.'),
  feedBytes: counter('marquee_feed_bytes_total', 'bytes', ['provider'],
    'Bytes of feeds up to their last record, decompressed.'),
  feedRecords: counter('marquee_feed_records_total', 'records', ['provider', 'outcome'],
    'Records of feeds: unchanged since they were last absorbed, or parsed.'),
  feedEvents: counter('marquee_feed_events_total', 'events', ['provider', 'outcome'],
    'Events in feeds by outcome: added, changed, relisted, withdrawn, quarantined, duplicate.'),
  feedValues: counter('marquee_feed_values_total', 'values', ['provider', 'outcome'],
    'Values in feeds with a nonstandard notation: repaired, or left unknown.'),
  quarantine: gauge('marquee_provider_quarantined_events', 'events', ['provider'],
    'Events that are currently in quarantine.'),
  held: gauge('marquee_provider_withdrawals_held', 'events', ['provider'],
    'Withdrawals, and records whose values are held, that wait for an operator.'),
  breaker: gauge('marquee_provider_breaker_state', 'boolean', ['provider', 'state'],
    'State of the circuit breaker (closed, open, half_open): 1 for the current state, 0 for the others.'),
  failures: gauge('marquee_provider_consecutive_failures', 'runs', ['provider'],
    'Consecutive runs that failed, or broke off without any change.'),
  lastSuccess: gauge('marquee_provider_last_success_timestamp_seconds', 'seconds', ['provider'],
    'End of the last run that absorbed a complete feed, or found it unchanged.'),
  askedSince: gauge('marquee_provider_asked_since_timestamp_seconds', 'seconds', ['provider'],
    'Time since which this host has been polling the provider; set before the first run ends.'),
  nextRun: gauge('marquee_provider_next_run_timestamp_seconds', 'seconds', ['provider'],
    'Time of the next poll of the provider.'),
  intervalMax: gauge('marquee_provider_poll_interval_max_seconds', 'seconds', ['provider'],
    'The longest configured interval between two runs.'),
  publishes: counter('marquee_publishes_total', 'publishes', ['outcome'],
    'Attempts to publish a version by outcome: published, unchanged, held or failed.'),
  publishHeld: gauge('marquee_publish_held_events', 'events', [],
    'Published events that the archive does not have, so that the publish is held; 0 when none is held.'),
  publishDuration: histogram('marquee_publish_duration_seconds', [], workBuckets,
    'Duration of publishes, from reading the changes to the announcement, or to the result that nothing changed.'),
  publishedSegments: counter('marquee_published_segments_total', 'segments', ['outcome'],
    'Segments of published versions: built or reused.'),
  poolThreads: gauge('marquee_pool_threads', 'threads', [], 'Threads of the pool that parses feeds and builds segments.'),
  poolTasks: gauge('marquee_pool_tasks', 'tasks', ['task'],
    'Tasks of the pool (parse, build) that run or wait for a thread.'),
  poolTask: histogram('marquee_pool_task_duration_seconds', ['task'], workBuckets,
    'Duration of tasks of the pool, from their submission to their result, including failed ones.'),
  poolPhase: gauge('marquee_pool_phase_seconds', 'seconds', ['phase', 'percentile'],
    'Percentiles of the time that tasks of the pool waited in its queue, or ran in a thread, since the last reading.'),
};

/** Of the supervisor, from its own state: available even when every other process hangs. */
// prettier-ignore
export const hostMetrics = {
  build: gauge('marquee_build_info', 'boolean', ['version', 'revision', 'node'],
    'The versions of Marquee and Node and the revision of the source, as labels; the value is always 1.'),
  reloadSucceeded: gauge('marquee_config_last_reload_successful', 'boolean', [],
    'Whether the last reload of the configuration succeeded (1) or not (0); 1 after the start.'),
  reloaded: gauge('marquee_config_last_reload_success_timestamp_seconds', 'seconds', [],
    'Time at which the configuration in use was read.'),
  workerUp: gauge('marquee_worker_up', 'boolean', ['slot'],
    'Whether the API worker of this slot is ready and answers the supervisor (1) or not (0).'),
  ingestUp: gauge('marquee_ingest_up', 'boolean', [],
    'Whether ingest is ready and answers the supervisor (1) or not (0); absent on hosts without ingest.'),
  degraded: gauge('marquee_degraded', 'boolean', ['actor', 'slot'],
    'Whether the process of this slot is in a crash loop (1) or not (0); actor is its name in the log.'),
  trouble: gauge('marquee_ingest_trouble', 'boolean', ['source'],
    'Whether this source blocks ingest (1), for example a full disk, or not (0).'),
  restarts: counter('marquee_restarts_total', 'restarts', ['slot', 'reason'],
    'Restarts after a process exited unexpectedly or could not be forked, by reason: the signal, exit, hung, fork or other.'),
  announced: gauge('marquee_snapshot_announced_version', 'version', [],
    'The newest version that this host has announced; absent before the first.'),
  version: gauge('marquee_snapshot_version', 'version', ['slot'],
    'Version of the catalogue that this API worker serves; 0 before the first.'),
  lag: gauge('marquee_snapshot_lag_versions', 'versions', ['slot'],
    'Versions between the one that this worker serves and the newest one that this host knows; 0 while pinned.'),
  stale: gauge('marquee_snapshot_stale', 'boolean', ['slot'],
    'Whether this worker serves its last good copy because the shared store is unreachable (1) or not (0).'),
  pinned: gauge('marquee_snapshot_pinned', 'boolean', ['slot'],
    'Whether this worker serves a version that an operator pinned (1) or not (0).'),
  refusals: counter('marquee_snapshot_refusals_total', 'refreshes', ['slot'],
    'Refreshes in which this worker refused the snapshot in the store.'),
  mended: counter('marquee_store_mended_segments_total', 'segments', [],
    'Stored segments that were missing or damaged, and that this host rebuilt from the archive.'),
  otlpExports: counter('marquee_otlp_exports_total', 'requests', ['signal', 'outcome'],
    'Exports of metrics and logs over OTLP by outcome: sent or failed; absent without an endpoint.'),
  otlpLinesDropped: counter('marquee_otlp_lines_dropped_total', 'lines', [],
    'Log lines that were not sent over OTLP: the endpoint failed, or there were too many.'),
  silent: counter('marquee_readings_missed_total', 'readings', ['slot'],
    'Readings that a process did not send within the deadline.'),
};

/** Of every process, as prom-client names and describes them. */
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

/** Of every process, in addition to those of prom-client. */
// prettier-ignore
export const ownProcessMetrics = {
  utilisation: gauge('marquee_event_loop_utilisation_ratio', 'ratio', [],
    'Share of the time since the last reading in which the event loop was busy, 0 to 1.'),
};
