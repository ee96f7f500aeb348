import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Figure } from './bench.ts';

const rehome = join(resolve(import.meta.dirname, '../..'), 'bin/rehome');
const services = 40;

/** `sync` of 40 services, 8 at a time against one at a time, when each takes a second to become healthy. */
export async function syncSpeed(): Promise<Figure[]> {
  const root = makeWorkspace();
  const run = (...args: string[]) => {
    const begun = performance.now();
    const { status, stderr } = spawnSync(rehome, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`rehome ${args.join(' ')}: ${stderr}`);
    return (performance.now() - begun) / 1000;
  };
  try {
    run('lab', 'up');
    const apps = Array.from({ length: services }, (_, n) => `app${n}:1.0.0`);
    run('deploy', ...apps, '-e', 'source', '--parallel', '8');
    const eight = run('sync', '-e', 'fast', '-t', 'source', '--parallel', '8');
    const one = run('sync', '-e', 'slow', '-t', 'source', '--parallel', '1');
    const value = one / eight;
    const details = `${one.toFixed(1)} s against ${eight.toFixed(1)} s for ${services} services`;
    return [
      { name: 'sync --parallel 8, times faster', value, unit: '×', limit: '5 ×', ok: value >= 5, details },
    ];
  } finally {
    spawnSync(rehome, ['lab', 'down'], { cwd: root });
    rmSync(root, { recursive: true, force: true });
  }
}

function makeWorkspace(): string {
  const root = mkdtempSync(join(tmpdir(), 'rehome-bench-'));
  mkdirSync(join(root, 'services'));
  mkdirSync(join(root, 'images/slow'), { recursive: true });
  const environments = ['source', 'fast', 'slow'].map(
    (name) => `  ${name}: { stage: test, homes: { local: { platform: local } } }\n`,
  );
  writeFileSync(
    join(root, 'rehome.yaml'),
    `conventions:
  image: "{app}:{version}"
  command: node main.js
  health: { path: /, interval: 100ms, timeout: 1s, failures: 50, grace: 60s }
environments:
${environments.join('')}images:
  "{app}:{version}": images/slow
`,
  );
  for (let n = 0; n < services; n++) {
    const sections = 'test: { cpu: 0.1, mem: 32, instances: 1 }';
    writeFileSync(join(root, `services/app${n}.yml`), `application:\n  app_name: app${n}\n  ${sections}\n`);
  }
  // Listens, but is not well for a second: that is waiting, not work, so that the machine's cores do not count.
  writeFileSync(
    join(root, 'images/slow/main.js'),
    `const begun = Date.now();
require('node:http')
  .createServer((_request, response) => {
    response.statusCode = Date.now() - begun < 1000 ? 503 : 200;
    response.end();
  })
  .listen(Number(process.env.PORT), '127.0.0.1');
`,
  );
  return root;
}
