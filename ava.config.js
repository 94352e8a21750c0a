// How AVA runs the tests. The longest files come first, so that none of them is left alone at the end: beginning with those
// that wait more than they compute, next to which the others have the processor.

const longestFirst = [
  'archive/outages.postgres',
  'system/hosts.chaos',
  'pages/pages',
  'store/topologies.redis',
  'system/faults',
  'load/search-suite',
  'telemetry/traces',
  'system/workers.chaos',
  'telemetry/prometheus-hosts',
  'system/overload.chaos',
  'system/changes',
  'system/replay',
  'system/descriptors',
  'system/reload',
  'system/crash-points.chaos',
  'system/kill',
  'system/credentials',
  'system/backup',
  'system/signals',
  'system/troubles.redis',
  'provider/hostile-memory',
  'simulation/simulation',
  'system/failover',
  'archive/archive.postgres',
  'system/ingest.chaos',
  'system/limits',
  'system/security',
  'system/log-unread',
  'system/run',
  'system/data-dir',
  'system/worker-memory',
  'system/memory',
  'ops/watching',
  'ingest/feeds/parse-deadline',
  'provider/truncation',
  'provider/hostile-encoding',
];

/** @param {string} path */
const placeOf = (path) => {
  const place = longestFirst.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return place < 0 ? longestFirst.length : place;
};

export default {
  concurrency: 2,
  extensions: ['ts'],
  files: ['test/**/*.test.ts'],
  require: ['./test/_run/end.ts'],
  sortTestFiles: (a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b),
  timeout: '3m',
  workerThreads: false,
};
