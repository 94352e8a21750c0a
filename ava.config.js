// How AVA runs the tests. The longest files come first, so that none of them is left alone at the end: beginning with those
// that wait more than they compute, next to which the others have the processor.

const longestFirst = [
  'archive/outages.postgres',
  'system/hosts.chaos',
  'pages/pages',
  'store/topologies.redis',
  'system/descriptors',
  'load/search-suite',
  'system/faults',
  'telemetry/prometheus-hosts',
  'system/reload',
  'system/overload.chaos',
  'system/workers.chaos',
  'system/kill',
  'system/crash-points.chaos',
  'system/changes',
  'system/replay',
  'system/troubles.redis',
  'system/failover',
  'system/ingest.chaos',
  'system/signals',
  'provider/hostile-memory',
  'simulation/simulation',
  'system/data-dir',
  'archive/archive.postgres',
  'system/limits',
  'system/log-unread',
  'system/worker-memory',
  'system/memory',
  'system/credentials',
  'system/run',
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
  sortTestFiles: (a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b),
  timeout: '3m',
  workerThreads: false,
};
