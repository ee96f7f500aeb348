export const helloManifest = `# yaml-language-server: $schema=../.rehome/schema/manifest.json
# One app: rehome deploy -e test hello:1.0.0
application:
  app_name: hello
  command: node server.mjs # instead of the conventions' one
  health: {path: /health}
  test:
    cpu: 0.1
    mem: 64
    instances: 2
  prod:
    cpu: 0.5
    mem: 128
    instances: 4
`;

export const helloServer = `import { createServer } from 'node:http';

// The image of hello 1.0.0. An app listens on $PORT and ends soon after TERM.
const server = createServer((request, response) => {
  if (request.url === '/health') return response.end('ok\\n');
  response.end(\`hello from \${process.env.LOGSTASH_TAG}, process \${process.pid}\\n\`);
});

server.listen(Number(process.env.PORT ?? 8080), () => console.log('hello listens'));
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
`;
