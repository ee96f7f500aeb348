import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * An image for tests: a server that tells its version, can be told to be ill, writes what it says to its log, and
 * a script for crons that notes its ticks.
 */
export function writeBox(root: string): void {
  for (const version of ['1.0.0', '1.0.1', '2.0.0']) {
    const folder = join(root, 'images', 'box', version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'server.mjs'), server(version));
  }
}

export const boxCatalogue = { 'test/box:{version}': 'images/box/{version}' };
/** Tasks have a PATH of their own. */
export const boxCommand = `exec ${process.execPath} server.mjs`;

function server(version: string): string {
  return `import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/health' && process.env.SICK) return response.writeHead(500).end('ill');
  response.setHeader('connection', 'close');
  response.end(request.url === '/env' ? JSON.stringify(process.env) : '${version}');
});
server.listen(Number(process.env.PORT), process.env.HOST ?? '127.0.0.1', () => console.log('box ${version} listens'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;
}
