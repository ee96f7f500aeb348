#!/usr/bin/env node
import { readFileSync } from 'node:fs';

const words = process.argv.slice(2);

// What people and scripts ask most often costs no more than Node's own start: nothing else is loaded for it.
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${version()}\n`);
} else if (words.length === 0 || (words.length === 1 && ['--help', '-h', 'help'].includes(words[0] ?? ''))) {
  const [{ overview }, { list }] = await Promise.all([import('./help/overview.ts'), import('./index.ts')]);
  process.stdout.write(`${overview(list)}\n`);
  if (words.length === 0) process.exitCode = 2;
} else {
  const [{ start }, { list }, { realWorld }] = await Promise.all([
    import('./start.ts'),
    import('./index.ts'),
    import('./world.ts'),
  ]);
  const code = await start(list, words, realWorld(version()));
  // What is on its way through a pipe arrives first; connections that are kept open do not matter any more.
  process.stdout.write('', () => process.exit(code));
}

function version(): string {
  const about = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(about.version);
}
