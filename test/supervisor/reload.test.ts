// How a reload is taken back when a worker does not become ready, with workers that only note their configuration.

import test, { type ExecutionContext } from 'ava';
import { readConfig, type Config } from '#/config.ts';
import { createReload, responseOf } from '#/supervisor/reload.ts';
import { createLog } from '#/telemetry/log.ts';

const configured = (cacheControl: string): Config =>
  readConfig({ PROVIDER_URL: 'http://127.0.0.1:1/feed', CACHE_CONTROL: cacheControl, API_WORKERS: '3' });

/** `fails`: whether the start of a worker fails, by its slot, its configuration, and how often that was tried before. */
async function reloaded(
  t: ExecutionContext,
  fails: (slot: number, cacheControl: string, tries: number) => boolean,
): Promise<{ message: string; workers: string[] }> {
  const workers = ['old', 'old', 'old'];
  const tried = new Map<string, number>();
  const [old, next] = [configured('max-age=1'), configured('max-age=2')];
  const reload = createReload({
    current: () => old,
    read: () => next,
    workers: () => workers.length,
    renewWorker(slot, config) {
      const name = config === old ? 'old' : 'new';
      const tries = tried.get(`${slot} ${name}`) ?? 0;
      tried.set(`${slot} ${name}`, tries + 1);
      if (fails(slot, name, tries)) return Promise.resolve('exit code 3');
      workers[slot] = name;
      return Promise.resolve(null);
    },
    fitWorkers: () => Promise.resolve(),
    renewIngest: () => Promise.resolve(),
    useAccess: () => undefined,
    adopt: () => t.fail('a reload that fails changes nothing'),
    isStopping: () => false,
    ended: (succeeded) => t.false(succeeded),
    log: createLog({ level: 'silent', actor: 'test' }),
  });
  const response = responseOf(await reload.run('test'));
  t.is(response.kind, 'aborted');
  return { message: 'message' in response ? response.message : '', workers };
}

test('the workers before the one that fails have the old configuration again', async (t) => {
  const { message, workers } = await reloaded(t, (slot, name) => slot === 2 && name === 'new');
  t.deepEqual(workers, ['old', 'old', 'old']);
  t.regex(
    message,
    /rolled back, the old configuration stays: API worker 2 did not become ready: exit code 3/,
  );
});

test('taking a worker back is tried again', async (t) => {
  const { message, workers } = await reloaded(
    t,
    (slot, name, tries) => (slot === 2 && name === 'new') || (name === 'old' && tries < 2),
  );
  t.deepEqual(workers, ['old', 'old', 'old']);
  t.regex(message, /the old configuration stays/);
});

test('a worker that cannot be taken back is named, and is not said to have the old configuration', async (t) => {
  const { message, workers } = await reloaded(
    t,
    (slot, name) => (slot === 2 && name === 'new') || (slot === 0 && name === 'old'),
  );
  t.deepEqual(workers, ['new', 'old', 'old']);
  t.regex(message, /rolled back, except API worker 0, which keeps the new configuration/);
  t.notRegex(message, /stays/);
});
