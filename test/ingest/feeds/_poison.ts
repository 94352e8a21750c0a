// Preloaded into the threads of a pool: a record with a special title ends its thread or never finishes parsing.

const decode = Buffer.prototype.utf8Slice as (...range: unknown[]) => string;

Buffer.prototype.utf8Slice = function poisoned(this: Buffer, ...range: unknown[]) {
  const text = decode.apply(this, range);
  if (text.includes('title="KILLS ITS THREAD"')) process.exit(1);
  if (text.includes('title="NEVER ENDS"')) for (;;);
  if (text.includes('title="EATS MEMORY"'))
    for (const eaten: unknown[] = []; ; eaten.push(new Array(100_000).fill(text)));
  return text;
};
