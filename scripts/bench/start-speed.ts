import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Figure } from './bench.ts';
import { median } from './median.ts';

const rehome = join(resolve(import.meta.dirname, '../..'), 'bin/rehome');
const rounds = 21;

/** How long the command line takes to say its version or its help, against a Node that does nothing. */
export async function startSpeed(): Promise<Figure[]> {
  const commands = {
    node: [process.execPath, '-e', '0'],
    '--version': [rehome, '--version'],
    '--help': [rehome, '--help'],
  };
  const times: Record<string, number[]> = { node: [], '--version': [], '--help': [] };
  // In turns, so that a busy moment of the machine hits all of them; the first round fills caches.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, [program = '', ...args]] of Object.entries(commands)) {
      const begun = performance.now();
      spawnSync(program, args);
      if (round > 0) times[name]?.push(performance.now() - begun);
    }
  }
  const base = median(times['node'] ?? []);
  return ['--version', '--help'].map((name) => {
    const own = median(times[name] ?? []);
    const details = `${own.toFixed(0)} ms against ${base.toFixed(0)} ms`;
    return {
      name: `rehome ${name}, times node -e 0`,
      value: own / base,
      unit: '×',
      limit: '1.5 ×',
      ok: own <= base * 1.5,
      details,
    };
  });
}
