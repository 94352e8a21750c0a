// Clients that send the next request as soon as they are answered, in a process of their own, so that they do not disturb
// the measured clients: CONNECTIONS of them request URL_PATH at PORT until SIGTERM; then prints their counts as JSON.

import { connect } from 'node:net';

const { PORT = '', CONNECTIONS = '1000', URL_PATH = '/search' } = process.env;
const question = `GET ${URL_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
const seen: Record<string, number> = {};
const count = (what: string): void => void (seen[what] = (seen[what] ?? 0) + 1);

function open(): void {
  let missing = 0;
  const socket = connect({ port: Number(PORT), host: '127.0.0.1' }, () => socket.write(question));
  socket.on('data', (bytes: Buffer) => {
    if (missing === 0) {
      const head = bytes.toString('latin1', 0, 1000);
      count(head.slice(9, 12));
      missing = head.indexOf('\r\n\r\n') + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    }
    missing -= bytes.length;
    if (missing <= 0) {
      missing = 0;
      socket.write(question);
    }
  });
  socket.on('error', (error: NodeJS.ErrnoException) => count(error.code ?? 'error'));
  socket.on('close', () => setTimeout(open, 50));
}

for (let i = 0; i < Number(CONNECTIONS); i++) open();
process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));
});
