// The Lua scripts: steps that must run in Redis without interruption by another host. A publisher passes its lease token, so
// that the steps of a publisher that was suspended and resumes late are refused. A failed announcement does not undo a
// publish: the script's result then contains the reason.

/** The prefix of a result that reports a failed announcement. */
export const unannounced = 'unannounced: ';

const announced = (answer: string): string => `
local sent = redis.pcall('publish', KEYS[#KEYS], ARGV[#ARGV])
return type(sent) == 'table' and '${unannounced}' .. sent.err or '${answer}'`;

/** Keys: lease, draft, manifest, manifests, current, polled, channel. Arguments: token, version, polls, announcement. */
export const publishScript = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 'lease' end
local current = tonumber(redis.call('get', KEYS[5]) or '0')
if tonumber(ARGV[2]) <= current then return tostring(current) end
redis.call('rename', KEYS[2], KEYS[3])
redis.call('persist', KEYS[3])
redis.call('sadd', KEYS[4], ARGV[2])
redis.call('set', KEYS[6], ARGV[3])
redis.call('set', KEYS[5], ARGV[2])${announced('published')}`;

/** Keys: manifest, pin, channel. Arguments: version. */
export const pinScript = `
if redis.call('exists', KEYS[1]) == 0 then return 'gone' end
redis.call('set', KEYS[2], ARGV[1])${announced('pinned')}`;

/** Keys: pin, channel. Arguments: announcement. */
export const unpinScript = `
redis.call('del', KEYS[1])${announced('unpinned')}`;

/** Keys: lease, pin, manifests, then one manifest for each version. Arguments: token, then the versions. */
export const dropManifestsScript = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
local pin = redis.call('get', KEYS[2])
for i = 2, #ARGV do
  if ARGV[i] ~= pin then
    redis.call('del', KEYS[i + 2])
    redis.call('srem', KEYS[3], ARGV[i])
  end
end
return 1`;

/** Keys: lease, segments, unnamed, then one segment for each hash; or the same of companions. Arguments: token, then the hashes. */
export const dropSegmentsScript = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
for i = 2, #ARGV do
  redis.call('del', KEYS[i + 2])
  redis.call('srem', KEYS[2], ARGV[i])
  redis.call('zrem', KEYS[3], ARGV[i])
end
return 1`;
