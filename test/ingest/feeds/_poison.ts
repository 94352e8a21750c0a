// Preloaded into the threads of a pool: a record with a special title ends its thread or never finishes parsing.

const decode = TextDecoder.prototype.decode;

TextDecoder.prototype.decode = function poisoned(...args) {
  const text = decode.apply(this, args);
  if (text.includes('title="KILLS ITS THREAD"')) process.exit(1);
  if (text.includes('title="NEVER ENDS"')) for (;;);
  if (text.includes('title="EATS MEMORY"'))
    for (const eaten: unknown[] = []; ; eaten.push(new Array(100_000).fill(text)));
  return text;
};
