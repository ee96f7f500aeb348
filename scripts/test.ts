import { spawn } from 'node:child_process';
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

const reporter = process.stdout.isTTY && words.length > 0 ? 'spec' : 'dot';
const args = [
  '--test',
  `--test-concurrency=${availableParallelism()}`,
  '--test-timeout=240000',
  `--test-reporter=${process.env['CI'] ? 'spec' : reporter}`,
  '--test-reporter-destination=stdout',
  ...files,
];
const run = spawn(process.execPath, args, { stdio: 'inherit' });
run.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => run.kill(signal));
