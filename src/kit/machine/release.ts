// Memory that is given back before the garbage collector finds it.

/**
 * Frees the memory of bytes that nobody reads any more, and leaves them empty. V8 counts large buffers until the next collection of
 * its old generation: some megabytes of them bring one about, which looks at the whole heap. Bytes that share a buffer stay.
 */
export function release({ buffer, byteLength }: ArrayBufferView): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
