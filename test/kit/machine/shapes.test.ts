// V8 shows the state of its objects only with a flag, so these tests run in another process.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const shapes = new URL('../../../src/kit/machine/shapes.ts', import.meta.url).href;

/** `program`: a module that ends with `say(…)`; resolves to the argument. */
async function ask(program: string): Promise<unknown> {
  const source = `
    import 'ioredis';
    import { executionAsyncResource } from 'node:async_hooks';
    import { keepShapes, keepSocketShape, tickHeld } from ${JSON.stringify(shapes)};
    const same = new Function('a', 'b', 'return %HaveSameMap(a, b)');
    const isFast = new Function('object', 'return %HasFastProperties(object)');
    const tick = () => new Promise((done) => process.nextTick(() => done(executionAsyncResource())));
    const say = (value) => process.stdout.write(JSON.stringify(value));
    ${program}`;
  const args = ['--expose-gc', '--allow-natives-syntax', '--input-type=module', '--eval', source];
  const { stdout } = await run(process.execPath, args, { cwd: new URL('../../..', import.meta.url) });
  return JSON.parse(stdout);
}

test('String.prototype is slow when ioredis is loaded, and fast again after keepShapes', async (t) => {
  t.deepEqual(
    await ask(
      'const before = isFast(String.prototype); keepShapes(); say([before, isFast(String.prototype)]);',
    ),
    [false, true],
  );
});

test('one object of nextTick is retained, and later ones have its shape, also after garbage collections', async (t) => {
  const program = `
    keepShapes();
    await tick();
    for (let i = 0; i < 10; i++) globalThis.gc();
    say([tickHeld() !== null, same(tickHeld(), await tick())]);`;
  t.deepEqual(await ask(program), [true, true]);
});

test('reading the peer address of a socket later does not change its shape', async (t) => {
  const program = `
    const { connect, createServer } = await import('node:net');
    async function sameAfterOneIsAsked(onConnection) {
      const both = [];
      const server = createServer((socket) => both.push(socket)).on('connection', onConnection).listen(0, '127.0.0.1');
      await new Promise((done) => server.once('listening', done));
      for (const _ of [1, 2]) connect(server.address().port, '127.0.0.1');
      while (both.length < 2) await new Promise((done) => setTimeout(done, 5));
      both[0].remoteAddress;
      return same(...both);
    }
    const answers = [await sameAfterOneIsAsked(() => undefined), await sameAfterOneIsAsked(keepSocketShape)];
    await new Promise((done) => process.stdout.write(JSON.stringify(answers), done));
    process.exit();`;
  t.deepEqual(await ask(program), [false, true]);
});
