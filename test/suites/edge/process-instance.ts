import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** node process-instance.ts ID RECEIPTS: prints its port; notes the id of every POST; takes 3 ms for each answer. */
const [id = '', receipts = ''] = process.argv.slice(2);
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.method === 'POST') appendFileSync(join(receipts, id), `${request.headers['x-load-id']}\n`);
    setTimeout(() => response.end(id), 3);
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.once('SIGTERM', () => {
  server.close();
});
