import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * `npm test [-- FILE...]`: every test file, or those whose path contains one of the words. Prints one line per
 * failure and a count at the end; what could not run on this machine is said there with its reason.
 */
const words = process.argv.slice(2);
const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'])
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();

if (files.length === 0) {
  console.error(`No test file matches ${words.join(' ')}.`);
  process.exit(2);
}

/** What drives whole labs, or counts requests a second, gets the machine for itself. */
const alone = files.filter((file) => file.startsWith('test/e2e/') || file.startsWith('test/load/'));
const together = files.filter((file) => !alone.includes(file));

for (const [some, concurrency] of [
  [together, availableParallelism()],
  [alone, 1],
] as const) {
  const code = some.length > 0 ? await run(some, concurrency) : 0;
  if (code !== 0) process.exitCode = code;
}

async function run(some: readonly string[], concurrency: number): Promise<number> {
  const args = [
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-timeout=600000',
    `--test-reporter=${process.env['CI'] || words.length > 0 ? 'spec' : 'dot'}`,
    '--test-reporter-destination=stdout',
    ...some,
  ];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, pass);
  const [code] = await once(child, 'exit');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, pass);
  return code ?? 1;
}
