import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestCluster } from './test-cluster.ts';

/**
 * `npm test [-- WORD...]`: every test file, or those whose path contains one of the words. What could not run on
 * this machine is said at the end, with its reason; in CI that is a failure.
 */
const words = process.argv.slice(2);
const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'])
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) throw new Error(`No test file matches ${words.join(' ')}.`);

/** What drives whole labs, or counts requests a second, gets the machine for itself. */
const alone = files.filter((file) => /^(test\/(e2e|load|pack|removal)|src\/edges)/.test(file));
const together = files.filter((file) => !alone.includes(file));
const folder = mkdtempSync(join(tmpdir(), 'rehome-test-'));
// a signal ends the tests that run, and none begins; this process lives on and tidies up
let isInterrupted = false;
const interrupt = () => {
  isInterrupted = true;
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
const stopCluster = await startTestCluster(files);

try {
  const codes = [await run(together, availableParallelism()), await run(alone, 1)];
  const notRun = globSync(join(folder, '*')).flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'));
  const missing = notRun.filter((line) => line !== '');
  if (missing.length > 0) console.log(`\nNOT RUN on this machine:\n  ${missing.join('\n  ')}`);
  const strict = process.env['CI'] !== undefined && missing.length > 0;
  process.exitCode = codes.some((code) => code !== 0) || strict ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
  await stopCluster();
}

async function run(some: readonly string[], concurrency: number): Promise<number> {
  if (some.length === 0) return 0;
  if (isInterrupted) return 130;
  const args = [
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-timeout=600000',
    `--test-reporter=${process.env['CI'] || words.length > 0 ? 'spec' : 'dot'}`,
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'not-run.ts')}`,
    `--test-reporter-destination=${join(folder, `not-run-${concurrency}-${some.length}`)}`,
    ...some,
  ];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, pass);
  const [code] = await once(child, 'exit');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, pass);
  return code ?? 1;
}
